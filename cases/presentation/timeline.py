"""The timeline: the chain of a case drawn to scale, with the position of each mark, bar and line.

Horizontal positions are percentages of the width, so that the picture fits any screen while its
text keeps its size. Each day has its true width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cases.evidence.chain import Link
from cases.evidence.lead_time import LeadTime, lead_time
from cases.evidence.values import read
from cases.evidence.wording import who_warned_whom
from cases.models.claim import anchor_of
from cases.record.classes import ClaimRecord, WarningRecord, absence_in
from cases.text.bidi import isolated

from .time_axis import BREAK, MAX_TICKS, Axis, Span, axis_of, percent, ticks

# The names of months that are longer than three letters.
_LONG_MONTH = re.compile(
    r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)\b"
)

# In pixels.
ROW_HEIGHT, AXIS_HEIGHT = 44, 26


@dataclass(frozen=True)
class Lead:
    """The line from a warning to the incident that its lead time is measured to."""

    start: float
    end: float
    text: str

    @property
    def is_wide(self) -> bool:
        """Whether its text fits on the line even on a phone; the row has the text as well."""
        return self.end - self.start >= 30

    @property
    def x1(self) -> str:
        return percent(self.start)

    @property
    def x2(self) -> str:
        return percent(self.end)

    @property
    def middle(self) -> str:
        return percent((self.start + self.end) / 2)


@dataclass(frozen=True)
class TimelineRow:
    """One row of the timeline: a mark on a day, or a bar over the possible days.

    `kind` is "warning", "window", "statement" or "incident". `start` and `end` are positions in
    percent. `is_measured_to` marks the incident that lead times are measured to. `anchor` is the id
    of what it shows on the page of the case.
    """

    kind: str
    title: str
    date_text: str
    detail: str
    span: Span
    start: float
    end: float
    lead_text: str = ""
    lead: Lead | None = None
    is_measured_to: bool = False
    anchor: str = ""

    @property
    def is_mark(self) -> bool:
        return self.span.is_day and self.kind != "window"

    @property
    def opens_before(self) -> bool:
        return self.span.earliest is None

    @property
    def opens_after(self) -> bool:
        return self.span.latest is None

    @property
    def x(self) -> str:
        return percent(self.start)

    @property
    def width(self) -> str:
        return percent(self.end - self.start)

    @property
    def middle(self) -> str:
        return percent((self.start + self.end) / 2)

    @property
    def short_date(self) -> str:
        """Its date with the months cut to three letters, as on the axis, to fit on a phone."""
        return _LONG_MONTH.sub(r"\1", self.date_text)

    @property
    def words(self) -> str:
        """The row as text: "Warning 1: 7 March 2024, A to B, 15 days before"."""
        parts = [self.date_text, self.detail, self.lead_text]
        return f"{self.title}: {', '.join(part for part in parts if part)}"


@dataclass(frozen=True)
class Timeline:
    """A timeline: its rows from top to bottom, its axis, and the titles of undated links."""

    rows: tuple[TimelineRow, ...]
    axis: Axis
    undated: tuple[str, ...] = ()

    @property
    def floor(self) -> int:
        """The height of all rows in pixels; the axis is below them."""
        return ROW_HEIGHT * len(self.rows)

    @property
    def height(self) -> int:
        return self.floor + AXIS_HEIGHT

    @property
    def measured_to(self) -> TimelineRow | None:
        """The row of the incident that lead times are measured to, or None."""
        return next((row for row in self.rows if row.is_measured_to), None)

    @property
    def has_open_end(self) -> bool:
        return any(row.opens_before or row.opens_after for row in self.rows)

    @property
    def has_window(self) -> bool:
        return any(row.kind == "window" for row in self.rows)

    @property
    def has_lead(self) -> bool:
        return any(row.lead for row in self.rows)

    @property
    def heights(self) -> list[tuple[TimelineRow, int]]:
        """Each row with the position of its upper edge in pixels."""
        return [(row, ROW_HEIGHT * place) for place, row in enumerate(self.rows)]

    @cached_property
    def breaks(self) -> list[tuple[str, str]]:
        """The position of each break, and the length of time it leaves out."""
        return [(percent(place), length(days)) for place, days in self.axis.breaks()]

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """The position and text of each date along the axis."""
        return [(percent(place), text) for place, text in self.tick_places]

    @cached_property
    def tick_places(self) -> list[tuple[float, str]]:
        """The position in percent and the text of each date along the axis."""
        found = []
        for start, end in self.axis.stretches:
            width = (end - start) * self.axis.day_width
            for day, text in ticks(start, end, max(1, int(MAX_TICKS * width / 100))):
                place = self.axis.at(day)
                if place <= 100 - BREAK:  # further right the text would be cut off
                    found.append((place, text))
        return found


def timeline_of(links: Iterable[Link]) -> Timeline | None:
    """Return the timeline of a chain; None unless at least two links have different dates."""
    links = list(links)
    dated = [link for link in links if link.date.is_stated]
    if len({(link.date.earliest, link.date.latest) for link in dated}) < 2:
        return None
    axis = axis_of(list(_spans(dated)))
    undated = tuple(title_of(link) for link in links if not link.date.is_stated)
    return Timeline(tuple(_rows(dated, axis)), axis, undated)


def _spans(links: Iterable[Link]) -> Iterator[Span]:
    """Yield the date span of each link, and the window of each warning that has one."""
    for link in links:
        yield Span(link.date.earliest, link.date.latest)
        if window := window_of(link):
            yield window


def window_of(link: Link) -> Span | None:
    """Return the warned window of a link, or None."""
    if not isinstance(link.part, WarningRecord) or absence_in(link.part.window):
        return None
    return Span(link.part.window.start, link.part.window.end)


def _rows(links: list[Link], axis: Axis) -> Iterator[TimelineRow]:
    """Yield the row of each link, followed by the row of its window if it has one."""
    incident = next((link for link in links if link.is_measured_to), None)
    for link in links:
        yield _row_of(link, axis, incident)
        if window := window_of(link):
            text = read(link.part, "window").text
            row = _row("window", "Its window", text, "", window, axis)
            yield replace(row, anchor=anchor_of(f"{anchor_of_link(link)}.window"))


def _row(kind: str, title: str, date_text: str, detail: str, span: Span, axis: Axis) -> TimelineRow:
    """Return a row without a lead time; an open end runs to the edge of the picture."""
    start = 0 if span.earliest is None else axis.at(span.start)
    end = 100 if span.latest is None else axis.at(span.end)
    return TimelineRow(kind, title, date_text, detail, span, start, end)


def _row_of(link: Link, axis: Axis, incident: Link | None) -> TimelineRow:
    span = Span(link.date.earliest, link.date.latest)
    row = _row(link.kind, title_of(link), link.date_text, detail_of(link), span, axis)
    fields = vars(row) | {"is_measured_to": link.is_measured_to, "anchor": anchor_of_link(link)}
    if link.kind == "warning" and incident is not None:
        fields |= _lead(link, row, incident, axis)
    return TimelineRow(**fields)


def _lead(link: Link, row: TimelineRow, incident: Link, axis: Axis) -> dict[str, object]:
    """Return the fields `lead_text` and `lead` of a warning's row; empty without a lead time."""
    days = lead_time(link.part, incident.part)  # type: ignore[arg-type]  # a warning and an incident
    if days.minimum is None:
        return {}
    text = str(days).partition(" (")[0]
    target = Span(incident.date.earliest, incident.date.latest)
    # The line joins the middle of marks, but the nearer ends of bars.
    start = axis.at(row.span.start + 0.5 if row.is_mark else row.span.end)
    end = axis.at(target.start + 0.5 if target.is_day else target.start)
    line = Lead(start, end, text) if days.minimum > 0 else None
    return {"lead_text": f"{text} before" if days.minimum >= 0 else text, "lead": line}


def anchor_of_link(link: Link) -> str:
    """Return the id, on the page of the case, of the part or of the claim that a link shows."""
    match link.part:
        case ClaimRecord():
            return link.part.fragment
    return link.part.path


def title_of(link: Link) -> str:
    """Return the title of a link: "Warning 1", "Statement"."""
    return link.section.title if link.section else "Statement"


def detail_of(link: Link) -> str:
    """Return who warned whom, who spoke, or what happened."""
    match link.part:
        case WarningRecord():
            return who_warned_whom(link.part)
        case ClaimRecord():
            return isolated(str(link.part.speaker.actor))
    return read(link.part, "kind").text


def length(days: int) -> str:
    """Return a length of time as text: "13 years", "40 days"."""
    return str(LeadTime("known", days, days)).partition(" (")[0]
