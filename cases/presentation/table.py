"""The list as a table: a row a case, a column each chosen variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import highlighted, of_reading
from cases.evidence.case_summaries import Listed, listed
from cases.evidence.evidence_status import Standing
from cases.evidence.values import Reading, absent, read, read_lead_time, read_window_covered
from cases.evidence.variables import DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.evidence.wording import one_of_several
from cases.models import Case, Incident
from cases.models.vocabulary import NOT_STATED
from cases.search import Snippet

from .cards import Line, address_of, care, dated, passage_address

DEFAULT = ("recipient", "reception", "follow_up", "lead_time", "deaths")
"""The variables that are shown if none is chosen."""

NOT_CODED = {WARNING: "No warning coded", INCIDENT: "No incident coded"}
"""What a cell says of a case without such a part: nothing is coded there that could not apply."""


@dataclass(frozen=True)
class Entry:
    """One value in a cell; `part` says of which warning or incident, where there are several."""

    part: SafeString | str
    reading: Reading
    standing: Standing


@dataclass(frozen=True)
class Row:
    """One case; `cells` holds for each variable its values, one for each warning or incident."""

    case: Case
    address: str
    dated: SafeString
    care: str
    cells: tuple[tuple[Variable, tuple[Entry, ...]], ...]
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
) -> list[Row]:
    """Return a row for each case; `within` is the query string of the list that they are of."""
    fields = {variable.field for variable in variables} | {"date", "window", "place"}
    found, weak = snippets or {}, resting or {}
    return [
        _row(shown, variables, within, found.get(shown.case.pk), weak.get(shown.case.pk, ()))
        for shown in listed(cases, fields)
    ]


def _row(
    shown: Listed,
    variables: Sequence[Variable],
    within: str,
    snippet: Snippet | None,
    resting: tuple[Line, ...],
) -> Row:
    case, incident = shown.case, shown.occurrence
    return Row(
        case=case,
        address=address_of(case, within),
        dated=dated(shown),
        care=care(shown.challenges),
        cells=tuple((variable, _cell(shown, variable, incident)) for variable in variables),
        snippet=snippet,
        resting=resting,
    )


def _text(variable: Variable, entries: Sequence[Entry]) -> SafeString:
    if not entries:
        return format_html('<span class="absent">{}</span>', NOT_CODED[variable.part])
    return format_html_join("", '<div class="entry">{}{}</div>', map(_words, entries))


def _words(entry: Entry) -> tuple[SafeString | str, SafeString]:
    part = format_html('<span class="meta">{}:</span> ', entry.part) if entry.part else ""
    return part, of_reading(entry.reading, entry.standing)


def _cell(shown: Listed, variable: Variable, incident: Incident | None) -> tuple[Entry, ...]:
    parts = _parts(shown, variable)
    several = len(parts) > 1
    return tuple(
        Entry(
            one_of_several(part, variable.field, shown.standing_of) if several else "",
            _read(shown, part, variable.field, incident),
            shown.standing_of(part, variable.field),
        )
        for part in parts
    )


def _parts(shown: Listed, variable: Variable) -> Sequence[Any]:
    if variable.part == WARNING:
        return shown.warnings
    return shown.incidents if variable.part == INCIDENT else [shown.case]


def _read(shown: Listed, record: Any, field: str, incident: Incident | None) -> Reading:
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
