"""Every entity, its fields and their values, derived from the models."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import capfirst

from cases.evidence.values import label_of
from cases.exchange.bundle.layout.tables import Table
from cases.exchange.dataset.public_bundle import TABLES
from cases.exchange.tables.table import EMPTY, Column
from cases.index import case_index
from cases.index.case_index import CaseIndex
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    CaseStatus,
    Vocabulary,
)

from .places import TABLE_AND_KEYS, columns_of, key_of, parameters_by_field
from .vocabularies import DERIVED, vocabulary_at

ENTITIES = (
    Case,
    Involvement,
    Warning,
    Incident,
    Claim,
    Note,
    Actor,
    Source,
    Directive,
    DirectiveException,
    ExceptionAssessment,
)

INTERNAL = {"id", "folded"}


# Fields of an entity that are kept in rows of their own, with the column that defines them.
IN_ROWS: dict[type[Any], dict[str, Any]] = {
    Warning: {"intermediaries": Intermediary._meta.get_field("actor")}
}

TABLE_OF: dict[type[Any], Table] = {table.model: table for table in TABLES}


# The type of a value by Django’s name for its column, in the words of Frictionless Table Schema and
# two of our own: a reference is the slug of a record.
TYPES = {
    "ForeignKey": "reference",
    "OneToOneField": "reference",
    "ManyToManyField": "references",
    "DateField": "date",
    "DateTimeField": "datetime",
    "BooleanField": "boolean",
    "JSONField": "array",
    "NamesField": "array",
}


@dataclass(frozen=True)
class Value:
    """A value of a vocabulary. `cases` is the number of public cases that have it somewhere.

    It is None if that is not counted, because records of cases do not have the field.
    """

    value: str
    label: str
    definition: str
    cases: int | None


@dataclass(frozen=True)
class Field:
    """A field of an entity, with its values and where it appears.

    `missing` are the codes of an absent value; “empty” is an empty cell, and null in JSON.
    `parameter` filters the list of cases by it. `columns` are those of the tidy tables, such as
    “warnings.channel”, and `key` is where the JSON of a case has it.
    """

    name: str
    label: str
    description: str
    type: str
    unit: str
    values: tuple[Value, ...]
    missing: tuple[str, ...]
    parameter: str
    columns: tuple[str, ...]
    key: str
    is_derived: bool = False


@dataclass(frozen=True)
class Entity:
    name: str
    label: str
    description: str
    fields: tuple[Field, ...]
    # The table of the data bundle that holds these records, if there is one.
    table: Table | None


def entities() -> list[Entity]:
    """Return every entity of the data model, with its fields and their vocabularies."""
    index = case_index.current()
    return [_entity(model, index) for model in ENTITIES]


def _entity(model: type[Any], index: CaseIndex) -> Entity:
    fields = [
        _field(
            model,
            index,
            column.name,
            column.definition,
            vocabulary_at(model, column.name),
            column,
            # Bounds are computed from the date; the date of a case is that of one of its parts.
            is_derived=column.name.endswith(("_earliest", "_latest"))
            or (model is Case and column.name.startswith("date_")),
        )
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if column.name not in INTERNAL and column.related_model is not User
    ]
    fields += [
        _field(model, index, name, column.definition, None, None, type_="references")
        for name, column in IN_ROWS.get(model, {}).items()
    ]
    fields += [
        _field(
            model,
            index,
            name,
            description,
            vocabulary,
            None,
            label=label,
            type_="string" if vocabulary else "integer",
            is_derived=True,
        )
        for name, label, description, vocabulary in DERIVED.get(model, ())
    ]
    return Entity(
        name=model._meta.model_name,
        label=capfirst(str(model._meta.verbose_name)),
        description=(getdoc(model) or "").partition("\n\n")[0].replace("\n", " "),
        fields=tuple(fields),
        table=TABLE_OF.get(model),
    )


def _field(
    model: type[Any],
    index: CaseIndex,
    name: str,
    description: str,
    vocabulary: type[Vocabulary] | None,
    column: Any,
    *,
    label: str = "",
    type_: str = "",
    is_derived: bool = False,
) -> Field:
    columns, key = columns_of(model, name), key_of(model, name)
    parameter = parameters_by_field().get((model, name), "")
    return Field(
        name=name,
        label=label or label_of(model, name),
        description=description,
        type=type_ or _type(column),
        unit=next((found.unit for found in columns.values() if found.unit), ""),
        values=_values(
            vocabulary,
            index,
            # The index has what filters count under their names, other words as the codebook does.
            parameter or f"{model._meta.model_name}.{name}",
            # Every public case is published.
            is_counted=bool(columns or key) and vocabulary is not CaseStatus,
        ),
        missing=_missing(model, name, vocabulary, column, columns),
        parameter=parameter,
        columns=tuple(columns),
        key=key,
        is_derived=is_derived,
    )


def _type(column: Any) -> str:
    kind = column.get_internal_type()
    return TYPES.get(kind, "integer" if "Integer" in kind else "string")


def _values(
    vocabulary: type[Vocabulary] | None, index: CaseIndex, dimension: str, *, is_counted: bool
) -> tuple[Value, ...]:
    if vocabulary is None:
        return ()
    found = index.counts(dimension) if is_counted else {}
    return tuple(
        Value(
            member.value,
            str(member.label),
            str(member.definition),
            found.get(member.value, 0) if is_counted else None,
        )
        for member in vocabulary
    )


def _missing(
    model: type[Any],
    name: str,
    vocabulary: type[Vocabulary] | None,
    column: Any,
    columns: dict[str, Column],
) -> tuple[str, ...]:
    """Return the codes of an absent value of a field; “empty” if it is empty then."""
    if vocabulary is not None:
        return tuple(value for value in vocabulary.values if value in ABSENT_VALUES)
    own = columns.get(f"{TABLE_AND_KEYS[model][0]}.{name}")
    if own is not None and own.absences:
        return own.absences
    if name.endswith("_edtf"):
        return (NOT_STATED, NOT_APPLICABLE)
    if own is None and name in getattr(model, "CODED_FIELDS", ()):
        return (NOT_STATED,)
    if columns and all(shown.is_required for shown in columns.values()):
        return ()
    return (EMPTY,) if column is None or column.blank or column.null else ()
