"""The drawing: a column for each period, and a line for the date of each directive."""

from __future__ import annotations

from collections.abc import Sequence

from cases.presentation.charts.case_set import Counted
from cases.presentation.charts.drawing.legend import Legend
from cases.presentation.charts.drawing.style import (
    ABSENCE,
    ACCENT,
    AREA,
    SMALL_TEXT,
    SURFACE,
    TEXT,
    TOKENS,
    room,
    styled,
)
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import Frame, Spec

from .columns import PeriodColumn, columns_of, time_axis
from .directives import DirectiveDate
from .periods import WHOLLY, Period

# Pixels: the height of the columns, at most; a line of text; the axis of numbers.
_HEIGHT, _LINE, _AXIS = 220, 18, 48

# Pixels: a case is this high at most, so that few of them do not look like many.
_HIGHEST = 110

# Pixels: from the columns up to the first label of a line.
_ABOVE = 36

# Pixels: beyond the last column; above the labels of the axis of time.
_EDGE, _BELOW = 12, 4

# Columns are narrow, and have less about them, up to this many pixels.
_NARROW = 22

# The colour of the dates of directives.
_MARKED = TOKENS["note"]

# The columns of cases that may date from a period.
_MAYBE: Spec = {
    "type": "bar",
    "fill": ACCENT,
    "fillOpacity": 0.15,
    "stroke": ACCENT,
    "strokeWidth": 1,
    "strokeDash": [3, 2],
}


def drawing(
    periods: Sequence[Period],
    directives: Sequence[DirectiveDate],
    length: int,
    frame: Frame,
) -> Spec:
    """Return the specification of periods that are `length` years long each."""
    columns, step = columns_of(periods, frame.width - _EDGE)
    has_numbers = all(width_of(one.period.text, TEXT) < step * one.size + 4 for one in columns)
    left = 0 if has_numbers else _AXIS
    if not has_numbers:
        columns, step = columns_of(periods, frame.width - left - _EDGE)
    width = step * (columns[-1].place + columns[-1].size)
    most = max(one.period.most for one in columns)
    height = min(_HIGHEST * max(most, 1), _HEIGHT)
    x = {
        "field": "start",
        "type": "quantitative",
        "scale": {"domain": [0, width / step], "nice": False, "zero": False},
        "title": None,
        "axis": time_axis(columns, step, length),
    }
    y = {
        "field": "certain",
        "type": "quantitative",
        "scale": {"domain": [0, max(most, 1)], "nice": not has_numbers},
        "title": None,
        "axis": None
        if has_numbers
        else {"format": ",d", "tickMinStep": 1, "tickCount": 5, "domain": False, "ticks": False},
    }
    bar = {"x": x, "x2": {"field": "end"}, "y": y, "y2": {"datum": 0}}
    layers: list[Spec] = [
        {
            "transform": [{"filter": "datum.possible > datum.certain"}],
            "mark": _MAYBE | ({} if step > _NARROW else {"strokeDash": [], "strokeWidth": 0.7}),
            "encoding": bar | {"y": y | {"field": "possible"}},
        },
        {
            "transform": [{"filter": "!datum.undated"}],
            "mark": {"type": "bar", "fill": ACCENT},
            "encoding": bar,
        },
        {
            "transform": [{"filter": "datum.undated"}],
            "mark": {"type": "bar", "fill": SURFACE, "stroke": ABSENCE, "strokeWidth": 1},
            "encoding": bar,
        },
        *_lines(directives, columns, length, (width, height), step),
        *(
            {
                "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": TEXT} | edge,
                "encoding": {
                    "x": {"field": "centre", "type": "quantitative"},
                    "y": y | {"field": "possible"},
                    "text": {"field": "text"},
                },
            }
            # A line does not run through a number.
            for edge in ({"stroke": SURFACE, "strokeWidth": 4}, {})
        ),
        {
            "data": {"values": _links(columns)},
            "mark": AREA | {"type": "bar"},
            "encoding": {
                "x": x,
                "x2": {"field": "end"},
                "y": y | {"field": "low"},
                "y2": {"field": "high"},
                "href": {"field": "address"},
                "description": {"field": "says"},
            },
        },
    ]
    entries: list[tuple[Spec, str]] = []
    if any(one.period.most > one.period.least for one in columns):
        entries = [({"fill": ACCENT}, WHOLLY), (_MAYBE, "Possibly: the date is vague")]
    legend = Legend(entries, frame.width)
    above = _ABOVE + _LINE * len(directives) - (0 if directives else _LINE)
    top = -above - legend.height
    below = _BELOW + _LINE * max(len(one.label) for one in columns)
    whole = {
        "width": round(width),
        "height": height,
        "padding": 0,
        "data": {"values": [_datum(one, has_text=has_numbers) for one in columns]},
        "layer": [
            room(-left, top, frame.width - left, height + below),
            *legend.layers(-left, top),
            *layers,
        ],
    }
    return styled(whole, frame)


