"""The coding sheet of a stored record: as it was, even if the record has an older shape."""

from __future__ import annotations

from typing import Any

import pytest

from cases.evidence.sheet import CodingSheet
from cases.models import ExceptionAssessment, Involvement, Version
from cases.record.stored import as_json, read_record
from tests.support.coding_sheets import sheet_of
from tests.support.demo import load_demo
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
    support,
)
from tests.support.records import case_record

pytestmark = pytest.mark.django_db


def full_record() -> dict[str, Any]:
    """Return the record of a case that has one of everything, and of most values a missing one."""
    case = make_case(complete=True, title="Café")
    make_warning(case, date="/2022-02", window_end="2024-03-09")
    make_warning(case, time_specificity="absent")
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    ExceptionAssessment.objects.filter(pk=make_assessment(case).pk).update(note="In passing.")
    Involvement.objects.filter(pk=make_involvement(case).pk).update(note="Named twice.")
    make_note(case, field="warning-1.date")
    make_claim(case, "warning-1.reception", speaker=make_actor(), stance="disputes")
    make_claim(case, "warning-1", date_words="March", date_edtf="2024-03", date_basis="stated")
    support(case)
    return case_record(detail(case))


def sheet_from(stored: Any) -> CodingSheet:
    return CodingSheet(read_record(stored))


def test_stored_record_of_every_case_of_the_demo_has_a_sheet_without_a_query(
    django_assert_num_queries: Any,
) -> None:
    load_demo()
    versions = list(Version.objects.all())
    assert len(versions) == 7
    with django_assert_num_queries(0):
        for version in versions:
            assert list(sheet_from(version.record).values())
            assert as_json(read_record(version.record)) == version.record


def test_stored_record_reads_as_the_case_did() -> None:
    case = make_case(complete=True)
    support(case)
    sheet, again = sheet_of(case), sheet_from(case_record(detail(case)))
    assert list(again.values()) == list(sheet.values())
    assert again.sections == sheet.sections


def without(record: Any, *names: str) -> Any:
    """Return the record as if its fields of these names had never been."""
    if isinstance(record, dict):
        return {key: without(value, *names) for key, value in record.items() if key not in names}
    if isinstance(record, list):
        return [without(value, *names) for value in record]
    return record


def test_stored_record_of_an_older_shape_has_defaults_for_what_it_lacks() -> None:
    older = without(full_record(), "published", "basis", "window", "follow_up", "injured", "notes")
    read = sheet_from(older)
    sheet = {value.path: value.text for value in read.values()}
    assert sheet["warning-1.follow_up"] == "Not stated in the sources"
    assert sheet["incident-1.injured"] == "Not stated in the sources"
    assert read.notes == []


def test_stored_record_shows_a_value_that_the_vocabulary_has_lost() -> None:
    record = full_record()
    record["kind"] = "warning_of_old"
    record["warnings"][0]["channel"] = "carrier_pigeon"
    record["claims"][0]["modality"] = "sworn"
    record["notes"][0]["kind"] = "erratum"
    record["warnings"][0]["a_field_of_later_days"] = "gone again"
    sheet = sheet_from(record)
    told = {value.path: value.text for value in sheet.values()}
    assert told["kind"] == "Warning of old"
    assert told["warning-1.channel"] == "Carrier pigeon"
    assert [note.kind for note in sheet.notes] == ["erratum"]
