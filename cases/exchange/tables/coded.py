"""Columns of coded values: one value in each cell, and after them how certain the value is.

They are made from the coded fields of a model and the classes of the record, so a new coded field
has its columns at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, get_type_hints

from cases.evidence.values import VOCABULARIES, column_of, label_of
from cases.models.edtf import precision_of
from cases.models.vocabulary import (
    NOT_APPLICABLE,
    NOT_STATED,
    Certainty,
    DateBasis,
    DatePrecision,
    Qualifier,
)
from cases.record.classes import (
    ActorRef,
    CasePart,
    DateRecord,
    DirectiveRef,
    FigureRecord,
    IncidentRecord,
    PartyRecord,
    WindowRecord,
    absence_in,
)
from cases.record.columns import MODELS
from cases.record.schema import column_of_field

from .case_row import CaseRow
from .table import DATE, INTEGER, Column, Read, Value, count, words_of

ABSENCES = ((NOT_STATED, "Not stated"), (NOT_APPLICABLE, "Does not apply"))
MODALITIES = words_of(Certainty)
CERTAINTY = "claim.certainty"
"""Where the codebook defines how certain a value is."""

ACTORS = "actors"


def coded(part: type[CasePart]) -> Iterator[Column]:
    """Yield the columns of the coded fields of the case or of a part of it, in their order."""
    types: dict[str, Any] = get_type_hints(part)
    for field in MODELS[part].CODED_FIELDS:  # type: ignore[attr-defined]  # parts of a case have them
        label = label_of(MODELS[part], field)
        yield from _COLUMNS[types[field]](part, field, label)
        yield certainty(field, label)


def certainty(
    field: str,
    label: str,
    modality: Read | None = None,
    meaning: str = "How certain the most certain claim is that asserts the value; “not_stated” "
    "without a value, or if no claim does.",
) -> Column:
    """Return the column of how certain a value is."""
    return Column(
        f"{field}_modality",
        f"{label}, certainty",
        meaning,
        modality or _modality(field),
        words=MODALITIES,
        defined_at=CERTAINTY,
        is_required=True,
    )


def _modality(field: str) -> Read:
    def read(case: CaseRow, unit: Any) -> Value:
        # A claim may say that a source is silent, which makes no value certain.
        return NOT_STATED if absence_in(getattr(unit, field)) else case.modality(unit, field)

    return read


def dates(field: str, label: str) -> Iterator[Column]:
    """Yield the columns of an uncertain date."""
    date: Callable[[Any], DateRecord] = attrgetter(field)
    yield Column(
        f"{field}_printed",
        f"{label}, as printed",
        "The words of the source, such as “Friday”; empty without any.",
        lambda case, unit: date(unit).words,
    )
    yield Column(
        f"{field}_edtf",
        label,
        "The date in EDTF (Library of Congress Extended Date/Time Format): 2024-03 is a month. "
        "“not_stated” or “not_applicable” without one.",
        lambda case, unit: date(unit).edtf or date(unit).state,
        absences=(NOT_STATED, NOT_APPLICABLE),
        is_required=True,
    )
    yield from _days(field, label, {"earliest": "first possible", "latest": "last possible"})
    yield Column(
        f"{field}_precision",
        f"{label}, precision",
        f"How exactly the date is known; “not_stated” without a date, and {field}_edtf says why.",
        lambda case, unit: precision_of(date(unit).edtf).value,
        words=words_of(DatePrecision),
        defined_at="case.precision",
        is_required=True,
    )
    yield Column(
        f"{field}_basis",
        f"{label}, basis",
        f"How the date is known; “not_stated” without a date, and {field}_edtf says why.",
        lambda case, unit: date(unit).basis,
        words=words_of(DateBasis),
        defined_at="incident.date_basis",
        is_required=True,
    )


def actor(
    name: str,
    label: str,
    meaning: str,
    read: Callable[[Any], ActorRef | None],
    otherwise: Callable[[Any], str] = lambda unit: NOT_STATED,
    absences: tuple[str, ...] = (NOT_STATED,),
) -> Iterator[Column]:
    """Yield the columns of one actor; `otherwise` returns why there is none, one of `absences`."""

    def of(attribute: str) -> Read:
        def value(case: CaseRow, unit: Any) -> Value:
            one = read(unit)
            return otherwise(unit) if one is None else str(getattr(one, attribute))

        return value

    yield Column(
        name,
        label,
        f"{meaning} By its slug.",
        of("slug"),
        refers_to=ACTORS,
        absences=absences,
        is_required=True,
    )
    yield Column(
        f"{name}_name",
        f"{label}, name",
        f"Its name; the same code as in “{name}” without an actor." if absences else "Its name.",
        of("name"),
        absences=absences,
        is_required=True,
    )


def _days(field: str, label: str, bounds: dict[str, str]) -> Iterator[Column]:
    """Yield the columns of the first and the last day of a value."""

    def day(bound: str) -> Read:
        read: Callable[[Any], dt.date | None] = attrgetter(f"{field}.{bound}")
        return lambda case, unit: read(unit)

    for bound, words in bounds.items():
        yield Column(
            f"{field}_{bound}",
            f"{label}, {bound}",
            f"The {words} day; empty if there is none, or if it is open on this side.",
            day(bound),
            DATE,
            unit="day",
        )


def _text(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    model, read = MODELS[part], attrgetter(field)
    vocabulary = VOCABULARIES[model].get(field)
    yield Column(
        field,
        label,
        _definition(part, field),
        lambda case, unit: read(unit),
        words=words_of(vocabulary) if vocabulary else (),
        defined_at=f"{model._meta.model_name}.{column_of(field)}" if vocabulary else "",
        absences=() if vocabulary else _absences(part),
        is_required=True,
    )


def _absences(part: type[CasePart]) -> tuple[str, ...]:
    """Return why a value of a part can be absent that is no code; see `reason_for_absence()`."""
    return (NOT_STATED, NOT_APPLICABLE) if part is IncidentRecord else (NOT_STATED,)


def _dates(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    yield from dates(field, label)


def _window(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    yield Column(
        f"{field}_state",
        label,
        "Whether a window is stated, or else why there is none.",
        lambda case, unit: unit.window.state,
        words=(("stated", "Stated"), *ABSENCES),
        meanings={
            "stated": "It has a first day, a last day or both.",
            NOT_STATED: "No source says which days the warning named.",
            NOT_APPLICABLE: "The warning is known to have named no time.",
        },
        is_required=True,
    )
    yield from _days(field, label, {"start": "first", "end": "last"})


def _party(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    party: Callable[[Any], PartyRecord] = attrgetter(field)
    yield from actor(
        field,
        label,
        _definition(part, field),
        lambda unit: party(unit).actor,
        lambda unit: party(unit).state,
        _absences(part),
    )


def _figure(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    figure: Callable[[Any], FigureRecord] = attrgetter(field)
    yield Column(
        field,
        label,
        _definition(part, field),
        lambda case, unit: figure(unit).figure,
        INTEGER,
        unit="persons",
    )
    yield Column(
        f"{field}_qualifier",
        f"{label}, qualifier",
        "How the figure is meant, or why there is none.",
        lambda case, unit: figure(unit).qualifier,
        words=words_of(Qualifier),
        defined_at=f"incident.{field}_qualifier",
        is_required=True,
    )
    if field == "deaths":
        yield Column(
            "deaths_lower_bound",
            "Deaths, lower bound",
            "The least number that figure and qualifier allow: “over 130” is at least 131. Empty "
            "without a figure, and for “about 130”, which has no firm bound.",
            lambda case, unit: unit.deaths_lower_bound,
            INTEGER,
            unit="persons",
        )


def _actors(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    actors: Callable[[Any], tuple[ActorRef, ...]] = attrgetter(field)
    one = field.removesuffix("ies") + "y" if field.endswith("ies") else field.removesuffix("s")
    yield count(
        f"{one}_count",
        f"{label}, number",
        f"How many there are; “involvements” has them all. {_definition(part, field)}",
        lambda case, unit: len(actors(unit)),
    )
    yield from actor(
        f"first_{one}",
        f"{label}, the first",
        "The only one, or the first of several.",
        lambda unit: next(iter(actors(unit)), None),
    )


def _directives(part: type[CasePart], field: str, label: str) -> Iterator[Column]:
    yield count(
        "directive_count",
        f"{label}, number",
        f"How many there are; “applied_directives” has them all. {_definition(part, field)}",
        lambda case, unit: len(unit.directives),
    )


def _definition(part: type[CasePart], field: str) -> str:
    column = column_of_field(MODELS[part], field)
    return str(column.definition)


_COLUMNS: dict[Any, Callable[[type[CasePart], str, str], Iterator[Column]]] = {
    str: _text,
    DateRecord: _dates,
    WindowRecord: _window,
    PartyRecord: _party,
    FigureRecord: _figure,
    tuple[ActorRef, ...]: _actors,
    tuple[DirectiveRef, ...]: _directives,
}
