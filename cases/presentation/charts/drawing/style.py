"""How pictures look: the colours of the site by their role, and the configuration of Vega-Lite.

A specification has the colours of the light scheme, so that a file of it needs no style sheet. In a
page each is replaced by the name of its token (see `svg.py`), and follows the scheme of the reader.
"""

from __future__ import annotations

from cases.presentation.charts.picture import Frame, Spec

from .text_width import SLACK

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

# The version of Vega-Lite that draws.
VERSION = "6.4"

# The light colours of `static/css/tokens.css`, by the name of the token.
TOKENS = {
    "surface": "#ffffff",
    "ink": "#1c2227",
    "ink-soft": "#535c64",
    "line": "#d9d5ca",
    "accent": "#17475c",
    "accent-soft": "#e4eef2",
    "warning": "#8a5a00",
    "warning-soft": "#fbf1dc",
    "incident": "#8f2d1d",
    "incident-soft": "#f9e7e2",
    "statement": "#4a4f8c",
    "statement-soft": "#ebebf6",
    "dispute": "#7a2a78",
    "dispute-soft": "#f6e6f5",
    "note": "#1d5c4a",
    "note-soft": "#e4f2ec",
    "absence": "#646a6f",
}

INK, INK_SOFT, LINE, SURFACE = (TOKENS[name] for name in ("ink", "ink-soft", "line", "surface"))
ACCENT, ABSENCE = TOKENS["accent"], TOKENS["absence"]

# Liberation Sans is what texts are measured in; Arial and Helvetica are as wide.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

# Pixels.
TEXT, SMALL_TEXT = 13, 12

# A mark that nobody sees and that carries the link of what lies below it: small marks are hard to
# hit, and a link for each of several marks would be read out several times.
AREA: Spec = {"fill": SURFACE, "fillOpacity": 0}


def room(left: float, top: float, right: float, bottom: float) -> Spec:
    """Return a layer that nobody sees and that keeps its room, however wide its texts are drawn."""
    ends = {"x": left, "y": top, "x2": right, "y2": bottom}
    return {
        "data": {"values": [{}]},
        "mark": AREA | {"type": "rect"},
        "encoding": {channel: {"value": pixel} for channel, pixel in ends.items()},
    }


def styled(spec: Spec, frame: Frame) -> Spec:
    """Return a whole specification: a drawing with the schema and the look of all pictures."""
    return {"$schema": SCHEMA, "config": _config(frame), "background": SURFACE} | spec


def _config(frame: Frame) -> Spec:
    axis = {
        "labelColor": INK,
        "labelFontSize": TEXT,
        "labelLimit": frame.labels / SLACK,
        "titleColor": INK_SOFT,
        "titleFontSize": SMALL_TEXT,
        "titleFontWeight": "normal",
        "domainColor": LINE,
        "tickColor": LINE,
        "gridColor": LINE,
    }
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": INK,
            "labelFontSize": TEXT,
            "labelLimit": frame.width / SLACK,
            "titleColor": INK_SOFT,
            "titleFontSize": SMALL_TEXT,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 1,
        },
        "header": {"labelColor": INK, "labelFontSize": TEXT, "titleColor": INK_SOFT},
        "title": {
            "color": INK,
            "fontSize": 18,
            "subtitleColor": INK_SOFT,
            "subtitleFontSize": TEXT,
            "subtitlePadding": 6,
            "anchor": "start",
            "frame": "bounds",
            "offset": 14,
        },
        "text": {"color": INK, "fontSize": TEXT},
        "mark": {"tooltip": None},
    }
