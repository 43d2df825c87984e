"""The log of requests, the id of a request, and mail about errors."""

from __future__ import annotations

import logging
import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from cases.views import site
from warnapp.serving.request_log import ErrorMailHandler

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name in {"warnapp.serving.request_log", "django.request"}
    ]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/actors/ann-smith/?q=Ann+Smith", r"GET /actors/<slug:slug>/ 404 \d+ ms"),
        ("/ann-smith%0A2026", r"GET /\? 404 \d+ ms"),
        ("/admin/auth/user/add/?e=Ann", r"GET /admin/auth/user/add/ 403 \d+ ms"),
    ],
)
def test_request_is_logged_in_one_line_without_personal_data(
    client: Client, account: User, caplog: pytest.LogCaptureFixture, address: str, line: str
) -> None:
    client.force_login(account)
    response = client.get(address, REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Ann's"})
    (logged,) = lines(caplog)
    assert re.fullmatch(line, logged)
    assert re.fullmatch("[0-9a-f]{12}", response["X-Request-ID"])


def test_health_checks_and_static_files_are_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/healthz")
    assert lines(caplog) == []


def test_page_of_an_error_has_the_id_that_is_in_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(site, "latest_changes", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert f"quote this: <code>{response['X-Request-ID']}</code>" in response.text


def test_log_line_has_the_id_of_its_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stderr,) = (each for each in logging.root.handlers if type(each) is logging.StreamHandler)
    written = StringIO()
    monkeypatch.setattr(stderr, "stream", written)
    response = client.get("/about/")
    line = f"INFO warnapp.serving.request_log {response['X-Request-ID']}: GET /about/ 200"
    assert line in written.getvalue()


def test_errors_are_mailed_once_in_a_while_without_the_request(settings: Any) -> None:
    settings.ADMINS = [("", "admin@example.org")]
    handler = ErrorMailHandler()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Internal Server Error: /", None, None)
    handler.emit(record)
    handler.emit(record)
    (sent,) = mail.outbox
    assert sent.to == ["admin@example.org"]
    assert sent.body == "Internal Server Error: /"


def test_errors_are_not_mailed_without_an_address() -> None:
    ErrorMailHandler().emit(logging.LogRecord("x", logging.ERROR, "", 0, "Lost", None, None))
    assert mail.outbox == []
