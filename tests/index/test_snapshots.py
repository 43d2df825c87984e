"""The snapshot of the index: a start with it knows the same as one that read all cases."""

from __future__ import annotations

import random
from unittest import mock

import pytest
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from cases import synthetic
from cases.index import case_index, snapshots
from cases.index.case_index import CaseIndex
from cases.models import Case, Change, IndexSnapshot
from tests.support.factories import make_case, show_all

from .test_case_index import edit, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MIN_CASES", 1)


def start() -> CaseIndex:
    """Start a process, and return the index that it has then."""
    case_index.forget()
    with mock.patch.object(connection, "close"):  # the test's own
        case_index.prepare()
    return case_index.current()


def test_index_of_a_snapshot_equals_one_made_anew() -> None:
    synthetic.make(cases=60, seed=5)
    made = picture(start())
    with mock.patch.object(CaseIndex, "made_anew", side_effect=AssertionError("read all cases")):
        again = start()
    assert picture(again) == made
    assert again.totals == CaseIndex.made_anew().totals


@pytest.mark.slow
def test_index_of_an_older_snapshot_reads_what_changed_since() -> None:
    synthetic.make(cases=40, seed=6)
    start()
    chance = random.Random(6)  # noqa: S311 - a repeatable choice, no secret
    for _ in range(20):
        edit(chance)
    show_all()
    with mock.patch.object(CaseIndex, "made_anew", side_effect=AssertionError("read all cases")):
        index = start()
    assert picture(index) == picture(CaseIndex.made_anew())
    assert index.totals == CaseIndex.made_anew().totals


def test_start_with_a_snapshot_reads_no_case(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_case(published=True)
    start()
    case_index.forget()
    # The snapshot; actors, directives, exceptions, sources, sources beside cases; the last change.
    with django_assert_num_queries(7):
        case_index.current()


def test_snapshot_is_written_again_only_when_it_lacks_much(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(published=True)
    version = start().version
    Case.objects.filter(pk=case.pk).update(title="Other")
    start()
    assert IndexSnapshot.objects.get().version == version
    monkeypatch.setattr(snapshots, "MAX_BEHIND", 0)
    start()
    assert IndexSnapshot.objects.get().version > version


def test_few_cases_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MIN_CASES", 2)
    make_case(published=True)
    start()
    assert not IndexSnapshot.objects.exists()


def test_snapshot_is_kept_in_parts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    synthetic.make(cases=20, seed=5)
    monkeypatch.setattr(snapshots, "PART", 1_000)
    made = picture(start())
    assert IndexSnapshot.objects.count() > 3
    with mock.patch.object(CaseIndex, "made_anew", side_effect=AssertionError("read all cases")):
        assert picture(start()) == made
    IndexSnapshot.objects.filter(pk=3).delete()
    assert picture(start()) == made
    assert "is damaged" in caplog.text


def test_shorter_snapshot_leaves_no_part_of_a_longer_one() -> None:
    case = make_case(published=True)
    start()
    IndexSnapshot.objects.create(pk=2, version=1, build="of the last release", contents=b"long")
    snapshots.write(*case_index.current().packed())
    assert IndexSnapshot.objects.count() == 1
    assert set(start().cases) == {case.pk}


@pytest.mark.parametrize("contents", [b"", b"\x93\x01", b"no snapshot at all"])
def test_damaged_snapshot_is_replaced(contents: bytes, caplog: pytest.LogCaptureFixture) -> None:
    case = make_case(published=True)
    start()
    IndexSnapshot.objects.update(contents=contents)
    assert set(start().cases) == {case.pk}
    assert "is damaged" in caplog.text


def test_snapshot_of_other_code_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    make_case(published=True)
    start()
    monkeypatch.setattr(snapshots, "build", lambda: "of the next release")
    start()
    assert IndexSnapshot.objects.get().build == "of the next release"


def test_snapshot_from_before_everything_changed_is_replaced() -> None:
    case = make_case(published=True)
    start()
    Change.objects.filter(record="everything").delete()
    Change.objects.create(record="everything", object_id=0)
    with mock.patch.object(CaseIndex, "made_anew", wraps=CaseIndex.made_anew) as made:
        assert set(start().cases) == {case.pk}
    made.assert_called_once()


def test_start_with_a_database_that_only_reads_goes_without(
    caplog: pytest.LogCaptureFixture,
) -> None:
    case = make_case(published=True)
    failing = mock.patch.object(
        IndexSnapshot.objects, "update_or_create", side_effect=OperationalError("readonly")
    )
    with failing:
        assert set(start().cases) == {case.pk}
    assert "could not be kept for the next start: readonly" in caplog.text
