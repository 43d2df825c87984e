"""The record of a case says the same thing about the same case every time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cases.models import Case
from cases.record.stored import canonical, digest
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
    support,
)
from tests.support.records import case_record

pytestmark = pytest.mark.django_db


def record_of(case: Case) -> dict[str, Any]:
    return case_record(detail(case))


def texts_in(value: Any) -> list[str]:
    """Return every text of a nested record, keys left out."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def full_case() -> Case:
    case = make_case(complete=True, title="Café")
    make_warning(case, date="/2022-02", window_end="2024-03-09")
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    make_assessment(case)
    make_note(case, field="warning-1.date")
    make_claim(case, "warning-1.reception", speaker=make_actor(), stance="disputes")
    support(case)
    return case


def test_record_survives_json_unchanged() -> None:
    record = record_of(full_case())
    assert json.loads(json.dumps(record)) == record
    assert json.loads(canonical(record)) == record


def test_record_of_bare_case_states_what_is_missing() -> None:
    case = make_case()
    make_warning(case, recipients=[])
    make_incident(case, kind="not_stated")
    record = record_of(case)
    (warning,), (incident,) = record["warnings"], record["incidents"]
    assert record["date"]["state"] == "not_stated"
    assert record["directives"] == []
    assert warning["channel"] == "not_stated"
    assert warning["recipients"] == []
    assert warning["date"] == record["date"]
    assert warning["window"] == {"state": "not_stated", "start": None, "end": None}
    assert incident["deaths"] == {"figure": None, "qualifier": "not_stated"}
    assert incident["country"] == {"state": "not_stated", "actor": None}


def test_record_of_what_did_not_happen_says_what_does_not_apply() -> None:
    case = make_case()
    make_warning(case, time_specificity="absent")
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    record = record_of(case)
    (warning,), (incident,) = record["warnings"], record["incidents"]
    assert warning["window"]["state"] == "not_applicable"
    absent = (incident["date"]["state"], incident["country"]["state"], incident["place"])
    assert absent == ("not_applicable",) * 3
    assert incident["deaths"] == {"figure": None, "qualifier": "not_applicable"}


def test_record_never_holds_a_placeholder() -> None:
    text = canonical(record_of(full_case()))
    for placeholder in ("None", "nan", "NaN", "1970", "1900-01-01"):
        assert placeholder not in text


def test_record_has_an_open_end_as_null() -> None:
    record = record_of(full_case())
    assert record["warnings"][1]["date"] == {
        "state": "stated",
        "words": "",
        "edtf": "/2022-02",
        "basis": "stated",
        "earliest": None,
        "latest": "2022-02-28",
    }
    assert record["warnings"][1]["window"] == {
        "state": "stated",
        "start": None,
        "end": "2024-03-09",
    }


def test_record_keeps_evidence_apart_by_what_it_is_about() -> None:
    case = make_case()
    make_warning(case, channel="private")
    make_claim(case, "warning-1.channel", speaker=make_actor(slug="spokesman"), quote="privately")
    make_claim(case, "kind")
    claims = record_of(case)["claims"]
    assert [claim["about"] for claim in claims] == ["warning-1.channel", "kind"]
    assert claims[0]["speaker"]["kind"] == "actor"
    assert claims[0]["speaker"]["actor"]["slug"] == "spokesman"
    assert claims[1]["speaker"] == {"kind": "source", "actor": None}
    assert claims[0]["source"]["title"].startswith("Report")


def test_record_has_code_title_and_date_of_each_directive_by_slug() -> None:
    case = make_case()
    late = make_directive(slug="b", code="B", title="Late", issued_edtf="2020")
    undated = make_directive(slug="a", code="A", issued_edtf="", issued_basis="not_stated")
    case.directives.set([late, undated])
    first, second = record_of(case)["directives"]
    assert (first["slug"], first["code"], first["title"]) == ("a", "A", "Duty to warn")
    assert (first["issued"]["state"], first["issued"]["edtf"]) == ("not_stated", "")
    assert (second["issued"]["state"], second["issued"]["edtf"]) == ("stated", "2020")


def test_record_is_the_same_each_time() -> None:
    case = full_case()
    assert canonical(record_of(case)) == canonical(record_of(case))
    assert digest(record_of(case)) == digest(record_of(case))
    assert len(digest(record_of(case))) == 64


def test_record_orders_actors_by_slug_whatever_their_names() -> None:
    case = make_case()
    for slug, name in (("c", "Ägypten"), ("a", "von Hier"), ("b", "Zed")):
        make_involvement(case, role="audience", actor=make_actor(slug=slug, name=name))
    make_warning(case, recipients=[make_actor(slug="y", name="A"), make_actor(slug="x", name="b")])
    record = record_of(case)
    assert [part["actor"]["slug"] for part in record["involvements"]] == ["a", "b", "c"]
    assert [actor["slug"] for actor in record["warnings"][0]["recipients"]] == ["x", "y"]


def test_digest_changes_with_any_coded_value() -> None:
    case = full_case()
    before = digest(record_of(case))
    case.warnings.filter(sequence=1).update(conduit="diplomatic")
    after = digest(record_of(case))
    assert before != after
    case.claims.filter(sequence=1).update(locator="¶22")
    assert digest(record_of(case)) != after


def test_digest_is_independent_of_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})


def test_record_says_nothing_of_accounts_and_keys() -> None:
    record = record_of(full_case())
    internal = {"id", "pk", "created_by", "updated_by", "published_by", "editor", "author"}

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for item in value.values() for key in keys(item)}
        if isinstance(value, list):
            return {key for item in value for key in keys(item)}
        return set()

    assert not keys(record) & internal
    assert texts_in(record)
