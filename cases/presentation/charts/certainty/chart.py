"""How certain the coded values are: of all cases together, and of each of a limited number.

It counts coded values and not cases, which no address can ask for. So these numbers are no links;
beside each the table has the cases in which a claim has that certainty, and a list of those. A
value counts with its most certain claim, so these cases are not the same as those of the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.text import get_text_list

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.certainty import CONTESTED, Certainty, CertaintyRow, certainty_of
from cases.models.vocabulary import NOT_STATED, Modality
from cases.presentation.charts.case_set import SITE, CaseSet
from cases.presentation.charts.drawing.legend import Legend
from cases.presentation.charts.drawing.style import (
    ABSENCE,
    ACCENT,
    AREA,
    INK_SOFT,
    SURFACE,
    TEXT,
    TOKENS,
    room,
    styled,
)
from cases.presentation.charts.drawing.text_width import lines_of, width_of
from cases.presentation.charts.picture import (
    CASE,
    WIDE,
    Cell,
    Column,
    Frame,
    Picture,
    Row,
    Spec,
    all_cell,
    coded,
)
from cases.text.plurals import counted
from cases.versions.current import current_records

from .case_certainty import CaseCertainty
from .wording import share_text, words_of

NAME, TITLE = "certainty", "How certain the coded values are"

# Cases that have a bar of their own.
MOST_CASES = 20

# Certainties that the finding names one by one.
MOST_NAMED = 4


class _Group(NamedTuple):
    """Certainties that look alike: how their part of a bar is filled, and how high it is."""

    label: str
    fill: str
    edge: str
    opacity: float = 1.0
    height: int = 16


# The kinds of one group cannot be told apart where they are short, so they look alike. In order.
_SAID = _Group("Said by a source", ACCENT, ACCENT)
_WEAKER = _Group("Weaker", ACCENT, ACCENT, 0.35)
_BY_EDITORS = _Group("Inferred by editors", TOKENS["note-soft"], TOKENS["note"], height=8)
_DISPUTED = _Group("Contested", TOKENS["dispute"], TOKENS["dispute"])
_SILENCE = _Group("Not stated", SURFACE, ABSENCE)
_GROUPS = (_SAID, _WEAKER, _BY_EDITORS, _DISPUTED, _SILENCE)

# Those that are not listed are weaker, as is a certainty that was removed from the vocabulary.
_GROUP_OF: dict[str, _Group] = {
    Modality.QUOTED: _SAID,
    Modality.STATED: _SAID,
    Modality.INFERRED: _BY_EDITORS,
    CONTESTED: _DISPUTED,
    NOT_STATED: _SILENCE,
}

# Pixels: a row of all values, a row of a case with a line of its title, another line, a bar; the
# labels of the rows; the edge of a picture.
_ROW, _CASE_ROW, _LINE, _BAR = 26, 48, 16, 16
_LABELS, _EDGE = 92, 6

# Pixels: between groups in a bar; about the heading of the bars of cases.
_GAP, _AROUND = 2, 8

_TEXT: Spec = {"type": "text", "baseline": "middle", "fontSize": TEXT}


class _Chart:
    name, title = NAME, TITLE

    def __call__(self, cases: CaseSet) -> Picture:
        everything = cases.certainty
        shown = [
            CaseCertainty(record, certainty_of(CaseEvidence(record)))
            for record in current_records(cases.filter.keys[:MOST_CASES]).values()
        ]
        return Picture(
            name=NAME,
            title=TITLE,
            finding=_finding(cases, everything),
            caveat=_caveat(cases, everything, shown),
            columns=[
                CASE,
                coded("certainty", "Certainty"),
                Column("values", "Coded values", is_number=True),
                Column("of", "Of all its coded values", is_number=True),
                Column("cases", "Cases with such a claim", is_number=True),
            ],
            rows=[
                *_rows(all_cell("All", CASE), everything, cases),
                *(row for one in shown for row in _rows(one.cell, one.certainty)),
            ]
            if everything.total
            else [],
            draw=lambda frame: _draw(cases, everything, shown, frame),
            sample=f"the first {len(shown)} of {len(cases):,} cases"
            if len(cases) > len(shown)
            else "",
        )


CERTAINTY = _Chart()


def _rows(case: Cell, certainty: Certainty, cases: CaseSet | None = None) -> list[Row]:
    """Return the rows of a case, or of all `cases` together."""
    return [
        (
            case,
            Cell(row.label, codes=(row.name,)),
            Cell(row.count),
            Cell(certainty.total),
            _with_claim(cases, row.name) if cases else Cell(None),
        )
        for row in certainty.present
    ]


def _with_claim(cases: CaseSet, name: str) -> Cell:
    """Return the cases with a claim of a certainty, or with a contested value."""
    asked = {"contested": "yes"} if name == CONTESTED else {"modality": name}
    ((parameter, value),) = asked.items()
    if value not in cases.values(parameter):
        return Cell(None)
    found = cases.having(asked)
    return Cell(found.count, found.address)


def _finding(cases: CaseSet, everything: Certainty) -> str:
    if not everything.total:
        return "No value is coded here."
    ranked = sorted(everything.present, key=lambda row: -row.count)
    if everything.total == 1:
        return f"The one coded value here is {words_of(ranked[0])}."
    begin = f"Of {counted(everything.total, 'coded value')} in {counted(len(cases), 'case')}"
    if len(ranked) == 1:
        return f"{begin}, all are {words_of(ranked[0])}."
    named, others = ranked[:MOST_NAMED], ranked[MOST_NAMED:]
    parts = [f"{share_text(row.share)} {words_of(row)}" for row in named[1:]]
    first = f"{share_text(named[0].share)} are {words_of(named[0])}"
    finding = f"{begin}, {get_text_list([first, *parts], 'and')}"
    if not others:
        return f"{finding}."
    share = share_text(sum(row.share or 0 for row in others))
    return f"{finding}; the other {share} are {get_text_list([words_of(row) for row in others])}."


def _caveat(cases: CaseSet, everything: Certainty, shown: Sequence[CaseCertainty]) -> str:
    some = (
        f"Only the first {len(shown)} of {len(cases):,} cases in the order of the list have a bar. "
    )
    which = some if len(cases) > len(shown) else ""
    apart = everything.not_applicable
    left_out = f"{counted(apart, 'value')} that {'does' if apart == 1 else 'do'} not apply "
    return (
        f"{which}Coded values are counted, each with its most certain claim; a contested one "
        "counts as contested only. “Said by a source”: quoted or stated; “weaker”: attributed, "
        "reported, alleged, unclear or without a claim. "
        "A quotation is certain about the words, not about the thing. "
        + (f"{left_out}{'is' if apart == 1 else 'are'} left out." if apart else "")
    ).strip()


def _draw(
    cases: CaseSet, everything: Certainty, shown: Sequence[CaseCertainty], frame: Frame
) -> Spec:
    width = frame.width - 2 * _EDGE
    views = [_overall(everything, width)]
    # One case is all of them.
    if len(cases) > 1:
        views.append(_of_cases(cases, shown, width, lines=1 if frame is WIDE else 3))
    return styled({"vconcat": views, "spacing": 26}, frame)


def _group_of(row: CertaintyRow) -> _Group:
    return _GROUP_OF.get(row.name, _WEAKER)


def _look(group: _Group) -> Spec:
    return {
        "fill": group.fill,
        "edge": group.edge,
        "opacity": group.opacity,
        "height": group.height,
    }


_FILLED: Spec = {
    "fill": {"field": "fill", "type": "nominal", "scale": None},
    "stroke": {"field": "edge", "type": "nominal", "scale": None},
    "fillOpacity": {"field": "opacity", "type": "quantitative", "scale": None, "legend": None},
    "size": {"field": "height", "type": "quantitative", "scale": None, "legend": None},
}


def _overall(everything: Certainty, width: int) -> Spec:
    """Return a row of bars of all values, which is the legend of the bars of the cases too."""
    rows = sorted(everything.present, key=lambda row: _GROUPS.index(_group_of(row)))
    most = max(row.count for row in rows)
    data: list[Spec] = []
    end = 0.0
    for row, before in zip(rows, [rows[0], *rows], strict=False):
        # Groups stand apart.
        end += 0.4 if _group_of(row) != _group_of(before) else 0.0
        data.append(
            {
                "certainty": row.label,
                "values": row.count,
                "place": round(end, 1),
                "text": f"{row.count:,} · {share_text(row.share)}",
            }
            | _look(_group_of(row))
        )
        end += 1
    numbers = max(width_of(str(one["text"]), TEXT) for one in data) + 6
    length = width - _LABELS - numbers
    return {
        "width": width,
        "height": _ROW * end,
        "data": {"values": data},
        "encoding": {
            "y": _places(end),
            "x": {
                "field": "values",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [_LABELS, _LABELS + length]},
                "axis": None,
            },
        },
        "layer": [
            room(0, 0, width, _ROW * end),
            {"mark": {"type": "bar", "orient": "horizontal"}, "encoding": _FILLED},
            {
                "mark": _TEXT | {"align": "left", "dx": 6},
                "encoding": {"text": {"field": "text"}},
            },
            {
                "mark": _TEXT | {"align": "right"},
                "encoding": {"text": {"field": "certainty"}, "x": {"value": _LABELS - 8}},
            },
        ],
    }


def _places(count: float) -> Spec:
    """Return the vertical axis of some rows, the first one at the top."""
    return {
        "field": "place",
        "type": "quantitative",
        "scale": {"domain": [-0.5, count - 0.5], "reverse": True, "nice": False, "zero": False},
        "axis": None,
    }


def _of_cases(cases: CaseSet, shown: Sequence[CaseCertainty], width: int, lines: int) -> Spec:
    """Return a bar of equal length for each case, under the lines of its title."""
    row = _CASE_ROW + _LINE * (lines - 1)
    data = [part for place, one in enumerate(shown) for part in _parts(one, place, width)]
    there = {part["group"] for part in data}
    legend = Legend(
        [
            ({"fill": one.fill, "stroke": one.edge, "fillOpacity": one.opacity}, one.label)
            for one in _GROUPS
            if one.label in there
        ],
        width,
    )
    number = max(width_of(f"{one.certainty.total:,}", TEXT) for one in shown) + 10
    links = [
        {
            "place": place,
            "case": _above(lines_of(one.record.title, TEXT, width - number, lines), lines),
            "of": _above([f"{one.certainty.total:,}"], lines),
            "address": SITE + one.address,
            "says": one.says,
        }
        for place, one in enumerate(shown)
    ]
    whole = {"domain": [0, 1], "nice": False}
    y: Spec = {"y": _places(len(shown))}
    some = f"The first {len(shown)} of {len(cases):,} cases"
    heading = some if len(cases) > len(shown) else "The cases"
    words = lines_of(f"{heading}, each with the number of its coded values", TEXT, width)
    above = legend.height + _AROUND
    return {
        "width": width,
        "height": row * len(shown),
        "data": {"values": links},
        "layer": [
            room(0, -above - _LINE * len(words) - _AROUND, width, row * len(shown)),
            *legend.layers(0, -above),
            {
                "data": {"values": [{}]},
                "mark": _TEXT | {"align": "left", "color": INK_SOFT, "lineHeight": _LINE},
                "encoding": {
                    "x": {"value": 0},
                    "y": {"value": -above - _LINE * len(words) + _LINE / 2 - _AROUND / 2},
                    "text": {"value": words},
                },
            },
            {
                "data": {"values": data},
                "mark": {
                    "type": "bar",
                    "orient": "horizontal",
                    "yOffset": row / 2 - _BAR / 2 - 8,
                    "strokeWidth": 1,
                },
                "encoding": y
                | {
                    "x": {
                        "field": "start",
                        "type": "quantitative",
                        "scale": whole,
                        "axis": None,
                    },
                    "x2": {"field": "end"},
                }
                | _FILLED,
            },
            {
                "mark": _TEXT
                | {
                    "align": "left",
                    "baseline": "top",
                    "x": 0,
                    "yOffset": -row / 2 + 4,
                    "lineHeight": _LINE,
                },
                "encoding": y | {"text": {"field": "case"}},
            },
            {
                "mark": _TEXT
                | {
                    "align": "right",
                    "baseline": "top",
                    "x": width,
                    "yOffset": -row / 2 + 4,
                    "lineHeight": _LINE,
                    "color": INK_SOFT,
                },
                "encoding": y | {"text": {"field": "of"}},
            },
            {
                "mark": AREA | {"type": "bar", "orient": "horizontal", "size": row - 4},
                "encoding": y
                | {
                    "x": {"datum": 0, "type": "quantitative", "scale": whole},
                    "x2": {"datum": 1},
                    "href": {"field": "address"},
                    "description": {"field": "says"},
                },
            },
        ],
    }


def _above(text: Sequence[str], lines: int) -> Sequence[str]:
    """Return a text that ends right above its bar, whatever room its lines leave."""
    return [""] * (lines - len(text)) + [*text]


def _parts(one: CaseCertainty, place: int, width: int) -> list[Spec]:
    """Return the parts of the bar of a case, one for each group that it has."""
    parts: list[Spec] = []
    start = 0.0
    for group in _GROUPS:
        count = sum(row.count for row in one.certainty.present if _group_of(row) == group)
        if count:
            end = start + count / one.certainty.total
            # A gap sets groups apart.
            until = end if end > 0.999 else max(end - _GAP / width, start + 1 / width)
            ends = {"start": round(start, 4), "end": round(until, 4)}
            about = {"case": one.record.title, "group": group.label, "values": count}
            parts.append(about | {"place": place} | ends | _look(group))
            start = end
    return parts
