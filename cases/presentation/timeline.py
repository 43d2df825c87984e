"""The chain of a case drawn to the scale of time: where each mark, bar and line of the picture is.

Places along the picture are percentages of its width, so that it fits any screen while its words
keep their size. A day is drawn as wide as a day is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cases.evidence.chain import Link
from cases.evidence.values import read
from cases.models.uncertain_date import MONTHS, Day
from cases.models.warning import LeadTime

EDGE = 3.0
"""What is left free at either end, so that no mark is cut."""

OPEN_EDGE = 12.0
"""The same where a date has no earliest, or no latest, possible day: its bar runs out there."""

BREAK = 12.0
"""The width of a stretch of time that is left out."""

LONG_GAP_FACTOR = 8
"""A gap is left out if it is this many times as long as all that would be squashed beside it."""

TICKS = 4
"""The most dates along the axis of an unbroken picture."""

ROW, AXIS = 44, 26
"""The height of a row and of the axis, in pixels."""


@dataclass(frozen=True)
class Span:
    """A stretch of days, both included; an end that is None is open. One end at least is known."""

    earliest: Day
    latest: Day

    @property
    def start(self) -> int:
        """Return the number of the first day that is known to belong to it."""
        return (self.earliest or self.latest or dt.date.min).toordinal()

    @property
    def end(self) -> int:
        """Return the number of the day after the last that is known to belong to it."""
        return (self.latest or self.earliest or dt.date.min).toordinal() + 1

    @property
    def is_day(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True)
class Axis:
    """Time from left to right: stretches of days to one scale, with what lies between left out."""

    stretches: tuple[tuple[int, int], ...]
    left: float
    right: float

    @property
    def a_day(self) -> float:
        """Return the width of a day."""
        days = sum(end - start for start, end in self.stretches)
        return (100 - self.left - self.right - BREAK * (len(self.stretches) - 1)) / days

    def at(self, day: float) -> float:
        """Return the place of a moment, in days; one that is left out is put into the break."""
        place = self.left
        for start, end in self.stretches:
            if day < start:
                return place - BREAK / 2
            if day <= end:
                return place + (day - start) * self.a_day
            place += (end - start) * self.a_day + BREAK
        return place - BREAK

    def breaks(self) -> Iterator[tuple[float, int]]:
        """Yield the middle of each break and how many days it leaves out."""
        for (_, before), (after, _) in pairwise(self.stretches):
            yield self.at(before) + BREAK / 2, after - before


@dataclass(frozen=True)
class Lead:
    """The line from a warning to the incident its lead time is measured to."""

    start: float
    end: float
    text: str

    @property
    def is_wide(self) -> bool:
        """Whether its words have room on it, on a phone too; the row says them anyhow."""
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
    """One thing placed in time: a mark on its day, or a bar over its possible days.

    `kind` is "warning", "window", "statement" or "incident"; `start` and `end` are its places.
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
    def words(self) -> str:
        """Say what the row shows: "Warning 1: 7 March 2024, A to B, 15 days before"."""
        parts = [self.date_text, self.detail, self.lead_text]
        return f"{self.title}: {', '.join(part for part in parts if part)}"


@dataclass(frozen=True)
class Timeline:
    """The picture: its rows from top to bottom, its axis, and the links it cannot place."""

    rows: tuple[TimelineRow, ...]
    axis: Axis
    undated: tuple[str, ...] = ()

    @property
    def floor(self) -> int:
        """Return the height of all rows, in pixels; the axis lies below."""
        return ROW * len(self.rows)

    @property
    def height(self) -> int:
        return self.floor + AXIS

    @property
    def measured_to(self) -> TimelineRow | None:
        """Return the incident that lead times are measured to."""
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
        """Return each row with the height of its upper edge, in pixels."""
        return [(row, ROW * place) for place, row in enumerate(self.rows)]

    @cached_property
    def breaks(self) -> list[tuple[str, str]]:
        """Return the place of each break and how much time it leaves out."""
        return [(percent(place), length(days)) for place, days in self.axis.breaks()]

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """Return the place and the words of each date along the axis."""
        found = []
        for start, end in self.axis.stretches:
            width = (end - start) * self.axis.a_day
            for day, text in ticks(start, end, max(1, int(TICKS * width / 100))):
                place = self.axis.at(day)
                if place <= 100 - BREAK:  # further right its words would be cut
                    found.append((percent(place), text))
        return found


def drawn(links: Iterable[Link]) -> Timeline | None:
    """Return the picture of a chain, or None unless two things have different places in time."""
    links = list(links)
    dated = [link for link in links if link.date.is_stated]
    if len({(link.date.earliest, link.date.latest) for link in dated}) < 2:
        return None
    axis = axis_of(list(_spans(dated)))
    undated = tuple(title_of(link) for link in links if not link.date.is_stated)
    return Timeline(tuple(_rows(dated, axis)), axis, undated)


def _spans(links: Iterable[Link]) -> Iterator[Span]:
    """Yield what each link takes up in time, and the window that a warning gave."""
    for link in links:
        yield Span(link.date.earliest, link.date.latest)
        if window := _window(link):
            yield window


def _window(link: Link) -> Span | None:
    """Return the window for which a warning was given; None for what gave none."""
    start = getattr(link.record, "window_start", None)
    end = getattr(link.record, "window_end", None)
    return Span(start, end) if start or end else None


