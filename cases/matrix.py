"""The comparison table: cases by coded variables, each cell with its values and their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .coding import CodedValue, CodingSheet, Derived
from .models import Case

CASE, WARNING, INCIDENT = "case", "warning", "incident"

COLUMNS = (
    (CASE, "kind", "Kind"),
    (WARNING, "issuer", "Issuer"),
    (WARNING, "recipients", "Recipients"),
    (WARNING, "date", "Warned on"),
    (WARNING, "channel", "Channel"),
    (WARNING, "basis", "Basis"),
    (WARNING, "relation", "Relation"),
    (WARNING, "reception", "Reception"),
    (WARNING, "follow_up", "Follow-up"),
    (WARNING, "Lead time", "Lead time"),
    (WARNING, "Window covered the incident", "Window covered"),
    (INCIDENT, "kind", "Incident"),
    (INCIDENT, "date", "Happened on"),
    (INCIDENT, "place", "Place"),
    (INCIDENT, "deaths", "Deaths"),
    (CASE, "records_status", "Requests for records"),
)
"""The variables: their part, the coded field (or the label of what is derived), the title."""


@dataclass(frozen=True)
class Entry:
    """One value in a cell; `part` says of which warning or incident, where there are several."""

    part: str
    anchor: str
    value: CodedValue | Derived


@dataclass(frozen=True)
class Row:
    case: Case
    cells: tuple[tuple[str, tuple[Entry, ...]], ...]


def rows(cases: Iterable[Case]) -> list[Row]:
    """Return a row for each of `cases` (fetched with `for_detail()`), without further queries."""
    return [_row(case, CodingSheet(case)) for case in cases]


def _row(case: Case, sheet: CodingSheet) -> Row:
    sections = {CASE: [sheet.about_case], WARNING: sheet.warnings, INCIDENT: sheet.incidents}
    cells = []
    for part, name, title in COLUMNS:
        entries = []
        for section in sections[part]:
            which = section.title if len(sections[part]) > 1 else ""
            entries += [
                Entry(which, value.anchor, value) for value in section.values if value.field == name
            ]
            entries += [
                Entry(which, section.path, value)
                for value in section.derived
                if value.label == name
            ]
        cells.append((title, tuple(entries)))
    return Row(case, tuple(cells))
