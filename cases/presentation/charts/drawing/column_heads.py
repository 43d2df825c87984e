"""The heads of the columns of a grid: in lines where they have room, else turned upright."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from cases.presentation.charts.picture import Spec

from .style import INK_SOFT, SMALL_TEXT, TEXT
from .text_width import lines_of, shortened, width_of

# Pixels: a line; from a head to its column, and to a title above; an upright head at most; the
# space between two heads.
_LINE, _BELOW, _ABOVE, _LONGEST, _BETWEEN = 15, 8, 8, 150, 6


class ColumnHeads:
    """The heads of some columns, all of one width, which stand above the upper edge."""

    def __init__(self, labels: Sequence[str], step: float) -> None:
        room = step - _BETWEEN
        self._labels = labels
        self._is_upright = any(
            width_of(word, SMALL_TEXT) > room for label in labels for word in label.split()
        )
        self._lines = [
            [shortened(label, SMALL_TEXT, _LONGEST)]
            if self._is_upright
            else lines_of(label, SMALL_TEXT, room, 4)
            for label in labels
        ]

    @property
    def height(self) -> float:
        """How far the heads reach above the edge."""
        if self._is_upright:
            return _BELOW + max(width_of(line, SMALL_TEXT) for (line,) in self._lines)
        return _BELOW + _LINE * max(len(lines) for lines in self._lines)

    def layer(self, field: str) -> Spec:
        """Return the heads, at the places that the labels have on the scale of a field."""
        rows = [
            {field: label, "head": "\n".join(lines), "lines": len(lines)}
            for label, lines in zip(self._labels, self._lines, strict=True)
        ]
        mark: Spec = {"type": "text", "fontSize": SMALL_TEXT, "lineBreak": "\n"}
        if self._is_upright:
            mark |= {"angle": -90, "align": "left", "baseline": "middle"}
        else:
            up = {"expr": f"(1 - datum.lines) * {_LINE}"}
            mark |= {"align": "center", "baseline": "bottom", "lineHeight": _LINE, "dy": up}
        return {
            "data": {"values": rows},
            "mark": mark,
            "encoding": {
                "x": {"field": field, "type": "nominal", "sort": [*self._labels], "axis": None},
                "y": {"value": -_BELOW},
                "text": {"field": "head"},
            },
        }

    def titles(self, down: str, across: str) -> list[Spec]:
        """Return what the rows and what the columns are, left of the heads and above them."""
        soft: Spec = {
            "type": "text",
            "fontSize": SMALL_TEXT,
            "color": INK_SOFT,
            "baseline": "bottom",
        }
        one: Spec = {"data": {"values": [{}]}}
        return [
            one
            | {
                "mark": soft | {"align": align, "baseline": "bottom"},
                "encoding": {"x": {"value": x}, "y": {"value": -y}, "text": {"value": text}},
            }
            for text, align, x, y in (
                (f"{down} ↓", "right", -_BELOW, _BELOW),
                (f"{across} →", "left", 0, self.height + _ABOVE),
            )
        ]


TITLE_HEIGHT = SMALL_TEXT + _ABOVE + 4


def room_of(labels: Sequence[str], at_most: int) -> int:
    """Return the room that the labels of rows need, with the space beside them."""
    return min(ceil(max(width_of(label, TEXT) for label in labels)), at_most) + _BELOW
