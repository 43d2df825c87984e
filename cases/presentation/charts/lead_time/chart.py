"""Lead time against deaths: each warning that came first, from the least to the most days.

Dates are seldom exact, so a lead time is an interval, and a figure of deaths is a lower bound. The
weight of a mark is how much of who, target, place and time the warning named. Warnings that came
after the incident, or of which that is unknown, have no place here; the picture says how many cases
have no others. It reads the versions of at most `MOST_CASES` cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.lead_time import AFTER, BEFORE, KNOWN, ORDER_UNKNOWN, LeadTime, lead_time
from cases.index.loading import ORDER
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.picture import CASE, Cell, Column, Picture, Row, case_cell
from cases.text.plurals import counted
from cases.versions.current import current_records

from .drawing import drawn, is_crowded
from .marks import WarningShown, by_case

NAME, TITLE = "lead-time", "Lead time, deaths, and how much a warning named"

# Cases that are read.
MOST_CASES = 200


@dataclass(frozen=True)
class _Found:
    """The warnings that are shown, and how many cases have which others only."""

    shown: Sequence[WarningShown]
    cases: int
    """The number of cases with a warning that came first; `read` of them were read."""

    read: int
    unknown: int
    after: int
    without: int
    others: int
    """The number of other warnings of the cases that were read."""

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
    name, title = NAME, TITLE

    def __call__(self, cases: CaseSet) -> Picture:
        found = _found(cases)
        return Picture(
            name=NAME,
            title=TITLE,
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
            draw=lambda frame: drawn(found.shown, frame),
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
    by_order = cases.sets_of(ORDER)
    first = by_order.get(BEFORE, cases.none)
    unknown = by_order.get(ORDER_UNKNOWN, cases.none) - first
    after = by_order.get(AFTER, cases.none) - first - unknown
    keys = cases.in_order(first, "lead_time")
    if len(keys) > MOST_CASES:
        last = len(keys) - 1
        keys = [keys[round(place * last / (MOST_CASES - 1))] for place in range(MOST_CASES)]
    records = current_records(keys).values()
    shown = [
        WarningShown(record, warning, days, incident)
        for record in records
        if (incident := CaseEvidence(record).occurrence)
        for warning in record.warnings
        if (days := lead_time(warning, incident)).order == BEFORE
    ]
    without = len(cases) - len(first) - len(unknown) - len(after)
    others = sum(len(record.warnings) for record in records) - len(shown)
    return _Found(shown, len(first), len(keys), len(unknown), len(after), without, others)


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
    if len(groups) == 1:
        return f"{came}, {_naming(groups[0])}."
    with_deaths = [group for group in groups if group[0].deaths]
    if not with_deaths:
        return f"{came}, {_naming(found.shown)}."
    deadliest = max(with_deaths, key=lambda group: group[0].deaths or 0)
    return (
        f"{came}; in the case with the most deaths, {deadliest[0].deaths_text}, "
        f"{_days_of(deadliest)} before, {_naming(deadliest)}."
    )


def _days_of(shown: Sequence[WarningShown]) -> str:
    """Return the days of some warnings together, as words."""
    least, most = min(one.least for one in shown), max(one.most for one in shown)
    return str(LeadTime(KNOWN, least, most)).partition(" (")[0]


def _naming(shown: Sequence[WarningShown]) -> str:
    most = max(len(one.named) for one in shown)
    at_most = "at most " if most and len(shown) > 1 else ""
    return f"naming {at_most}{most or 'none'} of who, target, place and time"


def _caveat(found: _Found) -> str:
    sample = f"A sample of {found.sample}. "
    reasons = [
        f"{counted(count, 'case')} {why}"
        for count, why in (
            (
                found.unknown,
                "in which the dates do not tell whether warning or incident came first",
            ),
            (found.after, "in which the warning came with the incident or after it"),
            (found.without, "without a lead time: no warning, no incident, or a date is missing"),
        )
        if count
    ]
    if found.others:
        others = counted(found.others, "other warning")
        reasons.append(f"{others} of the cases shown, later or without a lead time")
    moved = "Marks that would lie on others are moved up or down a little. "
    triangle = "A triangle says that there were more deaths, or may have been. "
    left_out = f"Left out: {'; '.join(reasons)}. "
    return (
        f"{sample if found.is_sample else ''}"
        f"{left_out if reasons else ''}"
        "Bars run from the least to the most days that the dates allow. "
        f"{moved if is_crowded(found.shown) else triangle}"
        "That a warning came first does not mean that it could have prevented anything."
    )
