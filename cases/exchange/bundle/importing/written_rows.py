"""What an import wrote, row by row, and what it takes to notice later changes and to undo it.

An entry is plain JSON: the table, the row of the file, the key and the database key of a record;
the digest of the record as the import left it, and that of the names of its columns; the former
values of what changed ("old"), or None for a record that was added; and the status that the import
gave a case by a step ("step").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User

from cases.models import Case, Warning
from cases.models.case_date import DATE_COLUMNS
from cases.models.fields import Derived
from cases.models.rows import as_json
from cases.text.batches import in_batches

from ..layout.tables import BY_NAME, TABLES, Table
from .plan import RowPlan

Entry = dict[str, Any]
Values = dict[str, Any]

# The time of the last edit also changes with the parts of a record.
NOT_COMPARED = {"id", "updated_at"}
# A step changes the status, not the record; and a correction, which `keep()` settles, may change
# whenever another part does.
NOT_COMPARED_IN_CASES = {
    *("status", "published_at", "correction", "correction_note"),
    *DATE_COLUMNS,
}


def values_of(record: Any) -> Values:
    """Return the values of a record that editors or imports set, with the records it lists.

    Accounts are left out: deleting one changes no record that names it. The keys of listed records
    are under the name of the relation: “recipients”.
    """
    omitted = NOT_COMPARED | (NOT_COMPARED_IN_CASES if isinstance(record, Case) else set())
    columns = as_json(
        (column.attname, getattr(record, column.attname))
        for column in record._meta.concrete_fields
        if column.attname not in omitted
        and column.related_model is not User
        and not isinstance(column, Derived)
    )
    return columns | dict(_lists(record))


def _lists(record: Any) -> Iterator[tuple[str, list[int]]]:
    if isinstance(record, Warning):
        yield "recipients", sorted(actor.pk for actor in record.recipients.all())
        yield "intermediaries", [step.actor_id for step in record.intermediaries.all()]
    elif isinstance(record, Case):
        yield "directives", sorted(directive.pk for directive in record.directives.all())


def digest_of(values: Values) -> str:
    return _digest(values)


def digest_of_columns(values: Values) -> str:
    """Return a digest of the names of the columns, which differs after a migration of the table."""
    return _digest(sorted(values))[:16]


def _digest(plain: Any) -> str:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class WrittenRows:
    """The records that an import has stored, with the values of the changed ones before it."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, tuple[RowPlan, Values | None]]] = {}

    def add(self, table: Table, plan: RowPlan, record: Any, former: Values | None) -> None:
        """Remember a record; `former` is None if it was added.

        A record that is stored twice, because it is in a cycle, keeps what was said first.
        """
        self._rows.setdefault(table.name, {}).setdefault(record.pk, (plan, former))

    def entries(self, steps: Mapping[int, str]) -> Iterator[Entry]:
        """Yield an entry for each record, as it is stored now, in the order of the tables.

        `steps` holds the status that a step of the import gave a case, by the key of the case.
        """
        for table in TABLES:
            rows = self._rows.get(table.name, {})
            for key, record in stored_records(table, list(rows)).items():
                plan, former = rows[key]
                now = values_of(record)
                entry = {
                    **{"table": table.name, "row": plan.row, "key": plan.key, "pk": key},
                    **{"digest": digest_of(now), "columns": digest_of_columns(now)},
                    "old": former
                    and {name: value for name, value in former.items() if now[name] != value},
                }
                step = steps.get(key) if table.model is Case else None
                yield entry | ({"step": step} if step else {})


def stored_records(table: Table, keys: list[int]) -> dict[int, Any]:
    """Return the records of a table that exist, by their keys and in the order of `keys`."""
    found: dict[int, Any] = {}
    for batch in in_batches(keys):
        by_key = {record.pk: record for record in table.rows().filter(pk__in=batch)}
        found |= {key: by_key[key] for key in batch if key in by_key}
    return found


def by_table(entries: list[Entry]) -> Iterator[tuple[Table, list[Entry]]]:
    """Yield the entries of each table that has any, in the order of storing."""
    for table in TABLES:
        if own := [entry for entry in entries if entry["table"] == table.name]:
            yield BY_NAME[table.name], own
