"""The comparison table: cases by coded variables, each cell with its values and their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .coding import CodedValue, CodingSheet, Derived
from .models import Case
from .variables import CASE, DERIVED, INCIDENT, VARIABLES, WARNING, Variable

COLUMNS = tuple(
    variable
    for name, variable in VARIABLES.items()
    if name not in {"era", "conduit", "injured"}  # a page has only so much room
)


@dataclass(frozen=True)
class Entry:
    """One value in a cell; `part` says of which warning or incident, where there are several."""

    part: str
    anchor: str
    value: CodedValue | Derived


@dataclass(frozen=True)
class Row:
    case: Case
    cells: tuple[tuple[Variable, tuple[Entry, ...]], ...]


def rows(cases: Iterable[Case]) -> list[Row]:
    """Return a row for each of `cases` (fetched with `for_detail()`), without further queries."""
    return [_row(case, CodingSheet(case)) for case in cases]


def _row(case: Case, sheet: CodingSheet) -> Row:
    sections = {CASE: [sheet.about_case], WARNING: sheet.warnings, INCIDENT: sheet.incidents}
    cells = []
    for column in COLUMNS:
        entries = []
        for section in sections[column.part]:
            which = section.title if len(sections[column.part]) > 1 else ""
            entries += [
                Entry(which, value.anchor, value)
                for value in section.values
                if value.field == column.field
            ]
            entries += [
                Entry(which, section.path, value)
                for value in section.derived
                if value.label == DERIVED.get(column.field)
            ]
        cells.append((column, tuple(entries)))
    return Row(case, tuple(cells))
