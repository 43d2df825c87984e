"""The columns of `/cases.csv`: one list, from which the file is written and the codebook tells.

Names are those of the parameters and variables; values are written by the columns of the data
bundle, so that a value is spelled alike in every file. Where a case has several warnings or
incidents, a cell has one value for each, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.evidence.values import reason_for_absence
from cases.evidence.variables import CASE, DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.exchange.bundle.cells import guard, join
from cases.exchange.bundle.columns import MISSING
from cases.exchange.bundle.tables import CASES, INCIDENTS, WARNINGS, Table
from cases.models import Incident
from cases.models.synthetic_label import is_synthetic
from cases.models.vocabulary import NOT_STATED

from .derived import deaths_lower_bound, lead_time
from .errors import absolute
from .rows import CaseRow, in_order

UNBOUNDED = "unbounded"
"""The bound of a date that has none on this side, such as the first day of “in or before 2022”."""

_WHOLE = re.compile(r"-?[0-9]+")
TABLES: dict[str, Table] = {CASE: CASES, WARNING: WARNINGS, INCIDENT: INCIDENTS}


_OF_A_FIGURE = "The figure that is coded; the qualifier says how it is meant."
ABOUT = {
    "number": "The permanent number, which no other case ever has.",
    "slug": "The name of the case in its address.",
    "title": "What the case is called.",
    "issuer": "The actor that gave it, by its slug.",
    "place": "Where it was, in the editors’ own words.",
    "country": "The state where it was, by its slug.",
    "deaths": _OF_A_FIGURE,
    "injured": _OF_A_FIGURE,
}
"""What the columns hold that are not values of a vocabulary and stand in the data bundle too."""


@dataclass(frozen=True)
class CsvColumn:
    """A column: `read` returns the value that a row has of one part, or the values of the case.

    `part` says whether there is a value for the case, for each warning or for each incident;
    `defined_at` names the entry of the codebook that defines the values.
    """

    name: str
    title: str
    meaning: str
    read: Callable[[CaseRow, Any], str | list[str]]
    part: str = CASE
    unit: str = ""
    defined_at: str = ""

    @property
    def is_several(self) -> bool:
        """Whether a cell has a value for each of several parts."""
        return self.part != CASE

    def cell(self, row: CaseRow) -> str:
        """Return what the row has in this column: empty if it has no such part, or no items."""
        if self.part == CASE:
            read = self.read(row, row.case)
            return as_cell(read if isinstance(read, str) else join(read))
        parts = row.warnings if self.part == WARNING else row.incidents
        return as_cell(join([str(self.read(row, part)) for part in parts]))


def as_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs as a formula; a number stays as it is."""
    return text if _WHOLE.fullmatch(text) else guard(text)


def _of_bundle(name: str, field: str, part: str, title: str) -> CsvColumn:
    """Return a column that is one of the data bundle's, under the name of the parameter."""
    column = TABLES[part].by_name[field]
    model = TABLES[part].model
    return CsvColumn(
        name,
        title,
        ABOUT.get(field) or f"{column.rule()}.",
        lambda row, record: column.write(record),
        part,
        unit="persons" if column.type == "integer" else "",
        defined_at=f"{model._meta.model_name}.{field}" if column.terms() else "",
    )


def _recipients(row: CaseRow, warning: Any) -> str:
    """Return the recipients of one warning in one text: no slug has a comma in it."""
    return ", ".join(sorted(actor.slug for actor in warning.recipients.all())) or NOT_STATED


def _dated(name: str, part: str, title: str) -> Iterator[CsvColumn]:
    yield CsvColumn(
        name,
        title,
        "The date in EDTF (Library of Congress Extended Date/Time Format): 2024-03 is a month.",
        lambda row, record: record.date_edtf or reason_for_absence(record),
        part,
    )
    for bound, words in (("earliest", "first"), ("latest", "last")):
        yield CsvColumn(
            f"{name}_{bound}",
            f"{title}, {bound}",
            f"The {words} possible day; “{UNBOUNDED}” if the date is open on this side.",
            _bound(f"date_{bound}"),
            part,
            unit="day",
        )


