"""Lead time as an interval, and whether the warned window contained the incident."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from cases.evidence.lead_time import (
    LeadTime,
    days_after_window,
    first_occurrence,
    lead_time,
    rests_on_order,
    window_covered,
)
from cases.evidence.values import read_window_covered
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import WindowCovered
from cases.record.building import date_record
from cases.record.classes import STATED, IncidentRecord, WarningRecord, WindowRecord
from tests.support.dates import date, day

pytestmark = pytest.mark.once

NOT_STATED = ""


def warning(
    expression: str = "2024-03-07",
    start: str | None = None,
    end: str | None = None,
    before_incident: str = "not_stated",
) -> WarningRecord:
    window = WindowRecord(start=day(start), end=day(end))
    if start or end:
        window = replace(window, state=STATED)
    return WarningRecord(
        before_incident=before_incident, window=window, date=date_record(date(expression))
    )


def incident(expression: str, kind: str = "attack") -> IncidentRecord:
    return IncidentRecord(kind=kind, date=date_record(date(expression)))


@pytest.mark.parametrize(
    ("warned", "happened", "minimum", "maximum", "words"),
    [
        ("2024-03-07", "2024-03-22", 15, 15, "15 days"),
        ("2024-03-08~", "2024-03-22", 13, 15, "13 to 15 days"),
        ("2024-03-21", "2024-03-22", 1, 1, "1 day"),
        ("2024-03-22", "2024-03-22", 0, 0, "0 days"),
        ("2024-03-23", "2024-03-22", -1, -1, "the incident came 1 day earlier"),
        ("2011", "2013", 367, 1095, "1 to 3 years (367 to 1,095 days)"),
        ("2011-01-01", "2012-01-01", 365, 365, "365 days"),
        ("2012-01-01", "2013-01-01", 366, 366, "1 year (366 days)"),
        ("2004", "2024", 6940, 7670, "19 to 21 years (6,940 to 7,670 days)"),
        ("2024-02-28", "2024-03-01", 2, 2, "2 days"),
        ("2023-02-28", "2023-03-01", 1, 1, "1 day"),
    ],
)
def test_lead_time_between_bounded_dates_is_an_interval_of_days(
    warned: str, happened: str, minimum: int, maximum: int, words: str
) -> None:
    days = lead_time(warning(warned), incident(happened))
    assert days == LeadTime("known", minimum, maximum)
    assert str(days) == words


@pytest.mark.parametrize(
    ("warned", "happened", "minimum", "maximum", "words"),
    [
        ("2024-03", "2024-03", -30, 30, "up to 30 days before or after"),
        ("2024-03-20/2024-03-21", "2024-03-20/2024-03-21", -1, 1, "up to 1 day before or after"),
        ("2024-03", "2024-03-22", -9, 21, "up to 21 days before, up to 9 days after"),
        ("2024-03", "2024-03-01", -30, 0, "on the same day or up to 30 days after"),
        ("2024-03/2026-02", "2024-03", -729, 30, "up to 30 days before, up to 2 years after"),
        ("2011/2013", "2011/2013", -1095, 1095, "up to 3 years before or after"),
        (
            "2024-01-01/2026-12-31",
            "2024-01-02",
            -1094,
            1,
            "up to 1 day before, up to 3 years after",
        ),
        ("2011/2013", "2011/2013-12-30", -1095, 1094, "up to 3 years before or after"),
        ("2011/2013", "2011-01-01", -1095, 0, "on the same day or up to 3 years after"),
    ],
)
def test_lead_time_of_which_dates_leave_the_order_open_says_so(
    warned: str, happened: str, minimum: int, maximum: int, words: str
) -> None:
    days = lead_time(warning(warned), incident(happened))
    assert days == LeadTime("order_unknown", minimum, maximum)
    assert str(days).partition(" (")[0] == f"order unknown: {words}"


@pytest.mark.parametrize(
    ("minimum", "maximum", "days"),
    [
        (-1095, 1095, "(1,095 days)"),
        (-1095, 1094, "(1,094 days before, 1,095 days after)"),
        (-1095, 0, "(1,095 days)"),
        (-30, 30, ""),
    ],
)
def test_lead_time_of_years_in_unknown_order_gives_the_days_too(
    minimum: int, maximum: int, days: str
) -> None:
    said = str(LeadTime("order_unknown", minimum, maximum))
    assert said.endswith(days)
    assert ("(" in said) == bool(days)


@pytest.mark.parametrize(
    ("before", "warned", "happened", "expected", "words"),
    [
        ("yes", "2024-03", "2024-03", LeadTime("known", 0, 30), "0 to 30 days"),
        ("yes", "2024-03", "2024-03-01", LeadTime("known", 0, 0), "0 days"),
        ("yes", "2024-03-07", "2024-03-22", LeadTime("known", 15, 15), "15 days"),
        ("yes", "2024-03-23", "2024-03-22", LeadTime("not_stated"), "not computable"),
        ("yes", "/2024-03", "2024-03", LeadTime("not_stated"), "not computable"),
        (
            *("no", "2024-03", "2024-03", LeadTime("known", -30, 0)),
            "the incident came up to 30 days earlier",
        ),
        (
            *("no", "2024-03-23", "2024-03-22", LeadTime("known", -1, -1)),
            "the incident came 1 day earlier",
        ),
        ("no", "2024-03", "2024-03-31", LeadTime("known", 0, 0), "0 days"),
        ("no", "2024-03-07", "2024-03-22", LeadTime("not_stated"), "not computable"),
    ],
)
def test_lead_time_follows_the_order_that_a_source_gives(
    before: str, warned: str, happened: str, expected: LeadTime, words: str
) -> None:
    days = lead_time(warning(warned, before_incident=before), incident(happened))
    assert days == expected
    assert str(days) == words


@pytest.mark.parametrize("before", ["yes", "not_stated"])
def test_no_days_are_counted_to_an_incident_that_no_source_tells(before: str) -> None:
    given = warning("2011", "2011-01-01", "2011-12-31", before)
    untold = incident("2013", kind="not_stated")
    assert lead_time(given, untold) == days_after_window(given, untold) == LeadTime("not_stated")
    assert window_covered(given, untold) == WindowCovered.NOT_STATED
    assert read_window_covered(given, untold).text == "Not computable"


def test_lead_time_goes_to_what_a_source_tells_rather_than_to_what_none_does() -> None:
    untold, told = incident("2013", kind="not_stated"), incident("2014")
    assert first_occurrence([untold, told]) is told
    assert first_occurrence([untold]) is untold
    assert first_occurrence([incident("2012", kind="averted")]) is None


@pytest.mark.parametrize(
    ("warned", "happened", "before", "rests"),
    [
        ("2024-03", "2024-03", "yes", True),
        ("2024-03", "2024-03", "no", True),
        ("2024-03", "2024-03", "not_stated", False),
        ("2024-03-07", "2024-03-22", "yes", False),
        ("2024-03-07", "2024-03-22", "no", True),
    ],
)
def test_lead_time_rests_on_the_order_only_where_the_dates_do_not_tell_it(
    warned: str, happened: str, before: str, *, rests: bool
) -> None:
    assert rests_on_order(warning(warned, before_incident=before), incident(happened)) is rests


@pytest.mark.parametrize(
    ("warned", "happened"),
    [
        ("/2024-01", "2024-01"),
        ("2024-01/", "2024-01"),
        ("2024-01", "/2024-01"),
        ("2024-01", "2024-01/"),
        (NOT_STATED, "2024-01"),
        ("2024-01", NOT_STATED),
    ],
)
def test_lead_time_with_an_end_that_is_open_or_missing_is_not_computable(
    warned: str, happened: str
) -> None:
    days = lead_time(warning(warned), incident(happened))
    assert days == LeadTime("not_stated")
    assert str(days) == "not computable"


def test_lead_time_without_an_incident_does_not_apply() -> None:
    days = lead_time(warning(), None)
    assert days == LeadTime("not_applicable")
    assert str(days) == "does not apply"
    assert lead_time(warning(NOT_STATED), None) == days


def test_lead_time_interval_is_never_reversed() -> None:
    for warned in ("2024", "2024-03", "2024-03-08~"):
        for happened in ("2024", "2024-03", "2024-03-22", "2023?"):
            days = lead_time(warning(warned), incident(happened))
            assert days.minimum is not None
            assert days.maximum is not None
            assert days.minimum <= days.maximum


@pytest.mark.parametrize(
    ("start", "end", "happened", "covered"),
    [
        ("2024-03-07", "2024-03-09", "2024-03-07", "yes"),
        ("2024-03-07", "2024-03-09", "2024-03-09", "yes"),
        ("2024-03-07", "2024-03-09", "2024-03-08~", "yes"),
        ("2024-03-07", "2024-03-09", "2024-03-06", "no"),
        ("2024-03-07", "2024-03-09", "2024-03-10", "no"),
        ("2024-03-07", "2024-03-09", "2024-03-22", "no"),
        ("2024-03-07", "2024-03-09", "2024-02", "no"),
        ("2024-03-07", "2024-03-09", "2024-03-10~", "not_stated"),
        ("2024-03-07", "2024-03-09", "2024-03", "not_stated"),
        ("2024-03-07", "2024-03-09", NOT_STATED, "not_stated"),
        ("2024-03-07", "2024-03-09", "/2024-03-08", "not_stated"),
        ("2024-03-07", "2024-03-09", "/2024-03-06", "no"),
        ("2024-03-07", None, "2030", "yes"),
        ("2024-03-07", None, "2024-03-06", "no"),
        (None, "2024-03-09", "2024-03-09", "yes"),
        (None, "2024-03-09", "2024-03-10/", "no"),
        (None, None, "2024-03-22", "not_stated"),
    ],
)
def test_window_covered_tells_yes_no_and_not_stated(
    start: str | None, end: str | None, happened: str, covered: str
) -> None:
    given = warning("2024-03-01", start, end)
    assert window_covered(given, incident(happened)) == WindowCovered(covered)


@pytest.mark.parametrize("end", ["2024-03-09", None])
def test_window_covered_without_an_incident_does_not_apply(end: str | None) -> None:
    assert window_covered(warning(end=end), None) == WindowCovered.NOT_APPLICABLE


def test_days_after_window_run_from_its_last_day() -> None:
    given = warning(start="2024-03-07", end="2024-03-09")
    assert str(days_after_window(given, incident("2024-03-22"))) == "13 days"
    assert days_after_window(given, incident("2024-03-08")) == LeadTime("known", -1, -1)


def test_days_after_a_window_without_end_are_not_computable() -> None:
    given = warning(start="2024-03-07")
    assert days_after_window(given, incident("2024-03-22")) == LeadTime("not_stated")
    assert days_after_window(given, None) == LeadTime("not_applicable")
    assert days_after_window(warning(end="2024-03-09"), None) == LeadTime("not_applicable")


def test_lead_time_of_a_date_worked_out_elsewhere_needs_no_expression() -> None:
    worked_out = UncertainDate("", "", "resolved", dt.date(2024, 3, 7), dt.date(2024, 3, 7))
    assert LeadTime.between(worked_out, date("2024-03-22")).minimum == 15


@pytest.mark.parametrize(
    ("window", "happened", "text"),
    [
        (("2024-03-07", "2024-03-09"), "2024-03", "Not computable"),
        ((None, None), "2024-03", "Not stated in the sources"),
        (("2024-03-07", "2024-03-09"), "2024-03-08", "Yes"),
        (("2024-03-07", "2024-03-09"), "2024-03-10", "No: it ended 1 day before"),
        (("2024-03-07", "2024-03-09"), "2024-03-01", "No"),
    ],
)
def test_window_and_incident_are_worded_for_readers(
    window: tuple[str | None, str | None], happened: str, text: str
) -> None:
    reading = read_window_covered(warning("2024-03-07", *window), incident(happened))
    assert reading.text == text
    assert reading.is_absent == text.startswith("Not ")
