"""The chain of a case as a picture shows it: its events, and how far each is from its day 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from cases.evidence.chain import Link, chain
from cases.evidence.lead_time import (
    CONTRADICTED,
    KNOWN,
    OPEN_DATE,
    UNDATED,
    LeadTime,
    lead_time,
    order_or_reason,
)
from cases.evidence.sheet import CodingSheet
from cases.evidence.values import read
from cases.models.vocabulary import BeforeIncident, CaseKind, IncidentKind
from cases.presentation.time_axis import Span
from cases.presentation.timeline import anchor_of_link, detail_of, title_of, window_of
from cases.record.classes import CaseRecord, IncidentRecord, WarningRecord

WARNING, WINDOW, INCIDENT, STATEMENT = "warning", "window", "incident", "statement"

NO_DATE = "Date not stated"


# Kinds of incident that a picture has to put in words.
_KINDS: dict[str, str] = {
    IncidentKind.NOT_STATED: "what happened is not stated",
    IncidentKind.AVERTED: "averted",
    IncidentKind.NONE_REPORTED: "none reported",
}


class DayZero(Enum):
    """What the days of a chain are counted from; the value is the heading of such chains."""

    INCIDENT = "Days from the incident"
    WARNING = "No dated incident: from the first warning"
    STATEMENT = "Only statements dated: from the first"
    NOTHING = "No date stated"


@dataclass(frozen=True)
class Event:
    """A link of a chain, or the window of a warning.

    `days` are those before the incident that lead times are measured to, negative after it; each
    is None if it has no bound. `lead` words the lead time of a warning that did not come after the
    incident. One that `is_before` came before it, one that `is_after` with it or after it; of one
    that `is_said_before` a source says that it came before, but not by how many days; where
    `is_contradicted`, the dates contradict what a source says of the order. `anchor` is its
    identifier on the page of the case.
    """

    kind: str
    title: str
    date_text: str
    detail: str
    span: Span | None
    days: tuple[int | None, int | None] = (None, None)
    lead: str = ""
    is_before: bool = False
    is_after: bool = False
    is_said_before: bool = False
    is_contradicted: bool = False
    is_measured_to: bool = False
    anchor: str = ""

    @property
    def is_window(self) -> bool:
        return self.kind == WINDOW

    @property
    def is_mark(self) -> bool:
        """Whether it is drawn as a mark on a day, not as a bar over days."""
        return self.span is not None and self.span.is_day and not self.is_window

    @property
    def opens_before(self) -> bool:
        return self.span is not None and self.span.earliest is None

    @property
    def opens_after(self) -> bool:
        return self.span is not None and self.span.latest is None

    @property
    def words(self) -> str:
        """The event as text: "Warning 1: 7 March 2024, A to B, 15 days before"."""
        parts = [self.date_text, self.detail, f"{self.lead} before" if self.lead else ""]
        return f"{self.title}: {', '.join(part for part in parts if part)}"


@dataclass(frozen=True)
class Chain:
    """The events of a case in order of time, and the date that they are counted from."""

    case: CaseRecord
    links: tuple[Link, ...]
    events: tuple[Event, ...]
    counted_from: DayZero
    zero_span: Span | None = None

    @property
    def zero(self) -> int:
        """The ordinal of day 0."""
        return self.zero_span.start if self.zero_span else 0

    @property
    def title(self) -> str:
        """The title of the case, with its date unless the title has the year."""
        case = self.case
        if not case.date.is_stated:
            return case.title
        years = re.findall(r"\d{4}", str(case.date))
        has_year = any(year in case.title for year in years)
        return case.title if has_year else f"{case.title} ({case.date})"

    @property
    def notes(self) -> list[str]:
        """What cannot be seen in the picture: what has no date, and what did not happen."""
        undated = [event.title for event in self.events if event.span is None]
        notes = [f"No date stated: {', '.join(undated)}"] if undated else []
        if not self.case.warnings:
            is_alleged = self.case.kind == CaseKind.ALLEGED_FAILURE_TO_WARN
            notes.append(f"No warning on record{': alleged failure' if is_alleged else ''}")
        for incident in self.case.incidents:
            if words := _KINDS.get(incident.kind):
                several = len(self.case.incidents) > 1
                notes.append(f"{incident if several else 'Incident'}: {words}")
        return [*notes, *self._about_day_zero]

    @property
    def _about_day_zero(self) -> list[str]:
        """Which day of a vague date day 0 is; nothing if its date has only one."""
        span = self.zero_span
        if span is None or span.is_day:
            return []
        which = "last" if span.earliest is None else "first"
        return [f"Day 0: {which} possible day of the {self.counted_from.name.lower()}"]

    @property
    def lead_times(self) -> list[tuple[int, int]]:
        """The least and the most days of each warning that came before the incident."""
        return [
            (event.days[0], event.days[1])
            for event in self.events
            if event.is_before and event.days[0] is not None and event.days[1] is not None
        ]

    @property
    def is_said_before(self) -> bool:
        """Whether only a source, and no dates, says that a warning came before the incident."""
        return not self.lead_times and any(event.is_said_before for event in self.events)

    @property
    def words(self) -> str:
        """The chain as text."""
        return ". ".join([self.title, *(event.words for event in self.events)])


def chain_of(record: CaseRecord) -> Chain:
    """Return the chain of a case."""
    links = tuple(chain(CodingSheet(record)))
    measured_to = next((link for link in links if link.is_measured_to), None)
    events = tuple(_events(links, measured_to))
    counted_from, link = _day_zero(links, measured_to)
    zero = Span(link.date.earliest, link.date.latest) if link else None
    return Chain(record, links, events, counted_from, zero)


def _day_zero(links: tuple[Link, ...], measured_to: Link | None) -> tuple[DayZero, Link | None]:
    """Return what days are counted from, and its link."""
    dated = [link for link in links if link.date.is_stated]
    if measured_to in dated:
        return DayZero.INCIDENT, measured_to
    for counted_from in (DayZero.INCIDENT, DayZero.WARNING, DayZero.STATEMENT):
        for link in dated:
            if link.kind == counted_from.name.lower():
                return counted_from, link
    return DayZero.NOTHING, None


def _events(links: tuple[Link, ...], measured_to: Link | None) -> Iterator[Event]:
    incident = measured_to.part if measured_to else None
    for link in links:
        title, date = title_of(link), link.date
        span = Span(date.earliest, date.latest) if date.is_stated else None
        anchor = anchor_of_link(link)
        event = Event(link.kind, title, link.date_text, detail_of(link), span, anchor=anchor)
        if link is measured_to:
            yield Event(**vars(event) | {"is_measured_to": True})
        elif isinstance(link.part, WarningRecord) and isinstance(incident, IncidentRecord):
            yield Event(**vars(event) | _lead(link.part, incident))
        else:
            yield Event(**vars(event) | {"days": _days(span, measured_to)})
        if window := window_of(link):
            text, days = read(link.part, "window").text, _days(window, measured_to)
            title, anchor = f"Window of {title[:1].lower()}{title[1:]}", f"{anchor}-window"
            yield Event(WINDOW, title, text, "", window, days, anchor=anchor)


def _lead(warning: WarningRecord, incident: IncidentRecord) -> dict[str, object]:
    """Return the fields of a warning that say when it came, by dates or as a source says."""
    days = lead_time(warning, incident)
    fields: dict[str, object] = {"days": (days.minimum, days.maximum)}
    order = order_or_reason(warning, incident)
    fields["is_contradicted"] = order == CONTRADICTED
    if order in (OPEN_DATE, UNDATED):
        fields["is_said_before"] = warning.before_incident == BeforeIncident.YES
        fields["is_after"] = warning.before_incident == BeforeIncident.NO
    if days.status == KNOWN and days.minimum is not None and days.maximum is not None:
        said = warning.before_incident
        fields["lead"] = words_of(days) if days.minimum >= 0 else ""
        fields["is_before"] = days.minimum > 0 or said == BeforeIncident.YES
        fields["is_after"] = days.maximum < 0 or said == BeforeIncident.NO
    return fields


def words_of(days: LeadTime) -> str:
    """Return a lead time in short: "15 days", "1 to 3 years"."""
    return str(days).partition(" (")[0]


def _days(span: Span | None, measured_to: Link | None) -> tuple[int | None, int | None]:
    """Return the least and the most days from a span to the incident."""
    if span is None or measured_to is None:
        return None, None
    happened = measured_to.date

    def between(first: object, last: object) -> int | None:
        return None if first is None or last is None else (last - first).days  # type: ignore[operator]

    return between(span.latest, happened.earliest), between(span.earliest, happened.latest)
