"""The drawing: a circle for each country on the land of the world, and lines for other cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cases.presentation.charts.case_set import Counted
from cases.presentation.charts.drawing.style import (
    ACCENT,
    AREA,
    INK,
    INK_SOFT,
    LINE,
    SMALL_TEXT,
    TEXT,
    styled,
)
from cases.presentation.charts.drawing.text_width import shortened, width_of
from cases.presentation.charts.picture import NARROW, Frame, Spec
from cases.text.plurals import counted

from .projection import Projection
from .world import Point, world

# The largest countries that have their names beside the circles, on a narrow and on a wide screen.
MAX_NAMES_NARROW, MAX_NAMES = 8, 18

# Countries without a place on the map that the picture names; the table has all.
MAX_UNPLACED = 6

# Square pixels: a circle at least; of a case at most, and pixels: the radius of the largest circle,
# on a narrow and on a wide screen.
_SMALLEST = 40.0
_NARROW, _WIDE = (110.0, 16), (220.0, 26)

# Pixels: between a circle and the text beside it; the height of a line below the map.
_BESIDE, _LINE = 4, 24


@dataclass(frozen=True)
class Located:
    """The cases in a country; `place` is its longitude and latitude, None if it is not known.

    `code` is the value of its filter.
    """

    label: str
    found: Counted
    place: Point | None = None
    code: str = ""


def is_enlarged(located: Iterable[Located], frame: Frame) -> bool:
    """Return whether a circle is larger than in proportion to its cases."""
    return any(circle.size == _SMALLEST for circle in _circles(located, frame))


def drawing(countries: Sequence[Located], others: Sequence[Located], frame: Frame) -> Spec:
    """Return the specification; `others` are cases without a country, labelled by the reason."""
    circles = _circles(countries, frame)
    unplaced = [country for country in countries if country.place is None]
    views = [_map(circles, frame)] if circles else []
    if others or unplaced:
        views.append(_list(others, unplaced, frame))
    return styled({"vconcat": views, "spacing": 8, "bounds": "flush", "padding": 0}, frame)


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> _Box:
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_within(self, width: float, height: float) -> bool:
        return self.left >= 0 and self.right <= width and self.top >= 0 and self.bottom <= height


@dataclass(frozen=True)
class _Circle:
    """A circle with its place on the earth and in the picture, and its area."""

    label: str
    found: Counted
    place: Point
    at: Point
    size: float

    @property
    def number(self) -> str:
        return f"{self.found.count:,}"

    @property
    def radius(self) -> float:
        return math.sqrt(self.size / math.pi)

    @cached_property
    def box(self) -> _Box:
        return _Box.around(*self.at, 2 * self.radius, 2 * self.radius)

    def has_room(self, others: Iterable[_Circle]) -> bool:
        """Return whether the number can be read in the circle, which others may cover."""
        width = width_of(self.number, SMALL_TEXT)
        box = _Box.around(*self.at, width, SMALL_TEXT)
        return width + 3 <= 2 * self.radius and not any(
            box.meets(other.box) for other in others if other is not self
        )

    @property
    def values(self) -> Spec:
        return {
            "country": self.label,
            "cases": self.found.count,
            "longitude": self.place[0],
            "latitude": self.place[1],
        }


def _circles(located: Iterable[Located], frame: Frame) -> list[_Circle]:
    """Return the circles, the largest first; their areas are in proportion, but the smallest."""
    project = Projection(frame.width)
    placed = [(one, one.place) for one in located if one.place]
    case, radius = _NARROW if frame is NARROW else _WIDE
    most = max((one.found.count for one, _ in placed), default=1)
    area = min(case, math.pi * radius**2 / most)
    circles = (
        _Circle(one.label, one.found, at, project(at), max(one.found.count * area, _SMALLEST))
        for one, at in placed
    )
    return sorted(circles, key=lambda circle: -circle.found.count)


def _map(circles: Sequence[_Circle], frame: Frame) -> Spec:
    project = Projection(frame.width)
    readable = [circle for circle in circles if circle.has_room(circles)]
    at: Spec = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    marks = [
        circle.values
        | {
            "size": round(circle.size, 1),
            "number": circle.number if circle in readable else "",
            "address": circle.found.absolute,
            "says": f"{circle.label}: {circle.found.text}",
        }
        for circle in circles
    ]
    size: Spec = {"size": {"field": "size", "type": "quantitative", "scale": None}}
    drawn: Spec = {"type": "circle", "opacity": 1}
    text: Spec = {"type": "text", "fontSize": SMALL_TEXT}
    moved: Spec = {name: {"expr": f"datum.{name}"} for name in ("align", "dx", "dy")}
    return {
        "width": project.width,
        "height": project.height,
        "projection": project.spec,
        "layer": [
            {
                "data": {"values": {"type": "Feature", "geometry": world().land}},
                "mark": {"type": "geoshape", "fill": LINE, "fillOpacity": 0.55, "stroke": None},
            },
            {
                "data": {"values": marks},
                "mark": drawn
                | {"fill": ACCENT, "fillOpacity": 0.3, "stroke": ACCENT, "strokeWidth": 1},
                "encoding": at | size,
            },
            {
                "data": {"values": marks},
                "mark": text | {"dy": 1},
                "encoding": at | {"text": {"field": "number"}},
            },
            {
                "data": {"values": list(_beside(circles, readable, project, frame))},
                "mark": text | moved,
                "encoding": at | {"text": {"field": "text"}},
            },
            {
                "data": {"values": marks},
                "mark": drawn | AREA,
                "encoding": at
                | size
                | {"href": {"field": "address"}, "description": {"field": "says"}},
            },
        ],
    }


def _beside(
    circles: Sequence[_Circle], readable: Sequence[_Circle], project: Projection, frame: Frame
) -> Iterator[Spec]:
    """Yield the text beside each circle, as long as there is room.

    The largest have their names. A number that cannot be read in its circle stands behind the name,
    or alone.
    """
    at_most = MAX_NAMES_NARROW if frame is NARROW else MAX_NAMES
    taken = [circle.box for circle in circles]
    for rank, circle in enumerate(circles):
        number = "" if circle in readable else circle.number
        named = f"{circle.label} {number}".rstrip() if rank < at_most else ""
        for text in filter(None, (named, number)):
            if room := _room(text, circle, taken, project):
                box, moved = room
                taken.append(box)
                yield circle.values | {"text": text} | moved
                break


def _room(
    text: str, circle: _Circle, taken: Sequence[_Box], project: Projection
) -> tuple[_Box, Spec] | None:
    """Return where a text beside a circle meets nothing, and how it gets there; None nowhere."""
    (x, y), width, height = circle.at, width_of(text, SMALL_TEXT), SMALL_TEXT + 2
    aside, over = circle.radius + _BESIDE, circle.radius + 1 + height / 2
    for align, dx, dy, middle in (
        ("left", aside, 1, aside + width / 2),
        ("right", -aside, 1, -aside - width / 2),
        ("center", 0, over, 0),
        ("center", 0, -over, 0),
    ):
        box = _Box.around(x + middle, y + dy, width, height)
        if box.is_within(project.width, project.height) and not any(map(box.meets, taken)):
            return box, {"align": align, "dx": round(dx, 1), "dy": round(dy, 1)}
    return None


def _list(others: Sequence[Located], unplaced: Sequence[Located], frame: Frame) -> Spec:
    """Return the lines below the map, one for each reason and for each country without a place."""
    lines: list[Spec] = [{"text": "Not on the map"}]
    for one in (*others, *unplaced[:MAX_UNPLACED]):
        # The number stays where the words do not fit.
        number = f": {counted(one.found.count, 'case')}"
        text = f"{shortened(one.label, TEXT, frame.width - width_of(number, TEXT))}{number}"
        link = {"address": one.found.absolute, "says": f"{one.label}: {one.found.text}"}
        lines.append({"text": text} | link)
    if more := len(unplaced[MAX_UNPLACED:]):
        lines.append({"text": f"and {more:,} more countries, in the table"})
    placed = [line | {"line": place} for place, line in enumerate(lines)]
    mark: Spec = {"type": "text", "align": "left", "x": 0}
    text_of: Spec = {"text": {"field": "text"}}
    return {
        "width": frame.width,
        "height": {"step": _LINE},
        "encoding": {"y": {"field": "line", "type": "ordinal", "axis": None}},
        "layer": [
            {
                "data": {"values": [line for line in placed if "address" not in line]},
                "mark": mark | {"fill": INK_SOFT, "fontSize": SMALL_TEXT},
                "encoding": text_of,
            },
            {
                "data": {"values": [line for line in placed if "address" in line]},
                "mark": mark | {"fill": INK},
                "encoding": text_of
                | {"href": {"field": "address"}, "description": {"field": "says"}},
            },
        ],
    }
