"""The codebook as an object: what the page `/codebook/` shows."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from msgspec import Meta

from cases.exchange.codebook import Entity, Field, entities, parameters
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.tables.registry import HOW_TO_READ, TABLES
from cases.exchange.tables.table import Column, Table
from cases.models.vocabulary import Vocabulary
from cases.record.classes import RecordPart
from cases.record.schema import objects_of

Name = Annotated[str, Meta(description="Its name in records, columns and addresses.")]
Label = Annotated[str, Meta(description="What it is called on pages.")]
Meaning = Annotated[str, Meta(description="What it means.")]


class Word(RecordPart, frozen=True, kw_only=True):
    """A value of a vocabulary."""

    value: Annotated[str, Meta(description="The code that stands in records and tables.")]
    label: Label
    meaning: Meaning


class FieldEntry(RecordPart, frozen=True, kw_only=True):
    """A field of an entity."""

    name: Name
    label: Label
    meaning: Meaning
    derived: Annotated[bool, Meta(description="Whether it is computed from other fields.")]
    values: Annotated[tuple[Word, ...], Meta(description="Its only values, if it has such.")]


class EntityEntry(RecordPart, frozen=True, kw_only=True):
    """What records are about: a case, a warning, a claim."""

    name: Name
    label: Label
    meaning: Meaning
    fields: Annotated[tuple[FieldEntry, ...], Meta(description="What is recorded of it.")]


class ParameterEntry(RecordPart, frozen=True, kw_only=True):
    """A parameter of the addresses of cases."""

    name: Name
    label: Label
    meaning: Meaning
    values: Annotated[tuple[str, ...], Meta(description="Its only values, if it has such.")]
    defined_at: Annotated[str, Meta(description="The field that defines its values, if one does.")]


class ColumnEntry(RecordPart, frozen=True, kw_only=True):
    """A column of a table."""

    name: Name
    label: Label
    meaning: Meaning
    type: Annotated[str, Meta(description="“string”, “integer” or “date”.")]
    unit: Annotated[str, Meta(description="What numbers count; empty without a unit.")]
    required: Annotated[bool, Meta(description="Whether every row has a value.")]
    refers_to: Annotated[str, Meta(description="The list that its values name, such as “actors”.")]
    values: Annotated[tuple[str, ...], Meta(description="Its only values, if it has such.")]
    defined_at: Annotated[str, Meta(description="The field that defines its values, if one does.")]


class TableEntry(RecordPart, frozen=True, kw_only=True):
    """A tidy table."""

    name: Name
    meaning: Meaning
    key: Annotated[tuple[str, ...], Meta(description="The columns that tell its rows apart.")]
    columns: Annotated[tuple[ColumnEntry, ...], Meta(description="Its columns, in order.")]


class RecordFieldEntry(RecordPart, frozen=True, kw_only=True):
    """A field of an object in the record of a case."""

    name: Name
    meaning: Annotated[str, Meta(description="What it means, unless a field defines it.")]
    kind: Annotated[str, Meta(description="What it holds, in words.")]
    holds: Annotated[str, Meta(description="The name of the objects in it, if it has any.")]
    values: Annotated[tuple[str, ...], Meta(description="Its only values, if it has such.")]
    defined_at: Annotated[str, Meta(description="The field that defines it, if one does.")]


class RecordObjectEntry(RecordPart, frozen=True, kw_only=True):
    """A kind of object in the record of a case."""

    name: Name
    meaning: Meaning
    fields: Annotated[tuple[RecordFieldEntry, ...], Meta(description="Its fields, in order.")]


class Codebook(RecordPart, frozen=True, kw_only=True):
    """What every name and code in the casebook means."""

    entities: Annotated[tuple[EntityEntry, ...], Meta(description="What records are about.")]
    parameters: Annotated[
        tuple[ParameterEntry, ...], Meta(description="What addresses of cases can ask.")
    ]
    tables: Annotated[tuple[TableEntry, ...], Meta(description="The tidy tables.")]
    how_to_read: Annotated[tuple[str, ...], Meta(description="What to know about the files.")]
    record: Annotated[
        tuple[RecordObjectEntry, ...], Meta(description="The objects in the record of a case.")
    ]


@cache
def codebook() -> Codebook:
    """Return the codebook, which only a new version of the code changes."""
    return Codebook(
        entities=tuple(map(_entity, entities())),
        parameters=tuple(
            ParameterEntry(
                name=one.name,
                label=one.label,
                meaning=one.meaning,
                values=one.values,
                defined_at=one.defined,
            )
            for one in parameters()
        ),
        tables=tuple(map(_table, TABLES.values())),
        how_to_read=HOW_TO_READ,
        record=tuple(
            RecordObjectEntry(
                name=one.name,
                meaning=one.description,
                fields=tuple(
                    RecordFieldEntry(
                        name=field.name,
                        meaning=field.description,
                        kind=field.kind,
                        holds=field.holds,
                        values=field.values,
                        defined_at=field.defined_at,
                    )
                    for field in one.fields
                ),
            )
            for one in objects_of(PublishedCase)
        ),
    )


def _entity(entity: Entity) -> EntityEntry:
    return EntityEntry(
        name=entity.name,
        label=entity.label,
        meaning=entity.description,
        fields=tuple(map(_field, entity.fields)),
    )


def _field(field: Field) -> FieldEntry:
    return FieldEntry(
        name=field.name,
        label=field.label,
        meaning=str(field.description),
        derived=field.is_derived,
        values=tuple(map(_word, field.vocabulary or ())),
    )


def _word(member: Vocabulary) -> Word:
    return Word(value=member.value, label=str(member.label), meaning=member.definition)


def _table(table: Table) -> TableEntry:
    return TableEntry(
        name=table.name,
        meaning=table.about,
        key=table.key,
        columns=tuple(map(_column, table.columns)),
    )


def _column(column: Column) -> ColumnEntry:
    return ColumnEntry(
        name=column.name,
        label=column.title,
        meaning=str(column.meaning),
        type=column.type,
        unit=column.unit,
        required=column.is_required,
        refers_to=column.refers_to,
        values=tuple(value for value, _ in column.words),
        defined_at=column.defined_at,
    )
