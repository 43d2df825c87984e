"""The axes: days across, and down a panel deaths, or rows where there is no number of them."""

from __future__ import annotations

from cases.presentation.charts.drawing.style import SMALL_TEXT
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import Spec

from .places import Symlog

# Pixels: the room of an axis down a panel.
AXIS = 52

# What the axes name.
_DAYS = {
    0: "0 days",
    1: "1 day",
    7: "1 week",
    30: "1 month",
    365: "1 year",
    3_652: "10 years",
    36_525: "100 years",
}
_DEATHS = (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)

# The lead times in the order in which they are left out where they would meet, the last one first.
_BY_WEIGHT = (0, 365, 30, 7, 3_652, 36_525, 1)


def axis_of_days(days: Symlog, *, is_last: bool) -> Spec:
    """Return the channel of days; the last panel has the texts of its axis."""
    ticks = _ticks(days)
    texts = [_DAYS[value] for value in ticks]
    axis: Spec = {
        "values": ticks,
        "labels": is_last,
        "labelExpr": f"{texts}[indexof({ticks}, datum.value)]",
        "labelFontSize": SMALL_TEXT,
        "labelOverlap": False,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }
    if is_last:
        axis |= {"title": "From the warning to the incident", "titlePadding": 8}
    return {
        "field": "days_least",
        "type": "quantitative",
        "title": None,
        "scale": days.spec,
        "axis": axis,
    }


def _ticks(days: Symlog) -> list[int]:
    """Return the lead times that the axis names: no two so near that their texts meet."""
    shown: list[int] = []
    for value in _BY_WEIGHT:
        gaps = (
            abs(days.at(value) - days.at(other))
            - (width_of(_DAYS[value], SMALL_TEXT) + width_of(_DAYS[other], SMALL_TEXT)) / 2
            for other in shown
        )
        if value <= days.most and all(gap > 8 for gap in gaps):
            shown.append(value)
    return sorted(shown)


def axis_of_deaths(deaths: Symlog) -> Spec:
    """Return the channel of lower bounds of deaths."""
    axis = {
        "values": [value for value in _DEATHS if value <= deaths.most],
        "format": ",d",
        "labelPadding": 6,
    }
    return _vertical(deaths.spec, axis)


def axis_of_rows(height: float) -> Spec:
    """Return the channel of places in pixels, whose axis names nothing."""
    scale = {"domain": [0, height], "range": [0, height], "nice": False}
    return _vertical(scale, {"labels": False, "grid": False})


def _vertical(scale: Spec, axis: Spec) -> Spec:
    return {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "scale": scale,
        "axis": axis | {"domain": False, "ticks": False, "minExtent": AXIS, "maxExtent": AXIS},
    }
