"""Health checks: for any host, with what is wrong in words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.db import OperationalError, connection
from django.test import Client

from cases import search
from warnapp.serving import health

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("address", ["/healthz", "/readyz"])


@BOTH
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.0.7", "casebook.internal"])
def test_check_is_answered_for_any_host_and_without_https(
    client: Client, settings: Any, address: str, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(address, headers={"Host": host})
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.once
@BOTH
def test_check_without_a_database_says_so_at_once(client: Client, address: str) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("secret")):
        response = client.get(address)
    assert (response.status_code, response.text) == (503, "The database does not answer.\n")


def test_readiness_of_a_database_to_migrate_asks_for_it(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "manage.py migrate." in response.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.once
def test_readiness_with_a_broken_search_asks_to_rebuild_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "is_working", lambda: False)
    assert "manage.py rebuild_search." in client.get("/readyz").text


@pytest.mark.once
def test_readiness_without_all_static_files_asks_to_collect_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {str(path): "" for finder in get_finders() for path, _ in finder.list([])}
    monkeypatch.setattr(health, "staticfiles_storage", SimpleNamespace(hashed_files=files))
    assert client.get("/readyz").status_code == 200
    files.popitem()
    assert "manage.py collectstatic" in client.get("/readyz").text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="is about a server")
def test_readiness_of_a_read_only_server_says_that_nothing_can_be_written(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "The database cannot be written.\n")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="is about a file")
@pytest.mark.parametrize(("free", "writable"), [(1024, True), (10**9, False)])
def test_readiness_of_a_full_or_read_only_disk_says_that_nothing_can_be_written(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, writable: bool
) -> None:
    file = tmp_path / "casebook.sqlite3"
    file.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", file)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free))
    monkeypatch.setattr("os.access", lambda path, mode: writable)
    assert client.get("/readyz").text == "The database cannot be written.\n"
