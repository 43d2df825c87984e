"""The scale of days around a day 0: nearly even close to it, and the denser the further away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import copysign, expm1, log1p

from cases.presentation.charts.drawing.style import SMALL_TEXT
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import Spec

from .events import Chain, Event

# Up to about so many days the scale is even; it is the constant of the scale “symlog” of Vega.
EVEN_DAYS = 3

# The least that is shown on either side, in days.
LEAST = 2.0

# Pixels that are left free at an end, so that no mark or label is cut off; where a date is open, so
# that its bar is seen to run on.
EDGE, OPEN_EDGE = 26, 40

# The days that may be labelled on either side, the first rather than the next.
_TICKS = {365: "1 year", 30: "30 days", 7: "7 days", 3652: "10 years", 1: "1 day"}
_FAR_TICKS = {36524: "100 years", 365243: "1,000 years"}

# Pixels between two labels.
_GAP = 10


def even(days: float) -> float:
    """Return days on the scale on which equal distances look equal."""
    return copysign(log1p(abs(days) / EVEN_DAYS), days)


def uneven(place: float) -> float:
    """Return the days at a place that `even` gave."""
    return copysign(EVEN_DAYS * expm1(abs(place)), place)


@dataclass(frozen=True)
class DayScale:
    """A scale from some days before day 0 to some after it, on a range of pixels."""

    first: float
    last: float
    left: float
    right: float

    def at(self, days: float) -> float:
        """Return the place of a day in pixels; a day beyond an end is at the end."""
        share = (even(days) - even(self.first)) / (even(self.last) - even(self.first))
        return self.left + min(max(share, 0), 1) * (self.right - self.left)

    def days_at(self, pixel: float) -> float:
        """Return the days at a place in pixels."""
        share = (pixel - self.left) / (self.right - self.left)
        return uneven(even(self.first) + share * (even(self.last) - even(self.first)))

    @property
    def spec(self) -> Spec:
        """The scale in Vega-Lite."""
        return {
            "type": "symlog",
            "constant": EVEN_DAYS,
            "domain": [round(self.first, 2), round(self.last, 2)],
            "range": [self.left, self.right],
            "nice": False,
            "zero": False,
        }

    def ticks(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the labelled days with the lines of their labels, day 0 first."""
        taken: list[tuple[float, float]] = []
        for days, lines in _labels():
            place, half = self.at(days), max(width_of(line, SMALL_TEXT) for line in lines) / 2
            start, end = place - half, place + half
            is_inside = self.first <= days <= self.last and start >= self.left and end <= self.right
            is_free = all(start > right + _GAP or end < left - _GAP for left, right in taken)
            if is_inside and is_free:
                taken.append((start, end))
                yield days, lines


def _labels() -> Iterator[tuple[int, list[str]]]:
    yield 0, ["day 0", ""]
    for days, text in (_TICKS | _FAR_TICKS).items():
        yield -days, [text, "before"]
        yield days, [text, "after"]


def scale_of(chains: Iterable[Chain], left: float, right: float) -> DayScale:
    """Return a scale that has room for all events of some chains."""
    first, last, opens_before, opens_after = -LEAST, LEAST, False, False
    for chain in chains:
        for event in chain.events:
            if event.span is not None:
                start, end = days_of(event, chain.zero)
                first = min(first, start if start is not None else end)  # type: ignore[type-var, assignment]
                last = max(last, end if end is not None else start)  # type: ignore[type-var, assignment]
                opens_before = opens_before or start is None
                opens_after = opens_after or end is None
    before, after = (OPEN_EDGE if is_open else EDGE for is_open in (opens_before, opens_after))
    pixel = (even(last) - even(first)) / (right - left - before - after)
    return DayScale(
        uneven(even(first) - before * pixel), uneven(even(last) + after * pixel), left, right
    )


def days_of(event: Event, zero: int) -> tuple[float | None, float | None]:
    """Return the ends of an event in days after day 0; None where it is open.

    A bar covers its days, from half a day before the first to half a day after the last.
    """
    span = event.span
    if span is None:
        return None, None
    start = None if span.earliest is None else span.earliest.toordinal() - zero
    end = None if span.latest is None else span.latest.toordinal() - zero
    if event.is_mark:
        return start, end
    return start if start is None else start - 0.5, end if end is None else end + 0.5
