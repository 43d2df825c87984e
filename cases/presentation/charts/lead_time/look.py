"""How marks and texts look, in the panels and in their keys."""

from __future__ import annotations

from collections.abc import Sequence

from cases.presentation.charts.drawing.style import ACCENT, SMALL_TEXT
from cases.presentation.charts.picture import Spec

# Pixels: the size of a mark with a label, and of one among many; the line of a text.
MARK, SMALL_MARK, LINE = 11, 7, 16

# How firmly a mark is filled, by how many of the four the warning named.
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)

# The fill and the edge of a mark.
LOOK: Spec = {"fill": ACCENT, "stroke": ACCENT, "strokeWidth": 1.4, "opacity": 1}

# The data of a layer that is drawn once.
ONE: Spec = {"data": {"values": [{}]}}


def text_at(lines: Sequence[str], left: float, top: float, colour: str) -> Spec:
    """Return a layer with the lines of a text, at a place in pixels."""
    return ONE | {
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "top",
            "lineHeight": LINE,
            "fontSize": SMALL_TEXT,
            "color": colour,
        },
        "encoding": {
            "x": {"value": round(left, 1)},
            "y": {"value": round(top + 2, 1)},
            "text": {"value": list(lines)},
        },
    }
