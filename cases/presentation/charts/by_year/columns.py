"""The columns of the picture: where each lies, and which of them the axis labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cases.presentation.charts.drawing.style import SMALL_TEXT
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import Spec

from .periods import Period

# Pixels: the width of a column, at most; the place of what is no period.
_WIDEST, _APART = 48, 56

# The part of a period that is left between columns.
_BETWEEN = 0.14


@dataclass(frozen=True)
class PeriodColumn:
    """A column in the drawing: where it begins and how wide its place is, in periods."""

    period: Period
    place: float
    size: float

    @property
    def centre(self) -> float:
        return self.place + self.size / 2

    @property
    def edges(self) -> tuple[float, float]:
        half = (1 - _BETWEEN) / 2
        return self.centre - half, self.centre + half

    @property
    def label(self) -> list[str]:
        return self.period.label.split(" ")


def columns_of(periods: Sequence[Period], width: float) -> tuple[list[PeriodColumn], float]:
    """Return the columns from the left, and the width of a period in pixels.

    What is no period stands apart, in a place that has room for its label.
    """
    named = sum(one.start is not None for one in periods)
    step = min((width - (len(periods) - named) * _APART) / max(named, 1), _WIDEST)
    columns: list[PeriodColumn] = []
    place = 0.0
    for one in periods:
        size = 1.0 if one.start is not None else _APART / step
        columns.append(PeriodColumn(one, place, size))
        place += size
    return columns, step


def time_axis(columns: Sequence[PeriodColumn], step: float, length: int) -> Spec:
    """Return the axis of periods, with as many labels as there is room for."""
    named = [one for one in columns if one.period.start is not None]
    widths = {
        one.period.label: max(width_of(line, SMALL_TEXT) for line in one.label) for one in columns
    }
    longest = max((widths[one.period.label] for one in named), default=0) + 8
    # Years in threes would be odd; decades are few.
    steps = (1, 2, 5, 10, 20, 50, 100) if length == 1 else (1, 2, 3, 5, 10)
    every = next((n for n in steps if n * step >= longest), steps[-1])
    labelled = [one for one in columns if one.period.start is None]
    for one in named:
        is_due = (one.period.start or 0) // length % every == 0 or len(named) < every
        if is_due and all(
            abs(one.centre - other.centre) * step
            >= (widths[one.period.label] + widths[other.period.label]) / 2 + 4
            for other in labelled
        ):
            labelled.append(one)
    centres = [round(one.centre, 3) for one in labelled]
    texts = [one.label for one in labelled]
    return {
        "values": centres,
        "labelExpr": f"{json.dumps(texts)}[indexof({centres}, datum.value)]",
        "labelOverlap": False,
        "grid": False,
        "ticks": False,
        "labelPadding": 6,
        "labelFontSize": SMALL_TEXT,
    }
