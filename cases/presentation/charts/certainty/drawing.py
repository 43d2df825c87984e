"""The drawing: bars of all values, by certainty, and below them a bar for each case."""

from __future__ import annotations

from collections.abc import Sequence

from cases.evidence.certainty import Certainty
from cases.presentation.charts.case_set import SITE
from cases.presentation.charts.drawing.legend import Legend
from cases.presentation.charts.drawing.style import AREA, INK_SOFT, TEXT, room, styled
from cases.presentation.charts.drawing.text_width import lines_of, width_of
from cases.presentation.charts.picture import WIDE, Frame, Spec

from .case_certainty import CaseCertainty
from .groups import FILLED, GROUPS, group_of
from .wording import share_text

# Pixels: a row of all values, a row of a case with a line of its title, another line, a bar; the
# labels of the rows; the edge of a picture.
_ROW, _CASE_ROW, _LINE, _BAR = 26, 48, 16, 16
_LABELS, _EDGE = 92, 6

# Pixels: between groups in a bar; about the heading of the bars of cases.
_GAP, _AROUND = 2, 8

_TEXT: Spec = {"type": "text", "baseline": "middle", "fontSize": TEXT}


def drawing(
    everything: Certainty, shown: Sequence[CaseCertainty], total: int, frame: Frame
) -> Spec:
    """Return the specification; `shown` are those of `total` cases that have a bar."""
    width = frame.width - 2 * _EDGE
    views = [_overall(everything, width)]
    # One case is all of them.
    if total > 1:
        views.append(_of_cases(shown, total, width, lines=1 if frame is WIDE else 3))
    return styled({"vconcat": views, "spacing": 26}, frame)


def _overall(everything: Certainty, width: int) -> Spec:
    """Return a row of bars of all values, which is the legend of the bars of the cases too."""
    rows = sorted(everything.present, key=lambda row: GROUPS.index(group_of(row)))
    most = max(row.count for row in rows)
    data: list[Spec] = []
    end = 0.0
    for row, before in zip(rows, [rows[0], *rows], strict=False):
        # Groups stand apart.
        end += 0.4 if group_of(row) != group_of(before) else 0.0
        data.append(
            {
                "certainty": row.label,
                "values": row.count,
                "place": round(end, 1),
                "text": f"{row.count:,} · {share_text(row.share)}",
            }
            | group_of(row).look
        )
        end += 1
    numbers = max(width_of(str(one["text"]), TEXT) for one in data) + 6
    length = width - _LABELS - numbers
    return {
        "width": width,
        "height": _ROW * end,
        "data": {"values": data},
        "encoding": {
            "y": _places(end),
            "x": {
                "field": "values",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [_LABELS, _LABELS + length]},
                "axis": None,
            },
        },
        "layer": [
            room(0, 0, width, _ROW * end),
            {"mark": {"type": "bar", "orient": "horizontal"}, "encoding": FILLED},
            {
                "mark": _TEXT | {"align": "left", "dx": 6},
                "encoding": {"text": {"field": "text"}},
            },
            {
                "mark": _TEXT | {"align": "right"},
                "encoding": {"text": {"field": "certainty"}, "x": {"value": _LABELS - 8}},
            },
        ],
    }


def _places(count: float) -> Spec:
    """Return the vertical axis of some rows, the first one at the top."""
    return {
        "field": "place",
        "type": "quantitative",
        "scale": {"domain": [-0.5, count - 0.5], "reverse": True, "nice": False, "zero": False},
        "axis": None,
    }


def _of_cases(shown: Sequence[CaseCertainty], total: int, width: int, lines: int) -> Spec:
    """Return a bar of equal length for each case, under the lines of its title."""
    row = _CASE_ROW + _LINE * (lines - 1)
    data = [part for place, one in enumerate(shown) for part in _parts(one, place, width)]
    there = {part["group"] for part in data}
    legend = Legend(
        [
            ({"fill": one.fill, "stroke": one.edge, "fillOpacity": one.opacity}, one.label)
            for one in GROUPS
            if one.label in there
        ],
        width,
    )
    number = max(width_of(f"{one.certainty.total:,}", TEXT) for one in shown) + 10
    links = [
        {
            "place": place,
            "case": _above(lines_of(one.record.title, TEXT, width - number, lines), lines),
            "of": _above([f"{one.certainty.total:,}"], lines),
            "address": SITE + one.address,
            "says": one.says,
        }
        for place, one in enumerate(shown)
    ]
    whole = {"domain": [0, 1], "nice": False}
    y: Spec = {"y": _places(len(shown))}
    some = f"The first {len(shown)} of {total:,} cases"
    heading = some if total > len(shown) else "The cases"
    words = lines_of(f"{heading}, each with the number of its coded values", TEXT, width)
    above = legend.height + _AROUND
    return {
        "width": width,
        "height": row * len(shown),
        "data": {"values": links},
        "layer": [
            room(0, -above - _LINE * len(words) - _AROUND, width, row * len(shown)),
            *legend.layers(0, -above),
            {
                "data": {"values": [{}]},
                "mark": _TEXT | {"align": "left", "color": INK_SOFT, "lineHeight": _LINE},
                "encoding": {
                    "x": {"value": 0},
                    "y": {"value": -above - _LINE * len(words) + _LINE / 2 - _AROUND / 2},
                    "text": {"value": words},
                },
            },
            {
                "data": {"values": data},
                "mark": {
                    "type": "bar",
                    "orient": "horizontal",
                    "yOffset": row / 2 - _BAR / 2 - 8,
                    "strokeWidth": 1,
                },
                "encoding": y
                | {
                    "x": {
                        "field": "start",
                        "type": "quantitative",
                        "scale": whole,
                        "axis": None,
                    },
                    "x2": {"field": "end"},
                }
                | FILLED,
            },
            {
                "mark": _TEXT
                | {
                    "align": "left",
                    "baseline": "top",
                    "x": 0,
                    "yOffset": -row / 2 + 4,
                    "lineHeight": _LINE,
                },
                "encoding": y | {"text": {"field": "case"}},
            },
            {
                "mark": _TEXT
                | {
                    "align": "right",
                    "baseline": "top",
                    "x": width,
                    "yOffset": -row / 2 + 4,
                    "lineHeight": _LINE,
                    "color": INK_SOFT,
                },
                "encoding": y | {"text": {"field": "of"}},
            },
            {
                "mark": AREA | {"type": "bar", "orient": "horizontal", "size": row - 4},
                "encoding": y
                | {
                    "x": {"datum": 0, "type": "quantitative", "scale": whole},
                    "x2": {"datum": 1},
                    "href": {"field": "address"},
                    "description": {"field": "says"},
                },
            },
        ],
    }


def _above(text: Sequence[str], lines: int) -> Sequence[str]:
    """Return a text that ends right above its bar, whatever room its lines leave."""
    return [""] * (lines - len(text)) + [*text]


def _parts(one: CaseCertainty, place: int, width: int) -> list[Spec]:
    """Return the parts of the bar of a case, one for each group that it has."""
    parts: list[Spec] = []
    start = 0.0
    for group in GROUPS:
        count = sum(row.count for row in one.certainty.present if group_of(row) == group)
        if count:
            end = start + count / one.certainty.total
            # A gap sets groups apart.
            until = end if end > 0.999 else max(end - _GAP / width, start + 1 / width)
            ends = {"start": round(start, 4), "end": round(until, 4)}
            about = {"case": one.record.title, "group": group.label, "values": count}
            parts.append(about | {"place": place} | ends | group.look)
            start = end
    return parts