def _bound(column: str) -> Callable[[CaseRow, Any], str]:
    def read(row: CaseRow, record: Any) -> str:
        if not record.date_edtf:
            return reason_for_absence(record)
        day = getattr(record, column)
        return UNBOUNDED if day is None else str(day.isoformat())

    return read


def _figures(variable: Variable) -> Iterator[CsvColumn]:
    for field in (variable.field, f"{variable.field}_qualifier"):
        title = variable.title if field == variable.field else f"{variable.title}, qualifier"
        yield _of_bundle(field, field, INCIDENT, title)
    if variable.name == "deaths":
        yield CsvColumn(
            "deaths_lower_bound",
            "Deaths, lower bound",
            "The least number that figure and qualifier allow: “over 130” is at least 131; "
            "“about” gives none.",
            lambda row, incident: str(deaths_lower_bound(incident)),
            INCIDENT,
            unit="persons",
        )


def _lead_times() -> Iterator[CsvColumn]:
    for bound in ("minimum", "maximum"):
        yield CsvColumn(
            f"lead_time_{bound}",
            f"Lead time, {bound}",
            f"The {'least' if bound == 'minimum' else 'greatest'} number of days from the warning "
            "to the earliest incident that was carried out which their dates allow; negative if "
            "it came before. “not_stated” if it cannot be computed, “not_applicable” if nothing "
            "was carried out.",
            _lead_time(bound),
            WARNING,
            unit="days",
            defined_at="warning.lead_time",
        )


def _lead_time(bound: str) -> Callable[[CaseRow, Any], str]:
    def read(row: CaseRow, warning: Any) -> str:
        found = lead_time(warning, row.occurrence)
        return found if isinstance(found, str) else str(found[bound])

    return read


def _values(variable: Variable) -> Iterator[CsvColumn]:
    """Yield the columns that hold the value of a variable."""
    name, part, field, title = variable.name, variable.part, variable.field, variable.title
    if field == "era":
        meaning = "Whether the date of the case lies before or after ICD 191, 21 July 2015."
        yield CsvColumn(
            name, title, meaning, lambda row, case: case.era.value, defined_at="case.era"
        )
    elif field == "date":
        yield from _dated(name, part, title)
    elif field == "recipients":
        meaning = "The actors it went to, by their slugs; those of one warning have “, ” between."
        yield CsvColumn(name, title, meaning, _recipients, part)
    elif field == "lead_time":
        yield from _lead_times()
    elif field == "window_covered":
        yield CsvColumn(
            name,
            title,
            "Whether the warned window contained the earliest incident that was carried out.",
            lambda row, warning: warning.window_covered(row.occurrence).value,
            part,
            defined_at="warning.window_covered",
        )
    elif field in ("deaths", "injured"):
        yield from _figures(variable)
    else:
        yield _of_bundle(name, field, part, title)


def _of_variable(variable: Variable) -> Iterator[CsvColumn]:
    """Yield the columns of a variable: its value, and how firm it is."""
    yield from _values(variable)
    if variable.field != "era":  # worked out from a date of the case, which is worked out itself
        yield CsvColumn(
            f"{variable.name}_firmness",
            f"{variable.title}, firmness",
            f"How firm the weaker of its two dates is; “{NOT_STATED}” without a value."
            if variable.field in DERIVED
            else "How firm the firmest claim is that asserts the value; "
            f"“{NOT_STATED}” if no claim does.",
            _modality(variable),
            variable.part,
            defined_at="claim.modality",
        )


def _modality(variable: Variable) -> Callable[[CaseRow, Any], str]:
    def read(row: CaseRow, record: Any) -> str:
        if variable.field in DERIVED and _is_missing(variable, record, row.occurrence):
            return NOT_STATED  # what is worked out of nothing is not firm
        return row.modality_of(record, variable) or NOT_STATED

    return read


def _is_missing(variable: Variable, warning: Any, occurrence: Incident | None) -> bool:
    if variable.field == "lead_time":
        return isinstance(lead_time(warning, occurrence), str)
    return warning.window_covered(occurrence) in MISSING


COUNTRY = Variable("country", INCIDENT, "country", "Country")
"""A coded field that lists have no column for, and files do."""


