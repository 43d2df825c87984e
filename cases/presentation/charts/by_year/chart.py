"""The cases in time: how many lie wholly within each year, how many may, how many are undated.

A date is often vague, so that a year has two numbers: the cases that date from within it whatever
their words allow, and those that may. Both are what the list finds at these dates. A case can be
among those that may in several years, so the numbers do not add up. Years without cases are drawn,
and have no row in the table.
"""

from __future__ import annotations

from collections.abc import Sequence

from cases.finding.date_parameters import CERTAIN, POSSIBLE
from cases.models.vocabulary import NOT_STATED
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chart_filter import DECADES, YEARS
from cases.presentation.charts.picture import CASES, INFERRED, Cell, Picture, Row, Way, coded
from cases.text.plurals import counted

from .directives import directive_dates
from .drawing import drawing
from .periods import MAY_BE, PERIOD_NAMES, WHOLLY, Period, column_length, periods_of


class _Chart:
    name = "by-year"
    title = "When the cases date from"

    def __call__(self, cases: CaseSet) -> Picture:
        days = cases.days
        length, is_asked = column_length(cases, days)
        periods = periods_of(cases, days, length)
        in_order = [one for one in periods if one.start is not None]
        directives = (
            directive_dates(in_order[0].start or 0, (in_order[-1].start or 0) + length)
            if days
            else []
        )
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases, periods, length),
            caveat=_caveat(cases, length, is_asked),
            columns=[
                coded("period", "Period"),
                coded("date", "Date"),
                CASES,
                INFERRED,
            ],
            rows=[row for period in periods for row in _rows(period)],
            draw=lambda frame: drawing(periods, directives, length, frame),
            ways=[
                Way("Years", "period", YEARS, is_chosen=length == 1),
                Way("Decades", "period", DECADES, is_chosen=length == 10),
            ]
            if days
            else [],
        )


BY_YEAR = _Chart()


def _rows(period: Period) -> list[Row]:
    name = Cell(period.label, codes=(period.code,), sort=period.order)
    wholly = (NOT_STATED, "Not stated") if period.is_undated else (CERTAIN, WHOLLY)
    return [
        (name, Cell(date, codes=(code,)), *found.cells)
        for (code, date), found in (
            (wholly, period.certain),
            ((POSSIBLE, MAY_BE), period.possible),
        )
        if found and found.count
    ]


def _finding(cases: CaseSet, periods: Sequence[Period], length: int) -> str:
    total = counted(len(cases), "case")
    named = [one for one in periods if one.start is not None]
    without = sum(one.least for one in periods if one.is_undated)
    if not named:
        if len(cases) == 1:
            return "The one case here has no date."
        return f"None of {total} has a date." if without else "No case here has a date."
    name = PERIOD_NAMES[length]
    most = max(one.least for one in named)
    best = [one for one in named if one.least == most]
    when = f"the {best[0].label}" if best[0].label.endswith("s") else best[0].label
    date = "a date that lies" if most == 1 else "dates that lie"
    have = "has" if most == 1 else "have"
    inference = best[0].certain.inference if best[0].certain and len(best) == 1 else ""
    if len(cases) == 1:
        within = f"wholly within {when}" if most else f"within no single {name} for certain"
        return f"The date of the one case here lies {within}{inference}."
    if not most:
        first = f"The date of no case lies wholly within a single {name}"
    elif len(best) > 1:
        first = f"At most {most:,} of {total} {have} {date} wholly within the same {name}"
    else:
        first = f"{most:,} of {total} {have} {date} wholly within {when}"
        if 2 * most <= len(cases) and len(named) > 1:
            first += f", the most of any {name}"
    undated_too = f"; {without:,} {'is' if without == 1 else 'are'} undated" if without else ""
    return f"{first}{inference}{undated_too}."


def _caveat(cases: CaseSet, length: int, is_asked: bool) -> str:
    instead = (
        ""
        if is_asked
        else f"The time is too long for shorter columns, so each is a {PERIOD_NAMES[length]}. "
    )
    only = (
        "Only dates that lie wholly within the range asked for count. "
        if cases.data.get("date_match") == CERTAIN
        else "A case with a vague date can be in several columns, so they do not add up. "
    )
    return f"{instead}{only}The date of a case is that of its earliest incident, or else warning."
