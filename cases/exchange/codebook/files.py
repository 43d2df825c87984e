"""The codebook as files: what its page says, as JSON and as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cases.exchange.downloads.changes_files import CHANGE_COLUMNS, ChangeColumn
from cases.exchange.downloads.files import HEADING
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import Column, Value
from cases.index import case_index
from cases.record.schema import RecordField, RecordObject, objects_of

from .entities import Entity, Field, entities
from .parameters import Parameter, change_parameters, parameters

# The kinds of entries, which are the first cell of their rows.
FIELD, PARAMETER, COLUMN, KEY = "field", "parameter", "column", "key"

# The list of changes, whose CSV and JSON have the same columns and keys.
CHANGES = "changes"

# The columns of `codebook_rows()`, with what they have.
ROW = {
    "entry": "What the row is about: a field of an entity, a parameter of addresses, a column of a "
    "table or a key of an object in the JSON.",
    "of": "The entity, the table or the object that has it; the list for parameters.",
    "name": "Its name.",
    "label": "What pages call it.",
    "value": "One of its values, which the row is about; empty in the row about all of it.",
    "meaning": "What it means, or what the value means.",
    "type": "The type of its values.",
    "unit": "Their unit.",
    "cases": "How many public cases have the value; empty if that is not counted.",
    "missing": "The codes of an absent value, with commas; “empty” is an empty cell, null in JSON.",
    "defined_at": "The field that defines its values, such as “warning.channel”; empty if its own "
    "rows do.",
    "parameter": "The parameter that filters the list of cases by it.",
    "columns": "The columns that show it, such as “warnings.channel”, with commas.",
    "key": "Where the JSON of a case has it, such as “warnings[].channel”.",
}


# The names of types of values in JSON that are not texts.
_TYPES = {
    "remarks": "list of texts",
    "cases": "list of objects",
    "licence": "object",
    **dict.fromkeys(("count", "total", "dataset_version", "given"), "number"),
}


def json_objects() -> list[RecordObject]:
    """Return the objects of `/cases.json`: the file itself, a case, and what they consist of."""
    file = RecordObject(
        "File",
        "The file as a whole.",
        tuple(
            RecordField(
                name, _TYPES.get(name, "text"), "PublishedCase" if name == "cases" else "", meaning
            )
            for name, meaning in HEADING.items()
        ),
    )
    return [file, *objects_of(PublishedCase)]


def codebook_json() -> dict[str, Any]:
    """Return everything that the codebook defines, each kind of entry in a list of its own."""
    index = case_index.current()
    return {
        "dataset_version": index.version,
        "cases": len(index.cases),
        "columns": ROW,
        "entities": [_entity(one) for one in entities()],
        "parameters": [asdict(one) for one in parameters()],
        "tables": [
            {
                "name": table.name,
                "unit": table.unit,
                "about": table.about,
                "key": table.key,
                "columns": [_column(column) for column in table.columns],
            }
            for table in TABLES.values()
        ],
        "changes": {
            "parameters": [asdict(one) for one in change_parameters()],
            "columns": [_column(one) for one in CHANGE_COLUMNS],
        },
        "objects": [asdict(one) for one in json_objects()],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "label": entity.label,
        "description": entity.description,
        "fields": [asdict(field) for field in entity.fields],
    }


def _column(column: Column | ChangeColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.title,
        "meaning": column.meaning,
        "type": column.type,
        "unit": column.unit,
        "is_required": column.is_required,
        "missing": column.missing,
        "values": [
            {"value": value, "label": label, "meaning": meaning}
            for value, label, meaning in column.values
        ],
        "refers_to": column.refers_to,
        "defined_at": column.defined_at,
    }


def codebook_rows() -> Iterator[Sequence[Value]]:
    """Yield the codebook as rows with the columns `ROW`: one for each entry and for each value.

    The values of a column or a key that a field defines are in the rows of that field.
    """
    for row in _rows():
        yield [row.get(name, "") for name in ROW]


def _rows() -> Iterator[dict[str, Value]]:
    for entity in entities():
        for field in entity.fields:
            yield from _rows_of_field(entity, field)
    for parameter in parameters():
        yield _row_of_parameter("cases", parameter)
    for parameter in change_parameters():
        yield _row_of_parameter(CHANGES, parameter)
    for table in TABLES.values():
        for column in table.columns:
            yield from _rows_of_column(table.name, column)
    for one in CHANGE_COLUMNS:
        yield from _rows_of_column(CHANGES, one)
    for found in json_objects():
        for key in found.fields:
            yield from _rows_of_key(found.name, key)


def _rows_of_field(entity: Entity, field: Field) -> Iterator[dict[str, Value]]:
    named: dict[str, Value] = {"entry": FIELD, "of": entity.name, "name": field.name}
    yield named | {
        "label": field.label,
        "meaning": field.description,
        "type": field.type,
        "unit": field.unit,
        "missing": ",".join(field.missing),
        "parameter": field.parameter,
        "columns": ",".join(field.columns),
        "key": field.key,
    }
    for one in field.values:
        yield named | {
            "label": one.label,
            "value": one.value,
            "meaning": one.definition,
            "cases": one.cases,
        }


def _row_of_parameter(of: str, parameter: Parameter) -> dict[str, Value]:
    return {
        "entry": PARAMETER,
        "of": of,
        "name": parameter.name,
        "label": parameter.label,
        "meaning": parameter.meaning,
        "type": "string",
        "defined_at": parameter.defined,
        "parameter": parameter.name if of == "cases" else "",
    }


def _rows_of_column(table: str, column: Column | ChangeColumn) -> Iterator[dict[str, Value]]:
    named: dict[str, Value] = {"entry": COLUMN, "of": table, "name": column.name}
    yield named | {
        "label": column.title,
        "meaning": column.meaning,
        "type": column.type,
        "unit": column.unit,
        "missing": ",".join(column.missing),
        "defined_at": column.defined_at,
    }
    if not column.defined_at:
        for value, label, meaning in column.values:
            yield named | {"label": label, "value": value, "meaning": meaning}


def _rows_of_key(name: str, key: RecordField) -> Iterator[dict[str, Value]]:
    named: dict[str, Value] = {"entry": KEY, "of": name, "name": key.name}
    yield named | {
        "meaning": key.description,
        "type": f"{key.kind} {key.holds}".strip(),
        "defined_at": key.defined_at,
    }
    for value in key.values:
        yield named | {"value": value}
