"""What is kept of records: found for what holds the same, and made again for anything else."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import override_settings
from django.urls import set_script_prefix

from cases.presentation.keeping import kept
from cases.record.classes import ActorRef, CaseRecord, InvolvementRecord

pytestmark = pytest.mark.once

made = Counter[str]()


@kept(at_most=2)
def address(record: CaseRecord) -> str:
    made[record.title] += 1
    return record.get_absolute_url()


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    made.clear()


def record(title: str, actor: str = "An actor") -> CaseRecord:
    role = InvolvementRecord(actor=ActorRef(slug="actor", name=actor), role="accused")
    return CaseRecord(slug="a-case", title=title, involvements=(role,))


def test_records_that_hold_the_same_are_one() -> None:
    assert address(record("same")) == address(record("same")) == "/cases/a-case/"
    assert made == {"same": 1}


def test_record_that_differs_anywhere_is_another() -> None:
    address(record("one"))
    address(record("one", actor="Another name"))
    assert made == {"one": 2}


def test_no_more_is_kept_than_asked() -> None:
    for title in ("first", "second", "third", "first"):
        address(record(title))
    assert made == {"first": 2, "second": 1, "third": 1}


def test_site_in_another_folder_gets_its_own_addresses() -> None:
    address(record("moved"))
    set_script_prefix("/casebook/")
    try:
        assert address(record("moved")) == "/casebook/cases/a-case/"
    finally:
        set_script_prefix("/")


@override_settings(DEBUG=True)
def test_nothing_is_kept_while_templates_are_written() -> None:
    address(record("draft"))
    address(record("draft"))
    assert made == {"draft": 2}
