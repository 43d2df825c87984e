"""Where the events of a chain go in its row: in lanes, so that none covers another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.presentation.charts.drawing.style import SMALL_TEXT
from cases.presentation.charts.drawing.text_width import width_of

from .day_scale import DayScale, days_of
from .events import Chain, Event

# Half the width of a mark, the least width of a bar, and the gap between two events, in pixels.
MARK, LEAST_BAR, GAP = 7, 9, 3

# The least that is left of a line with a text on it, in pixels.
LEAST_LINE = 36

# Pixels on either side of the text of a lead time.
_AROUND_TEXT = 5


@dataclass(frozen=True)
class Lead:
    """A lead time: the line from a warning to the incident, and its text.

    The text is on the line, or left of the warning if the line is too short. `start`, `end` and
    `text_at`, the middle or the right end of the text, are in pixels; `text_at` is None where there
    is no room for the text.
    """

    text: str
    start: float
    end: float
    text_at: float | None
    is_on_line: bool

    @property
    def width(self) -> float:
        return width_of(self.text, SMALL_TEXT, bold=True)

    @property
    def pieces(self) -> list[tuple[float, float]]:
        """The parts of the line that its text leaves; none if the dates overlap."""
        if self.end <= self.start:
            return []
        if not self.is_on_line or self.text_at is None:
            return [(self.start, self.end)]
        half = self.width / 2 + _AROUND_TEXT
        return [(self.start, self.text_at - half), (self.text_at + half, self.end)]


@dataclass(frozen=True)
class Placed:
    """An event in its lane, from 0; `start` and `end` of its mark or bar are in pixels."""

    event: Event
    lane: int
    start: float
    end: float
    lead: Lead | None = None


def placed(chain: Chain, scale: DayScale) -> list[Placed]:
    """Return the dated events of a chain, each in the first lane that is free for it.

    The incident is in the first lane; a window is below its warning.
    """
    target = next((event for event in chain.events if event.is_measured_to and event.span), None)
    happened = 0.0
    if target:
        happened = _extent(target, chain.zero, scale)[0] - (MARK if target.is_mark else 0)
    lanes: list[list[tuple[float, float]]] = []
    found, lane = [], 0
    for event in _in_turn(chain):
        start, end = _extent(event, chain.zero, scale)
        lead = _lead(event, start, end, happened, scale) if event.lead and target else None
        lane = _free(lanes, _whole(event, start, end, lead), lane + 1 if event.is_window else 0)
        found.append(Placed(event, lane, start, end, lead))
    return found


def _in_turn(chain: Chain) -> Iterator[Event]:
    dated = [event for event in chain.events if event.span is not None]
    yield from (event for event in dated if event.is_measured_to)
    yield from (event for event in dated if not event.is_measured_to)


def _extent(event: Event, zero: int, scale: DayScale) -> tuple[float, float]:
    """Return the ends of a bar in pixels, twice the same place for a mark."""
    start, end = days_of(event, zero)
    left = scale.left if start is None else scale.at(start)
    right = scale.right if end is None else scale.at(end)
    if not event.is_mark and right - left < LEAST_BAR:
        middle = (left + right) / 2
        left, right = middle - LEAST_BAR / 2, middle + LEAST_BAR / 2
    return left, right


def _lead(event: Event, start: float, end: float, happened: float, scale: DayScale) -> Lead:
    """Return the lead time of a warning that is drawn from one place to another."""
    line = (end + MARK if event.is_mark else end, happened)
    # Without a line to the incident nothing but the word says which came first.
    text = event.lead if line[0] < line[1] else f"{event.lead} before"
    lead = Lead(text, *line, sum(line) / 2, is_on_line=True)
    if line[1] - line[0] >= lead.width + LEAST_LINE:
        return lead
    left = start - _AROUND_TEXT - (MARK if event.is_mark else 0)
    return Lead(text, *line, left if left - lead.width > scale.left else None, False)


def _whole(event: Event, start: float, end: float, lead: Lead | None) -> tuple[float, float]:
    """Return the room that an event needs in a lane, with the line and the text of its lead."""
    left, right = (start - MARK, end + MARK) if event.is_mark else (start, end)
    if lead is not None:
        right = max(right, lead.end - GAP)  # the incident, which is in the first lane, ends it
        if lead.text_at is not None and not lead.is_on_line:
            left = lead.text_at - lead.width
    return left, right


def _free(lanes: list[list[tuple[float, float]]], whole: tuple[float, float], first: int) -> int:
    """Return the first free lane, and take the room in it."""
    lane = first
    while lane < len(lanes) and any(
        whole[0] < right + GAP and whole[1] > left - GAP for left, right in lanes[lane]
    ):
        lane += 1
    lanes += [[] for _ in range(lane + 1 - len(lanes))]
    lanes[lane].append(whole)
    return lane
