"""The dates of the published directives that the picture marks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cases.models import Directive
from cases.presentation.charts.case_set import SITE


@dataclass(frozen=True)
class DirectiveDate:
    """The date of a directive, in years; `end` is later than `start` unless the day is known."""

    text: str
    address: str
    start: float
    end: float


def directive_dates(first: int, after: int) -> list[DirectiveDate]:
    """Return the dates of the published directives in a range of years."""
    found = []
    for directive in Directive.objects.published():
        issued = directive.issued
        since, until = issued.earliest or issued.latest, issued.latest or issued.earliest
        if since is None or until is None:
            continue
        start, end = _in_years(since), _in_years(until)
        if end >= first and start < after:
            address = SITE + directive.get_absolute_url()
            found.append(DirectiveDate(f"{directive.code}: {issued}", address, start, end))
    return found


def _in_years(day: dt.date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366
