"""The list as a table: a row a case, a column each chosen variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import highlighted, reading_with_badges
from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.evidence_status import EvidenceStatus
from cases.evidence.values import Reading, absent, read, read_lead_time, read_window_covered
from cases.evidence.variables import DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.evidence.wording import part_label
from cases.models import Case, Incident
from cases.models.vocabulary import NOT_STATED
from cases.search import Snippet

from .cards import Line, address_of, challenge_warning, dated, passage_address

DEFAULT = ("recipient", "reception", "follow_up", "lead_time", "deaths")
"""The variables that are shown if none is chosen."""

NOT_CODED = {WARNING: "No warning coded", INCIDENT: "No incident coded"}
"""What a cell says of a case without such a part: nothing is coded there that could not apply."""


@dataclass(frozen=True)
class TableValue:
    """One value in a cell; `part` says of which warning or incident, where there are several."""

    part: SafeString | str
    reading: Reading
    evidence_status: EvidenceStatus


@dataclass(frozen=True)
class TableRow:
    """One case; `cells` holds for each variable its values, one for each warning or incident."""

    case: Case
    address: str
    dated: SafeString
    challenge_warning: str
    cells: tuple[tuple[Variable, tuple[TableValue, ...]], ...]
    snippet: Snippet | None
    resting: tuple[Line, ...] = ()
    """The values of the firmness asked for."""

    @property
    def texts(self) -> list[tuple[str, SafeString]]:
        """Return for each cell its title and what stands in it."""
        return [(variable.title, _text(variable, entries)) for variable, entries in self.cells]

    @property
    def passage(self) -> str:
        """Return where in the page of the case the search matched."""
        return passage_address(self.address, self.snippet)

    @property
    def found(self) -> SafeString | str:
        """Return the words around what the search found."""
        return highlighted(self.snippet.parts) if self.snippet else ""


def chosen(names: Sequence[str], default: Sequence[str] = DEFAULT) -> list[Variable]:
    """Return the variables with these names, or the default ones, in their own order."""
    return [variable for name, variable in VARIABLES.items() if name in (names or default)]


def rows(
    cases: Sequence[Case],
    variables: Sequence[Variable],
    within: str = "",
    snippets: dict[int, Snippet | None] | None = None,
    resting: dict[int, tuple[Line, ...]] | None = None,
) -> list[TableRow]:
    """Return a row for each case; `within` is the query string of the list that they are of."""
    fields = {variable.field for variable in variables} | {"date", "window", "place"}
    found, weak = snippets or {}, resting or {}
    return [
        _row(shown, variables, within, found.get(shown.case.pk), weak.get(shown.case.pk, ()))
        for shown in summaries_of(cases, fields)
    ]


def _row(
    shown: CaseSummary,
    variables: Sequence[Variable],
    within: str,
    snippet: Snippet | None,
    resting: tuple[Line, ...],
) -> TableRow:
    case, incident = shown.case, shown.occurrence
    return TableRow(
        case=case,
        address=address_of(case, within),
        dated=dated(shown),
        challenge_warning=challenge_warning(shown.challenges),
        cells=tuple((variable, _cell(shown, variable, incident)) for variable in variables),
        snippet=snippet,
        resting=resting,
    )


def _text(variable: Variable, entries: Sequence[TableValue]) -> SafeString:
    if not entries:
        return format_html('<span class="absent">{}</span>', NOT_CODED[variable.part])
    return format_html_join("", '<div class="entry">{}{}</div>', map(_words, entries))


def _words(entry: TableValue) -> tuple[SafeString | str, SafeString]:
    part = format_html('<span class="meta">{}:</span> ', entry.part) if entry.part else ""
    return part, reading_with_badges(entry.reading, entry.evidence_status)


def _cell(
    shown: CaseSummary, variable: Variable, incident: Incident | None
) -> tuple[TableValue, ...]:
    parts = _parts(shown, variable)
    several = len(parts) > 1
    return tuple(
        TableValue(
            part_label(part, variable.field, shown.evidence_status_of) if several else "",
            _read(shown, part, variable.field, incident),
            shown.evidence_status_of(part, variable.field),
        )
        for part in parts
    )


def _parts(shown: CaseSummary, variable: Variable) -> Sequence[Any]:
    if variable.part == WARNING:
        return shown.warnings
    return shown.incidents if variable.part == INCIDENT else [shown.case]


def _read(shown: CaseSummary, record: Any, field: str, incident: Incident | None) -> Reading:
    """Read a value, coded or derived."""
    if field == "era":
        return Reading(record.era.value, str(record.era.label))
    if field == "recipients":
        actors = shown.recipients[record.pk]
        names = ", ".join(name for _, name in actors)
        return Reading([slug for slug, _ in actors], names) if actors else absent(NOT_STATED)
    if field not in DERIVED:
        return read(record, field)
    if field == "lead_time":
        return read_lead_time(record, incident)
    return read_window_covered(record, incident)
