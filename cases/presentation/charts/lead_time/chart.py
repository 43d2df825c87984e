"""Lead time against deaths: each warning that came first, from the least to the most days.

Dates are seldom exact, so a lead time is an interval, and a figure of deaths is a lower bound. The
weight of a mark is how much of who, target, place and time the warning named. Warnings that came
after the incident, or whose order is unknown, have no place here; the picture says how many cases
have no others, and why. If the address asks for warnings, only those are shown. It reads the
versions of at most `MAX_CASES` cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from pyroaring import BitMap

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.lead_time import (
    AFTER,
    BEFORE,
    CONTRADICTED,
    KNOWN,
    NO_INCIDENT,
    OPEN_DATE,
    ORDER_UNKNOWN,
    UNDATED,
    UNTOLD,
    LeadTime,
    lead_time,
)
from cases.index.loading import ORDER
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.picture import CASE, Cell, Column, Picture, Row, case_cell
from cases.text.plurals import counted
from cases.versions.current import current_records

from .drawing import drawing
from .panels import is_crowded
from .warning_shown import WarningShown, by_case

# Cases that are read.
MAX_CASES = 200


# Why cases have no place here, the first reason of a case that applies to one of its warnings.
_REASONS = {
    ORDER_UNKNOWN: "in which the dates do not tell whether warning or incident came first",
    AFTER: "in which the warning came with the incident or after it",
    NO_INCIDENT: "with a warning in which no incident was carried out",
    UNTOLD: "with a warning in which no source says what happened",
    OPEN_DATE: "in which the date of the warning or of the incident has no first or no last day",
    UNDATED: "in which the date of the warning or of the incident is not stated",
    CONTRADICTED: "in which the dates contradict the order that a source gives",
}
_NO_WARNING = "without a warning"


@dataclass(frozen=True)
class _Found:
    """The warnings that are shown, and how many cases have which others only."""

    shown: Sequence[WarningShown]
    cases: int
    """The number of cases with a warning that came first; `read` of them were read."""

    read: int
    left_out: Mapping[str, int]
    """How many cases are left out for each reason, in words."""

    others: int
    """The number of other warnings of the cases that were read, and match as well."""

    unmatched: int
    """The number of those that do not match the filters of warnings."""

    @property
    def is_sample(self) -> bool:
        return self.read < self.cases

    @property
    def sample(self) -> str:
        """Which of the cases were read, if not all."""
        if not self.is_sample:
            return ""
        return f"{self.read} of {self.cases:,} cases, evenly taken in the order of lead times"


class _Chart:
    name = "lead-time"
    title = "Lead time, deaths, and how much a warning named"

    def __call__(self, cases: CaseSet) -> Picture:
        found = _found(cases)
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases, found),
            caveat=_caveat(found),
            columns=[
                CASE,
                Column("warning", "Warning", is_number=True),
                Column("lead_time", "Lead time"),
                Column("days_least", "Days at least", is_number=True),
                Column("days_most", "Days at most", is_number=True),
                Column("deaths", "Deaths"),
                Column("deaths_least", "Deaths at least", is_number=True),
                Column("named", "Named of who, target, place and time", is_number=True),
            ],
            rows=[_row(one) for one in found.shown],
            draw=lambda frame: drawing(found.shown, frame),
            sample=found.sample,
        )


LEAD_TIME = _Chart()


def _row(one: WarningShown) -> Row:
    return (
        case_cell(one.record.slug, one.record.number, one.record.title, one.address),
        Cell(one.warning.sequence, f"{one.address}#{one.warning.path}"),
        Cell(str(one.days), sort=one.least),
        Cell(one.least),
        Cell(one.most),
        Cell(one.deaths_text, sort=-1 if one.deaths is None else one.deaths),
        Cell(one.deaths),
        Cell(len(one.named)),
    )


def _found(cases: CaseSet) -> _Found:
    """Count the cases in the index and read some of those in which a warning came first."""
    by_order = cases.of_warnings(ORDER)
    first = by_order.get(BEFORE, cases.none)
    keys = cases.in_order(first, "lead_time")
    if len(keys) > MAX_CASES:
        last = len(keys) - 1
        keys = [keys[round(place * last / (MAX_CASES - 1))] for place in range(MAX_CASES)]
    shown, others, unmatched = [], 0, 0
    for key, record in current_records(keys).items():
        incident = CaseEvidence(record).occurrence
        for layer, warning in enumerate(record.warnings):
            if not cases.has_matching(key, layer):
                unmatched += 1
            elif incident and (days := lead_time(warning, incident)).order == BEFORE:
                shown.append(WarningShown(record, warning, days, incident))
            else:
                others += 1
    return _Found(shown, len(first), len(keys), _left_out(cases, by_order), others, unmatched)


def _left_out(cases: CaseSet, by_order: Mapping[str, BitMap]) -> dict[str, int]:
    left_out, counted_in = {}, by_order.get(BEFORE, cases.none)
    for reason, words in _REASONS.items():
        found = by_order.get(reason, cases.none) - counted_in
        left_out[words] = len(found)
        counted_in = counted_in | found
    return left_out | {_NO_WARNING: len(cases) - len(counted_in)}


def _finding(cases: CaseSet, found: _Found) -> str:
    if not found.shown:
        return "No warning here came first by a number of days that the dates allow to tell."
    total = counted(len(cases), "case")
    if found.is_sample:
        half = median_low(sorted(one.least for one in found.shown))
        return (
            f"In {found.cases:,} of {total} a warning came before the incident; in a sample of "
            f"{found.read}, half of the warnings came at least {counted(half, 'day')} before, as "
            "far as the dates allow to tell."
        )
    warnings = counted(len(found.shown), "warning")
    came = (
        f"{warnings} in {found.cases:,} of {total} came {_days_of(found.shown)} before the incident"
    )
    groups = by_case(found.shown)
    if len(groups) > 1 and (highest := _with_the_highest_figure(groups)):
        return f"{came}; {highest}."
    return f"{came}, {_naming(found.shown)}."


def _with_the_highest_figure(groups: Sequence[Sequence[WarningShown]]) -> str:
    """Return what is said of the case with the highest figure of deaths; "" if that is no one case.

    Figures are those coded: a case without one may have had more deaths.
    """
    if any(group[0].has_figure and group[0].deaths is None for group in groups):
        return ""  # "about 100" may be more than any other
    with_figure = [group for group in groups if group[0].deaths is not None]
    figures = sorted((group[0].deaths or 0 for group in with_figure), reverse=True)
    if len(figures) < 2 or figures[0] == figures[1]:
        return ""
    one = max(with_figure, key=lambda group: group[0].deaths or 0)
    missing = len(groups) - len(figures)
    drawn_cases = counted(len(groups), "case")
    of = f"of the {drawn_cases} drawn"
    if missing:
        of = f"of the {len(figures)} of {drawn_cases} drawn that have a coded figure of deaths"
    which = "higher" if len(figures) == 2 else "highest"
    has = "has its warning" if len(one) == 1 else f"has {len(one)} warnings"
    return (
        f"{of}, the one with the {which} coded figure, {one[0].deaths_text}, {has} "
        f"{_days_of(one)} before, {_naming(one)}"
    )


def _days_of(shown: Sequence[WarningShown]) -> str:
    """Return the days of some warnings together, as words."""
    least, most = min(one.least for one in shown), max(one.most for one in shown)
    return str(LeadTime(KNOWN, least, most)).partition(" (")[0]


def _naming(shown: Sequence[WarningShown]) -> str:
    most, least = (choose(len(one.named) for one in shown) for choose in (max, min))
    how = "each " if len(shown) > 1 else ""
    at_most = "" if least == most else "at most "
    return f"{how}naming {at_most}{most or 'none'} of who, target, place and time"


def _caveat(found: _Found) -> str:
    sample = f"A sample of {found.sample}. "
    reasons = [f"{counted(count, 'case')} {why}" for why, count in found.left_out.items() if count]
    for count, why in (
        (found.others, "of the cases shown, later or without a lead time"),
        (found.unmatched, "of the cases shown, not asked for"),
    ):
        if count:
            reasons.append(f"{counted(count, 'other warning')} {why}")
    overlap = "Marks can lie on others. "
    triangle = "A triangle says that there were more deaths, or may have been. "
    left_out = f"Left out: {'; '.join(reasons)}. "
    return (
        f"{sample if found.is_sample else ''}"
        f"{left_out if reasons else ''}"
        "Bars run from the least to the most days that the dates allow. "
        f"{overlap if is_crowded(found.shown) else triangle}"
        "That a warning came first does not mean that it could have prevented anything."
    )
