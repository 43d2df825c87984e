"""What the looks of bars mean: a square of each with its words, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.presentation.charts.picture import Spec

from .style import SMALL_TEXT
from .text_width import width_of

# Pixels: a line; a square; from it to its words; between two entries.
_LINE, _SQUARE, _AFTER, _BETWEEN = 20, 14, 7, 16


@dataclass(frozen=True)
class Legend:
    """Entries, each the properties of a mark and a text, in lines of some width."""

    entries: Sequence[tuple[Spec, str]]
    width: float

    @property
    def height(self) -> int:
        return _LINE * (1 + max((line for *_, line in self._places()), default=-1))

    def layers(self, left: float = 0, top: float = 0) -> list[Spec]:
        """Return the layers, beginning at a place of the view."""
        layers: list[Spec] = []
        for (mark, text), (x, line) in zip(self.entries, self._places(), strict=True):
            start, y = left + x + 1, top + line * _LINE + _LINE / 2
            ends = {"x": start, "x2": start + _SQUARE, "y": y - _SQUARE / 2, "y2": y + _SQUARE / 2}
            words = {"type": "text", "align": "left", "fontSize": SMALL_TEXT}
            at = {"x": start + _SQUARE + _AFTER, "y": y + 1}
            layers += [
                _one(mark | {"type": "rect"}, ends),
                _one(words, at, text={"value": text}),
            ]
        return layers

    def _places(self) -> list[tuple[float, int]]:
        """Return the left end and the line of each entry."""
        places, x, line = [], 0.0, 0
        for _, text in self.entries:
            room = 1 + _SQUARE + _AFTER + width_of(text, SMALL_TEXT)
            if x and x + room > self.width:
                x, line = 0.0, line + 1
            places.append((round(x, 1), line))
            x += room + _BETWEEN
        return places


def _one(mark: Spec, places: dict[str, float], **encoding: Spec) -> Spec:
    at = {channel: {"value": round(pixel, 1)} for channel, pixel in places.items()}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": at | encoding}
