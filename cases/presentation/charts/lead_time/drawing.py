"""The drawing of lead times against deaths: two panels, the second for cases without a figure."""

from __future__ import annotations

from collections.abc import Sequence

from cases.presentation.charts.case_set import SITE
from cases.presentation.charts.drawing.style import (
    ACCENT,
    AREA,
    INK,
    INK_SOFT,
    SMALL_TEXT,
    SURFACE,
    styled,
)
from cases.presentation.charts.picture import Frame, Spec

from .axes import AXIS, axis_of_days, axis_of_deaths, axis_of_rows
from .key import key_of_numbers, key_of_weights
from .look import LINE, LOOK, MARK, ONE, WEIGHTS, text_at
from .panels import Label, Labels, Layout, Mark, Panel, laid_out
from .warning_shown import WarningShown, by_case

# Pixels: what the text of the last lead time needs beyond the panel.
_RIGHT = 30

# Pixels: bars are thinner than marks, so that marks of days are seen on them.
_THIN, _THINNER = 8, 4

_FILLED: Spec = {
    "fillOpacity": {"field": "weight", "type": "quantitative", "scale": None, "legend": None}
}

_TITLE_OF_DEATHS: Spec = {
    "text": "Deaths, at least",
    "fontSize": SMALL_TEXT,
    "color": INK_SOFT,
    "fontWeight": "normal",
    "anchor": "start",
    "offset": 8,
}


def drawing(shown: Sequence[WarningShown], frame: Frame) -> Spec:
    """Return the specification of the picture."""
    width = frame.width - AXIS - _RIGHT
    layout, panels = laid_out(shown, width)
    views = [
        _view(layout, panel, is_last=place == len(panels)) for place, panel in enumerate(panels, 1)
    ]
    if layout.labels is Labels.NUMBERS:
        views.append(key_of_numbers(by_case(shown), width))
    return styled({"vconcat": [key_of_weights(frame, width), *views], "spacing": 16}, frame)


def _view(layout: Layout, panel: Panel, *, is_last: bool) -> Spec:
    """Return the specification of a panel; the last one has the axis of days."""
    x = axis_of_days(layout.days, is_last=is_last)
    y = axis_of_deaths(panel.deaths) if panel.deaths else axis_of_rows(panel.height)
    bar = {"x": x, "x2": {"field": "days_most"}, "y": y}
    dot = {"x": x, "y": y}
    exact = {"transform": [{"filter": "datum.days_least === datum.days_most"}]}
    vague = {"transform": [{"filter": "datum.days_least < datum.days_most"}]}
    link = {"href": {"field": "address"}, "description": {"field": "says"}}
    of_bar: Spec = {"type": "bar", "orient": "horizontal"}
    of_bar |= {} if layout.is_crowded else {"cornerRadius": 2}
    of_dot: Spec = {"type": "circle", "opacity": 1}
    size = _THINNER if layout.is_crowded else _THIN
    bars, dots = LOOK | of_bar | {"size": size}, LOOK | of_dot | {"size": layout.mark**2}
    if layout.is_crowded:
        # Marks lie on others, so they are seen through.
        layers = [
            vague | {"mark": bars | {"strokeWidth": 0.7}, "encoding": bar | _FILLED | link},
            exact | {"mark": dots | {"strokeWidth": 0.7}, "encoding": dot | _FILLED | link},
        ]
    else:
        layers = [
            {
                "transform": [{"filter": "isValid(datum.open_at)"}],
                "mark": {"type": "point", "shape": "triangle-up", "size": 28, "filled": True}
                | {"color": ACCENT, "opacity": 1, "yOffset": -MARK / 2 - 5},
                "encoding": {"x": x | {"field": "open_at"}, "y": y},
            },
            # Lines of the axes are not seen through marks, nor bars through marks of days.
            vague | {"mark": bars | {"fill": SURFACE}, "encoding": bar},
            vague | {"mark": bars, "encoding": bar | _FILLED},
            exact | {"mark": dots | {"fill": SURFACE}, "encoding": dot},
            exact | {"mark": dots, "encoding": dot | _FILLED},
            *(layer for label in panel.labels for layer in _texts(label)),
            vague | {"mark": AREA | of_bar | {"size": MARK + 8}, "encoding": bar | link},
            exact | {"mark": AREA | of_dot | {"size": (MARK + 10) ** 2}, "encoding": dot | link},
        ]
    view: Spec = {
        "width": layout.width,
        "height": panel.height,
        "data": {"values": [_datum(layout, mark) for mark in panel.marks]},
        "layer": [*(text_at([text], 0, at, INK_SOFT) for text, at in panel.headings), *layers],
    }
    return view | ({"title": _TITLE_OF_DEATHS} if panel.deaths else {})


def _datum(layout: Layout, mark: Mark) -> Spec:
    one, days = mark.shown, layout.days
    datum: Spec = {
        "case": one.record.title,
        "warning": one.warning.sequence,
        "days_least": one.least,
        "days_most": one.most,
        "deaths_least": one.deaths,
        "deaths": one.deaths_text,
        "named": len(one.named),
        "weight": WEIGHTS[len(one.named)],
        "y": round(mark.y, 3),
        "address": SITE + one.address,
        "says": one.says,
    }
    if not layout.is_crowded and mark.is_widest and one.is_open:
        middle = (days.at(one.least) + days.at(one.most)) / 2
        datum["open_at"] = round(days.value(middle), 2)
    return datum


def _texts(label: Label) -> list[Spec]:
    """Return the layers of a label: what lies below it, its title in ink, the rest softer."""
    box = label.box
    below = ONE | {
        "mark": {"type": "rect", "fill": SURFACE, "fillOpacity": 0.85},
        "encoding": {
            "x": {"value": round(box.left - 2, 1)},
            "x2": {"value": round(box.right + 2, 1)},
            "y": {"value": round(box.top, 1)},
            "y2": {"value": round(box.bottom, 1)},
        },
    }
    rest = box.top + LINE * len(label.title)
    texts = [text_at(label.title, box.left, box.top, INK)]
    if label.rest:
        texts.append(text_at(label.rest, box.left, rest, INK_SOFT))
    return [below, *texts]
