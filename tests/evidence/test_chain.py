"""The chain of a case: warnings, statements and incidents in the order of time."""

from __future__ import annotations

import pytest

from cases.evidence.chain import Link, chain
from cases.models import Case
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_incident,
    make_source,
    make_warning,
)

pytestmark = pytest.mark.django_db


def links_of(case: Case) -> list[Link]:
    return chain(sheet_of(case))


def said(date: str) -> dict[str, str]:
    return {"date_edtf": date, "date_basis": "resolved"}


def test_inference_from_the_words_of_a_speaker_is_no_statement() -> None:
    case, speaker, source = make_case(), make_actor(), make_source()
    by_speaker = {"speaker": speaker, "source": source, "quote": "we knew", **said("2024-03-19")}
    make_claim(case, "kind", modality="inferred", **by_speaker)
    assert links_of(case) == []
    claim = make_claim(case, "kind", modality="quoted", **by_speaker)
    (link,) = links_of(case)
    assert [each.sequence for each in link.claims] == [claim.sequence]


def test_chain_is_in_order_of_time_with_missing_dates_last() -> None:
    case = make_case()
    make_incident(case, date="2024-03-22")
    make_warning(case, date="2024-03-08~")
    make_warning(case)
    make_warning(case, date="2024-03-07")
    make_claim(case, "kind", speaker=make_actor(), **said("2024-03-19"))
    make_warning(case, date="2021")
    make_warning(case, date="2022-02-28")
    make_warning(case, date="/2022-02")
    assert [(link.kind, link.date_text) for link in links_of(case)] == [
        ("warning", "2021"),
        ("warning", "In or before February 2022"),
        ("warning", "28 February 2022"),
        ("warning", "7 March 2024"),
        ("warning", "About 8 March 2024"),
        ("statement", "19 March 2024"),
        ("incident", "22 March 2024"),
        ("warning", "Date not stated"),
    ]


def test_chain_warning_and_incident_of_one_day_stand_in_this_order() -> None:
    case = make_case()
    make_incident(case, date="2024-03-22")
    make_warning(case, date="2024-03-22")
    assert [link.kind for link in links_of(case)] == ["warning", "incident"]


def test_chain_marks_the_incident_lead_time_is_measured_to() -> None:
    case = make_case()
    make_incident(case, date="2024-04-22")
    first = make_incident(case, date="2024-03-22")
    measured_to = [str(link.part) for link in links_of(case) if link.is_measured_to]
    assert measured_to == [str(first)]


def test_chain_has_no_statement_without_a_speaker_or_a_date() -> None:
    case = make_case()
    make_claim(case, "kind", **said("2024-03-19"))
    make_claim(case, "kind", speaker=make_actor())
    assert links_of(case) == []


def test_chain_gathers_what_one_speaker_said_on_one_day() -> None:
    case, speaker, source = make_case(), make_actor(), make_source()
    common = {"speaker": speaker, "source": source, **said("2024-03-25")}
    for about, quote, locator in (
        ("kind", "a duty to warn", "¶6"),
        ("records_status", "We had a duty to warn them", "¶6"),
        ("kind", "no assistance", "¶5"),
    ):
        make_claim(case, about, quote=quote, locator=locator, **common)
    make_claim(case, "kind", quote="Later", **common | said("2024-03-26"))
    statements = links_of(case)
    assert [link.kind for link in statements] == ["statement", "statement"]
    assert [claim.quote for claim in statements[0].claims] == [
        "We had a duty to warn them",
        "no assistance",
    ]


def test_chain_keeps_gists_of_one_paragraph_apart() -> None:
    case, speaker, source = make_case(), make_actor(), make_source()
    common = {"speaker": speaker, "source": source, **said("2024-03-25")}
    make_claim(case, "kind", gist="That there was a duty.", **common)
    make_claim(case, "records_status", gist="That nobody asked for records.", **common)
    (statement,) = links_of(case)
    assert len(statement.claims) == 2
