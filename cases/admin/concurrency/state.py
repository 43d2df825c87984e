"""The state of a record and its parts when its form was filled.

The page carries the state in a signed hidden field. When the form is submitted, the state is
compared with the one stored then, so that nobody overwrites a change that they have not seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model

from cases.models import Actor, Case, Warning
from cases.models.claim import CLAIM_PARTS
from cases.models.relations import preset

from .log_entries import entries_about

# JSON values by field name. Related records are given by key, several ones by a list of keys.
Values = dict[str, Any]
# The values of each row by model name and key, in the order of the page.
Rows = dict[str, dict[str, Values]]

# The name of the hidden field that carries the state.
FIELD = "_state"
SALT = "casebook.state"
# Columns that are derived from the parts of a record.
DERIVED: dict[type[Model], tuple[str, ...]] = {Case: ("date_words", "date_edtf", "date_basis")}


@dataclass(frozen=True)
class State:
    """The values of a record and its parts, and the key of the last log entry about the record."""

    model: type[Model]
    key: int
    rows: Rows
    last_entry: int

    def token(self) -> str:
        """Return the state as a signed text that `state_in()` can read."""
        parts = [_name(self.model), self.key, self.rows, self.last_entry]
        return signing.dumps(parts, salt=SALT, compress=True)


def state_in(token: str, model: type[Model], key: int) -> State | None:
    """Return the state in a token; None if the signature is wrong or the record another one."""
    try:
        name, record_key, rows, last_entry = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if (name, record_key) != (_name(model), key):
        return None
    return State(model, key, rows, last_entry)


def read_state(model: type[Model], key: int, parts: Iterable[tuple[type[Model], str]]) -> State:
    """Return the present state of a record, with no row of its own if it does not exist.

    `parts` are the models of its parts, each with the name of its foreign key to the record.
    """
    # Read first, so that a change in between counts as one that the page has not shown.
    last_entry = entries_about(model, key).values_list("pk", flat=True).first()
    rows = {_name(model): _rows(model, pk=key)}
    for part, parent in parts:
        rows[_name(part)] = _rows(part, **{parent: key})
    return State(model, key, rows, last_entry or 0)


def kept_fields(model: type[Model]) -> list[Any]:
    """Return the fields in a state: those that editors can change, without timestamps."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in DERIVED.get(model, ())
    ]


def as_record(model: type[Any], key: str, values: Values) -> Any:
    """Return an instance with the values of a row, to be displayed and never saved."""
    record = model(pk=int(key))
    for field in kept_fields(model):
        if field.name in values:
            setattr(record, field.attname, field.to_python(values[field.name]))
    for field in model._meta.many_to_many:
        related = field.related_model._default_manager
        preset(record, field.name, related.filter(pk__in=values.get(field.name, ())))
    if model is Warning:
        actors = Actor.objects.in_bulk(values.get("intermediaries", ()))
        record.preset_intermediaries(
            actors[key] for key in values.get("intermediaries", ()) if key in actors
        )
    return record


def records_of(model: type[Any], rows: Rows) -> dict[str, Any]:
    """Return the rows of a model as instances by key; claims have parts of the same state."""
    records = {key: as_record(model, key, row) for key, row in _of(model, rows).items()}
    for name in CLAIM_PARTS:
        if name not in {field.name for field in model._meta.concrete_fields}:
            continue
        related: Any = model._meta.get_field(name).related_model
        parts = {key: as_record(related, key, row) for key, row in _of(related, rows).items()}
        for record in records.values():
            part = parts.get(str(getattr(record, f"{name}_id")))
            if part is not None:
                setattr(record, name, part)
    return records


def _name(model: type[Model]) -> str:
    return str(model._meta.model_name)


def _of(model: type[Model], rows: Rows) -> dict[str, Values]:
    return rows.get(_name(model), {})


def _rows(model: type[Any], **condition: Any) -> dict[str, Values]:
    names = [field.name for field in kept_fields(model)]
    found = model._default_manager.filter(**condition)
    rows = {
        str(row.pop("pk")): {name: _plain(value) for name, value in row.items()}
        for row in found.values("pk", *names)
    }
    for field in model._meta.many_to_many:
        links = found.order_by("pk", f"{field.name}__pk").values_list("pk", field.name)
        _add_several(rows, field.name, links)
    if model is Warning:
        links = found.order_by("pk", "intermediaries__position")
        _add_several(rows, "intermediaries", links.values_list("pk", "intermediaries__actor"))
    return rows


def _add_several(rows: dict[str, Values], name: str, links: Iterable[Sequence[Any]]) -> None:
    for row in rows.values():
        row[name] = []
    for key, other in links:
        if other is not None and str(key) in rows:
            rows[str(key)][name].append(other)


def _plain(value: Any) -> Any:
    """Return a value converted to JSON."""
    return value.isoformat() if isinstance(value, dt.date) else value
