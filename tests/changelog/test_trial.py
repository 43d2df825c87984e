"""A dry run keeps no other writer out, and shows what the import then does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from cases.changelog import trial
from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.sheets import Sheet
from cases.exchange.bundle.files.uploaded import read_file
from cases.exchange.bundle.importing import planned
from cases.exchange.bundle.importing.importer import Importer
from cases.models import Case
from tests.support.bundles import table
from tests.support.factories import make_actor, make_case

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def elsewhere(write: Callable[[], Any]) -> Iterator[Future[None]]:
    """Write with another connection, as another thread of the server does."""

    def work() -> None:
        try:
            write()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(work)


ROWS = [
    {"slug": slug, "title": "After", "kind": "strategic_disclosure", "summary": "A summary."}
    for slug in ("known", "new")
]


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    monkeypatch.setattr(planned, "ROWS_BETWEEN_REPORTS", 1)
    make_case(slug="known", title="Before")
    return read_file("cases", table(ROWS).encode(), Limits(size=1_000, rows=10))


def test_dry_run_keeps_nobody_out_and_shows_what_the_import_then_does(sheets: list[Sheet]) -> None:
    other = make_actor()
    importer = Importer(sheets, "A check", dry_run=True)
    progress = importer.progress()
    for _ in ROWS:
        next(progress)
    assert [row.action for row in importer.plan.rows] == ["changed", "added"]
    with elsewhere(other.save) as saved:
        saved.result()
    list(progress)

    assert [case.title for case in Case.objects.all()] == ["Before"]
    Importer(sheets, "An import", expected=importer.plan.digest()).run()
    assert [case.title for case in Case.objects.all()] == ["After", "After"]


@pytest.mark.parametrize("write", [make_case, lambda: Case.objects.update(summary="Meanwhile")])
def test_dry_run_gives_way_to_who_writes_the_same(
    sheets: list[Sheet], write: Callable[[], Any]
) -> None:
    """A number that the next new case takes is the same, too."""
    progress = Importer(sheets, "A check", dry_run=True).progress()
    for _ in ROWS:
        next(progress)
    with elsewhere(write) as saved:
        if connection.vendor == "postgresql":
            with pytest.raises(trial.InTheWayError):  # noqa: PT012  # until the other waits
                while not saved.done():
                    trial.give_way()
        else:
            saved.result()  # the dry run has a copy of its own
        progress.close()
        saved.result()
    assert not connection.in_atomic_block
    assert not Case.objects.filter(title="After").exists()


def test_dry_run_waits_for_nobody_who_writes_the_same(sheets: list[Sheet]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the copy is private; the tests' own database in memory cannot be copied now")
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.update(summary="Meanwhile")
            held.set()
            assert done.wait(60)

    with elsewhere(hold) as saved:
        assert held.wait(60)
        try:
            with pytest.raises(trial.InTheWayError):
                Importer(sheets, "A check", dry_run=True).run()
        finally:
            done.set()
        saved.result()
    assert Case.objects.get().title == "Before"


def test_usual_connection_is_back_after_each_step_of_a_dry_run(sheets: list[Sheet]) -> None:
    usual = connections[DEFAULT_DB_ALIAS]
    progress = Importer(sheets, "A check", dry_run=True).progress()
    next(progress)
    assert connections[DEFAULT_DB_ALIAS] is usual
    progress.close()
    assert connections[DEFAULT_DB_ALIAS] is usual
