"""Where marks and texts lie in a picture, in pixels: what Vega-Lite does not decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import expm1, log1p
from typing import NamedTuple

from .picture import Spec


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


def free_place(
    size: tuple[float, float], own: Box, taken: Iterable[Box], room: Box
) -> tuple[Box, bool] | None:
    """Return a free place in a room for a text about some marks, and whether it is beside them.

    `own` is around the marks, and `taken` are the marks and texts that it must not lie on. None if
    there is no such place.
    """
    taken = [*taken]
    for (left, top), is_beside in _places(size, own, room):
        box = Box(left, top, left + size[0], top + size[1])
        is_inside = (
            left >= room.left
            and top >= room.top
            and box.right <= room.right
            and box.bottom <= room.bottom
        )
        if is_inside and not any(box.overlaps(other) for other in taken):
            return box, is_beside
    return None


def _places(
    size: tuple[float, float], own: Box, room: Box
) -> Iterator[tuple[tuple[float, float], bool]]:
    """Yield the places that are tried: right of the marks, left, above, below, and further away."""
    across, down = size
    middle = (own.top + own.bottom - down) / 2
    level = min(max(middle, room.top), max(room.bottom - down, room.top))
    centred = (own.left + own.right - across) / 2
    centred = min(max(centred, room.left), max(room.right - across, room.left))
    lefts = (own.right + 8, own.left - 8 - across)
    for left in lefts:
        yield (left, level), True
    yield (centred, own.top - down - 12), True
    yield (centred, own.bottom + 4), True
    for step in range(12, int(room.bottom - room.top), 12):
        for shift in (step, -step):
            for left in (*lefts, centred):
                yield (left, middle + shift), False
