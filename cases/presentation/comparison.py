"""The comparison table: cases by coded variables, each cell with its values and their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from cases.evidence.case_summaries import challenged_passages
from cases.evidence.sheet import ERA, CodedValue, CodingSheet, Derived, Section
from cases.evidence.variables import CASE, DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.evidence.wording import one_of_several
from cases.models import Case

from .cards import address_of, care

COLUMNS = tuple(name for name in VARIABLES if name not in {"era", "conduit", "injured"})
"""The variables that are shown if none is chosen; a page has only so much room."""

LABELS = DERIVED | {"era": ERA}
"""The variables that are worked out, with their labels in the coding sheet."""


@dataclass(frozen=True)
class Entry:
    """One value in a cell; `part` says of which warning or incident, where there are several."""

    part: SafeString | str
    value: CodedValue | Derived


@dataclass(frozen=True)
class Row:
    case: Case
    address: str
    care: str
    cells: tuple[tuple[Variable, tuple[Entry, ...]], ...]


def rows(cases: Sequence[Case], columns: Sequence[Variable], within: str = "") -> list[Row]:
    """Return a row for each of `cases` (fetched with `for_detail()`); two further queries in all.

    `within` is the query string by which the page of a case knows the comparison.
    """
    passages = challenged_passages([case.pk for case in cases])
    return [_row(CodingSheet(case), columns, within, passages[case.pk]) for case in cases]


def _row(sheet: CodingSheet, columns: Sequence[Variable], within: str, passages: int) -> Row:
    return Row(
        case=sheet.case,
        address=address_of(sheet.case, within),
        care=care(len(sheet.challenges) + passages),
        cells=_cells(sheet, columns),
    )


def _cells(
    sheet: CodingSheet, columns: Sequence[Variable]
) -> tuple[tuple[Variable, tuple[Entry, ...]], ...]:
    sections = {CASE: [sheet.about_case], WARNING: sheet.warnings, INCIDENT: sheet.incidents}
    return tuple(
        (column, tuple(_entries(sheet, sections[column.part], column))) for column in columns
    )


def _entries(sheet: CodingSheet, sections: Sequence[Section], column: Variable) -> Iterator[Entry]:
    """Yield the values of a variable in each part of a case; a part is named if it has others."""
    several = len(sections) > 1
    for section in sections:
        part, field = section.record, column.field
        which = one_of_several(part, field, sheet.standing_of) if several else ""
        for value in section.values:
            if value.field == column.field:
                yield Entry(which, value)
        for derived in section.derived:
            if derived.label == LABELS.get(column.field):
                yield Entry(which, derived)
