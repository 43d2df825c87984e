"""The triggers that write the log of changes.

They miss no way of writing except TRUNCATE: forms, `loaddata`, bulk writes, deletions, plain SQL.

The triggers are not part of migrations, because SQLite drops a table's triggers when a later
migration rebuilds the table. They are removed before each `migrate` and created again after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction

from cases.models import Change

from . import EVERYTHING, FOLLOWED
from .locks import ON_TRIAL, ONE_WRITER

EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
"""For each event the rows that a trigger sees."""


def log_everything() -> None:
    """Log that any record may have changed, as after a migration of data."""
    Change.objects.filter(record=EVERYTHING).delete()
    Change.objects.create(record=EVERYTHING, object_id=0)


def install(database: str) -> None:
    """Replace the triggers in one transaction, so that no write falls between old and new ones."""
    with transaction.atomic(using=database):
        _execute(database, [*_removal(database), *_creation(database)])


def remove(database: str) -> None:
    """Remove the triggers, so that tables can be rebuilt."""
    _execute(database, _removal(database))


def _execute(database: str, statements: list[str]) -> None:
    with connections[database].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_is_logged"


def _lock_trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_takes_write_lock"


def _removal(database: str) -> list[str]:
    connection = connections[database]
    if connection.vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {_trigger(table, event)}"
            for table in FOLLOWED
            for event in EVENTS
        ]
    tables = set(connection.introspection.table_names())
    return [
        # Otherwise two processes that migrate at once would deadlock on the locks of the tables.
        f"SELECT pg_advisory_xact_lock({ONE_WRITER})",
        *(
            f"DROP TRIGGER IF EXISTS {name} ON {table}"
            for table in FOLLOWED
            if table in tables
            for event in EVENTS
            for name in (_trigger(table, event), _lock_trigger(table, event))
        ),
    ]


def _creation(database: str) -> list[str]:
    if connections[database].vendor == "sqlite":
        return list(_sqlite())
    return [_POSTGRESQL_LOCK, _POSTGRESQL_FUNCTION, *_postgresql()]


def _sqlite() -> Iterator[str]:
    # Not INSERT OR REPLACE: the conflict clause of the outer statement would override it, such as
    # the OR IGNORE with which Django adds recipients.
    step = """
        DELETE FROM cases_change WHERE record = '{record}' AND object_id = {key};
        INSERT INTO cases_change (record, object_id) SELECT '{record}', {key}
            WHERE {key} IS NOT NULL;
    """
    for table, followed in FOLLOWED.items():
        for event, rows in EVENTS.items():
            steps = "".join(
                step.format(record=record, key=key.format(row=row))
                for row in rows
                for record, key in followed
            )
            name = _trigger(table, event)
            yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {steps} END"


_POSTGRESQL_LOCK = f"""
CREATE OR REPLACE FUNCTION cases_take_write_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Before the statement locks a row that the holder of the write lock might wait for. Held until
    -- the transaction ends, so that no change is visible before an earlier one.
    PERFORM pg_advisory_xact_lock({ONE_WRITER}) WHERE NOT {ON_TRIAL};
    RETURN NULL;
END $$
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION cases_log_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    -- The argument selects `record, object_id` from the changed rows.
    EXECUTE 'INSERT INTO cases_change (record, object_id) SELECT DISTINCT record, object_id FROM ('
        || TG_ARGV[0] || ') AS changed (record, object_id) WHERE object_id IS NOT NULL '
        || 'ON CONFLICT (record, object_id) DO UPDATE SET id = EXCLUDED.id';
    RETURN NULL;
END $$
"""


def _postgresql() -> Iterator[str]:
    for table, followed in FOLLOWED.items():
        for event, rows in EVENTS.items():
            transitions = " ".join(f"{row} TABLE AS {row.lower()}_rows" for row in rows)
            selects = " UNION ALL ".join(
                f"SELECT '{record}', {key.format(row='changed_row')} "  # noqa: S608
                f"FROM {row.lower()}_rows AS changed_row"
                for row in rows
                for record, key in followed
            ).replace("'", "''")
            yield (
                f"CREATE TRIGGER {_lock_trigger(table, event)} BEFORE {event} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION cases_take_write_lock()"
            )
            yield (
                f"CREATE TRIGGER {_trigger(table, event)} AFTER {event} ON {table} "
                f"REFERENCING {transitions} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION cases_log_changes('{selects}')"
            )


def before_migrate(sender: Any, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Receive `pre_migrate`: remove the triggers if these tables are about to be migrated."""
    if _is_about_cases(plan):
        remove(using)


def _is_about_cases(plan: list[Any] | None) -> bool:
    return any(migration.app_label == "cases" for migration, _ in plan or ())


def after_migrate(sender: Any, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Receive `post_migrate`: install the triggers if they were removed.

    A migration may have written rows that no trigger saw, so anything may have changed. Without a
    plan there was no migration: `flush` sends this signal too.
    """
    if plan is None or Change._meta.db_table not in connections[using].introspection.table_names():
        return
    # Triggers are missing after a migration that failed; rows may have been written since.
    if _is_about_cases(plan) or _missing(using):
        install(using)
        log_everything()


def _missing(database: str) -> set[str]:
    """Return the names of the triggers that are missing."""
    connection = connections[database]
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    return {_trigger(table, event) for table in FOLLOWED for event in EVENTS} - found
