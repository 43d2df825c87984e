"""A grid of counts: each cell has its number, is the darker the more cases it has, and a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.presentation.charts.picture import Frame, Spec

from .column_heads import TITLE_HEIGHT, ColumnHeads, room_of
from .style import ABSENCE, ACCENT, AREA, INK, INK_SOFT, LINE, TEXT, room, styled
from .text_width import lines_of

# Pixels: a line of a label; around its lines; beside it; a column at most.
_LINE, _AROUND, _BESIDE, _WIDEST = 17, 12, 8, 110

# The lines of a label at most, and the height of a row at least in pixels.
_LINES, _ROW = 3, 36

# How dark the cell with the most cases is, so that its number stays readable.
_DARKEST = 0.4


@dataclass(frozen=True)
class GridCell:
    """A cell at a row and a column, counted from 0; `says` is what its link is called.

    `share` is how dark it is, from 0 to 1; a total has none. `fill` is its colour.
    """

    row: int
    column: int
    cases: int
    address: str
    says: str
    share: float = 0.0
    fill: str = ACCENT

    def mark(self, columns: Sequence[str]) -> Spec:
        """Return it as data; what no case has is pale."""
        ink = INK if self.share else INK_SOFT
        return {
            "row": self.row,
            "column": columns[self.column],
            "cases": self.cases,
            "fill": self.fill,
            "opacity": round(_DARKEST * self.share, 3),
            "ink": ink if self.cases else ABSENCE,
            "strength": 1 if self.cases else 0.55,
            "address": self.address,
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

    The labels of the columns differ. `titles` say what the rows and what the columns are.
    """
    labels = room_of([*rows, *([f"{titles[0]} ↓"] if titles else [])], frame.labels)
    texts = [lines_of(label, TEXT, labels - _BESIDE, _LINES) for label in rows]
    height = max(_LINE * max(map(len, texts)) + _AROUND, _ROW)
    step = min((frame.width - labels) // len(columns), _WIDEST)
    heads = ColumnHeads(columns, step)
    above = heads.height + (TITLE_HEIGHT if titles else _AROUND)
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
                        "text": {"field": "cases", "format": ","},
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
            "x": -_BESIDE,
            "lineBreak": "\n",
            "lineHeight": _LINE,
            "dy": {"expr": f"(1 - datum.lines) * {_LINE / 2} + 1"},
        },
        "encoding": {"y": y, "text": {"field": "text"}},
    }
