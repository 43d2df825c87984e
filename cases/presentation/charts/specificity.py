"""How specific warnings were: what they said of who attacks, the target, the place and the time.

A grid of bars, a row for each of the four and a column for each value; on a narrow screen, the bars
of the values below each other for each of the four. It does not add anything up:
a case with two warnings can be in two columns of a row, so there are no stacked bars and no shares.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils.text import get_text_list

from cases.models.vocabulary import Specificity
from cases.text.plurals import counted

from .case_set import CaseSet, Counted, explained_star
from .drawing.column_heads import room_of
from .drawing.style import ABSENCE, ACCENT, AREA, TEXT, styled
from .picture import CASES, INFERRED, NARROW, Cell, Frame, Picture, Spec, coded

# The filter of each subject, its label in the picture, and its name in a sentence.
SUBJECTS = {
    "specificity_who": ("Who attacks", "who attacks"),
    "specificity_target": ("Target", "the target"),
    "specificity_place": ("Place", "the place"),
    "specificity_time": ("Time", "the time"),
}

Grid = dict[tuple[str, str], Counted]

# How firmly a bar is filled: the less the warning said, the less; what is not stated is empty.
_WEIGHTS: dict[str, float] = {
    Specificity.NAMED: 1.0,
    Specificity.CATEGORY: 0.5,
    Specificity.ABSENT: 0.15,
    Specificity.NOT_STATED: 0.0,
}
_AS_IS: Spec = {"scale": None, "legend": None}

# Pixels: between columns; a digit; beside the number of a bar.
_GAP, _DIGIT, _BESIDE = 14, 8, 10


class _Chart:
    name = "specificity"
    title = "How specific warnings were"

    def __call__(self, cases: CaseSet) -> Picture:
        shown = {name: set(cases.values(name)) for name in SUBJECTS}
        grid = {
            (name, value): cases.having({name: value})
            for name in SUBJECTS
            for value in Specificity.values
            if value in shown[name]
        }
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases, grid),
            caveat=_caveat(cases, {value for _, value in grid}) + explained_star(grid.values()),
            columns=[
                coded("subject", "About"),
                coded("specificity", "The warning"),
                CASES,
                INFERRED,
            ],
            rows=[
                (
                    Cell(SUBJECTS[name][0], codes=(name,)),
                    cases.cell(name, value),
                    *found.cells,
                )
                for (name, value), found in grid.items()
            ],
            draw=lambda frame: _draw(cases, grid, frame),
            drawn=cases.with_a_warning,
        )


SPECIFICITY = _Chart()


def _finding(cases: CaseSet, grid: Grid) -> str:
    warned = cases.with_a_warning
    if not warned:
        return "No case here has a warning."
    # An address that asks for other values leaves out what was named.
    asked = [name for name in SUBJECTS if cases.asks_for(name, Specificity.NAMED)]
    named = {
        SUBJECTS[name][1]: grid.get((name, Specificity.NAMED), Counted(0, "")) for name in asked
    }
    begin = "In the one case" if warned == 1 else f"Of {warned:,} cases"
    begin += " with a warning"
    if not named:
        return f"{begin}, none is asked for in which something was named."
    if not any(found.count for found in named.values()):
        return f"{begin}, none is known to have named {' or '.join(named)}."
    ranked = sorted(named, key=lambda subject: -named[subject].count)
    if warned == 1:
        ranked = [subject for subject in ranked if named[subject].count]
    phrases = [_phrase(subject, named[subject], warned) for subject in ranked]
    return f"{begin}, a warning names {get_text_list(phrases, 'and')}."


def _phrase(subject: str, found: Counted, warned: int) -> str:
    if warned == 1:
        return f"{subject} (inferred by editors)" if found.inferred else subject
    some = "" if found.count == 1 else f"{found.inferred:,} of them "
    inferred = f" ({some}inferred by editors)" if found.inferred else ""
    return f"{subject} in {f'{found.count:,}' if found.count else 'none'}{inferred}"


def _caveat(cases: CaseSet, shown: Collection[str]) -> str:
    without = len(cases) - cases.with_a_warning
    verb = "is" if without == 1 else "are"
    left_out = f"{counted(without, 'case')} without a warning {verb} not here. "
    meanings = [
        text
        for value, text in (
            (Specificity.ABSENT, "“absent”: the warning is known to have left it out"),
            (Specificity.NOT_STATED, "“not stated”: the sources do not say what the warning said"),
        )
        if value in shown
    ]
    explained = f"In this picture, {'; '.join(meanings)}. " if meanings else ""
    return (
        f"{left_out if without else ''}{explained}"
        "A case with several warnings can be in several columns of a row. "
        "Cases of every kind count that have a warning, strategic disclosures too."
    )


def _draw(cases: CaseSet, grid: Grid, frame: Frame) -> Spec:
    values = [value for value in Specificity.values if any(value == two for _, two in grid)]
    most = max(found.count for found in grid.values())
    subjects = [label for label, _ in SUBJECTS.values()]
    words = [cases.label("specificity_who", value) for value in values]
    # On a narrow screen the values of a subject stand below each other, under its name.
    narrow = frame is NARROW
    labels = room_of(words if narrow else subjects, frame.labels)
    columns = 1 if narrow else max(len(values), 2)
    width = (frame.width - labels - _GAP * (columns - 1)) // columns - (12 if narrow else 5)
    rows = [
        {
            "subject": SUBJECTS[name][0],
            "specificity": cases.label(name, value),
            "cases": found.count,
            "number": found.number,
            "weight": _WEIGHTS[value],
            "address": found.absolute,
            "says": f"{SUBJECTS[name][0]}: {cases.label(name, value)}: {found.text}",
        }
        for (name, value), found in grid.items()
    ]
    # The longest bar leaves room for its number.
    number = _DIGIT * len(f"{most:,}") + _BESIDE
    longest = most * width / max(width - number, 1)
    scale = {"domain": [0, longest], "nice": False}
    return styled(
        {
            "data": {"values": rows},
            "facet": {
                "row" if narrow else "column": {
                    "field": "subject" if narrow else "specificity",
                    "type": "nominal",
                    "sort": subjects if narrow else words,
                    "header": {
                        "title": None,
                        "labelAnchor": "start",
                        "labelPadding": 6,
                        "labelOrient": "top",
                        "labelFontWeight": "bold" if narrow else "normal",
                    },
                }
            },
            "spacing": _GAP,
            "spec": {
                "width": width,
                "height": {"step": 26 if narrow else 38},
                "encoding": {
                    "y": {
                        "field": "specificity" if narrow else "subject",
                        "type": "nominal",
                        "sort": words if narrow else subjects,
                        "title": None,
                        "axis": {
                            "domain": False,
                            "ticks": False,
                            "labelPadding": 8,
                            "minExtent": labels,
                        },
                    }
                },
                "layer": [
                    {
                        "mark": {
                            "type": "bar",
                            "height": 16 if narrow else 22,
                            "fill": ACCENT,
                            "strokeWidth": 1,
                        },
                        "encoding": {
                            "x": {
                                "field": "cases",
                                "type": "quantitative",
                                "scale": scale,
                                "axis": None,
                            },
                            "fillOpacity": {"field": "weight", "type": "quantitative"} | _AS_IS,
                            "stroke": {
                                "condition": {"test": "datum.weight === 0", "value": ABSENCE},
                                "value": ACCENT,
                            },
                        },
                    },
                    {
                        "mark": {
                            "type": "text",
                            "fontSize": TEXT,
                            "align": "left",
                            "baseline": "middle",
                            "dx": 6,
                        },
                        "encoding": {
                            "x": {"field": "cases", "type": "quantitative"},
                            "text": {"field": "number"},
                        },
                    },
                    {
                        "mark": AREA | {"type": "bar", "height": 24 if narrow else 30},
                        "encoding": {
                            "x": {"datum": 0, "type": "quantitative"},
                            "x2": {"datum": longest},
                            "href": {"field": "address"},
                            "description": {"field": "says"},
                        },
                    },
                ],
            },
        },
        frame,
    )
