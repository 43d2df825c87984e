"""What explains the marks: how much a weight stands for, and the cases that numbers stand for."""

from __future__ import annotations

from collections.abc import Sequence

from cases.presentation.charts.drawing.style import INK, INK_SOFT, SMALL_TEXT
from cases.presentation.charts.drawing.text_width import lines_of
from cases.presentation.charts.picture import WIDE, Frame, Spec

from .look import LINE, LOOK, MARK, ONE, WEIGHTS, text_at
from .warning_shown import WarningShown, about


def key_of_weights(frame: Frame, width: float) -> Spec:
    """Return what the weight of a mark means, as numbers beside marks."""
    step, end = 44, 44 * len(WEIGHTS)
    beside = (end, 0) if frame is WIDE else (0, LINE + 2)
    layers: list[Spec] = [text_at(["of who, target, place and time named"], *beside, INK_SOFT)]
    for number, weight in enumerate(WEIGHTS):
        across = 8 + number * step
        dot = LOOK | {"type": "circle", "size": MARK**2, "fillOpacity": weight}
        layers += [
            ONE | {"mark": dot, "encoding": {"x": {"value": across}, "y": {"value": 8}}},
            text_at([str(number)], across + 10, 0, INK),
        ]
    return {"width": width, "height": beside[1] + LINE, "layer": layers}


def key_of_numbers(groups: Sequence[Sequence[WarningShown]], width: float) -> Spec:
    """Return what the numbers beside marks stand for."""
    layers: list[Spec] = []
    top = 0.0
    for number, group in enumerate(groups, 1):
        title = lines_of(group[0].record.title, SMALL_TEXT, width - 24, 2)
        rest = lines_of("; ".join(about(group)), SMALL_TEXT, width - 24, 6)
        layers += [
            text_at([str(number)], 0, top, INK),
            text_at(title, 24, top, INK),
            text_at(rest, 24, top + LINE * len(title), INK_SOFT),
        ]
        top += LINE * (len(title) + len(rest)) + 6
    return {"width": width, "height": top, "layer": layers}
