"""A case read back from its record: the same as it was, even from a record of an older shape."""

from __future__ import annotations

from typing import Any

import pytest

from cases.evidence.sheet import CodingSheet
from cases.models import Case, ExceptionAssessment, Involvement, Version
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
from tests.support.records import case_record, read_back

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


def test_snapshot_of_a_record_has_that_record() -> None:
    record = full_record()
    assert case_record(read_back(record)) == record


def test_snapshot_of_every_case_of_the_demo_has_its_record_without_a_query(
    django_assert_num_queries: Any,
) -> None:
    load_demo()
    versions = list(Version.objects.all())
    assert len(versions) == 7
    with django_assert_num_queries(0):
        for version in versions:
            assert case_record(read_back(version.record)) == version.record


def test_snapshot_reads_as_the_case_did() -> None:
    case = make_case(complete=True)
    support(case)
    sheet, again = CodingSheet(detail(case)), CodingSheet(read_back(case_record(detail(case))))
    told = [(value.path, value.label, value.text, value.modality) for value in sheet.values()]
    assert [
        (value.path, value.label, value.text, value.modality) for value in again.values()
    ] == told
    assert [section.derived for section in again.sections] == [
        section.derived for section in sheet.sections
    ]


def test_snapshot_of_the_same_actor_is_one_actor() -> None:
    record = full_record()
    issuer = read_back(record).warnings.all()[0].issuer
    assert issuer is not None
    assert issuer.slug == record["warnings"][0]["issuer"]["actor"]["slug"]
    assert issuer == read_back(record).warnings.all()[0].issuer
    case = read_back(record)
    assert len({warning.issuer for warning in case.warnings.all()}) == len(
        {warning["issuer"]["actor"]["slug"] for warning in record["warnings"]}
    )


def without(record: Any, *names: str) -> Any:
    """Return the record as if its fields of these names had never been."""
    if isinstance(record, dict):
        return {key: without(value, *names) for key, value in record.items() if key not in names}
    if isinstance(record, list):
        return [without(value, *names) for value in record]
    return record


def test_snapshot_of_an_older_shape_has_defaults_for_what_it_lacks() -> None:
    older = without(full_record(), "published", "basis", "window", "follow_up", "injured", "notes")
    case = read_back(older)
    sheet = {value.path: value.text for value in CodingSheet(case).values()}
    assert sheet["warning-1.follow_up"] == "Not stated in the sources"
    assert sheet["incident-1.injured"] == "Not stated in the sources"
    assert list(case.notes.all()) == []


def test_snapshot_shows_a_value_that_the_vocabulary_has_lost() -> None:
    record = full_record()
    record["kind"] = "warning_of_old"
    record["warnings"][0]["channel"] = "carrier_pigeon"
    record["claims"][0]["modality"] = "sworn"
    record["notes"][0]["kind"] = "erratum"
    record["warnings"][0]["a_field_of_later_days"] = "gone again"
    sheet = CodingSheet(read_back(record))
    told = {value.path: value.text for value in sheet.values()}
    assert told["kind"] == "Warning of old"
    assert told["warning-1.channel"] == "Carrier pigeon"
    assert [note.kind for note in sheet.notes] == ["erratum"]


def test_snapshot_is_not_saved_by_reading_it() -> None:
    record = full_record()
    count = Case.objects.count()
    read_back(record)
    assert Case.objects.count() == count
