"""The comparison: a table of cases and variables; each cell has values with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import ERA, CodingSheet, Derived, SheetSection
from cases.evidence.variables import CASE, DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.evidence.wording import fact_from_note, part_label
from cases.record.classes import CaseRecord

from .cards import address_of, challenge_warning

DEFAULT_VARIABLES = tuple(name for name, one in VARIABLES.items() if not one.on_request)

# The parts of a case, with the headings of their variables where cases stand side by side.
TITLES = {CASE: "The case", WARNING: "Warning", INCIDENT: "Incident"}

# The derived variables, with their labels in the coding sheet.
VARIABLE_LABELS = DERIVED | {"era": ERA}


@dataclass(frozen=True)
class ComparisonValue:
    """One value in a cell; `part` labels its warning or incident if the case has several.

    `place` numbers that warning or incident from 0. `noted` is what a note says that an incident
    was, if no source says it.
    """

    part: SafeString | str
    place: int
    value: CodedValue | Derived
    noted: SafeString | str = ""


@dataclass(frozen=True)
class ComparisonRow:
    """One case; `cells` has the values of each variable, one for each warning or incident."""

    case: CaseRecord
    address: str
    challenge_warning: str
    cells: tuple[tuple[Variable, tuple[ComparisonValue, ...]], ...]

    def count(self, part: str) -> int:
        """Return how many warnings or incidents of the case the cells show; 1 for the case."""
        cells = [values for column, values in self.cells if column.part == part]
        places = [value.place for values in cells for value in values]
        return 1 if part == CASE else max(places, default=-1) + 1


@dataclass(frozen=True)
class ComparisonLine:
    """One variable of several cases side by side; a cell without a value is None."""

    variable: Variable
    cells: tuple[tuple[ComparisonRow, ComparisonValue | None], ...]


@dataclass(frozen=True)
class ComparisonGroup:
    """The variables of the cases themselves, or of their warnings or incidents of one number.

    `lacking` are the numbers of the cases that have no such part; their cells say `none`.
    """

    title: str
    none: str
    lines: tuple[ComparisonLine, ...]
    lacking: frozenset[str]


def side_by_side(rows: Sequence[ComparisonRow]) -> list[ComparisonGroup]:
    """Return the rows turned round: a line for each variable, in which each case has one cell."""
    groups = []
    for part, title in TITLES.items():
        counts = {row.case.number: row.count(part) for row in rows}
        most = max(counts.values(), default=0)
        # Where no case has a warning, one group says so.
        for place in range(max(most, 1)):
            numbered = f"{title} {place + 1}" if most > 1 else title
            lines = tuple(_lines(rows, part, place))
            lacking = frozenset(number for number, count in counts.items() if count <= place)
            group = ComparisonGroup(numbered, f"No {numbered.lower()} coded", lines, lacking)
            groups += [group] if lines else []
    return groups


def _lines(rows: Sequence[ComparisonRow], part: str, place: int) -> Iterator[ComparisonLine]:
    for nth, (column, _) in enumerate(rows[0].cells if rows else ()):
        if column.part == part:
            values = [(row, {value.place: value for value in row.cells[nth][1]}) for row in rows]
            yield ComparisonLine(column, tuple((row, each.get(place)) for row, each in values))


def rows(
    records: Mapping[int, CaseRecord], columns: Sequence[Variable], within: str = ""
) -> list[ComparisonRow]:
    """Return a row for each record, which are given by the keys of their cases; one query.

    `within` is the query string with which links to cases refer back to the comparison.
    """
    return [_row(summary, columns, within) for summary in summaries_of(records)]


def _row(summary: CaseSummary, columns: Sequence[Variable], within: str) -> ComparisonRow:
    address = address_of(summary.record, within)
    return ComparisonRow(
        case=summary.record,
        address=address,
        challenge_warning=challenge_warning(summary.challenges),
        cells=_cells(CodingSheet(summary.record), columns, address),
    )


def _cells(
    sheet: CodingSheet, columns: Sequence[Variable], address: str
) -> tuple[tuple[Variable, tuple[ComparisonValue, ...]], ...]:
    sections = {CASE: [sheet.about_case], WARNING: sheet.warnings, INCIDENT: sheet.incidents}
    return tuple(
        (column, tuple(_entries(sheet, sections[column.part], column, address)))
        for column in columns
    )


def _entries(
    sheet: CodingSheet, sections: Sequence[SheetSection], column: Variable, address: str
) -> Iterator[ComparisonValue]:
    """Yield the values of a variable, one for each section of the case that has it."""
    several = len(sections) > 1
    for place, section in enumerate(sections):
        part, field = section.part, column.field
        label = part_label(part, field, sheet.evidence.status) if several else ""
        for value in section.values:
            if value.field == column.field:
                is_kind = column.part == INCIDENT and field == "kind"
                noted = value.noted_fact if is_kind else None
                fact = fact_from_note(noted, address) if noted else ""
                yield ComparisonValue(label, place, value, fact)
        # Derived values have no field name, so their label identifies them.
        for derived in section.derived:
            if derived.label == VARIABLE_LABELS.get(column.field):
                yield ComparisonValue(label, place, derived)
