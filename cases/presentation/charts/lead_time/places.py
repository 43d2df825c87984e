"""Where marks and texts lie in a picture, in pixels: what Vega-Lite does not decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import expm1, log1p
from typing import NamedTuple

from cases.presentation.charts.picture import Spec


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box:
        """Return the box that has all of some boxes."""
        return cls(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


@dataclass(frozen=True)
class Symlog:
    """A symlog scale, as Vega-Lite has it: 0 is at the pixel `start` of a panel, `most` at `end`.

    `first` and `last` are the pixels at the ends of the panel.
    """

    most: float
    start: float
    end: float
    first: float
    last: float

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * log1p(value) / log1p(self.most)

    def value(self, pixel: float) -> float:
        whole = (pixel - self.start) / (self.end - self.start) * log1p(self.most)
        return expm1(whole) if whole >= 0 else -expm1(-whole)

    @property
    def spec(self) -> Spec:
        return {
            "type": "symlog",
            "domain": [round(self.value(self.first), 4), round(self.value(self.last), 4)],
            "nice": False,
            "zero": False,
        }


def free_place(size: tuple[float, float], own: Box, taken: Iterable[Box], room: Box) -> Box | None:
    """Return a free place in a room for a text beside some marks: right, left, above or below.

    `own` is around the marks, and `taken` are the marks and texts that it must not lie on. None if
    there is no such place.
    """
    taken = [*taken]
    for left, top in _beside(size, own, room):
        box = Box(left, top, left + size[0], top + size[1])
        is_inside = (
            left >= room.left
            and top >= room.top
            and box.right <= room.right
            and box.bottom <= room.bottom
        )
        if is_inside and not any(box.overlaps(other) for other in taken):
            return box
    return None


def _beside(size: tuple[float, float], own: Box, room: Box) -> list[tuple[float, float]]:
    """Return the places beside some marks, moved into the room where that helps."""
    across, down = size
    level = (own.top + own.bottom - down) / 2
    level = min(max(level, room.top), max(room.bottom - down, room.top))
    centred = (own.left + own.right - across) / 2
    centred = min(max(centred, room.left), max(room.right - across, room.left))
    return [
        (own.right + 8, level),
        (own.left - 8 - across, level),
        (centred, own.top - down - 10),
        (centred, own.bottom + 4),
    ]
