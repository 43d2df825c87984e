"""The columns of `/cases.csv`, in the one list that both the file and the codebook use.

Columns have the names of parameters and variables. Their values are written by the columns of the
data bundle, so a value has the same spelling in every file. If a case has several warnings or
incidents, a cell holds one value for each, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.evidence.lead_time import lead_time, window_covered
from cases.evidence.variables import CASE, DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.exchange.bundle.layout.cells import guard, join
from cases.exchange.bundle.layout.tables import CASES, INCIDENTS, WARNINGS, Table
from cases.models.edtf import precision_of
from cases.models.synthetic_label import is_synthetic
from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED
from cases.record.classes import (
    CasePart,
    CaseRecord,
    FigureRecord,
    IncidentRecord,
    PartyRecord,
    WarningRecord,
)

from .errors import absolute
from .rows import CaseRow, in_order

# Written for a bound that the date does not have, such as the first day of “in or before 2022”.
UNBOUNDED = "unbounded"

_WHOLE = re.compile(r"-?[0-9]+")
TABLES: dict[str, Table] = {CASE: CASES, WARNING: WARNINGS, INCIDENT: INCIDENTS}


_OF_A_FIGURE = "The figure that is coded; the qualifier says how it is meant."
# Meanings of columns that are also in the data bundle and hold no values of a vocabulary.
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


@dataclass(frozen=True)
class CsvColumn:
    """A column of the CSV file.

    `read(row, record)` returns the value of the case, or of one of its warnings or incidents; which
    of the three is said by `part`. A column of the case may also return a list of values.
    `defined_at` is the codebook entry that defines the values.
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
        """Whether a cell holds one value for each warning or incident."""
        return self.part != CASE

    def cell(self, row: CaseRow) -> str:
        """Return the text of a cell; "" if the case has no such part, or the list is empty."""
        if self.part == CASE:
            read = self.read(row, row.record)
            return as_cell(read if isinstance(read, str) else join(read))
        parts = row.record.warnings if self.part == WARNING else row.record.incidents
        return as_cell(join([str(self.read(row, part)) for part in parts]))


