"""How certain the coded values are: of all cases together, and of each of a limited number.

It counts coded values and not cases, which no address can ask for. So these numbers are no links;
beside each the table has the cases in which a claim has that certainty, and a list of those. A
value counts with its most certain claim, so these cases are not the same as those of the values.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.certainty import CONTESTED, Certainty, certainty_of
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.picture import CASE, Cell, Column, Picture, Row, all_cell, coded
from cases.text.plurals import counted
from cases.versions.current import current_records

from .case_certainty import CaseCertainty
from .drawing import drawing
from .wording import share_text, words_of

# Cases that have a bar of their own.
MAX_CASES = 20

# Certainties that the finding names one by one.
MAX_NAMED = 4


class _Chart:
    name = "certainty"
    title = "How certain the coded values are"

    def __call__(self, cases: CaseSet) -> Picture:
        everything = cases.certainty
        shown = [
            CaseCertainty(record, certainty_of(CaseEvidence(record)))
            for record in current_records(cases.filter.keys[:MAX_CASES]).values()
        ]
        return Picture(
            name=self.name,
            title=self.title,
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
            draw=lambda frame: drawing(everything, shown, len(cases), frame),
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
    named, others = ranked[:MAX_NAMED], ranked[MAX_NAMED:]
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
