"""What follows from the dates of a warning and of an incident: lead time, window covered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models.edtf import Day
from cases.models.uncertain_date import PossibleDays, UncertainDate
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, BeforeIncident, WindowCovered
from cases.record.classes import IncidentRecord, WarningRecord

DAYS_A_YEAR = 365.25

# The statuses of a lead time that has an interval of days.
KNOWN, ORDER_UNKNOWN = "known", "order_unknown"

# Which came first where that is known.
BEFORE, AFTER = "before", "after"

# Why there is no lead time: no incident was carried out, no source says what happened, a date is
# not stated or has no first or last day, or the dates contradict the order that a source gives.
NO_INCIDENT, UNTOLD, UNDATED, OPEN_DATE, CONTRADICTED = (
    "no_incident",
    "untold",
    "undated",
    "open_date",
    "contradicted",
)

Span = tuple[Day, Day]


def days_between(
    warned: Span, happened: Span, before_incident: str = NOT_STATED
) -> tuple[str, int | None, int | None]:
    """Return the status, minimum and maximum of the lead time; see `LeadTime`.

    The dates are given by their first and last possible days, because the index has no more.
    `before_incident` says whether a source gives the order; see `WarningRecord.before_incident`.
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
        warning: PossibleDays,
        incident: PossibleDays | None,
        before_incident: str = NOT_STATED,
    ) -> LeadTime:
        """Return [incident.earliest - warning.latest, incident.latest - warning.earliest].

        The order that a source gives, `before_incident`, makes 0 the minimum or the maximum.
        """
        if incident is None:
            return cls(NOT_APPLICABLE)
        warned, happened = (warning.earliest, warning.latest), (incident.earliest, incident.latest)
        return cls(*days_between(warned, happened, before_incident))

    @property
    def order(self) -> str:
        """Whether the warning came before the incident, or on its day; the status if unknown."""
        if self.status != KNOWN or self.minimum is None:
            return self.status
        return BEFORE if self.minimum >= 0 else AFTER

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


def lead_time(warning: WarningRecord, incident: IncidentRecord | None) -> LeadTime:
    """Return the days from a warning to an incident, in the order that a source gives."""
    if incident is not None and not incident.is_told:
        return LeadTime(NOT_STATED)
    happened = incident.date if incident else None
    return LeadTime.between(warning.date, happened, warning.before_incident)


def order_or_reason(warning: WarningRecord, incident: IncidentRecord | None) -> str:
    """Return which came first, `ORDER_UNKNOWN`, or why there is no lead time."""
    days = lead_time(warning, incident)
    if days.status in (KNOWN, ORDER_UNKNOWN):
        return days.order
    if incident is None:
        return NO_INCIDENT
    if not incident.is_told:
        return UNTOLD
    dates = (warning.date, incident.date)
    if not all(date.is_stated for date in dates):
        return UNDATED
    if any(day is None for date in dates for day in (date.earliest, date.latest)):
        return OPEN_DATE
    return CONTRADICTED


def rests_on_order(warning: WarningRecord, incident: IncidentRecord | None) -> bool:
    """Return whether the lead time follows from `before_incident` too, not from dates alone."""
    if warning.before_incident == NOT_STATED:
        return False
    by_dates = LeadTime.between(warning.date, incident.date if incident else None)
    return lead_time(warning, incident) != by_dates


def window_covered(warning: WarningRecord, incident: IncidentRecord | None) -> WindowCovered:
    """Return whether the window that a warning gave contained an incident."""
    if incident is None:
        return WindowCovered.NOT_APPLICABLE
    start, end = warning.window.start, warning.window.end
    if (start is None and end is None) or not incident.is_told:
        return WindowCovered.NOT_STATED
    if incident.date.lies_within(start, end):
        return WindowCovered.YES
    if incident.date.overlaps(start, end) or not incident.date.is_stated:
        return WindowCovered.NOT_STATED
    return WindowCovered.NO


def days_after_window(warning: WarningRecord, incident: IncidentRecord | None) -> LeadTime:
    """Return the days from the end of the warned window to an incident."""
    closed = warning.window.end
    if closed is None or (incident is not None and not incident.is_told):
        return LeadTime(NOT_APPLICABLE if incident is None else NOT_STATED)
    end = UncertainDate("", "window", "", closed, closed)
    return LeadTime.between(end, incident.date if incident else None)


def first_occurrence(incidents: Iterable[IncidentRecord]) -> IncidentRecord | None:
    """Return the earliest incident that was carried out, to which lead times are measured, or None.

    An incident whose kind is not stated is returned only if there is no other.
    """
    return min(
        (incident for incident in incidents if incident.occurred),
        key=lambda incident: (not incident.is_told, incident.date.sort_key),
        default=None,
    )


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
