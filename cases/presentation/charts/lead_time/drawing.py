"""The drawing of lead times against deaths: two panels, the second for cases without a figure.

Few warnings are labelled with their case. Where labels have no room beside the marks they are
numbers, which a key below explains; with many there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.text import capfirst

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
from cases.presentation.charts.drawing.text_width import lines_of, width_of
from cases.presentation.charts.picture import Frame, Spec

from .axes import AXIS, axis_of_days, axis_of_deaths, axis_of_rows
from .key import key_of_numbers, key_of_weights
from .look import LINE, LOOK, MARK, ONE, SMALL_MARK, WEIGHTS, text_at
from .marks import WarningShown, about, by_case
from .places import Box, Symlog, free_place

# Warnings that are labelled with their case.
MOST_LABELLED = 12

# Pixels: the edge within a panel, the width of a label, and what the text of the last lead time
# needs beyond the panel.
_EDGE, _LABEL, _RIGHT = 14, 300, 30

# Pixels: the height of the panel of deaths with labels, and among many marks. Bars are thinner than
# marks, so that marks of days are seen on them.
_HEIGHT, _HIGH = 300, 420
_THIN, _THINNER = 8, 4

# Rows of marks without a figure, at most; further marks lie on others.
_ROWS = 20

# A mark and its height.
_Placed = tuple[WarningShown, float]


class _Labels(Enum):
    """The label of the marks of a case."""

    TEXTS = auto()
    NUMBERS = auto()
    NONE = auto()


@dataclass(frozen=True)
class _Label:
    """A text about the marks of a case."""

    title: Sequence[str]
    rest: Sequence[str]
    box: Box


@dataclass(frozen=True)
class _Panel:
    """What is drawn in a panel: marks with their heights, labels, and headings at theirs."""

    height: float
    y: Spec
    data: Sequence[Spec]
    labels: Sequence[_Label] = ()
    headings: Sequence[tuple[str, float]] = ()
    title: str = ""


def is_crowded(shown: Sequence[WarningShown]) -> bool:
    """Return whether there are too many warnings for labels."""
    return len(shown) > MOST_LABELLED


def drawn(shown: Sequence[WarningShown], frame: Frame) -> Spec:
    """Return the specification of the picture."""
    width = frame.width - AXIS - _RIGHT
    days = Symlog(max(7, *(one.most for one in shown)), _EDGE, width - _EDGE, 0, width)
    numbers = {group[0].record.slug: place for place, group in enumerate(by_case(shown), 1)}
    kinds = (_Labels.NONE,) if is_crowded(shown) else (_Labels.TEXTS, _Labels.NUMBERS)
    drawings = (_Drawing(days, width, kind, numbers) for kind in kinds)
    found = ((drawing, drawing.panels(shown)) for drawing in drawings)
    drawing, panels = next((one, panels) for one, panels in found if panels)
    views = [
        drawing.view(panel, is_last=place == len(panels)) for place, panel in enumerate(panels, 1)
    ]
    if drawing.labels is _Labels.NUMBERS:
        views.append(key_of_numbers(by_case(shown), width))
    return styled({"vconcat": [key_of_weights(frame, width), *views], "spacing": 16}, frame)


@dataclass(frozen=True)
class _Drawing:
    """How marks are drawn: the scale of days, the width, their labels, the numbers of cases."""

    days: Symlog
    width: float
    labels: _Labels
    numbers: Mapping[str, int]

    @property
    def is_crowded(self) -> bool:
        return self.labels is _Labels.NONE

    @property
    def mark(self) -> int:
        return SMALL_MARK if self.is_crowded else MARK

    def panels(self, shown: Sequence[WarningShown]) -> list[_Panel]:
        """Return what is drawn; nothing if labels have no room."""
        with_figure = [one for one in shown if one.deaths is not None]
        without = [one for one in shown if one.deaths is None]
        panels = [self.of_deaths(with_figure)] if with_figure else []
        if without:
            panels.append(self.without_deaths(without))
        return [panel for panel in panels if panel] if all(panels) else []

    def box(self, one: WarningShown, y: float) -> Box:
        half = self.mark / 2 + 1
        left, right = self.days.at(one.least), self.days.at(one.most)
        return Box(left - half, y - half, right + half, y + half)

    def _width(self, one: WarningShown) -> float:
        return self.days.at(one.most) - self.days.at(one.least)

    # --- Warnings with a lower bound of deaths ---

    def of_deaths(self, shown: Sequence[WarningShown]) -> _Panel | None:
        """Return their panel, as high as labels need it; None if they have no room at all."""
        most = max(10, *(one.deaths or 0 for one in shown))
        above, heights = _EDGE, [_HIGH if self.is_crowded else _HEIGHT]
        if self.labels is _Labels.TEXTS:
            # Room for a label above the marks with the most deaths.
            highest = max(self._size(self._lines(group))[1] for group in by_case(shown))
            above, heights = round(_EDGE + 4 * MARK + highest), [*range(_HEIGHT, 2 * _HEIGHT, 60)]
        for height in heights:
            deaths = Symlog(most, height - _EDGE, above, height, 0)
            # Where marks meet, the shorter lies on the longer; none is moved from its number.
            in_order = sorted(shown, key=lambda one: self._width(one), reverse=True)
            marks = [(one, deaths.at(one.deaths or 0)) for one in in_order]
            labels = self._placed(marks, height)
            if labels is None:
                continue
            widest = {id(group[0]) for group in by_case(in_order)}
            data = [
                self._datum(one, one.deaths or 0, has_triangle=id(one) in widest)
                for one in in_order
            ]
            return _Panel(height, axis_of_deaths(deaths), data, labels, title="Deaths, at least")
        return None

    def _placed(self, marks: Sequence[_Placed], height: float) -> list[_Label] | None:
        """Return a label for each case that lies on no mark and no other label; None if one would.

        From the top down, so that those with the most deaths have the room above.
        """
        if self.is_crowded:
            return []
        marks = sorted(marks, key=lambda mark: mark[1])
        at = {id(one): y for one, y in marks}
        taken = [self.box(one, y) for one, y in marks]
        room = Box(0, 0, self.width - _EDGE, height)
        labels: list[_Label] = []
        for group in by_case([one for one, _ in marks]):
            lines = self._lines(group)
            own = Box.around([self.box(one, at[id(one)]) for one in group])
            size = self._size(lines)
            box = free_place(size, own, [*taken, *(one.box for one in labels)], room)
            if box is None and self.labels is _Labels.TEXTS:
                return None
            # A number on another mark is better than none.
            box = box or Box(own.right + 4, own.top, own.right + 4 + size[0], own.top + size[1])
            labels.append(_Label(*lines, box))
        return labels

    def _lines(
        self, group: Sequence[WarningShown], room: float = _LABEL
    ) -> tuple[list[str], list[str]]:
        """Return the lines of the label of a case: those of its title, and the rest."""
        if self.labels is _Labels.NUMBERS:
            return [str(self.numbers[group[0].record.slug])], []
        room = min(room, self.width - 10)
        rest = [
            line for text in about(group) for line in lines_of(capfirst(text), SMALL_TEXT, room, 2)
        ]
        return lines_of(group[0].record.title, SMALL_TEXT, room, 2), rest

    def _size(self, label: tuple[list[str], list[str]]) -> tuple[float, float]:
        lines = [*label[0], *label[1]]
        return max(width_of(line, SMALL_TEXT) for line in lines), float(LINE * len(lines))

    # --- Warnings without one ---

    def without_deaths(self, shown: Sequence[WarningShown]) -> _Panel:
        """Return their panel: in rows, by the reason why there is no number."""
        marks: list[_Placed] = []
        labels: list[_Label] = []
        headings: list[tuple[str, float]] = []
        y = 0.0
        for band in sorted({one.band for one in shown}):
            y += 10 if headings else 0
            headings.append((band, y))
            y += LINE + 6
            of_band = [one for one in shown if one.band == band]
            if self.is_crowded:
                placed, y = self._packed(of_band, y)
                marks += placed
                continue
            for group in by_case(of_band):
                placed, label, y = self._in_rows(group, y)
                marks += placed
                labels.append(label)
        return _Panel(
            height=y,
            y=axis_of_rows(y),
            data=[self._datum(one, at) for one, at in marks],
            labels=labels,
            headings=headings,
        )

    def _in_rows(
        self, group: Sequence[WarningShown], y: float
    ) -> tuple[list[_Placed], _Label, float]:
        """Return the marks of a case, a row for each, its label, and where they end."""
        rows = [(one, y + 8 + place * (MARK + 4)) for place, one in enumerate(group)]
        own = Box.around([self.box(one, at) for one, at in rows])
        right, left = self.width - own.right - 8, own.left - 8
        room = max(right, left)
        is_below = self.labels is _Labels.TEXTS and room < _LABEL * 0.8
        lines = self._lines(group, self.width if is_below else min(room, 1.4 * _LABEL))
        across, down = self._size(lines)
        if is_below:
            at, top = min(max(own.left, 0), max(self.width - across, 0)), own.bottom + 4
        else:
            at, top = own.right + 8 if room == right else left - across, y
        label = _Label(*lines, Box(at, top, at + across, top + down))
        return rows, label, max(own.bottom, top + down) + 8

    def _packed(self, shown: Sequence[WarningShown], y: float) -> tuple[list[_Placed], float]:
        """Return marks in as few rows as have room for them, and where they end."""
        ends: list[float] = []
        marks = []
        for one in sorted(shown, key=lambda one: (one.least, one.most)):
            box = self.box(one, 0)
            row = next((row for row, end in enumerate(ends) if end <= box.left), len(ends))
            if row == len(ends) < _ROWS:
                ends.append(0.0)
            row = min(row, _ROWS - 1)
            ends[row] = max(ends[row], box.right)
            marks.append((one, y + 6 + row * (self.mark + 4)))
        return marks, y + len(ends) * (self.mark + 4) + 8

    # --- The specification ---

    def _datum(self, one: WarningShown, y: float, *, has_triangle: bool = False) -> Spec:
        days = self.days
        datum: Spec = {
            "case": one.record.title,
            "warning": one.warning.sequence,
            "days_least": one.least,
            "days_most": one.most,
            "deaths_least": one.deaths,
            "deaths": one.deaths_text,
            "named": len(one.named),
            "weight": WEIGHTS[len(one.named)],
            "y": round(y, 3),
            "address": SITE + one.address,
            "says": one.says,
        }
        if not self.is_crowded and has_triangle and one.is_open:
            middle = (days.at(one.least) + days.at(one.most)) / 2
            datum["open_at"] = round(days.value(middle), 2)
        return datum

    def view(self, panel: _Panel, *, is_last: bool) -> Spec:
        """Return the specification of a panel; the last one has the axis of days."""
        x = axis_of_days(self.days, is_last=is_last)
        bar = {"x": x, "x2": {"field": "days_most"}, "y": panel.y}
        dot = {"x": x, "y": panel.y}
        exact = {"transform": [{"filter": "datum.days_least === datum.days_most"}]}
        vague = {"transform": [{"filter": "datum.days_least < datum.days_most"}]}
        link = {"href": {"field": "address"}, "description": {"field": "says"}}
        of_bar: Spec = {"type": "bar", "orient": "horizontal"}
        of_bar |= {} if self.is_crowded else {"cornerRadius": 2}
        of_dot: Spec = {"type": "circle", "opacity": 1}
        size = _THINNER if self.is_crowded else _THIN
        bars, dots = LOOK | of_bar | {"size": size}, LOOK | of_dot | {"size": self.mark**2}
        if self.is_crowded:
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
                    "encoding": {"x": x | {"field": "open_at"}, "y": panel.y},
                },
                # Lines of the axes are not seen through marks, nor bars through marks of days.
                vague | {"mark": bars | {"fill": SURFACE}, "encoding": bar},
                vague | {"mark": bars, "encoding": bar | _FILLED},
                exact | {"mark": dots | {"fill": SURFACE}, "encoding": dot},
                exact | {"mark": dots, "encoding": dot | _FILLED},
                *(layer for label in panel.labels for layer in _texts(label)),
                vague | {"mark": AREA | of_bar | {"size": MARK + 8}, "encoding": bar | link},
                exact
                | {"mark": AREA | of_dot | {"size": (MARK + 10) ** 2}, "encoding": dot | link},
            ]
        view: Spec = {
            "width": self.width,
            "height": panel.height,
            "data": {"values": panel.data},
            "layer": [*(text_at([text], 0, at, INK_SOFT) for text, at in panel.headings), *layers],
        }
        return view | ({"title": _small_title(panel.title)} if panel.title else {})


_FILLED: Spec = {
    "fillOpacity": {"field": "weight", "type": "quantitative", "scale": None, "legend": None}
}


def _texts(label: _Label) -> list[Spec]:
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


def _small_title(text: str) -> Spec:
    return {
        "text": text,
        "fontSize": SMALL_TEXT,
        "color": INK_SOFT,
        "fontWeight": "normal",
        "anchor": "start",
        "offset": 8,
    }