def _datum(column: PeriodColumn, *, has_text: bool) -> Spec:
    start, end = column.edges
    return {
        "period": column.period.label,
        "start": round(start, 3),
        "end": round(end, 3),
        "centre": round(column.centre, 3),
        "certain": column.period.least,
        "possible": column.period.most,
        "undated": column.period.is_undated,
        "text": column.period.text if has_text else "",
    }


def _links(columns: Sequence[PeriodColumn]) -> list[Spec]:
    """Return what can be followed: the cases that lie wholly within a period, and all that may.

    The second lies above the first; it is left out if there are no more.
    """
    links = []
    for column in columns:
        period = column.period
        if period.certain and period.least:
            how = "" if period.is_undated else ", wholly within it"
            links.append(_link(column, 0, period.least, period.certain, how))
        if period.possible and period.most > period.least:
            links.append(
                _link(
                    column,
                    period.least,
                    period.most,
                    period.possible,
                    ", wholly or possibly within it",
                )
            )
    return links


def _link(column: PeriodColumn, low: int, high: int, found: Counted, how: str) -> Spec:
    start, end = column.edges
    return {
        "start": round(start, 3),
        "end": round(end, 3),
        "low": low,
        "high": high,
        "address": found.absolute,
        "says": f"{column.period.label}{how}: {found.text}",
    }


def _lines(
    directives: Sequence[DirectiveDate],
    columns: Sequence[PeriodColumn],
    length: int,
    size: tuple[float, float],
    step: float,
) -> list[Spec]:
    """Return a line for the date of each directive, or a band if it is vague, with its label."""
    first = next((one for one in columns if one.period.start is not None), None)
    if first is None or first.period.start is None:
        return []
    layers: list[Spec] = []
    edge = 5 if step > _NARROW else 4
    width, height = size
    one_mark: Spec = {"data": {"values": [{}]}}
    for row, one in enumerate(reversed(directives)):
        since, until = (
            first.place + (year - first.period.start) / length for year in (one.start, one.end)
        )
        top = -(_ABOVE + _LINE * row)
        scale = {"x": {"datum": round(since, 3), "type": "quantitative"}, "y": {"value": top}}
        line = scale | {"y2": {"value": height}}
        if until > since:
            layers.append(
                one_mark
                | {
                    "mark": {"type": "rect", "fill": _MARKED, "fillOpacity": 0.2},
                    "encoding": line | {"x2": {"datum": round(until, 3)}},
                }
            )
        is_right = since * step > width / 2
        layers += [
            # The edge sets it off from the columns that it crosses.
            one_mark
            | {"mark": {"type": "rule", "color": SURFACE, "strokeWidth": edge}, "encoding": line},
            one_mark
            | {"mark": {"type": "rule", "color": _MARKED, "strokeWidth": 1.5}, "encoding": line},
            one_mark
            | {
                "mark": {
                    "type": "text",
                    "align": "right" if is_right else "left",
                    "dx": -6 if is_right else 6,
                    "baseline": "top",
                    "fontSize": SMALL_TEXT,
                    "color": _MARKED,
                    "href": one.address,
                    "description": one.text,
                },
                "encoding": scale | {"text": {"value": one.text}},
            },
        ]
    return layers
