"""The picture of chains: which cases it draws, what it says of them, and where things are in it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from cases.presentation.charts.chains.chart import MAX_CASES, finding
from cases.presentation.charts.chains.day_scale import DayScale, scale_of
from cases.presentation.charts.chains.events import Chain, DayZero, chain_of
from cases.presentation.charts.chains.lanes import Lead, Placed, placed
from cases.presentation.charts.picture import WIDE
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_incident,
    make_warning,
)

from .reading_chains import found, picture, table

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def chain_with(*, warning: str | None = None, incident: str | None = None, **fields: Any) -> Chain:
    """Return the chain of a case; "" is a date that is not stated, and None no such part."""
    case = make_case(**fields)
    if warning is not None:
        make_warning(case, date=warning)
    if incident is not None:
        make_incident(case, date=incident)
    return chain_of(sheet_of(case).record)


def test_chains_of_many_cases_are_those_of_the_first_and_say_so() -> None:
    for _ in range(MAX_CASES + 1):
        make_case(published=True)
    drawn = picture()
    assert len({row[0].value for row in drawn.rows}) == MAX_CASES
    assert "the 20 newest of 21 cases" in drawn.finding
    assert "the 20 newest of 21 cases" in drawn.caveat
    assert "the 20 oldest of 21 cases" in picture("sort=date").finding


# Dates


@pytest.mark.parametrize(
    ("warning", "incident", "counted_from"),
    [
        ("2024-03-07", "2024-03-22", DayZero.INCIDENT),
        ("2024-03-07", "", DayZero.WARNING),
        ("2024-03-07", None, DayZero.WARNING),
        ("", None, DayZero.NOTHING),
        (None, None, DayZero.NOTHING),
    ],
)
def test_days_are_counted_from_the_incident_or_else_from_a_warning(
    warning: str | None, incident: str | None, counted_from: DayZero
) -> None:
    assert chain_with(warning=warning, incident=incident).counted_from == counted_from


def test_days_are_counted_from_a_statement_if_nothing_else_has_a_date() -> None:
    case = make_case()
    make_claim(case, "kind", speaker=make_actor(), date_edtf="2024-03", date_basis="stated")
    assert chain_of(sheet_of(case).record).counted_from == DayZero.STATEMENT


def test_row_says_what_has_no_date_and_what_did_not_happen() -> None:
    chain = chain_with(warning="", incident="2024-03-22", kind="warning_given")
    assert chain.notes == ["No date stated: Warning 1"]
    case = make_case(kind="alleged_failure_to_warn")
    make_incident(case, kind="averted", date="2024")
    assert chain_of(sheet_of(case).record).notes == [
        "No warning on record: alleged failure",
        "Incident: averted",
        "Day 0: first possible day of the incident",
    ]


def test_case_without_any_date_has_a_row_that_says_so() -> None:
    make_case(status="published", published_at=timezone.now())
    assert [row[1:3] for row in table()] == [["No warning, incident or statement", None]]
    assert "No date stated" in list(found(picture().draw(WIDE), "text"))


def test_label_has_the_year_unless_the_title_does() -> None:
    for title in ("The plot of 2024", "The plot"):
        case = make_case(title=title)
        make_incident(case, date="2024-03")
        case.refresh_from_db()
        assert "2024" in chain_of(sheet_of(case).record).title
    assert chain_with(title="The plot").title == "The plot"


@pytest.mark.parametrize(
    ("warning", "incident", "says"),
    [
        ("2024-03-07", "2024-03-22", "A warning came 15 days before the incident."),
        ("2022", "2024", "A warning came 1 to 3 years before the incident."),
        ("2024-01", "2024-01", "The sources leave open whether a warning came before"),
        ("/2024-01", "2024-01", "The sources leave open whether a warning came before"),
        ("2024-03-23", "2024-03-22", "No warning came before the incident."),
        (None, "2024", "No warning is on record in this case."),
        ("2024", None, "No incident in this case has a date"),
        ("", "", "No date is stated in this case."),
    ],
)
def test_finding_of_one_case_never_says_more_than_its_dates(
    warning: str | None, incident: str | None, says: str
) -> None:
    assert finding([chain_with(warning=warning, incident=incident)], "1 case").startswith(says)


@pytest.mark.parametrize(
    ("warning", "incident", "said", "says"),
    [
        ("/2024-01", "2024-01", "yes", "A source says that the warning came before the incident"),
        ("", "2024-01", "yes", "A source says that the warning came before the incident"),
        ("/2024-01", "2024-01", "no", "No warning came before the incident."),
        ("2024-03-23", "2024-03-22", "yes", "The dates contradict the order"),
    ],
)
def test_finding_of_one_case_says_what_a_source_says_of_the_order(
    warning: str, incident: str, said: str, says: str
) -> None:
    case = make_case()
    make_warning(case, date=warning, before_incident=said)
    make_incident(case, date=incident)
    chain = chain_of(sheet_of(case).record)
    assert finding([chain], "1 case").startswith(says)
    if said == "yes" and "source says" in says:
        assert finding([chain, chain], "2 cases") == (
            "In none of 2 cases can a warning be dated before the incident; in 2 a source says "
            "that it came before."
        )


def test_finding_of_several_cases_says_in_how_many_and_by_how_long() -> None:
    chains = [chain_with(warning=day, incident="2024-03-22") for day in ("2024-03-07", "2023-03")]
    assert finding(chains, "2 cases") == (
        "In each of 2 cases a warning can be dated before the incident, by 15 days to 1 year."
    )
    chains.append(chain_with(warning="2024-03-22", incident="2024-03-22"))  # at which hour?
    assert finding(chains, "3 cases").startswith("In 2 of 3 cases a warning")
    assert finding(chains[2:] * 2, "2 cases") == (
        "In none of 2 cases can a warning be dated before the incident."
    )


# Places


def events_of(chain: Chain, width: float = 480) -> dict[str, Placed]:
    scale = scale_of([chain], 0, width)
    return {one.event.title: one for one in placed(chain, scale)}


def test_vague_date_is_a_bar_and_an_open_one_runs_to_the_edge() -> None:
    events = events_of(chain_with(warning="/2022-02", incident="2022-02"))
    warning, incident = events["Warning 1"], events["Incident 1"]
    assert warning.start == 0  # open
    assert 0 < incident.start < incident.end < 480
    assert warning.end == pytest.approx(incident.end)
    assert warning.lane != incident.lane


def test_events_that_would_cover_each_other_are_in_lanes() -> None:
    case = make_case()
    for _ in range(3):
        make_warning(case, date="2024-03-07")
    make_incident(case, date="2024-03-22")
    events = events_of(chain_of(sheet_of(case).record))
    assert sorted(one.lane for one in events.values()) == [0, 0, 1, 2]


def test_lead_time_is_on_its_line_or_beside_the_warning_if_that_is_short() -> None:
    scale = DayScale(-400, 400, 0, 340)

    def lead(warning: str) -> Lead:
        events = placed(chain_with(warning=warning, incident="2024-03-22"), scale)
        return next(one.lead for one in events if one.lead)

    far, near = lead("2023-04-07"), lead("2024-03-20")
    assert far.is_on_line
    assert len(far.pieces) == 2
    assert not near.is_on_line
    assert near.text_at is not None
    assert near.text_at < near.start


@pytest.mark.parametrize("width", [340, 480])
@pytest.mark.parametrize("days", [1, 40, 800, 40_000])
def test_scale_has_labels_that_do_not_touch(width: float, days: int) -> None:
    scale = DayScale(-days, days, 0, width)
    assert scale.at(0) == pytest.approx(width / 2)
    assert scale.days_at(scale.at(-days)) == pytest.approx(-days)
    places = sorted(scale.at(day) for day, _ in scale.ticks())
    assert places
    assert all(after - before > 35 for before, after in pairwise(places))
