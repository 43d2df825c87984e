"""Lead time: the days from a warning to an incident."""

from __future__ import annotations

from dataclasses import dataclass

from .edtf import Day
from .uncertain_date import UncertainDate
from .vocabulary import NOT_APPLICABLE, NOT_STATED, BeforeIncident

DAYS_A_YEAR = 365.25

# The statuses of a lead time that has an interval of days.
KNOWN, ORDER_UNKNOWN = "known", "order_unknown"

Span = tuple[Day, Day]


def days_between(
    warned: Span, happened: Span, before_incident: str = NOT_STATED
) -> tuple[str, int | None, int | None]:
    """Return the status, minimum and maximum of the lead time; see `LeadTime`.

    The dates are given by their first and last possible days, because the index has no more.
    `before_incident` says whether a source gives the order; see `Warning.before_incident`.
    """
    (first, last), (earliest, latest) = warned, happened
    if first is None or last is None or earliest is None or latest is None:
        return NOT_STATED, None, None
    minimum, maximum = (earliest - last).days, (latest - first).days
    if before_incident == BeforeIncident.YES:
        minimum = max(minimum, 0)
    elif before_incident == BeforeIncident.NO:
        maximum = min(maximum, 0)
    elif minimum < 0 <= maximum:
        return ORDER_UNKNOWN, minimum, maximum
    # The dates may contradict the order that the source gives; then there is nothing to count.
    return (KNOWN, minimum, maximum) if minimum <= maximum else (NOT_STATED, None, None)


@dataclass(frozen=True)
class LeadTime:
    """The days from a warning to an incident, as an interval [minimum, maximum].

    Negative days mean that the incident came first. `status` is "known", "order_unknown" (either
    may have come first), "not_applicable" (no incident followed) or "not_stated" (not computable: a
    date is missing or unbounded, no source says what happened, or the dates contradict a source).
    """

    status: str
    minimum: int | None = None
    maximum: int | None = None

    @classmethod
    def between(
        cls,
        warning: UncertainDate,
        incident: UncertainDate | None,
        before_incident: str = NOT_STATED,
    ) -> LeadTime:
        """Return [incident.earliest - warning.latest, incident.latest - warning.earliest].

        The order that a source gives, `before_incident`, makes 0 the minimum or the maximum.
        """
        if incident is None:
            return cls(NOT_APPLICABLE)
        warned, happened = (warning.earliest, warning.latest), (incident.earliest, incident.latest)
        return cls(*days_between(warned, happened, before_incident))

    def __str__(self) -> str:
        """Word the interval: "15 days", "1 to 3 years (367 to 1,095 days)"."""
        if self.minimum is None or self.maximum is None:
            return "does not apply" if self.status == NOT_APPLICABLE else "not computable"
        if self.status == ORDER_UNKNOWN:
            return f"order unknown: {_either_way(before=self.maximum, after=-self.minimum)}"
        if self.minimum < 0:
            least, most = -self.maximum, -self.minimum
            span = _span(least, most) if least else f"up to {most:,}"
            return f"the incident came {span} {_plural('day', most)} earlier"
        days = f"{_span(self.minimum, self.maximum)} {_plural('day', self.maximum)}"
        if self.minimum < DAYS_A_YEAR:
            return days
        least, most = round(self.minimum / DAYS_A_YEAR), round(self.maximum / DAYS_A_YEAR)
        return f"{_span(least, most)} {_plural('year', most)} ({days})"


def _either_way(before: int, after: int) -> str:
    """Word how many days before or after an incident a warning may have come.

    For example "up to 30 days before, up to 2 years after (30 days before, 730 days after)".
    """
    words, days = f"up to {_length(before)} before or after", _days(before)
    if not before:
        words, days = f"on the same day or up to {_length(after)} after", _days(after)
    elif before != after:
        days = f"{_days(before)} before, {_days(after)} after"
        if _length(before) != _length(after):
            words = f"up to {_length(before)} before, up to {_length(after)} after"
    return words if max(before, after) < DAYS_A_YEAR else f"{words} ({days})"


def _length(days: int) -> str:
    years = round(days / DAYS_A_YEAR)
    return _days(days) if days < DAYS_A_YEAR else f"{years:,} {_plural('year', years)}"


def _days(count: int) -> str:
    return f"{count:,} {_plural('day', count)}"


def _span(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _plural(unit: str, count: int) -> str:
    return unit if count == 1 else f"{unit}s"
