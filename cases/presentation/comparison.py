"""The comparison: a table of cases and variables; each cell has values with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import badges_of, bdi
from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.variables import CASE, INCIDENT, VARIABLES, WARNING, Variable
from cases.models.era import is_compared_with_icd_191
from cases.record.classes import CaseRecord

from .cards import address_of, challenge_warning
from .keeping import kept
from .table import TableValue, cell

DEFAULT_VARIABLES = tuple(name for name, one in VARIABLES.items() if not one.on_request)

# The parts of a case, with the headings of their variables where cases stand side by side.
TITLES = {CASE: "The case", WARNING: "Warning", INCIDENT: "Incident"}


@dataclass(frozen=True)
class ComparisonRow:
    """One case; `cells` has the values of each variable, one for each warning or incident."""

    case: CaseRecord
    address: str
    challenge_warning: str
    cells: tuple[tuple[Variable, tuple[TableValue, ...]], ...]

    @property
    def texts(self) -> Iterator[tuple[str, SafeString]]:
        """The title of each cell with its contents as HTML."""
        for variable, values in self.cells:
            none = f"No {variable.part} coded"
            texts = ((self.entry(value, value.part),) for value in values)
            yield variable.title, format_html_join("", "{}", texts) or _absent(none)

    def entry(self, value: TableValue, part: SafeString | str = "") -> SafeString:
        """Return a value as HTML, linked to its evidence on the page of the case.

        `part` labels its warning or incident.
        """
        # In one call for speed: a page has thousands.
        reading, status = value.reading, value.evidence_status
        return format_html(
            '<div class="entry">{}<a class="{}" href="{}#{}">{}</a>{} {}</div>',
            format_html('<span class="meta">{}:</span> ', part) if part else "",
            reading.form,
            self.address,
            value.anchor,
            bdi(reading.text),
            badges_of(status, reading.text, is_absent=reading.is_absent),
            value.noted,
        )

    def count(self, part: str) -> int:
        """Return how many warnings or incidents of the case the cells show; 1 for the case."""
        cells = [values for column, values in self.cells if column.part == part]
        places = [value.place for values in cells for value in values]
        return 1 if part == CASE else max(places, default=-1) + 1


@dataclass(frozen=True)
class ComparisonLine:
    """One variable of several cases side by side; a cell without a value is None."""

    variable: Variable
    cells: tuple[tuple[ComparisonRow, TableValue | None], ...]

    @property
    def texts(self) -> Iterator[tuple[ComparisonRow, SafeString]]:
        """The contents of each cell as HTML, with the row of its case."""
        for row, value in self.cells:
            yield row, row.entry(value) if value else _absent("No value")


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
    case = summary.record
    address = address_of(case, within)
    return ComparisonRow(
        case=case,
        address=address,
        challenge_warning=challenge_warning(summary.challenges),
        # Only what a note says links to the case.
        cells=_cells(case, tuple(one.name for one in columns), address if case.notes else ""),
    )


@kept(at_most=250)
def _cells(
    record: CaseRecord, names: tuple[str, ...], address: str
) -> tuple[tuple[Variable, tuple[TableValue, ...]], ...]:
    """Return the cells of a row, by the names of their variables.

    `address` is that of the case, to which facts from notes lead.
    """
    evidence = CaseEvidence(record)
    columns = (VARIABLES[name] for name in names)
    return tuple((column, _cell(evidence, column, address)) for column in columns)


def _cell(evidence: CaseEvidence, column: Variable, address: str) -> tuple[TableValue, ...]:
    slugs = [directive.slug for directive in evidence.record.directives]
    if column.field == "era" and not is_compared_with_icd_191(slugs):
        return ()  # as in the coding sheet
    return cell(evidence, column, address)


def _absent(words: str) -> SafeString:
    return format_html('<span class="absent">{}</span>', words)
