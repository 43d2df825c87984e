"""The key of a picture of chains: each of its shapes with what it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.presentation.charts.drawing.style import INK_SOFT, SMALL_TEXT, TOKENS
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import Spec

from .drawing import ARROW, BAR_HEIGHT, LINE_HEIGHT, Layers, bar, shape
from .events import INCIDENT, STATEMENT, WARNING, WINDOW, Event

# What the key explains beside the kinds of events, in order.
BAR, OPEN, LEAD = "bar", "open", "lead"
_TEXTS = {
    WARNING: "warning",
    INCIDENT: "incident",
    STATEMENT: "statement",
    BAR: "bar: any day that the date allows",
    OPEN: "open: no first or last day",
    LEAD: "lead time",
    WINDOW: "window: days that a warning was about",
}

# In pixels: the symbol, the gap after it, and the gap between two entries.
_SYMBOL, _AFTER, _BETWEEN = 22, 7, 18


@dataclass(frozen=True)
class Key:
    """The entries of a key: the name of each, its left end, and its height in the picture."""

    entries: tuple[tuple[str, float, float], ...]

    @property
    def height(self) -> float:
        return max((y for *_, y in self.entries), default=0) + LINE_HEIGHT / 2

    def draw(self, layers: Layers) -> None:
        """Draw the entries on a scale of pixels."""
        for name, x, y in self.entries:
            _draw(layers, name, x, y)
        texts = [
            {"text": _TEXTS[name], "from": x + _SYMBOL + _AFTER, "y": y}
            for name, x, y in self.entries
        ]
        layers.texts(texts, {"color": INK_SOFT, "fontSize": SMALL_TEXT}, layers.x())


def key_of(events: Iterable[Event], width: float, *, without_kinds: bool = False) -> Key:
    """Return the key of what is drawn of some events.

    `without_kinds` leaves out the marks of warnings, incidents and statements.
    """
    shown = {*_shown(events)} - ({WARNING, INCIDENT, STATEMENT} if without_kinds else set())
    entries, x, y = [], 0.0, LINE_HEIGHT / 2
    for name, text in _TEXTS.items():
        if name in shown:
            room = _SYMBOL + _AFTER + width_of(text, SMALL_TEXT)
            if x and x + room > width:
                x, y = 0.0, y + LINE_HEIGHT + 2
            entries.append((name, x, y))
            x = round(x + room + _BETWEEN, 1)
    return Key(tuple(entries))


def _shown(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        if event.span is not None:
            yield event.kind
            if not event.is_mark and not event.is_window:
                yield BAR
            if event.opens_before or event.opens_after:
                yield OPEN
            if event.lead and event.days[0]:  # else the dates touch, and there is no line
                yield LEAD


def _draw(layers: Layers, name: str, x: float, y: float) -> None:
    ends = {"from": x + 1, "to": x + _SYMBOL}
    middle: Spec = {"from": x + _SYMBOL / 2, "y": y}
    grey = {"colour": INK_SOFT, "soft": TOKENS["line"]}
    if name in (WARNING, INCIDENT, STATEMENT):
        layers.shapes([middle | shape(name)])
    elif name == BAR:
        layers.bars([ends | {"top": y - BAR_HEIGHT / 2, "bottom": y + BAR_HEIGHT / 2} | grey])
    elif name == OPEN:
        grey_arrow = {"shape": "triangle-right", "size": ARROW, "colour": INK_SOFT}
        layers.shapes([middle | {"from": x + _SYMBOL - 6} | grey_arrow])
    elif name == WINDOW:
        layers.windows([ends | bar(WINDOW, y)])
    else:
        layers.lines([ends | {"y": y}])
