"""What visitors and editors see while the database is busy or away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject

from cases import changelog
from cases.admin import base
from cases.models import Actor
from tests.support.accounts import PASSWORD
from tests.support.admin_forms import form_on, messages_on, page_of
from tests.support.factories import make_actor
from warnapp import admin as our_admin
from warnapp.serving.unavailable import AWAY, BUSY, unavailable, why_unavailable

pytestmark = pytest.mark.once


def failing(error: type[Exception], cause: Exception | None = None) -> Callable[..., NoReturn]:
    """Return a function that raises an error as Django does, with the driver's as its cause."""

    def fail(*args: object, **named: object) -> NoReturn:
        raise error("no details for visitors") from cause

    return fail


LOCKED = failing(OperationalError, psycopg.errors.LockNotAvailable())
REFUSED = failing(OperationalError, psycopg.OperationalError("connection refused"))


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        (OperationalError, psycopg.errors.LockNotAvailable(), BUSY),
        (OperationalError, psycopg.errors.QueryCanceled(), AWAY),
        (OperationalError, psycopg.errors.DeadlockDetected(), BUSY),
        (DatabaseError, psycopg.errors.IdleInTransactionSessionTimeout(), AWAY),
        (OperationalError, psycopg.OperationalError("connection refused"), AWAY),
        (OperationalError, psycopg.errors.CannotConnectNow(), AWAY),
        (InterfaceError, psycopg.InterfaceError("the connection is closed"), AWAY),
        (ProgrammingError, psycopg.errors.UndefinedTable(), ""),
        (ValueError, None, ""),
    ],
)
def test_error_passes_by_itself_if_the_database_is_busy_or_away(
    error: type[Exception], cause: Exception | None, reason: str
) -> None:
    with pytest.raises(error) as raised:
        failing(error, cause)()
    assert why_unavailable(raised.value) == reason


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("BEGIN IMMEDIATE", BUSY),
        ("ATTACH '/no/such/folder/file' AS other", AWAY),
        ("SELECT * FROM nothing", ""),
    ],
)
def test_error_of_sqlite_passes_by_itself_if_the_file_is_locked_or_away(
    tmp_path: Path, statement: str, reason: str
) -> None:
    file = tmp_path / "file.sqlite3"
    with closing(sqlite3.connect(file)) as other, closing(sqlite3.connect(file, timeout=0)) as ours:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as cause:
            ours.execute(statement)
    with pytest.raises(OperationalError) as raised:
        failing(OperationalError, cause.value)()
    assert why_unavailable(raised.value) == reason


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def editor(visitor: Client, account: User) -> Client:
    account.groups.set(Group.objects.filter(name="Editors"))
    visitor.force_login(account)
    return visitor


# Neither this test nor the next may use the database.
@pytest.mark.parametrize(
    ("fail", "status", "words"),
    [
        (LOCKED, 503, BUSY),
        (REFUSED, 503, AWAY),
        (failing(ProgrammingError), 500, "Something went wrong on our side"),
    ],
)
def test_page_without_its_database_says_so_and_when_to_try_again(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, fail: Any, status: int, words: str
) -> None:
    monkeypatch.setattr(changelog, "latest", fail)
    page = visitor.get("/")
    assert page.status_code == status
    assert words in page.text
    assert "no details" not in page.text
    assert page.get("Retry-After") == ("5" if status == 503 else None)


@pytest.mark.parametrize("is_checked", [True, False])
def test_form_without_its_database_is_kept_if_it_came_from_our_own_page(
    rf: RequestFactory, is_checked: bool
) -> None:
    request: Any = rf.post("/admin/cases/actor/add/", {"name": "Typed & kept"})
    request.user = SimpleLazyObject(failing(OperationalError))
    request.session = SessionStore("a-key")
    request._messages = default_storage(request)
    request.csrf_processing_done = is_checked
    page = unavailable(request, AWAY)
    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert "no-store" in page["Cache-Control"]
    assert AWAY in page.text
    assert ("Typed &amp; kept" in page.text) == is_checked


def kept_on(page: Any) -> dict[str, Any]:
    """Return what a page that keeps a form would send."""
    assert page.status_code == 503
    page.status_code = 200
    return form_on(page, "login-form")


@pytest.fixture
def actor(db: None) -> Actor:
    return make_actor(description="Before")


@pytest.fixture
def typed(editor: Client, actor: Actor) -> dict[str, Any]:
    return form_on(editor.get(page_of(actor)), "actor_form") | {"description": "After\nthat"}


def stored() -> str:
    return Actor.objects.get().description


def test_save_that_meets_a_lock_comes_back_as_typed_and_can_be_sent_again(
    editor: Client, actor: Actor, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(base, "acquire_write_lock", LOCKED)
        page = editor.post(page_of(actor), typed)
    assert f"{BUSY} Nothing was saved." in page.text
    kept = kept_on(page)
    assert kept["description"] == "After\nthat"
    assert stored() == "Before"
    assert editor.post(page_of(actor), kept).status_code == 302
    assert stored() == "After\nthat"


def test_save_that_fails_after_its_message_was_queued_leaves_no_message(
    editor: Client, actor: Actor, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.admin.actor.ActorAdmin.response_post_save_change", LOCKED)
    assert editor.post(page_of(actor), typed).status_code == 503
    assert stored() == "Before"
    assert "successfully" not in messages_on(editor.get("/admin/cases/actor/"))


def test_save_beside_as_many_as_may_be_made_at_once_comes_back(
    editor: Client, actor: Actor, typed: dict[str, Any]
) -> None:
    for _ in range(our_admin.MAX_SAVES):
        assert our_admin._saves.acquire(blocking=False)
    try:
        assert editor.get(page_of(actor)).status_code == 200
        kept = kept_on(editor.post(page_of(actor), typed))
    finally:
        our_admin._saves.release(our_admin.MAX_SAVES)
    assert editor.post(page_of(actor), kept).status_code == 302
    assert stored() == "After\nthat"


def test_sign_in_that_meets_a_lock_keeps_the_name_and_not_the_password(
    visitor: Client, account: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/admin/login/?next=/admin/cases/actor/"
    form = {"username": "ed", "password": PASSWORD, "next": "/admin/cases/actor/"}
    with monkeypatch.context() as patch:
        patch.setattr("django.contrib.auth.views.auth_login", LOCKED)
        page = visitor.post(address, form)
    assert BUSY in page.text
    assert PASSWORD not in page.text
    kept = kept_on(page)
    assert (kept["username"], kept["next"]) == ("ed", "/admin/cases/actor/")
    response = visitor.post(address, kept | {"password": PASSWORD})
    assert response["Location"] == "/admin/cases/actor/"


def test_kept_form_whose_sign_in_meets_a_lock_is_kept_again(
    editor: Client, actor: Actor, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.logout()
    sign_in = {"sign-in-username": "ed", "sign-in-password": PASSWORD}
    with monkeypatch.context() as patch:
        patch.setattr("warnapp.serving.kept_input.login", LOCKED)
        page = editor.post(page_of(actor), typed | sign_in)
    assert PASSWORD not in page.text
    kept = kept_on(page)
    assert (kept["sign-in-username"], kept["description"]) == ("ed", "After\nthat")
    assert editor.post(page_of(actor), kept | sign_in).status_code == 302
    assert stored() == "After\nthat"