def _variables(part: str) -> Iterator[CsvColumn]:
    for variable in VARIABLES.values():
        if variable.part == part:
            yield from _of_variable(variable)
        if variable.name == "place":
            yield from _of_variable(COUNTRY) if part == INCIDENT else ()


def _count(name: str, title: str, meaning: str, count: Callable[[CaseRow], int]) -> CsvColumn:
    return CsvColumn(name, title, meaning, lambda row, case: str(count(row)), unit="number")


def _yes_or_no(name: str, title: str, meaning: str, is_so: Callable[[CaseRow], bool]) -> CsvColumn:
    return CsvColumn(name, title, meaning, lambda row, case: "yes" if is_so(row) else "no")


CSV_COLUMNS: tuple[CsvColumn, ...] = (
    _of_bundle("number", "number", CASE, "Number"),
    _of_bundle("slug", "slug", CASE, "Slug"),
    _of_bundle("title", "title", CASE, "Title"),
    *_dated("date", CASE, "Date of the case"),
    *_variables(CASE),
    _count("warnings", "Warnings", "How many are coded.", lambda row: len(row.warnings)),
    *_variables(WARNING),
    _count("incidents", "Incidents", "How many are coded.", lambda row: len(row.incidents)),
    *_variables(INCIDENT),
    CsvColumn(
        "roles",
        "Roles",
        "Who else takes part, each as role:slug; issuers and recipients have columns of their own. "
        f"“{NOT_STATED}” if no source names anybody.",
        lambda row, case: (
            sorted(f"{part.role}:{part.actor.slug}" for part in case.involvements.all())
            or NOT_STATED
        ),
        defined_at="involvement.role",
    ),
    CsvColumn(
        "exception",
        "Exceptions",
        "What is known of exceptions of the directive, each as slug:status; "
        f"“{NOT_STATED}” if no source says anything of any.",
        lambda row, case: (
            sorted(f"{part.exception.slug}:{part.status}" for part in case.assessments.all())
            or NOT_STATED
        ),
        defined_at="exceptionassessment.status",
    ),
    CsvColumn(
        "modality",
        "Firmness of claims",
        "How firm its claims are, each once, the firmest first.",
        lambda row, case: in_order(row.modalities),
        defined_at="claim.modality",
    ),
    _yes_or_no(
        "contested",
        "Contested",
        "Whether one claim asserts a value that another disputes.",
        lambda row: row.is_contested,
    ),
    _count(
        "claims",
        "Claims",
        "How many pieces of evidence it has.",
        lambda row: row.modalities.total(),
    ),
    _count(
        "notes",
        "Editorial notes",
        "How many notes are about the case itself.",
        lambda row: len(row.case.notes.all()),
    ),
    CsvColumn(
        "version",
        "Version",
        "The number of its latest public version; empty if none was made.",
        lambda row, case: str(row.version or ""),
    ),
    CsvColumn(
        "permanent_address",
        "Permanent address",
        "The address to cite, which stays whatever becomes of the slug.",
        lambda row, case: absolute(case.get_permanent_url()),
    ),
    CsvColumn(
        "address",
        "Address",
        "The page of the case.",
        lambda row, case: absolute(case.get_absolute_url()),
    ),
    _yes_or_no(
        "synthetic",
        "Synthetic",
        "Whether it was made up to test the casebook, and is evidence of nothing.",
        lambda row: is_synthetic(row.case),
    ),
)

HOW_TO_READ = (
    "The file is in UTF-8 without a byte order mark, with the names of the columns in its first "
    "row; in a spreadsheet, import it as UTF-8.",
    "Where a column has a value for each warning or incident, they stand in their order with “; ” "
    "between; a semicolon within a value is written “\\;” and a backslash “\\\\”. The cell is "
    "empty where the case has no warning or incident.",
    "not_stated means that no source says, not_applicable that there is nothing to say.",
    "A text that a spreadsheet would run as a formula has an apostrophe before it. Take one away "
    "wherever a cell begins with apostrophes that =, +, -, @, a tab or a carriage return follows.",
)
"""What a reader of the file has to know beside its columns."""
