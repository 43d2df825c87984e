"""The list as a table: a row a case, a column each chosen variable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .coding import first_occurrence
from .models import Case, Incident
from .models.vocabulary import NOT_APPLICABLE
from .readings import Reading, absent, read, sentence
from .variables import DERIVED, INCIDENT, VARIABLES, WARNING, Variable

DEFAULT = ("recipient", "reception", "follow_up", "lead_time", "deaths")
"""The variables that are shown if none is chosen."""


@dataclass(frozen=True)
class Row:
    """One case; `cells` holds for each variable its readings, one for each warning or incident.

    Where there are several of these, a reading comes with the name of its own.
    """

    case: Case
    cells: tuple[tuple[Variable, tuple[tuple[str, Reading], ...]], ...]


def chosen(names: Sequence[str]) -> list[Variable]:
    """Return the variables with these names, or the default ones, in their own order."""
    return [variable for name, variable in VARIABLES.items() if name in (names or DEFAULT)]


def rows(cases: Iterable[Case], variables: Sequence[Variable]) -> list[Row]:
    """Return a row for each of `cases` (fetched with `for_list()`), without further queries."""
    return [_row(case, variables) for case in cases]


def _row(case: Case, variables: Sequence[Variable]) -> Row:
    incident = first_occurrence(case)
    return Row(case, tuple((variable, _cell(case, variable, incident)) for variable in variables))


def _cell(
    case: Case, variable: Variable, incident: Incident | None
) -> tuple[tuple[str, Reading], ...]:
    parts = _parts(case, variable)
    readings = (_read(part, variable.field, incident) for part in parts)
    names = [str(part) if len(parts) > 1 else "" for part in parts]
    return tuple(zip(names, readings, strict=True)) or (("", absent(NOT_APPLICABLE)),)


def _parts(case: Case, variable: Variable) -> list[Any]:
    if variable.part == WARNING:
        return list(case.warnings.all())
    return list(case.incidents.all()) if variable.part == INCIDENT else [case]


def _read(record: Any, field: str, incident: Incident | None) -> Reading:
    """Read a value, coded or derived."""
    if field == "era":
        return Reading(record.era.value, str(record.era.label))
    if field not in DERIVED:
        return read(record, field)
    if field == "lead_time":
        lead_time = record.lead_time(incident)
        return Reading(lead_time.status, sentence(str(lead_time)))
    covered = record.window_covered(incident)
    return Reading(covered.value, str(covered.label))
