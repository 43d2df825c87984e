"""The periods of the picture: how long they are, and the cases that date from each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cases.finding.date_parameters import CERTAIN, POSSIBLE, bound
from cases.models.vocabulary import NOT_STATED
from cases.presentation.charts.case_set import CaseSet, Counted
from cases.presentation.charts.chart_filter import DECADES, YEARS

# More columns than this are of the next longer period, and so they are if one was asked for.
MAX_COLUMNS, MAX_COLUMNS_ASKED = 40, 80

# How a date lies to a period. Whatever lies within it counts among those that may, too.
WHOLLY, MAY_BE = "Wholly within it", "Wholly or possibly within it"

# The periods in years, and what they are called.
_PERIODS = (1, 10, 100, 1000)
PERIOD_NAMES = {1: "year", 10: "decade", 100: "century", 1000: "millennium"}


@dataclass(frozen=True)
class Period:
    """A period with its cases; `start` is its first year, None for what lies before or after all.

    `code` writes it as EDTF, `order` is the year by which it is sorted. `certain` is None where
    nothing can be certain, and `possible` where it is not asked for. The cases without a date are a
    period of their own, without a start.
    """

    label: str
    start: int | None
    certain: Counted | None
    possible: Counted | None
    code: str = NOT_STATED
    order: int = dt.MAXYEAR + 2

    @property
    def is_undated(self) -> bool:
        return self.code == NOT_STATED

    @property
    def least(self) -> int:
        return self.certain.count if self.certain else 0

    @property
    def most(self) -> int:
        return self.possible.count if self.possible else self.least

    @property
    def text(self) -> str:
        """The number of its cases, as an interval if some only may date from it."""
        if not self.most:
            return ""
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,}–{self.most:,}"


def column_length(cases: CaseSet, days: tuple[dt.date, dt.date] | None) -> tuple[int, bool]:
    """Return how many years a column has, and whether that is what was asked for."""
    asked = {YEARS: 1, DECADES: 10}.get(cases.data.get("period", ""))
    if days is None:
        return asked or 1, True
    most = MAX_COLUMNS_ASKED if asked else MAX_COLUMNS
    for length in _PERIODS:
        columns = days[1].year // length - days[0].year // length + 1
        if length >= (asked or 1) and columns <= most:
            return length, length == (asked or length)
    return _PERIODS[-1], False


def periods_of(cases: CaseSet, days: tuple[dt.date, dt.date] | None, length: int) -> list[Period]:
    """Return the periods from the first to the last day, and the undated cases.

    Periods without cases are among them, and so is what open dates allow before and after.
    """
    periods = _dated(cases, days, length) if days else []
    if NOT_STATED in cases.values("precision"):
        undated = cases.having({"precision": NOT_STATED})
        periods.append(Period("Undated", None, certain=undated, possible=None))
    return periods


def _dated(cases: CaseSet, days: tuple[dt.date, dt.date], length: int) -> list[Period]:
    only_certain = cases.data.get("date_match") == CERTAIN
    start, end = bound(cases.data, "date_from"), bound(cases.data, "date_to")
    first, last = (day.year // length * length for day in days)

    def period(label: str, year: int | None, since: str, until: str) -> Period:
        dates = {name: day for name, day in (("date_from", since), ("date_to", until)) if day}
        certain = cases.within(**dates, date_match=CERTAIN) if year is not None else None
        possible = None if only_certain else cases.within(**dates, date_match=POSSIBLE)
        order = year if year is not None else dt.MAXYEAR + 1 if since else -1
        return Period(label, year, certain, possible, _edtf(since[:4], until[:4]), order)

    def day_in(name: str, year: int) -> str:
        """Return an end of a period: a year, or the day that the address gives within it."""
        asked = start if name == "date_from" else end
        if asked and year // length == asked.year // length:
            return str(cases.data[name])
        return f"{year:04}"

    periods = [
        period(
            _label(year, length),
            year,
            day_in("date_from", max(year, 1)),
            day_in("date_to", min(year + length - 1, dt.MAXYEAR)),
        )
        for year in range(first, last + 1, length)
    ]
    # What an open date allows before the first day that any date names, and after the last one.
    opens_before, opens_after = cases.open_dates
    if opens_before and start is None and first > 1 and not only_certain:
        periods.insert(0, period(f"Before {first}", None, "", f"{first - 1:04}"))
    if opens_after and end is None and last + length <= dt.MAXYEAR and not only_certain:
        periods.append(period(f"After {last + length - 1}", None, f"{last + length:04}", ""))
    return periods


def _edtf(first: str, last: str) -> str:
    """Return some years as EDTF, with “..” for an open end."""
    return first if first == last else f"{first or '..'}/{last or '..'}"


def _label(year: int, length: int) -> str:
    if length == 1:
        return str(year)
    return f"{year}s" if length == 10 else f"{max(year, 1)}–{year + length - 1}"
