"""The timeline: the chain of a case drawn to scale, with the position of each mark, bar and line.

Horizontal positions are percentages of the width, so that the picture fits any screen while its
text keeps its size. Each day has its true width.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.utils import dateformat

from cases.evidence.chain import Link
from cases.evidence.values import read
from cases.evidence.wording import who_warned_whom
from cases.models.edtf import Day
from cases.models.lead_time import LeadTime

# The margin at either end in percent, so that no mark is cut off.
EDGE = 3.0

# The margin in percent at an end where a date is open: its bar runs to the edge there.
OPEN_EDGE = 12.0

# The width in percent of a break, a stretch of time that is left out.
BREAK = 12.0

# A gap is left out if it is more than this many times as long as everything else together.
LONG_GAP_FACTOR = 8

# The dates along the axis of a picture without breaks.
MAX_TICKS = 4

# In pixels.
ROW_HEIGHT, AXIS_HEIGHT = 44, 26


@dataclass(frozen=True)
class Span:
    """A range of days, both included. One end may be None, which means that it is open."""

    earliest: Day
    latest: Day

    @property
    def start(self) -> int:
        """The ordinal of the first day that is known to belong to the span."""
        return (self.earliest or self.latest or dt.date.min).toordinal()

    @property
    def end(self) -> int:
        """The ordinal of the day after the last one that is known to belong to the span."""
        return (self.latest or self.earliest or dt.date.min).toordinal() + 1

    @property
    def is_day(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True)
class Axis:
    """The time axis: stretches of days drawn to the same scale, with breaks between them.

    A stretch is the ordinal of its first day and of the day after its last. `left` and `right`
    are the margins in percent.
    """

    stretches: tuple[tuple[int, int], ...]
    left: float
    right: float

    @property
    def day_width(self) -> float:
        """The width of a day in percent."""
        days = sum(end - start for start, end in self.stretches)
        return (100 - self.left - self.right - BREAK * (len(self.stretches) - 1)) / days

    def at(self, day: float) -> float:
        """Return the position of a moment, given as an ordinal with a fraction, in percent.

        A moment that is left out is in the middle of the break.
        """
        place = self.left
        for start, end in self.stretches:
            if day < start:
                return place - BREAK / 2
            if day <= end:
                return place + (day - start) * self.day_width
            place += (end - start) * self.day_width + BREAK
        return place - BREAK

    def breaks(self) -> Iterator[tuple[float, int]]:
        """Yield the middle of each break in percent, and the number of days it leaves out."""
        for (_, before), (after, _) in pairwise(self.stretches):
            yield self.at(before) + BREAK / 2, after - before


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
    percent. `is_measured_to` marks the incident that lead times are measured to.
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
        found = []
        for start, end in self.axis.stretches:
            width = (end - start) * self.axis.day_width
            for day, text in ticks(start, end, max(1, int(MAX_TICKS * width / 100))):
                place = self.axis.at(day)
                if place <= 100 - BREAK:  # further right the text would be cut off
                    found.append((percent(place), text))
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
        if window := _window(link):
            yield window


def _window(link: Link) -> Span | None:
    """Return the warned window of a link, or None."""
    # Only warnings have these columns.
    start = getattr(link.record, "window_start", None)
    end = getattr(link.record, "window_end", None)
    return Span(start, end) if start or end else None


def axis_of(spans: list[Span]) -> Axis:
    """Return an axis that covers `spans`, with a wide margin where one of them is open."""
    return Axis(
        stretches=tuple(_stretches(spans)),
        left=OPEN_EDGE if any(span.earliest is None for span in spans) else EDGE,
        right=OPEN_EDGE if any(span.latest is None for span in spans) else EDGE,
    )


def _stretches(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the stretches to draw: all of the time, except gaps that would squash the rest."""
    pieces = _merged((span.start, span.end) for span in spans)
    longest = _longest_gap(pieces)
    kept = [pieces[0]]
    for start, end in pieces[1:]:
        if start - kept[-1][1] > longest:
            kept.append((start, end))
        else:
            kept[-1] = (kept[-1][0], end)
    # If each stretch is a single piece, no gap squashes anything, so no break is needed.
    if all(stretch in pieces for stretch in kept):
        return [(pieces[0][0], pieces[-1][1])]
    return kept


def _longest_gap(pieces: list[tuple[int, int]]) -> int:
    """Return the length in days of the longest gap that is drawn."""
    # Gaps are added from the shortest on, so each is compared with all that is drawn beside it.
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
    """Return the pieces in order with overlapping ones joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _rows(links: list[Link], axis: Axis) -> Iterator[TimelineRow]:
    """Yield the row of each link, followed by the row of its window if it has one."""
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
    """Return the fields `lead_text` and `lead` of a warning's row; empty without a lead time."""
    lead_time: LeadTime = link.record.lead_time(incident.record)
    if lead_time.minimum is None:
        return {}
    text = str(lead_time).partition(" (")[0]
    target = Span(incident.date.earliest, incident.date.latest)
    # The line joins the middle of marks, but the nearer ends of bars.
    start = axis.at(row.span.start + 0.5 if row.is_mark else row.span.end)
    end = axis.at(target.start + 0.5 if target.is_day else target.start)
    line = Lead(start, end, text) if lead_time.minimum > 0 else None
    return {"lead_text": f"{text} before" if lead_time.minimum >= 0 else text, "lead": line}


def title_of(link: Link) -> str:
    """Return the title of a link: "Warning 1", "Statement"."""
    return link.section.title if link.section else "Statement"


def _detail(link: Link) -> str:
    """Return who warned whom, who spoke, or what happened."""
    if link.kind == "warning":
        between = [actor.name for actor in link.record.passed_on_by]
        recipients = [actor.name for actor in link.record.recipients.all()]
        return who_warned_whom(link.record, between, recipients)
    if link.kind == "statement":
        return str(link.record.speaker.name)
    return read(link.record, "kind").text


def percent(place: float) -> str:
    return f"{place:.2f}%"


def length(days: int) -> str:
    """Return a length of time as text: "13 years", "40 days"."""
    return str(LeadTime("known", days, days)).partition(" (")[0]


# The distances between ticks that are tried, shortest first, in days and in months.
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
DAYS_A_MONTH = 30.44


def ticks(start: int, end: int, most: int) -> Iterator[tuple[int, str]]:
    """Yield about `most` ordinals from `start` to `end` at regular calendar steps, with texts."""
    days = end - start
    step = next((step for step in DAY_STEPS if days / step <= most), None)
    if step is not None:
        for day in range(start, end, step):
            date = dt.date.fromordinal(day)
            yield day, _day(date, with_year=day == start)
        return
    # Months are counted from year 0, so that steps of a year begin in January.
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
    return dateformat.format(date, "j M Y" if with_year else "j M")


def _month(date: dt.date) -> str:
    return dateformat.format(date, "M Y")
