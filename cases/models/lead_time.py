"""Lead time: the days from a warning to an incident."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .uncertain_date import UncertainDate
from .vocabulary import NOT_APPLICABLE, NOT_STATED

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class LeadTime:
    """The days from a warning to an incident, as an interval [minimum, maximum].

    `status` is "known", "not_stated" (not computable: a date is missing or unbounded) or
    "not_applicable" (no incident followed).
    """

    status: str
    minimum: int | None = None
    maximum: int | None = None

    @classmethod
    def between(cls, warning: UncertainDate, incident: UncertainDate | None) -> LeadTime:
        """Return [incident.earliest - warning.latest, incident.latest - warning.earliest]."""
        if incident is None:
            return cls(NOT_APPLICABLE)
        bounds = (warning.earliest, warning.latest, incident.earliest, incident.latest)
        if any(bound is None for bound in bounds):
            return cls(NOT_STATED)
        first, last, earliest, latest = (bound or dt.date.min for bound in bounds)
        return cls("known", (earliest - last).days, (latest - first).days)

    def __str__(self) -> str:
        """Word the interval: "15 days", "1 to 3 years (367 to 1,095 days)"."""
        if self.minimum is None or self.maximum is None:
            return "does not apply" if self.status == NOT_APPLICABLE else "not computable"
        if self.maximum < 0:
            span = f"{_span(-self.maximum, -self.minimum)} {_plural('day', -self.minimum)}"
            return f"the incident came {span} earlier"
        days = f"{_span(self.minimum, self.maximum)} {_plural('day', self.maximum)}"
        if self.minimum < DAYS_A_YEAR:
            return days
        least, most = round(self.minimum / DAYS_A_YEAR), round(self.maximum / DAYS_A_YEAR)
        return f"{_span(least, most)} {_plural('year', most)} ({days})"


def _span(least: int, most: int) -> str:
    span = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return span.replace("-", "−")


def _plural(unit: str, count: int) -> str:
    return unit if count == 1 else f"{unit}s"
