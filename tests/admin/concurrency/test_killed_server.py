"""The server killed in the middle of a save, and two saves at one moment, on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cases.models import Case
from tests.support.admin_forms import Data, form_on, page_of
from tests.support.factories import make_actor, make_case, make_claim
from tests.support.process_killing import (
    Answer,
    Browser,
    ProcessDatabase,
    database_for_processes,
    process,
)

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

BEGINNING = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "pg_advisory_xact_lock("}
"""With what a save waits for others that save."""


@pytest.fixture
def case() -> Case:
    return make_case(published=True, title="Before")


@pytest.fixture
def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def database(case: Case, superuser: Client, tmp_path: Path) -> ProcessDatabase:
    return database_for_processes(tmp_path)


def opened(browser: Browser, case: Case, **typed: str) -> Data:
    return form_on(browser.get(page_of(case))) | {"change_note": "A correction."} | typed


def versions(database: ProcessDatabase) -> list[Any]:
    return [number for (number,) in database.rows("SELECT number FROM cases_version ORDER BY 1")]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param('UPDATE "cases_warning"', marks=pytest.mark.once),
        'INSERT INTO "django_admin_log"',
    ],
)
def test_server_killed_in_the_middle_of_a_save_leaves_nothing_half_written(
    database: ProcessDatabase, case: Case, superuser: Client, statement: str
) -> None:
    with process(database, after=statement) as server, ThreadPoolExecutor(1) as pool:
        server.start_server()
        browser = Browser(server.port, superuser)
        found = browser.get("/cases/?q=Before")
        assert case.number in found.text, "what is derived from the records is up to date"
        data = opened(browser, case, title="After", **{"warnings-0-date_words": "Friday"})
        before = database.contents()
        answer = pool.submit(browser.post, page_of(case), data)
        server.wait_until_stalled()
        server.kill()
        with pytest.raises(OSError):  # noqa: PT011  # reset or closed, as it happens
            answer.result()
    assert database.contents() == before

    with process(database) as server:
        server.start_server()
        browser = Browser(server.port, superuser)
        assert case.number in browser.get("/cases/?q=Before").text
        assert browser.post(page_of(case), data).status_code == 302
        assert "After" in browser.get(case.get_absolute_url()).text
        assert case.number in browser.get("/cases/?q=After").text
    assert versions(database) == [1, 2]


def test_two_saves_at_the_same_moment_leave_one_and_tell_the_other(
    database: ProcessDatabase, case: Case, superuser: Client
) -> None:
    first_version = 'INSERT INTO "cases_version"'
    with (
        process(database, after=first_version, tell=BEGINNING[connection.vendor]) as server,
        ThreadPoolExecutor(2) as pool,
    ):
        server.start_server()
        browser = Browser(server.port, superuser)
        one, other = opened(browser, case, title="One"), opened(browser, case, title="Other")
        first = pool.submit(browser.post, page_of(case), one)
        server.wait_until_stalled()
        second = pool.submit(browser.post, page_of(case), other)
        server.wait_until_about_to()
        assert not second.done()
        server.release()
        answers: list[Answer] = [first.result(), second.result()]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "Not saved: this case was changed since you opened this page" in answers[1].text
    assert 'value="Other"' in answers[1].text
    assert versions(database) == [1, 2]
    assert database.rows("SELECT title FROM cases_case") == [("One",)]


def test_merge_and_a_save_of_the_same_actor_at_one_moment_are_made_one_after_the_other(
    superuser: Client, tmp_path: Path
) -> None:
    kept, merged = make_actor(name="Kept"), make_actor(name="Merged")
    make_claim(make_case(), "kind", speaker=merged)
    database = database_for_processes(tmp_path)
    merging = f"/admin/cases/actor/merge/?records={kept.pk},{merged.pk}&keep={kept.pk}"
    saving = f"/admin/cases/actor/{kept.pk}/change/"
    seen = superuser.get(merging).context["preview"].digest
    still_reading = 'AS "a" FROM "cases_warning"'
    with (
        process(database, after=still_reading, tell=BEGINNING[connection.vendor]) as server,
        ThreadPoolExecutor(2) as pool,
    ):
        server.start_server()
        browser = Browser(server.port, superuser)
        form = form_on(browser.get(saving), "actor_form") | {"description": "Written meanwhile."}
        confirmed = {
            "reason": "The same.",
            "seen": seen,
            "csrfmiddlewaretoken": form["csrfmiddlewaretoken"],
        }
        first = pool.submit(browser.post, merging, confirmed)
        server.wait_until_stalled()
        second = pool.submit(browser.post, saving, form)
        server.wait_until_about_to()
        assert not second.done()
        server.release()
        assert [first.result().status_code, second.result().status_code] == [302, 200]
    assert "Merged" in second.result().text, "what came between is told"
    assert database.rows("SELECT name, description FROM cases_actor") == [("Kept", "")]


@pytest.mark.once  # test_killing_imports.py kills a command on both databases
def test_command_killed_in_the_middle_of_its_work_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    database = database_for_processes(tmp_path)
    before = database.contents()
    with process(database, after='INSERT INTO "cases_claim"') as command:
        command.start_command("load_demo", "--verbosity=0")
        command.wait_until_stalled()
    assert database.contents() == before

    with process(database) as command:
        command.start_command("load_demo", "--verbosity=0")
        assert command.wait() == 0
    assert database.rows("SELECT count(*) FROM cases_case") == [(7,)]