def axis_of(spans: list[Span]) -> Axis:
    """Return the axis that holds `spans`, with room where one of them is open."""
    return Axis(
        stretches=tuple(_stretches(spans)),
        left=OPEN_EDGE if any(span.earliest is None for span in spans) else EDGE,
        right=OPEN_EDGE if any(span.latest is None for span in spans) else EDGE,
    )


def _stretches(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the stretches of time to draw: all of it, but for gaps that would squash the rest."""
    pieces = _merged((span.start, span.end) for span in spans)
    longest = _longest_gap(pieces)
    kept = [pieces[0]]
    for start, end in pieces[1:]:
        if start - kept[-1][1] > longest:
            kept.append((start, end))
        else:
            kept[-1] = (kept[-1][0], end)
    if all(stretch in pieces for stretch in kept):
        return [(pieces[0][0], pieces[-1][1])]  # nothing is squashed: each part is one thing
    return kept


def _longest_gap(pieces: list[tuple[int, int]]) -> int:
    """Return the length of the longest gap that is drawn."""
    gaps = sorted(after[0] - before[1] for before, after in pairwise(pieces))
    drawn_days = sum(end - start for start, end in pieces)
    longest = 0
    for gap in gaps:
        if gap > LONG_GAP_FACTOR * drawn_days:
            break
        drawn_days += gap
        longest = gap
    return longest


def _merged(pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the pieces that overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _rows(links: list[Link], axis: Axis) -> Iterator[TimelineRow]:
    incident = next((link for link in links if link.is_measured_to), None)
    for link in links:
        yield _row_of(link, axis, incident)
        if window := _window(link):
            text = read(link.record, "window").text
            yield _row("window", "Its window", text, "", window, axis)


def _row(kind: str, title: str, date_text: str, detail: str, span: Span, axis: Axis) -> TimelineRow:
    """Return a row without a lead time; an open end runs to the edge of the picture."""
    start = 0 if span.earliest is None else axis.at(span.start)
    end = 100 if span.latest is None else axis.at(span.end)
    return TimelineRow(kind, title, date_text, detail, span, start, end)


def _row_of(link: Link, axis: Axis, incident: Link | None) -> TimelineRow:
    span = Span(link.date.earliest, link.date.latest)
    row = _row(link.kind, title_of(link), link.date_text, _detail(link), span, axis)
    fields = vars(row) | {"is_measured_to": link.is_measured_to}
    if link.kind == "warning" and incident is not None:
        fields |= _lead(link, row, incident, axis)
    return TimelineRow(**fields)


def _lead(link: Link, row: TimelineRow, incident: Link, axis: Axis) -> dict[str, object]:
    """Return the lead time in words and, if there is time between the two, as a line."""
    lead_time: LeadTime = link.record.lead_time(incident.record)
    if lead_time.minimum is None:
        return {}
    text = str(lead_time).partition(" (")[0]
    to = Span(incident.date.earliest, incident.date.latest)
    start = axis.at(row.span.start + 0.5 if row.is_mark else row.span.end)
    end = axis.at(to.start + 0.5 if to.is_day else to.start)
    line = Lead(start, end, text) if lead_time.minimum > 0 else None
    return {"lead_text": f"{text} before" if lead_time.minimum >= 0 else text, "lead": line}


def title_of(link: Link) -> str:
    """Return what a link is called: "Warning 1", "Statement"."""
    return link.section.title if link.section else "Statement"


def _detail(link: Link) -> str:
    """Say in a few words what a link is: who warned whom, who spoke, or what happened."""
    if link.kind == "warning":
        return f"{read(link.record, 'issuer').text} to {read(link.record, 'recipients').text}"
    if link.kind == "statement":
        return str(link.record.speaker.name)
    return read(link.record, "kind").text


def percent(place: float) -> str:
    return f"{place:.2f}%"


def length(days: int) -> str:
    """Word a length of time: "13 years", "40 days"."""
    return str(LeadTime("known", days, days)).partition(" (")[0]


DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
DAYS_A_MONTH = 30.44


def ticks(start: int, end: int, most: int) -> Iterator[tuple[int, str]]:
    """Yield about `most` days between two, at even steps of the calendar, with their words."""
    days = end - start
    step = next((step for step in DAY_STEPS if days / step <= most), None)
    if step is not None:
        for day in range(start, end, step):
            date = dt.date.fromordinal(day)
            yield day, _day(date, with_year=day == start)
        return
    first = dt.date.fromordinal(start)
    months = next((step for step in MONTH_STEPS if days / DAYS_A_MONTH / step <= most), 12_000)
    month = -(-(first.year * 12 + first.month - (first.day == 1)) // months) * months
    while month // 12 <= dt.MAXYEAR:
        date = dt.date(month // 12, month % 12 + 1, 1)
        if date.toordinal() >= end:
            return
        yield date.toordinal(), str(date.year) if months >= 12 else _month(date)
        month += months


def _day(date: dt.date, *, with_year: bool) -> str:
    text = f"{date.day} {MONTHS[date.month - 1][:3]}"
    return f"{text} {date.year}" if with_year else text


def _month(date: dt.date) -> str:
    return f"{MONTHS[date.month - 1][:3]} {date.year}"
