"""The axis of a timeline: where a day lies on it, to scale, and which gaps are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils import dateformat

from cases.models.edtf import Day

# The margin at either end in percent, so that no mark is cut off.
EDGE = 3.0

# The margin in percent at an end where a date is open: its bar runs to the edge there.
OPEN_EDGE = 12.0

# The width in percent of a break, a stretch of time that is left out.
BREAK = 12.0

# A gap is left out if it is more than this many times as long as everything else together.
LONG_GAP_FACTOR = 8

# The distances between ticks that are tried, shortest first, in days and in months.
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
DAYS_A_MONTH = 30.44

# The dates along the axis of a picture without breaks.
MAX_TICKS = 4


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


def percent(place: float) -> str:
    return f"{place:.2f}%"


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
