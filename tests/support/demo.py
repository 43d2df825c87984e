"""The cases of the seed article for tests: loaded once in a process, then copied as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from cases import changelog
from cases.models import Actor, Case, Change, Directive, Source
from cases.search.follow import set_watermark
from cases.text.batches import in_batches

_ROWS_A_STATEMENT = 100
"""PostgreSQL's triggers run once a statement; SQLite takes 32,766 parameters in one."""


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


_copied: list[_Table] = []
"""What `load_demo` stored, once it was run in this process."""


def load_demo() -> None:
    """Store in an empty casebook what the command `load_demo` stores there, the keys included.

    The command takes over a second, since it checks every case and makes a version of each; the
    copy takes a twentieth of that. Triggers and all that they write work as with the command.
    """
    assert not any(model.objects.exists() for model in (Case, Actor, Source, Directive))
    if _copied:
        _write()
    else:
        call_command("load_demo", verbosity=0)
        _copied.extend(_read(model) for model in _models())


def _models() -> list[type[Model]]:
    """Return all models of the casebook but the log of changes, which its triggers write."""
    models = apps.get_app_config("cases").get_models(include_auto_created=True)
    return [model for model in models if model is not Change]


def _read(model: type[Model]) -> _Table:
    # A generated column is computed again when its row is inserted.
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    name = model._meta.db_table
    columns = tuple(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY 1")  # noqa: S608 # ours
        return _Table(name, columns, cursor.fetchall())


@transaction.atomic
def _write() -> None:
    with connection.cursor() as cursor:
        for table in _copied:
            cursor.execute(f"DELETE FROM {table.name}")  # noqa: S608 # a name of ours
            row = f"({', '.join(['%s'] * len(table.columns))})"
            for rows in in_batches(table.rows, _ROWS_A_STATEMENT):
                cursor.execute(
                    f"INSERT INTO {table.name} ({', '.join(table.columns)}) "  # noqa: S608
                    f"VALUES {', '.join([row] * len(rows))}",
                    [value for values in rows for value in values],
                )
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
    # The copied documents know of all that was just logged.
    set_watermark(changelog.latest())