def as_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs as a formula."""
    # A negative number begins with “-”, but a spreadsheet reads it as the number it is.
    return text if _WHOLE.fullmatch(text) else guard(text)


def _of_bundle(name: str, field: str, part: str, title: str) -> CsvColumn:
    """Return a column with the values of a data bundle column, under the name of a parameter."""
    column = TABLES[part].by_name[field]
    model = TABLES[part].model
    return CsvColumn(
        name,
        title,
        ABOUT.get(field) or f"{column.rule()}.",
        lambda row, record: _text_of(record, field),
        part,
        unit="persons" if column.type == "integer" else "",
        defined_at=f"{model._meta.model_name}.{field}" if column.terms() else "",
    )


def _text_of(part: CasePart, field: str) -> str:
    """Return the text of a value of a record as the data bundle writes its column `field`."""
    if field.endswith("_qualifier"):
        return str(getattr(part, field.removesuffix("_qualifier")).qualifier)
    value = getattr(part, field)
    match value:
        case PartyRecord():
            return value.actor.slug if value.actor else value.state
        case FigureRecord():
            return value.qualifier if value.figure is None else str(value.figure)
    return str(value)


def _recipients(row: CaseRow, warning: WarningRecord) -> str:
    """Return the recipients of one warning, separated by commas, which no slug contains."""
    return ", ".join(actor.slug for actor in warning.recipients) or NOT_STATED


def _intermediaries(row: CaseRow, warning: WarningRecord) -> str:
    """Return the intermediaries of one warning in order, separated by commas."""
    return ", ".join(actor.slug for actor in warning.intermediaries) or NOT_STATED


def _directives(row: CaseRow, record: CaseRecord) -> str | list[str]:
    return [directive.slug for directive in record.directives] or NOT_STATED


def _dated(name: str, part: str, title: str) -> Iterator[CsvColumn]:
    yield CsvColumn(
        name,
        title,
        "The date in EDTF (Library of Congress Extended Date/Time Format): 2024-03 is a month.",
        lambda row, record: record.date.edtf or record.date.state,
        part,
    )
    for bound, words in (("earliest", "first"), ("latest", "last")):
        yield CsvColumn(
            f"{name}_{bound}",
            f"{title}, {bound}",
            f"The {words} possible day; “{UNBOUNDED}” if the date is open on this side.",
            _bound(bound),
            part,
            unit="day",
        )


def _bound(bound: str) -> Callable[[CaseRow, Any], str]:
    def read(row: CaseRow, record: Any) -> str:
        if not record.date.is_stated:
            return str(record.date.state)
        day = getattr(record.date, bound)
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
            _deaths_lower_bound,
            INCIDENT,
            unit="persons",
        )


def _deaths_lower_bound(row: CaseRow, incident: IncidentRecord) -> str:
    """Return the lowest number of deaths that the figure allows, or the reason for having none."""
    if incident.deaths_lower_bound is not None:
        return str(incident.deaths_lower_bound)
    # “About 130” has a figure, but no lower bound; without a figure the qualifier is the reason.
    return NOT_STATED if incident.deaths.figure is not None else incident.deaths.qualifier


def _lead_times() -> Iterator[CsvColumn]:
    for bound in ("minimum", "maximum"):
        yield CsvColumn(
            f"lead_time_{bound}",
            f"Lead time, {bound}",
            f"The {'least' if bound == 'minimum' else 'greatest'} number of days from the warning "
            "to the earliest incident that was carried out which their dates allow, and the order "
            "that a source gives; negative if it came before. With a negative minimum and a "
            "maximum of 0 or more the order is unknown, unless a source denies that the warning "
            "came first. “not_stated” if it cannot be computed, “not_applicable” if nothing was "
            "carried out.",
            _lead_time(bound),
            WARNING,
            unit="days",
            defined_at="warning.lead_time",
        )


def _lead_time(bound: str) -> Callable[[CaseRow, Any], str]:
    def read(row: CaseRow, warning: WarningRecord) -> str:
        interval = lead_time(warning, row.evidence.occurrence)
        return interval.status if interval.minimum is None else str(getattr(interval, bound))

    return read


def _values(variable: Variable) -> Iterator[CsvColumn]:
    """Yield the columns that hold the value of a variable; a date, for example, has three."""
    name, part, field, title = variable.name, variable.part, variable.field, variable.title
    if field == "era":
        meaning = "Whether the date of the case lies before or after ICD 191, 21 July 2015."
        yield CsvColumn(
            name, title, meaning, lambda row, record: str(record.era), defined_at="case.era"
        )
    elif field == "date":
        yield from _dated(name, part, title)
    elif field == "directives":
        meaning = "The directives that apply to it, by their slugs."
        yield CsvColumn(name, title, meaning, _directives, part, defined_at="parameter.directive")
    elif field == "recipients":
        meaning = "The actors it went to, by their slugs; those of one warning have “, ” between."
        yield CsvColumn(name, title, meaning, _recipients, part)
    elif field == "intermediaries":
        meaning = (
            "The actors that passed it on, in order, by their slugs; those of one warning have "
            f"“, ” between. “{NOT_STATED}” if no source reports any."
        )
        yield CsvColumn(name, title, meaning, _intermediaries, part)
    elif field == "lead_time":
        yield from _lead_times()
    elif field == "window_covered":
        yield CsvColumn(
            name,
            title,
            "Whether the warned window contained the earliest incident that was carried out.",
            lambda row, warning: window_covered(warning, row.evidence.occurrence).value,
            part,
            defined_at="warning.window_covered",
        )
    elif field in ("deaths", "injured"):
        yield from _figures(variable)
    else:
        yield _of_bundle(name, field, part, title)


def _of_variable(variable: Variable) -> Iterator[CsvColumn]:
    """Yield the columns of a variable: its value, and the modality of that value."""
    yield from _values(variable)
    # No claim is about the era: it follows from the date of the case, which is derived itself.
    if variable.field != "era":
        yield CsvColumn(
            f"{variable.name}_firmness",
            f"{variable.title}, certainty",
            f"How certain the weakest value is that it rests on; “{NOT_STATED}” without a value."
            if variable.field in DERIVED
            else "How certain the most certain claim is that asserts the value; "
            f"“{NOT_STATED}” without a value, or if no claim does.",
            _modality(variable),
            variable.part,
            defined_at="claim.modality",
        )


def _modality(variable: Variable) -> Callable[[CaseRow, Any], str]:
    value_of = next(_values(variable)).read

    def read(row: CaseRow, part: Any) -> str:
        value = value_of(row, part)
        # A claim may say that a source is silent, and the inputs of a lead time may have claims
        # even if it cannot be computed.
        if isinstance(value, str) and value in ABSENT_VALUES:
            return NOT_STATED
        return row.evidence.status(part, variable.field).modality or NOT_STATED

    return read


def _variables(part: str) -> Iterator[CsvColumn]:
    for variable in VARIABLES.values():
        if variable.part == part:
            yield from _of_variable(variable)


def _count(name: str, title: str, meaning: str, count: Callable[[CaseRow], int]) -> CsvColumn:
    return CsvColumn(name, title, meaning, lambda row, record: str(count(row)), unit="number")


def _yes_or_no(name: str, title: str, meaning: str, test: Callable[[CaseRow], bool]) -> CsvColumn:
    return CsvColumn(name, title, meaning, lambda row, record: "yes" if test(row) else "no")


CSV_COLUMNS: tuple[CsvColumn, ...] = (
    _of_bundle("number", "number", CASE, "Number"),
    _of_bundle("slug", "slug", CASE, "Slug"),
    _of_bundle("title", "title", CASE, "Title"),
    *_dated("date", CASE, "Date of the case"),
    CsvColumn(
        "precision",
        "Precision of the date",
        "How exactly the date of the case is known.",
        lambda row, record: precision_of(record.date.edtf).value,
        defined_at="case.precision",
    ),
    *_variables(CASE),
    _count("warnings", "Warnings", "How many are coded.", lambda row: len(row.record.warnings)),
    *_variables(WARNING),
    _count("incidents", "Incidents", "How many are coded.", lambda row: len(row.record.incidents)),
    *_variables(INCIDENT),
    CsvColumn(
        "roles",
        "Roles",
        "Who else takes part, each as role:slug; the parties of warnings have columns of their "
        "own. "
        f"“{NOT_STATED}” if no source names anybody.",
        lambda row, record: (
            [f"{part.role}:{part.actor.slug}" for part in record.involvements] or NOT_STATED
        ),
        defined_at="involvement.role",
    ),
    CsvColumn(
        "exception",
        "Exceptions",
        "What is known of exceptions of directives, each as slug:status; "
        f"“{NOT_STATED}” if no source says anything of any.",
        lambda row, record: (
            [f"{part.exception.slug}:{part.status}" for part in record.assessments] or NOT_STATED
        ),
        defined_at="exceptionassessment.status",
    ),
    CsvColumn(
        "speaker",
        "Speakers",
        "The actors its claims are attributed to, each once, by their slugs; "
        f"“{NOT_STATED}” for claims in a source’s own voice.",
        lambda row, record: sorted(row.speakers),
        defined_at="parameter.speaker",
    ),
    CsvColumn(
        "source",
        "Sources",
        "The publications its claims are drawn from, each once, by their slugs.",
        lambda row, record: sorted(row.sources),
        defined_at="parameter.source",
    ),
    CsvColumn(
        "modality",
        "Certainty of claims",
        "How certain its claims are, each once, the most certain first.",
        lambda row, record: in_order(row.modalities),
        defined_at="claim.modality",
    ),
    _yes_or_no(
        "contested",
        "Contested",
        "Whether a claim disputes a value that another claim asserts. One that disputes a warning, "
        "an incident or the case as a whole disputes what is asserted of it. Notes do not count.",
        lambda row: row.evidence.is_contested,
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
        lambda row: len(row.record.notes),
    ),
    CsvColumn(
        "version",
        "Version",
        "The number of its latest public version; empty if none was made.",
        lambda row, record: str(row.version),
    ),
    CsvColumn(
        "permanent_address",
        "Permanent address",
        "The address to cite; it never changes, even if the slug does.",
        lambda row, record: absolute(record.get_permanent_url()),
    ),
    CsvColumn(
        "address",
        "Address",
        "The page of the case.",
        lambda row, record: absolute(record.get_absolute_url()),
    ),
    _yes_or_no(
        "synthetic",
        "Synthetic",
        "Whether it was made up to test the casebook, and is evidence of nothing.",
        lambda row: is_synthetic(row.record.number, row.record.slug),
    ),
)

# What a reader has to know about the file in addition to its columns.
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
