"""The layers of Vega-Lite that both pictures of chains are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases.presentation.charts.drawing.style import INK, TOKENS, styled
from cases.presentation.charts.picture import Frame, Spec

from .events import INCIDENT, STATEMENT, WARNING, WINDOW

# The colours of events, those of the timeline on the page of a case.
COLOURS = {
    WARNING: TOKENS["warning"],
    WINDOW: TOKENS["warning"],
    INCIDENT: TOKENS["incident"],
    STATEMENT: TOKENS["statement"],
}
SOFT = {
    WARNING: TOKENS["warning-soft"],
    INCIDENT: TOKENS["incident-soft"],
    STATEMENT: TOKENS["statement-soft"],
}

# The shapes of a day: the name in Vega, and the area that looks as large as the others.
SHAPES = {WARNING: ("circle", 130), INCIDENT: ("diamond", 256), STATEMENT: ("square", 120)}
ARROW = 130

BAR_HEIGHT = 11

# The edge of a row or a bar, in pixels; Vega counts it to the picture.
EDGE = 2

# Lines of a text, and how far words are from the edge, where the frame of a link is.
LINE_HEIGHT, INDENT = 16, 6


class Layers:
    """The layers of a picture whose places down are pixels."""

    def __init__(self, across: Spec, height: float) -> None:
        """`across` is the scale of the fields `from` and `to`."""
        self._across, self._height = across, height
        self.drawn: list[Spec] = []

    def add(self, mark: Spec, rows: Sequence[Spec], **encoding: Spec) -> None:
        """Draw rows of data as one kind of mark; nothing if there are none."""
        if rows:
            self.drawn.append({"data": {"values": list(rows)}, "mark": mark, "encoding": encoding})

    def x(self, field: str = "from") -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "scale": self._across,
            "axis": None,
        }

    def y(self, field: str = "y") -> Spec:
        scale = {"domain": [0, self._height], "range": [0, self._height], "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": None}

    @property
    def between(self) -> dict[str, Spec]:
        """From one place to another."""
        return {"x": self.x(), "x2": {"field": "to"}}

    @property
    def across_all(self) -> dict[str, Spec]:
        return {"x": {"value": 0}, "x2": {"value": "width"}}

    @property
    def down(self) -> dict[str, Spec]:
        """From one height to another."""
        return {"y": self.y("top"), "y2": {"field": "bottom"}}

    def bars(self, rows: Sequence[Spec]) -> None:
        """Draw bars over the possible days of dates."""
        self.add(
            {"type": "rect", "strokeWidth": 1.5},
            rows,
            **self.between,
            **self.down,
            fill=as_is("soft"),
            stroke=as_is("colour"),
        )

    def windows(self, rows: Sequence[Spec]) -> None:
        """Draw dashed frames over warned windows."""
        mark = {"type": "rect", "filled": False, "strokeWidth": 1.5, "strokeDash": [4, 2]}
        self.add(mark, rows, **self.between, **self.down, stroke=as_is("colour"))

    def lines(self, rows: Sequence[Spec]) -> None:
        """Draw dotted lines of lead times."""
        mark = {"type": "rule", "strokeWidth": 2, "strokeDash": [2, 4], "stroke": COLOURS[WARNING]}
        self.add(mark, rows, **self.between, y=self.y())

    def shapes(self, rows: Sequence[Spec]) -> None:
        """Draw marks on days, and the arrows of open ends."""
        self.add(
            {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 0},
            rows,
            x=self.x(),
            y=self.y(),
            shape=as_is("shape"),
            size=as_is("size", "quantitative"),
            fill=as_is("colour"),
        )

    def texts(
        self, rows: Sequence[Spec], mark: Spec, x: Spec | None = None, **encoding: Spec
    ) -> None:
        """Draw texts, each of one or several lines; beside the left edge without `x`."""
        whole = {"type": "text", "baseline": "middle", "align": "left", "lineHeight": LINE_HEIGHT}
        text = {"field": "text", "type": "nominal"}
        self.add(whole | mark, rows, x=x or {"value": INDENT}, y=self.y(), text=text, **encoding)

    def links(self, rows: Sequence[Spec]) -> None:
        """Lay a link over each row, which says in words what the row shows."""
        self.add(
            {"type": "rect", "fillOpacity": 0, "fill": INK, "cornerRadius": 3},
            rows,
            **self.across_all,
            **self.down,
            href={"field": "address"},
            description={"field": "says"},
        )


def as_is(field: str, kind: str = "nominal") -> Spec:
    """Return a channel whose field has what is drawn, such as a colour."""
    return {"field": field, "type": kind, "scale": None, "legend": None}


def bar(kind: str, y: float) -> Spec:
    """Return the fields of a bar or a window around a height."""
    soft = SOFT.get(kind, "")
    colours = {"colour": COLOURS[kind]} | ({"soft": soft} if soft else {})
    return {"top": y - BAR_HEIGHT / 2, "bottom": y + BAR_HEIGHT / 2} | colours


def shape(kind: str) -> Spec:
    """Return the fields of a mark on a day."""
    name, size = SHAPES[kind]
    return {"shape": name, "size": size, "colour": COLOURS[kind]}


def arrow(kind: str, *, to_right: bool) -> Spec:
    """Return the fields of an arrow at an open end."""
    side = "right" if to_right else "left"
    return {"shape": f"triangle-{side}", "size": ARROW, "colour": COLOURS[kind]}


def inside(frame: Frame) -> Frame:
    """Return the room within a frame for whatever has an edge, which is drawn around it."""
    return replace(frame, width=frame.width - 2 * EDGE)


def pixels(width: float) -> Spec:
    """Return the scale of places in pixels."""
    return {"domain": [0, width], "range": [0, width], "nice": False, "zero": False}


def picture(frame: Frame, height: float, *layers: Layers) -> Spec:
    """Return a whole specification of layers, each with its own scale across."""
    drawing = {
        "width": frame.width,
        "height": height,
        "padding": 0,
        "layer": [{"layer": one.drawn} for one in layers if one.drawn],
        "resolve": {"scale": {"x": "independent"}},
    }
    return styled(drawing, frame)
