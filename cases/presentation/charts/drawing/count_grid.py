"""A grid of counts. Each cell has its number, is darker the more cases it has, and is a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.presentation.charts.case_set import Counted
from cases.presentation.charts.picture import Frame, Spec

from .column_heads import TITLE_HEIGHT, ColumnHeads, room_of
from .style import ABSENCE, ACCENT, AREA, INK, INK_SOFT, LINE, TEXT, room, styled
from .text_width import lines_of

# Pixels.
_LINE_HEIGHT = 17
_LABEL_PADDING = 12
_LABEL_GAP = 8
_MIN_ROW_HEIGHT = 36
_MAX_COLUMN_WIDTH = 110

_MAX_LABEL_LINES = 3

# Of the cell with the most cases, so that its number stays readable.
_MAX_OPACITY = 0.4


@dataclass(frozen=True)
class GridCell:
    """A cell at a row and a column, counted from 0; `says` is the accessible name of its link.

    `share`, from 0 to 1, is how dark it is; totals keep 0. `fill` is its colour.
    """

    row: int
    column: int
    found: Counted
    says: str
    share: float = 0.0
    fill: str = ACCENT

    def mark(self, columns: Sequence[str]) -> Spec:
        """Return the cell as a row of the data; a cell without cases is pale."""
        ink = INK if self.share else INK_SOFT
        return {
            "row": self.row,
            "column": columns[self.column],
            "cases": self.found.count,
            "number": self.found.number,
            "fill": self.fill,
            "opacity": round(_MAX_OPACITY * self.share, 3),
            "ink": ink if self.found.count else ABSENCE,
            "strength": 1 if self.found.count else 0.55,
            "address": self.found.absolute,
            "says": self.says,
        }


def count_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[GridCell],
    frame: Frame,
    titles: tuple[str, str] | None = None,
) -> Spec:
    """Return the specification of a grid with labels left of the rows and heads above the columns.

    Labels of columns are unique, because they are the keys of the scale. `titles` say what the rows
    and what the columns are.
    """
    labels = room_of([*rows, *([f"{titles[0]} ↓"] if titles else [])], frame.labels)
    texts = [lines_of(label, TEXT, labels - _LABEL_GAP, _MAX_LABEL_LINES) for label in rows]
    height = max(_LINE_HEIGHT * max(map(len, texts)) + _LABEL_PADDING, _MIN_ROW_HEIGHT)
    step = min((frame.width - labels) // len(columns), _MAX_COLUMN_WIDTH)
    heads = ColumnHeads(columns, step)
    above = heads.height + (TITLE_HEIGHT if titles else _LABEL_PADDING)
    y: Spec = {"field": "row", "type": "ordinal", "sort": [*range(len(rows))], "axis": None}
    x: Spec = {"field": "column", "type": "nominal", "sort": [*columns], "axis": None}
    as_is: Spec = {"scale": None, "legend": None}
    rect: Spec = {"type": "rect", "cornerRadius": 3}
    return styled(
        {
            "width": {"step": step},
            "height": {"step": height},
            "padding": 0,
            "data": {"values": [cell.mark(columns) for cell in cells]},
            "layer": [
                room(
                    -labels,
                    -above,
                    max(step * len(columns), frame.width - labels),
                    height * len(rows),
                ),
                heads.layer("column"),
                *(heads.titles(*titles) if titles else ()),
                _labels(texts, y),
                {
                    "mark": rect | {"stroke": LINE},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "fill": {"field": "fill", "type": "nominal"} | as_is,
                        "fillOpacity": {"field": "opacity", "type": "quantitative"} | as_is,
                    },
                },
                {
                    "mark": {"type": "text", "fontSize": TEXT},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "text": {"field": "number"},
                        "color": {"field": "ink", "type": "nominal"} | as_is,
                        "fillOpacity": {"field": "strength", "type": "quantitative"} | as_is,
                    },
                },
                {
                    # One link lies on the colour and the number. What no case has leads nowhere.
                    "transform": [{"filter": "datum.cases > 0"}],
                    "mark": rect | AREA,
                    "encoding": {
                        "x": x,
                        "y": y,
                        "href": {"field": "address"},
                        "description": {"field": "says"},
                    },
                },
            ],
        },
        frame,
    )


def _labels(texts: Sequence[Sequence[str]], y: Spec) -> Spec:
    """Return the labels of the rows, each with its lines in the middle of the row."""
    names = [
        {"row": place, "text": "\n".join(lines), "lines": len(lines)}
        for place, lines in enumerate(texts)
    ]
    return {
        "data": {"values": names},
        "mark": {
            "type": "text",
            "align": "right",
            "x": -_LABEL_GAP,
            "lineBreak": "\n",
            "lineHeight": _LINE_HEIGHT,
            "dy": {"expr": f"(1 - datum.lines) * {_LINE_HEIGHT / 2} + 1"},
        },
        "encoding": {"y": y, "text": {"field": "text"}},
    }
