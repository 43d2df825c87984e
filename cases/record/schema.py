"""The JSON Schema of the record, and what each of its fields means.

What a field means, and which words it can have, is taken from the column of its model; a field
without a column defines itself in `classes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import Model

from cases.models import Intermediary, Warning

from . import classes
from .columns import MODELS
from .older_shapes import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class RecordField:
    """A field of an object in the record, with what it means.

    `holds` names the kind of objects in it, if it has any. If the field is a column of a model, the
    codebook defines it and its values at the fragment `defined_at`.
    """

    name: str
    kind: str
    holds: str
    description: str = ""
    values: tuple[str, ...] = ()
    defined_at: str = ""


@dataclass(frozen=True)
class RecordObject:
    """A kind of object in the record, with its fields."""

    name: str
    description: str
    fields: tuple[RecordField, ...]


def schema_of(*types: type[classes.RecordPart]) -> Json:
    """Return the JSON Schema of an object of the first type; all types are among its `$defs`."""
    (root, *_), objects = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    models = _models_by_name(types)
    for name, schema in objects.items():
        schema["description"] = " ".join(schema["description"].split())
        # What has a default when it is read is there in every record that is written.
        schema["required"] = list(schema["properties"])
        for field, described in schema["properties"].items():
            described.pop("default", None)
            column = column_of_field(models.get(name), field)
            if column is not None:
                described.setdefault("description", column.definition)
                if column.choices:
                    described["enum"] = [value for value, _ in column.choices]
    return {"$schema": DIALECT, **root, "$defs": objects}


def objects_of(*types: type[classes.RecordPart]) -> list[RecordObject]:
    """Return the kinds of objects in the record, with what their fields mean."""
    models = _models_by_name(types)
    return [
        RecordObject(
            name,
            schema["description"],
            tuple(
                _field(models.get(name), field, described)
                for field, described in schema["properties"].items()
            ),
        )
        for name, schema in schema_of(*types)["$defs"].items()
    ]


def _field(model: type[Model] | None, name: str, described: Json) -> RecordField:
    kind, holds = _kind(described)
    if model is not None and column_of_field(model, name) is not None:
        return RecordField(name, kind, holds, defined_at=f"{model._meta.model_name}.{name}")
    return RecordField(
        name, kind, holds, described["description"], tuple(described.get("enum", ()))
    )


def _models_by_name(types: Iterable[type[classes.RecordPart]]) -> dict[str, type[Model]]:
    """Return the model of each class by the name of the class, `types` included."""
    known = {defined.__name__: model for defined, model in MODELS.items()}
    for one in types:
        known.update(
            (one.__name__, model) for defined, model in MODELS.items() if issubclass(one, defined)
        )
    return known


def column_of_field(model: type[Model] | None, field: str) -> Any:
    """Return the column of a model that a field of the record is; None if it is none."""
    if model is None:
        return None
    if (model, field) == (Warning, "intermediaries"):  # rows of their own
        return Intermediary._meta.get_field("actor")
    columns = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return next((column for column in columns if column.name == field), None)


def _kind(described: Json) -> tuple[str, str]:
    """Return in words what a field holds, as “number or null”, and the name of objects in it."""
    if "anyOf" in described:  # with null; no field has values of two types
        (given,) = (one for one in described["anyOf"] if one != {"type": "null"})
        kind, holds = _kind(given)
        return f"{kind} or null", holds
    if "$ref" in described:
        return "object", described["$ref"].rpartition("/")[2]
    if described["type"] == "array":
        return "list of objects", _kind(described["items"])[1]
    if described.get("format") == "date":
        return "day", ""
    return {"string": "text", "integer": "number", "boolean": "true or false"}[
        described["type"]
    ], ""
