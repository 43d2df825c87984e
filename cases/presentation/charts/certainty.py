"""How certain the coded values are: of all cases together, and of each of a limited number.

It counts coded values and not cases, which no address can ask for. So these numbers are no links;
beside each the table has the cases in which a claim has that certainty, and a list of those. A
value counts with its most certain claim, so these cases are not the same as those of the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import get_text_list

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.certainty import CONTESTED, NO_CLAIM, Certainty, CertaintyRow, certainty_of
from cases.models.vocabulary import NOT_STATED, Modality
from cases.record.classes import CaseRecord
from cases.text.plurals import counted
from cases.versions.current import current_records

from .case_set import SITE, CaseSet
from .drawing.style import ABSENCE, ACCENT, AREA, INK_SOFT, SURFACE, TEXT, TOKENS, styled
from .drawing.text_width import lines_of, width_of
from .picture import CASE, WIDE, Cell, Column, Frame, Picture, Row, Spec, all_cell, case_cell, coded

NAME, TITLE = "certainty", "How certain the coded values are"

# Cases that have a bar of their own.
MOST_CASES = 20

# Certainties that the finding names one by one.
MOST_NAMED = 4

# What a value is that has a certainty, where that is not its label.
_WORDS = {
    Modality.STATED: "stated by a source in its own voice",
    Modality.INFERRED: "inferred by editors",
    NO_CLAIM: "without a claim",
    NOT_STATED: "not stated in the sources",
}

# How firmly a bar is filled: the firmer the certainty, the more.
_WEIGHTS = {
    Modality.QUOTED: 1.0,
    Modality.STATED: 0.82,
    Modality.ATTRIBUTED: 0.65,
    Modality.REPORTED: 0.5,
    Modality.ALLEGED: 0.37,
    Modality.UNCLEAR: 0.25,
    Modality.INFERRED: 0.13,
    CONTESTED: 1.0,
    NO_CLAIM: 0.25,
    NOT_STATED: 0.0,
}
_COLOURS = {CONTESTED: TOKENS["dispute"], NO_CLAIM: ABSENCE, NOT_STATED: SURFACE}
_EDGES = {CONTESTED: TOKENS["dispute"], NO_CLAIM: ABSENCE, NOT_STATED: ABSENCE}

# A certainty that was removed from the vocabulary since.
_FORMER = 0.13

# Pixels: a row of all values, a row of a case with a line of its title, another line, a bar; the
# labels of the rows; the edge of a picture.
_ROW, _CASE_ROW, _LINE, _BAR = 26, 48, 16, 16
_LABELS, _EDGE = 84, 6

_TEXT: Spec = {"type": "text", "baseline": "middle", "fontSize": TEXT}


@dataclass(frozen=True)
class _OfCase:
    record: CaseRecord
    certainty: Certainty

    @property
    def address(self) -> str:
        return reverse("case_detail", args=[self.record.slug])

    @property
    def rows(self) -> list[Row]:
        record = self.record
        case = case_cell(record.slug, record.number, record.title, self.address)
        return _rows(case, self.certainty)

    @property
    def says(self) -> str:
        values = ", ".join(f"{row.label.lower()} {row.count:,}" for row in self.certainty.present)
        return f"{self.record.title}: {counted(self.certainty.total, 'coded value')}: {values}"


class _Chart:
    name, title = NAME, TITLE

    def __call__(self, cases: CaseSet) -> Picture:
        everything = cases.certainty
        shown = [
            _OfCase(record, certainty_of(CaseEvidence(record)))
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
                *(row for one in shown for row in one.rows),
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


def _share_text(share: float | None) -> str:
    """Return a share as text; none that is not 0 is said to be."""
    if share is None:
        return ""
    if 99 < share < 100:
        return "over 99%"
    return "under 1%" if 0 < share < 1 else f"{share:.0f}%"


def _finding(cases: CaseSet, everything: Certainty) -> str:
    if not everything.total:
        return "No value is coded here."
    ranked = sorted(everything.present, key=lambda row: -row.count)
    if everything.total == 1:
        return f"The one coded value here is {_words(ranked[0])}."
    begin = f"Of {counted(everything.total, 'coded value')} in {counted(len(cases), 'case')}"
    if len(ranked) == 1:
        return f"{begin}, all are {_words(ranked[0])}."
    named, others = ranked[:MOST_NAMED], ranked[MOST_NAMED:]
    parts = [f"{_share_text(row.share)} {_words(row)}" for row in named[1:]]
    first = f"{_share_text(named[0].share)} are {_words(named[0])}"
    finding = f"{begin}, {get_text_list([first, *parts], 'and')}"
    if not others:
        return f"{finding}."
    share = _share_text(sum(row.share or 0 for row in others))
    return f"{finding}; the other {share} are {get_text_list([_words(row) for row in others])}."


def _words(row: CertaintyRow) -> str:
    return _WORDS.get(row.name, row.label.lower())


def _caveat(cases: CaseSet, everything: Certainty, shown: Sequence[_OfCase]) -> str:
    some = (
        f"Only the first {len(shown)} of {len(cases):,} cases in the order of the list have a bar. "
    )
    which = some if len(cases) > len(shown) else ""
    apart = everything.not_applicable
    left_out = f"{counted(apart, 'value')} that {'does' if apart == 1 else 'do'} not apply "
    return (
        f"{which}Coded values are counted, each with its most certain claim; a contested one "
        "counts as contested only. A quotation is certain about the words, not about the thing. "
        + (f"{left_out}{'is' if apart == 1 else 'are'} left out." if apart else "")
    ).strip()


def _draw(cases: CaseSet, everything: Certainty, shown: Sequence[_OfCase], frame: Frame) -> Spec:
    width = frame.width - 2 * _EDGE
    views = [_overall(everything, width)]
    # One case is all of them.
    if len(cases) > 1:
        views.append(_of_cases(cases, shown, width, lines=1 if frame is WIDE else 2))
    return styled({"vconcat": views, "spacing": 26}, frame)


def _look(name: str) -> Spec:
    return {
        "weight": _WEIGHTS.get(name, _FORMER),
        "fill": _COLOURS.get(name, ACCENT),
        "edge": _EDGES.get(name, ACCENT),
    }


_FILLED: Spec = {
    "fill": {"field": "fill", "type": "nominal", "scale": None},
    "stroke": {"field": "edge", "type": "nominal", "scale": None},
    "fillOpacity": {"field": "weight", "type": "quantitative", "scale": None, "legend": None},
}


def _overall(everything: Certainty, width: int) -> Spec:
    """Return a row of bars of all values, which is the legend of the bars of the cases too."""
    rows = everything.present
    most = max(row.count for row in rows)
    # “Contested” and what no source says stand apart.
    apart = [row.name in (CONTESTED, NO_CLAIM, NOT_STATED) for row in rows]
    gap = 0.5 if any(apart) and not all(apart) else 0.0
    data = [
        {
            "certainty": row.label,
            "values": row.count,
            "place": place + (gap if apart[place] else 0),
            "text": f"{row.count:,} · {_share_text(row.share)}",
        }
        | _look(row.name)
        for place, row in enumerate(rows)
    ]
    numbers = max(width_of(str(one["text"]), TEXT) for one in data) + 6
    length = width - _LABELS - numbers
    return {
        "width": width,
        "height": _ROW * (len(rows) + gap),
        "data": {"values": data},
        "encoding": {
            "y": _places(len(rows) + gap),
            "x": {
                "field": "values",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [_LABELS, _LABELS + length]},
                "axis": None,
            },
        },
        "layer": [
            {"mark": {"type": "bar", "orient": "horizontal", "size": _BAR}, "encoding": _FILLED},
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


def _of_cases(cases: CaseSet, shown: Sequence[_OfCase], width: int, lines: int) -> Spec:
    """Return a bar of equal length for each case, under the lines of its title."""
    row = _CASE_ROW + _LINE * (lines - 1)
    above = -row / 2 + 4
    data = []
    for place, one in enumerate(shown):
        start = 0.0
        for part in one.certainty.present:
            share = part.count / one.certainty.total
            data.append(
                {
                    "case": one.record.title,
                    "certainty": part.label,
                    "values": part.count,
                    "place": place,
                    "start": round(start, 4),
                    "end": round(start + share, 4),
                }
                | _look(part.name)
            )
            start += share
    links = [
        {
            "place": place,
            "case": lines_of(one.record.title, TEXT, width - 34, lines),
            "of": f"{one.certainty.total:,}",
            "address": SITE + one.address,
            "says": one.says,
        }
        for place, one in enumerate(shown)
    ]
    whole = {"domain": [0, 1], "nice": False}
    some = f"The first {len(shown)} of {len(cases):,} cases"
    heading = some if len(cases) > len(shown) else "The cases"
    return {
        "width": width,
        "height": row * len(shown),
        "title": {
            "text": f"{heading}, each with the number of its coded values",
            "fontSize": TEXT,
            "color": INK_SOFT,
            "fontWeight": "normal",
            "anchor": "start",
            "offset": 8,
        },
        "data": {"values": links},
        "encoding": {"y": _places(len(shown))},
        "layer": [
            {
                "data": {"values": data},
                "mark": {
                    "type": "bar",
                    "orient": "horizontal",
                    "size": _BAR,
                    "yOffset": row / 2 - _BAR / 2 - 8,
                    "strokeWidth": 1,
                },
                "encoding": {
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
                    "yOffset": above,
                    "lineHeight": _LINE,
                },
                "encoding": {"text": {"field": "case"}},
            },
            {
                "mark": _TEXT
                | {
                    "align": "right",
                    "baseline": "top",
                    "x": width,
                    "yOffset": above,
                    "color": INK_SOFT,
                },
                "encoding": {"text": {"field": "of"}},
            },
            {
                "mark": AREA | {"type": "bar", "orient": "horizontal", "size": row - 4},
                "encoding": {
                    "x": {"datum": 0, "type": "quantitative", "scale": whole},
                    "x2": {"datum": 1},
                    "href": {"field": "address"},
                    "description": {"field": "says"},
                },
            },
        ],
    }
