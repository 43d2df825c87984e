"""Helpers for any row: its name for editors, the record whose page shows it, its values as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .warning import Intermediary


def _linked(row: Any) -> Any:
    """Return what a row is about if it only links an actor to a warning, or a directive to a case.

    Any other row is returned as it is.
    """
    if row._meta.auto_created or isinstance(row, Intermediary):
        return getattr(row, "warning", None) or row.case
    return row


def owner_of(row: models.Model) -> Any:
    """Return the case whose page shows a row, or the row itself if it is no part of a case."""
    row = _linked(row)
    return getattr(row, "case", None) or row


def name_of(row: models.Model) -> str:
    """Return a name of a row for an editor: a part of a case begins with the case number."""
    row = _linked(row)
    case = getattr(row, "case", None)
    return f"{case.number}: {row}" if case is not None else str(row)


def as_json(values: Any) -> dict[str, Any]:
    """Return values by column, converted to the types of JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return plain


def from_json(model: Any, attname: str, value: Any) -> Any:
    """Return a value from JSON as the type of the column."""
    column = next(f for f in model._meta.concrete_fields if f.attname == attname)
    target = column.target_field if column.is_relation else column
    return None if value is None else target.to_python(value)
