"""The chain drawn in time: what is placed where, and what the picture says in words."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from cases.evidence.chain import chain
from cases.models import Case
from cases.presentation.time_axis import BREAK, EDGE, OPEN_EDGE, Axis, Span, axis_of, ticks
from cases.presentation.timeline import Timeline, TimelineRow, length, timeline_of
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_incident,
    make_warning,
)

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def picture_of(case: Case) -> Timeline | None:
    return timeline_of(chain(sheet_of(case)))


def rows_of(case: Case) -> list[TimelineRow]:
    picture = picture_of(case)
    assert picture is not None
    return list(picture.rows)


def said(case: Case, date: str, name: str = "A speaker") -> None:
    make_claim(case, "kind", speaker=make_actor(name=name), date_edtf=date, date_basis="stated")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def axis(*days: str) -> Axis:
    return axis_of([Span(day(text), day(text)) for text in days])


# Which chains are drawn


@pytest.mark.parametrize("dates", [[], ["2024"], ["2024-03-22", "2024-03-22"], ["2024", ""]])
def test_picture_without_two_places_in_time_is_none(dates: list[str]) -> None:
    case = make_case()
    for date in dates:
        make_incident(case, date=date)
    assert picture_of(case) is None


@pytest.mark.parametrize("dates", [["2024-03-07", "2024-03-22"], ["/2024-01", "2024-01"]])
def test_picture_of_two_places_in_time_has_both(dates: list[str]) -> None:
    case = make_case()
    make_warning(case, date=dates[0])
    make_incident(case, date=dates[1])
    assert [row.kind for row in rows_of(case)] == ["warning", "incident"]


def test_picture_names_what_has_no_date() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07")
    make_warning(case)
    make_incident(case, date="2024-03-22")
    picture = picture_of(case)
    assert picture is not None
    assert picture.undated == ("Warning 2",)
    assert len(picture.rows) == 2


# Rows


def test_rows_are_in_the_order_of_the_chain_each_warning_with_its_window() -> None:
    case = make_case()
    make_incident(case, date="2024-03-22")
    make_warning(
        case, date="2024-03-07", window_start=day("2024-03-07"), window_end=day("2024-03-09")
    )
    said(case, "2024-03-19", "Vladimir")
    assert [(row.title, row.date_text, row.detail) for row in rows_of(case)[1:]] == [
        ("Its window", "7 to 9 March 2024", ""),
        ("Statement", "19 March 2024", "Vladimir"),
        ("Incident 1", "22 March 2024", "Attack"),
    ]


def test_day_is_a_mark_and_every_other_date_a_bar() -> None:
    case = make_case()
    make_warning(case, date="2024-03-08~")
    make_warning(case, date="2024-03-07", window_end=day("2024-03-07"))
    make_incident(case, date="2024-03-22/")
    marks = {row.title: row.is_mark for row in rows_of(case)}
    assert marks == {
        "Warning 1": False,
        "Warning 2": True,
        "Its window": False,
        "Incident 1": False,
    }


def test_open_date_runs_to_the_edge_and_a_known_one_does_not() -> None:
    case = make_case()
    make_warning(case, date="/2024-01")
    make_incident(case, date="2024-01")
    warning, incident = rows_of(case)
    assert (warning.opens_before, warning.opens_after) == (True, False)
    assert (warning.start, warning.end) == (0, 100 - EDGE)
    assert (incident.opens_before, incident.start) == (False, OPEN_EDGE)


def test_open_end_runs_to_the_other_edge() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07")
    said(case, "2024-03-22/")
    statement = rows_of(case)[1]
    assert statement.opens_after
    assert statement.end == 100
    assert statement.start < 100 - OPEN_EDGE


def test_places_are_in_proportion_to_time() -> None:
    case = make_case()
    for date in ("2024-03-01", "2024-03-11", "2024-03-31"):
        make_incident(case, date=date)
    first, second, third = (row.start for row in rows_of(case))
    assert third - second == pytest.approx(2 * (second - first))


# Lead time


def test_lead_time_is_a_line_from_the_warning_to_the_incident() -> None:
    case = make_case()
    make_warning(case, date="2024-03-08~")
    make_incident(case, date="2024-03-22")
    warning, incident = rows_of(case)
    assert warning.lead is not None
    assert warning.lead.text == "13 to 15 days"
    assert warning.lead.start == warning.end
    assert warning.lead.end == pytest.approx((incident.start + incident.end) / 2)
    assert warning.words.endswith("13 to 15 days before")


@pytest.mark.parametrize(
    ("warned", "words"),
    [
        ("2024-02/", ""),
        ("2024-02-05", "the incident came 2 days earlier"),
        ("2024-02-03", "0 days before"),
        ("2024-02-02~", "0 to 2 days before"),
    ],
)
def test_lead_time_without_time_between_is_said_but_not_drawn(warned: str, words: str) -> None:
    case = make_case()
    make_warning(case, date=warned)
    make_incident(case, date="2024-02-03")
    make_incident(case, date="2024-02-20")
    warning = next(row for row in rows_of(case) if row.kind == "warning")
    assert warning.lead is None
    assert warning.lead_text == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("not_stated", "order unknown: up to 30 days before or after"),
        ("yes", "0 to 30 days before"),
        ("no", "the incident came up to 30 days earlier"),
    ],
)
def test_lead_time_between_vague_dates_is_said_but_not_drawn(before: str, words: str) -> None:
    case = make_case()
    make_warning(case, date="2024-01", before_incident=before)
    make_incident(case, date="2024-01")
    said(case, "2024-02")
    warning = next(row for row in rows_of(case) if row.kind == "warning")
    assert warning.lead is None
    assert warning.lead_text == words


def test_lead_time_is_not_drawn_to_an_incident_that_no_source_tells() -> None:
    case = make_case()
    make_warning(case, date="2011")
    make_incident(case, kind="not_stated", date="2013")
    warning, incident = rows_of(case)
    assert (warning.lead, warning.lead_text) == (None, "")
    assert not incident.is_measured_to


def test_lead_time_goes_to_no_incident_that_was_averted() -> None:
    case = make_case()
    make_warning(case, date="2024-03-07")
    make_incident(case, kind="averted", date="2024-03-22")
    assert rows_of(case)[0].lead is None


# The axis and what it leaves out


def test_axis_of_two_days_is_to_scale_however_far_apart() -> None:
    assert len(axis("2004-01-01", "2024-01-01").stretches) == 1


def test_axis_leaves_out_years_that_would_squash_the_rest() -> None:
    broken = axis("2011-04-01", "2011-04-16", "2024-04-16")
    assert len(broken.stretches) == 2
    ((_, days),) = broken.breaks()
    assert length(days) == "13 years"
    warned, attacked, spoke = (
        broken.at(day(text).toordinal()) for text in ("2011-04-01", "2011-04-16", "2024-04-16")
    )
    assert attacked - warned > 60
    assert spoke > attacked + BREAK


def test_axis_keeps_a_long_gap_that_squashes_nothing_unreadably() -> None:
    assert len(axis("2024-01-01", "2024-01-11", "2024-03-11").stretches) == 1


def test_axis_puts_what_is_left_out_into_the_break() -> None:
    broken = axis("2011-04-01", "2011-04-16", "2024-04-16")
    ((middle, _),) = broken.breaks()
    assert broken.at(day("2018-01-01").toordinal()) == pytest.approx(middle)


def test_axis_never_runs_backwards_nor_over_its_edge() -> None:
    broken = axis("1998-08-07", "1998-08-09", "2011-04-01", "2011-04-16", "2024-04-16")
    places = [broken.at(at) for at in range(day("1998-08-07").toordinal(), 738_990, 50)]
    assert all(before <= after for before, after in pairwise(places))
    assert min(places) >= EDGE
    assert max(places) <= 100 - EDGE + 0.001


def test_picture_says_how_much_it_leaves_out() -> None:
    case = make_case()
    make_warning(case, date="2011-04-01")
    make_incident(case, date="2011-04-16")
    said(case, "2024-04-16")
    picture = picture_of(case)
    assert picture is not None
    assert [text for _, text in picture.breaks] == ["13 years"]


# Dates along the axis


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-03-07", "2024-03-26", ["7 Mar 2024", "14 Mar", "21 Mar"]),
        ("2024-12-30", "2025-01-02", ["30 Dec 2024", "31 Dec", "1 Jan"]),
        ("2023-11-15", "2024-02-20", ["Dec 2023", "Jan 2024", "Feb 2024"]),
        ("2011-01-01", "2013-12-31", ["2011", "2012", "2013"]),
        ("1998-08-07", "2024-03-22", ["2000", "2010", "2020"]),
    ],
)
def test_ticks_stand_at_even_steps_of_the_calendar(start: str, end: str, words: list[str]) -> None:
    found = list(ticks(day(start).toordinal(), day(end).toordinal(), 4))
    assert [text for _, text in found] == words


def test_ticks_at_the_end_of_the_calendar_stop() -> None:
    last = dt.date.max.toordinal()
    assert [text for _, text in ticks(last - 700, last, 4)] == ["Jul 9998", "Jan 9999", "Jul 9999"]


def test_date_in_the_picture_is_short_enough_for_a_phone() -> None:
    case = make_case()
    make_warning(case, date="2013-09-28~/2013-11-15~")
    make_incident(case, date="2014-05-01")
    make_incident(case, date="2014-02-03")
    texts = [row.short_date for row in rows_of(case)]
    assert texts == ["About 28 Sep to about 15 Nov 2013", "3 Feb 2014", "1 May 2014"]
