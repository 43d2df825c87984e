"""Records as JSON: written in one way, and read from every shape that they have had."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from cases.models import Version
from cases.record.classes import CaseRecord
from cases.record.stored import UnreadableRecordError, as_json, canonical, digest, read_record
from tests.support.demo import load_demo

pytestmark = pytest.mark.once

FORMAT_1 = json.loads(Path(__file__).with_name("format_1.json").read_text(encoding="utf-8"))
"""Records in format 1, as the casebook wrote them: one case of the demo, and one made for this."""


@pytest.mark.django_db
def test_record_of_format_1_reads_as_the_same_case_does_today() -> None:
    load_demo()
    today = Version.objects.get(case__number="DTW-0003").record
    assert as_json(read_record(FORMAT_1["DTW-0003"])) == today


def test_record_of_format_1_with_absent_values_has_the_shapes_of_today() -> None:
    record = read_record(FORMAT_1["absent"])
    first, second = record.warnings
    assert (first.issuer.state, first.issuer.actor, first.recipients) == ("not_stated", None, ())
    assert (first.window.state, second.window.state) == ("not_stated", "not_applicable")
    (incident,) = record.incidents
    absent = (incident.date.state, incident.country.state, incident.place)
    assert absent == ("not_applicable",) * 3
    assert (incident.deaths.figure, incident.deaths.qualifier) == (None, "not_applicable")
    assert record.directives == ()
    assert [claim.speaker.kind for claim in record.claims] == ["source", "editors", "actor"]


def test_garbage_collector_need_not_look_at_records() -> None:
    record = read_record(FORMAT_1["DTW-0003"])
    parts = (record, *record.warnings, *record.incidents, *record.claims)
    assert not any(map(gc.is_tracked, parts))


def test_record_of_the_oldest_versions_names_what_it_has_as_slugs() -> None:
    record = read_record(
        {
            "title": "A case",
            "warnings": [{"issuer": "cia", "recipients": ["pst", "police"]}, {}],
            "assessments": [{"exception": "imminent", "status": "argued"}],
            "claims": [{"speaker": "kirby", "source": "news"}],
        }
    )
    first, second = record.warnings
    assert [first.sequence, second.sequence] == [1, 2]
    assert first.issuer.actor is not None
    assert first.issuer.actor.name == "cia"
    assert [actor.slug for actor in first.recipients] == ["pst", "police"]
    assert second.issuer.actor is not None
    assert second.issuer.actor.name == "Not named in this version"
    assert record.assessments[0].exception.code == "imminent"
    assert record.claims[0].speaker.actor is not None
    assert record.claims[0].speaker.actor.slug == "kirby"
    assert (record.status, record.notes) == ("published", ())


def test_record_of_format_2_from_before_a_field_was_added_reads_with_its_default() -> None:
    # Written out, so that it fails when the format is raised without a step from this one.
    warning = {"sequence": 1, "channel": "private", "date": {"state": "stated", "edtf": "2024"}}
    record = read_record({"format": 2, "title": "A case", "warnings": [warning]})
    (read,) = record.warnings
    assert (record.title, read.channel, read.date.edtf) == ("A case", "private", "2024")
    assert (read.repeated, read.issuer.state, record.notes) == ("not_stated", "not_stated", ())


def test_reading_changes_nothing_in_the_json_that_it_reads() -> None:
    before = canonical(FORMAT_1)
    for stored in FORMAT_1.values():
        read_record(stored)
    assert canonical(FORMAT_1) == before


def test_record_with_a_field_and_a_value_that_are_unknown_today_is_read() -> None:
    stored = as_json(CaseRecord(kind="warning_of_old")) | {"a_field_of_later_days": 1}
    assert read_record(stored) == CaseRecord(kind="warning_of_old")


@pytest.mark.parametrize(
    "stored",
    [
        {"format": 3},
        {"format": "2"},
        {"title": 7},
        {"warnings": "none"},
        {"warnings": ["none"]},
        {"claims": {"sequence": 1}},
        {"incidents": [{"deaths": {"figure": "many"}}]},
        {"date": {"edtf": "2024", "earliest": "soon"}},
        {"format": 2, "date": "not_stated"},
    ],
)
def test_json_that_is_no_record_is_refused(stored: Any) -> None:
    with pytest.raises(UnreadableRecordError):
        read_record(stored)


def test_digest_is_that_of_the_text_however_keys_are_ordered() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
