"""What sources say of each exception to the duty to warn: invoked, argued, withheld or ruled out.

A grid that is mostly empty, and says so: most cases report nothing of any exception, and an
exception that was used lawfully leaves no trace. It shows what sources say, not what agencies did.
"""

from __future__ import annotations

from collections.abc import Mapping

from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED, AssessmentStatus
from cases.text.plurals import counted

from .case_set import CaseSet, Counted, explained_star
from .drawing.count_grid import GridCell, count_grid
from .drawing.style import ABSENCE, ACCENT
from .picture import CASES, INFERRED, Cell, Frame, Picture, Spec, all_cell, coded

EXCEPTION, ASSESSMENT = "exception", "assessment"

# Rows of the picture, which lists first what sources speak of.
MAX_EXCEPTIONS = 24

STATUSES = [status for status in AssessmentStatus.values if status not in ABSENT_VALUES]
SILENCE = AssessmentStatus.NOT_REPORTED
ANY = "Any exception"

# What sources say, where the label does not tell.
_MEANINGS: dict[str, str] = {
    AssessmentStatus.ARGUED: "“Argued”: a named commentator argues that it applied.",
    AssessmentStatus.WITHHELD: "“Withheld”: the agency refuses to say.",
}

# How dark the cells of silence are, as a share of the darkest.
_SHARE_OF_SILENCE = 0.4

Grid = dict[tuple[str, str], Counted]


class _Chart:
    name = "exceptions"
    title = "What sources say of the exceptions"

    def __call__(self, cases: CaseSet) -> Picture:
        exceptions, left_out = _exceptions(cases)
        statuses = [status for status in STATUSES if cases.asks_for(ASSESSMENT, status)]
        grid: Grid = {}
        for exception in exceptions:
            for status in statuses:
                values = {EXCEPTION: exception, ASSESSMENT: status}
                grid[exception, status] = cases.having(values)
            grid[exception, SILENCE] = cases.lacking(EXCEPTION, [exception])
        for status in statuses:
            grid["", status] = cases.having({ASSESSMENT: status})
        if cases.asks_for(EXCEPTION, NOT_STATED):
            grid["", SILENCE] = cases.having({EXCEPTION: NOT_STATED})
        defined = [_MEANINGS[status] for status in statuses if status in _MEANINGS]
        sentences = [
            *defined,
            "“Not reported”: no source of the case says anything of the exception, neither that it "
            "was used nor that it was not.",
            "A warning that was lawfully withheld leaves no trace.",
        ]
        if left_out:
            verb = "is" if left_out == 1 else "are"
            several = f"{counted(left_out, 'exception')} that no source mentions"
            sentences.append(f"{several} {verb} left out.")
        labels = {value: cases.label(EXCEPTION, value) for value in exceptions} | {"": ANY}
        of_exception = coded(EXCEPTION, "Exception")
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases),
            caveat=" ".join(sentences) + explained_star(grid.values()),
            columns=[
                of_exception,
                coded(ASSESSMENT, "What a source says"),
                CASES,
                INFERRED,
            ],
            rows=[
                (
                    Cell(labels[row], codes=(row,)) if row else all_cell(ANY, of_exception),
                    Cell(_label(status), codes=(status,)),
                    *found.cells,
                )
                for (row, status), found in grid.items()
            ]
            if len(cases)
            else [],
            draw=lambda frame: _draw(grid, labels, [*statuses, SILENCE], frame),
        )


EXCEPTIONS = _Chart()


def _label(status: str) -> str:
    return str(AssessmentStatus(status).label)


def _exceptions(cases: CaseSet) -> tuple[list[str], int]:
    """Return the exceptions of the picture, in their order, and how many are left out."""
    counts = cases.filter.counts(EXCEPTION)
    published = [
        value
        for value in cases.filter.choices[EXCEPTION]
        if value != NOT_STATED and cases.asks_for(EXCEPTION, value)
    ]
    ranked = sorted(published, key=lambda value: -counts.get(value, 0))[:MAX_EXCEPTIONS]
    return [value for value in published if value in ranked], len(published) - len(ranked)


def _finding(cases: CaseSet) -> str:
    number = len(cases)
    if not number:
        return "There is no case here."
    if not cases.asks_for(ASSESSMENT, AssessmentStatus.OFFICIALLY_INVOKED):
        asked = " or ".join(f"“{_label(status)}”" for status in cases.data.getlist(ASSESSMENT))
        return f"In {counted(number, 'case')} an exception has the assessment {asked}."
    found = cases.having({ASSESSMENT: AssessmentStatus.OFFICIALLY_INVOKED})
    invoked = found.count
    # With an exception asked for, a source of each case says something of it.
    asks_for_silence = cases.asks_for(EXCEPTION, NOT_STATED)
    silent = cases.having({EXCEPTION: NOT_STATED}).count if asks_for_silence else 0
    if silent == number:
        if number == 1:
            return "In this case no source says anything of an exception."
        return f"In none of the {number:,} cases does a source say anything of an exception."
    phrases = _phrases(cases, number)
    if invoked:
        of = "this case" if number == 1 else f"{invoked:,} of {number:,} cases"
        first = f"In {of} an official source says that an exception was invoked{found.inference}"
        begin = "; ".join([first, *phrases])
    else:
        said = "".join(f"{phrase}; " for phrase in phrases)
        what = f"{'one' if phrases else 'an exception'} was invoked"
        begin = f"Of {number:,} cases, {said}in none does an official source say that {what}"
        if number == 1:
            begin = f"In this case {said}no official source says that {what}"
    return f"{begin}; in {silent:,}, no source says anything of any." if silent else f"{begin}."


def _phrases(cases: CaseSet, number: int) -> list[str]:
    """Return what sources say of exceptions but that one was invoked, each with its cases."""

    def found(status: str, says: str) -> list[str]:
        count = cases.asks_for(ASSESSMENT, status) and cases.having({ASSESSMENT: status}).count
        return [says if number == 1 else f"{says} in {count:,}"] if count else []

    verbs = [
        *found(AssessmentStatus.ARGUED, "argued"),
        *found(AssessmentStatus.RULED_OUT, "ruled out"),
    ]
    refused = found(AssessmentStatus.WITHHELD, "an agency refuses to say")
    return [f"an exception is {' and '.join(verbs)}", *refused] if verbs else refused


def _draw(grid: Grid, labels: Mapping[str, str], statuses: list[str], frame: Frame) -> Spec:
    rows = list(labels)
    most = max(
        (found.count for (row, status), found in grid.items() if row and status != SILENCE),
        default=0,
    )
    return count_grid(
        list(labels.values()),
        [_label(status) for status in statuses],
        [
            GridCell(
                row=rows.index(row),
                column=statuses.index(status),
                found=found,
                says=f"{_subject(labels[row], status)}: {found.text}",
                share=_share(row, status, found.count, most),
                fill=ABSENCE if status == SILENCE else ACCENT,
            )
            for (row, status), found in grid.items()
        ],
        frame,
    )


def _subject(label: str, status: str) -> str:
    """Return what a cell is about, as it is read out."""
    if label == ANY and status == SILENCE:
        return "No source says anything of any exception"
    return f"{label}, {_label(status).lower()}"


def _share(row: str, status: str, count: int, most: int) -> float:
    """Return how dark a cell is: silence is always pale, and totals have no colour."""
    if status == SILENCE:
        return _SHARE_OF_SILENCE if count else 0.0
    return count / most if row and most else 0.0
