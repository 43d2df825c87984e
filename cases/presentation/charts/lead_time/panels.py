"""The panels: where the marks of warnings and their labels lie, before they are drawn.

Few warnings are labelled with their case. Where labels have no room beside the marks they are
numbers, which a key below explains; with many there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from django.utils.text import capfirst

from cases.presentation.charts.drawing.style import SMALL_TEXT
from cases.presentation.charts.drawing.text_width import lines_of, width_of

from .look import LINE, MARK, SMALL_MARK
from .places import Box, Symlog, free_place
from .warning_shown import WarningShown, about, by_case

# Warnings that are labelled with their case.
MAX_LABELLED = 12

# Pixels: the edge within a panel, and the width of a label.
_EDGE, _LABEL = 14, 300

# Pixels: the height of the panel of deaths with labels, and of that with many marks.
_HEIGHT, _HIGH = 300, 420

# Rows of marks without a figure, at most; further marks lie on others.
_ROWS = 20

# A warning and the height of its mark in pixels.
_Placed = tuple[WarningShown, float]


class Labels(Enum):
    """The label of the marks of a case."""

    TEXTS = auto()
    NUMBERS = auto()
    NONE = auto()


@dataclass(frozen=True)
class Label:
    """A text about the marks of a case."""

    title: Sequence[str]
    rest: Sequence[str]
    box: Box


class Mark(NamedTuple):
    """A warning at a height on the scale of its panel."""

    shown: WarningShown
    y: float
    is_widest: bool = False
    """Whether it is the widest of its case, which has the triangle."""


@dataclass(frozen=True)
class Panel:
    """What is drawn in a panel: marks with their heights, labels, and headings at theirs.

    `deaths` is the scale of the heights of marks; without one they are pixels.
    """

    height: float
    marks: Sequence[Mark]
    labels: Sequence[Label]
    headings: Sequence[tuple[str, float]] = ()
    deaths: Symlog | None = None


def is_crowded(shown: Sequence[WarningShown]) -> bool:
    """Return whether there are too many warnings for labels."""
    return len(shown) > MAX_LABELLED


def laid_out(shown: Sequence[WarningShown], width: float) -> tuple[Layout, list[Panel]]:
    """Return the panels with the first kind of labels that has room, and their layout."""
    days = Symlog(max(7, *(one.most for one in shown)), _EDGE, width - _EDGE, 0, width)
    numbers = {group[0].record.slug: place for place, group in enumerate(by_case(shown), 1)}
    kinds = (Labels.NONE,) if is_crowded(shown) else (Labels.TEXTS, Labels.NUMBERS)
    layouts = (Layout(days, width, kind, numbers) for kind in kinds)
    found = ((layout, layout.panels(shown)) for layout in layouts)
    return next((layout, panels) for layout, panels in found if panels)


@dataclass(frozen=True)
class Layout:
    """How marks are laid out: the scale of days, the width, their labels, the numbers of cases."""

    days: Symlog
    width: float
    labels: Labels
    numbers: Mapping[str, int]

    @property
    def is_crowded(self) -> bool:
        return self.labels is Labels.NONE

    @property
    def mark(self) -> int:
        """The size of a mark."""
        return SMALL_MARK if self.is_crowded else MARK

    def panels(self, shown: Sequence[WarningShown]) -> list[Panel]:
        """Return the panels; none if labels have no room."""
        with_figure = [one for one in shown if one.deaths is not None]
        without = [one for one in shown if one.deaths is None]
        panels = [self._of_deaths(with_figure)] if with_figure else []
        if without:
            panels.append(self._without_deaths(without))
        return [panel for panel in panels if panel] if all(panels) else []

    def _box(self, one: WarningShown, y: float) -> Box:
        half = self.mark / 2 + 1
        left, right = self.days.at(one.least), self.days.at(one.most)
        return Box(left - half, y - half, right + half, y + half)

    def _width(self, one: WarningShown) -> float:
        return self.days.at(one.most) - self.days.at(one.least)

    # --- Warnings with a lower bound of deaths ---

    def _of_deaths(self, shown: Sequence[WarningShown]) -> Panel | None:
        """Return their panel, as high as labels need it; None if they have no room at all."""
        most = max(10, *(one.deaths or 0 for one in shown))
        above, heights = _EDGE, [_HIGH if self.is_crowded else _HEIGHT]
        if self.labels is Labels.TEXTS:
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
            drawn = [Mark(one, one.deaths or 0, is_widest=id(one) in widest) for one in in_order]
            return Panel(height, drawn, labels, deaths=deaths)
        return None

    def _placed(self, marks: Sequence[_Placed], height: float) -> list[Label] | None:
        """Return a label for each case that lies on no mark and no other label; None if one would.

        From the top down, so that those with the most deaths have the room above.
        """
        if self.is_crowded:
            return []
        marks = sorted(marks, key=lambda mark: mark[1])
        at = {id(one): y for one, y in marks}
        taken = [self._box(one, y) for one, y in marks]
        room = Box(0, 0, self.width - _EDGE, height)
        labels: list[Label] = []
        for group in by_case([one for one, _ in marks]):
            lines = self._lines(group)
            own = Box.around([self._box(one, at[id(one)]) for one in group])
            size = self._size(lines)
            box = free_place(size, own, [*taken, *(one.box for one in labels)], room)
            if box is None and self.labels is Labels.TEXTS:
                return None
            # A number on another mark is better than none.
            box = box or Box(own.right + 4, own.top, own.right + 4 + size[0], own.top + size[1])
            labels.append(Label(*lines, box))
        return labels

    def _lines(
        self, group: Sequence[WarningShown], room: float = _LABEL
    ) -> tuple[list[str], list[str]]:
        """Return the lines of the label of a case: those of its title, and the rest."""
        if self.labels is Labels.NUMBERS:
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

    def _without_deaths(self, shown: Sequence[WarningShown]) -> Panel:
        """Return their panel: in rows, by the reason why there is no number."""
        marks: list[_Placed] = []
        labels: list[Label] = []
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
        return Panel(y, [Mark(one, at) for one, at in marks], labels, headings)

    def _in_rows(
        self, group: Sequence[WarningShown], y: float
    ) -> tuple[list[_Placed], Label, float]:
        """Return the marks of a case, a row for each, its label, and where they end."""
        rows = [(one, y + 8 + place * (MARK + 4)) for place, one in enumerate(group)]
        own = Box.around([self._box(one, at) for one, at in rows])
        right, left = self.width - own.right - 8, own.left - 8
        room = max(right, left)
        is_below = self.labels is Labels.TEXTS and room < _LABEL * 0.8
        lines = self._lines(group, self.width if is_below else min(room, 1.4 * _LABEL))
        across, down = self._size(lines)
        if is_below:
            at, top = min(max(own.left, 0), max(self.width - across, 0)), own.bottom + 4
        else:
            at, top = own.right + 8 if room == right else left - across, y
        label = Label(*lines, Box(at, top, at + across, top + down))
        return rows, label, max(own.bottom, top + down) + 8

    def _packed(self, shown: Sequence[WarningShown], y: float) -> tuple[list[_Placed], float]:
        """Return marks in as few rows as have room for them, and where they end."""
        ends: list[float] = []
        marks = []
        for one in sorted(shown, key=lambda one: (one.least, one.most)):
            box = self._box(one, 0)
            row = next((row for row, end in enumerate(ends) if end <= box.left), len(ends))
            if row == len(ends) < _ROWS:
                ends.append(0.0)
            row = min(row, _ROWS - 1)
            ends[row] = max(ends[row], box.right)
            marks.append((one, y + 6 + row * (self.mark + 4)))
        return marks, y + len(ends) * (self.mark + 4) + 8
