"""The list of cases as a table, with one row for each case and one column for each variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import highlighted, reading_with_badges
from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.evidence_status import EvidenceStatus
from cases.evidence.sheet import anchor
from cases.evidence.values import Reading, read, read_lead_time, read_window_covered
from cases.evidence.variables import DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.evidence.wording import fact_from_note, part_label
from cases.models.vocabulary import Era, label_in
from cases.record.classes import CasePart, CaseRecord, IncidentRecord, WarningRecord
from cases.search import Snippet

from .cards import Line, address_of, challenge_warning, passage_address
from .keeping import kept

# The variables that the table shows if none is chosen.
DEFAULT_COLUMNS = ("recipient", "reception", "follow_up", "lead_time", "deaths")

# The text of a cell if the case has no such part; "does not apply" would be a coded value.
NOT_CODED = {WARNING: "No warning coded", INCIDENT: "No incident coded"}


@dataclass(frozen=True)
class TableValue:
    """One value in a cell; `part` labels its warning or incident if the case has several.

    `place` numbers that warning or incident from 0, and `anchor` is where the page of the case has
    the value. `noted` is what a note says that an incident was, if no source says it.
    """

    part: SafeString | str
    place: int
    anchor: str
    reading: Reading
    evidence_status: EvidenceStatus
    noted: SafeString | str = ""


@dataclass(frozen=True)
class TableCells:
    """The cells of a case: the values of each variable, one for each warning or incident."""

    dated: SafeString
    values: tuple[tuple[Variable, tuple[TableValue, ...]], ...]

    @cached_property
    def texts(self) -> list[tuple[str, SafeString]]:
        """The title of each cell with its contents as HTML."""
        return [(variable.title, _text(variable, values)) for variable, values in self.values]


@dataclass(frozen=True)
class TableRow:
    """One case, with its cells."""

    case: CaseRecord
    address: str
    challenge_warning: str
    cells: TableCells
    snippet: Snippet | None
    matching: tuple[Line, ...] = ()
    """The values that match a filter by modality or by contested values."""

    @property
    def passage(self) -> str:
        """The address of the passage in which the search matched."""
        return passage_address(self.address, self.snippet)

    @property
    def found(self) -> SafeString | str:
        """The snippet of that passage with marked hits; empty without a search."""
        return highlighted(self.snippet.parts) if self.snippet else ""


def chosen_variables(
    names: Sequence[str], default: Sequence[str] = DEFAULT_COLUMNS
) -> list[Variable]:
    """Return the variables with the given names, or the default ones, in the order of VARIABLES."""
    return [variable for name, variable in VARIABLES.items() if name in (names or default)]


def rows(
    records: Mapping[int, CaseRecord],
    variables: Sequence[Variable],
    within: str = "",
    snippets: dict[int, Snippet | None] | None = None,
    matching: dict[int, tuple[Line, ...]] | None = None,
) -> list[TableRow]:
    """Return a row for each case.

    `within` is the query string of the list. `records`, `snippets` and `matching` are by the key of
    the case.
    """
    snippets, matching = snippets or {}, matching or {}
    return [
        _row(summary, variables, within, snippets.get(summary.key), matching.get(summary.key, ()))
        for summary in summaries_of(records)
    ]


def _row(
    summary: CaseSummary,
    variables: Sequence[Variable],
    within: str,
    snippet: Snippet | None,
    matching: tuple[Line, ...],
) -> TableRow:
    case = summary.record
    address = address_of(case, within)
    return TableRow(
        case=case,
        address=address,
        challenge_warning=challenge_warning(summary.challenges),
        # Only what a note says links to the case.
        cells=_cells(case, tuple(one.name for one in variables), address if case.notes else ""),
        snippet=snippet,
        matching=matching,
    )


@kept(at_most=250)
def _cells(record: CaseRecord, names: tuple[str, ...], address: str) -> TableCells:
    """Return the cells of a row, by the names of their variables.

    `address` is that of the case, to which facts from notes lead.
    """
    evidence = CaseEvidence(record)
    return TableCells(
        dated=reading_with_badges(read(record, "date"), evidence.status(record, "date")),
        values=tuple((VARIABLES[name], cell(evidence, VARIABLES[name], address)) for name in names),
    )


def _text(variable: Variable, values: Sequence[TableValue]) -> SafeString:
    if not values:
        return format_html('<span class="absent">{}</span>', NOT_CODED[variable.part])
    return format_html_join("", '<div class="entry">{}{}{}</div>', map(_texts, values))


def _texts(value: TableValue) -> tuple[SafeString | str, SafeString, SafeString | str]:
    part = format_html('<span class="meta">{}:</span> ', value.part) if value.part else ""
    return (
        part,
        reading_with_badges(value.reading, value.evidence_status),
        (format_html(" {}", value.noted) if value.noted else ""),
    )


def cell(evidence: CaseEvidence, variable: Variable, address: str) -> tuple[TableValue, ...]:
    """Return the values of a variable of a case, whose address is given."""
    parts = _parts(evidence.record, variable)
    several = len(parts) > 1
    return tuple(
        TableValue(
            part_label(part, variable.field, evidence.status) if several else "",
            place,
            anchor(part, variable.field),
            _read(evidence, part, variable.field),
            evidence.status(part, variable.field),
            _noted(evidence, part, variable.field, address),
        )
        for place, part in enumerate(parts)
    )


def _noted(evidence: CaseEvidence, part: CasePart, field: str, address: str) -> SafeString | str:
    """Return what a note says that an incident was, if `field` is its kind and not stated."""
    if not isinstance(part, IncidentRecord) or field != "kind":
        return ""
    noted = evidence.noted_kind(part)
    return fact_from_note(noted, address) if noted else ""


def _parts(record: CaseRecord, variable: Variable) -> Sequence[CasePart]:
    if variable.part == WARNING:
        return record.warnings
    return record.incidents if variable.part == INCIDENT else [record]


def _read(evidence: CaseEvidence, part: CasePart, field: str) -> Reading:
    """Return the reading of a coded or derived value."""
    if field == "era":
        era = evidence.record.era
        return Reading(era, label_in(Era, era))
    if isinstance(part, WarningRecord) and field in DERIVED:
        read_derived = read_lead_time if field == "lead_time" else read_window_covered
        return read_derived(part, evidence.occurrence)
    return read(part, field)
