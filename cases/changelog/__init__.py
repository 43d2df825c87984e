"""The log of changes, which is the version of the dataset.

Triggers in the database write it, so it misses no way of writing but TRUNCATE: forms, `loaddata`,
bulk writes, deletions, plain SQL. What is derived from the records (the index behind facets, the
search documents) follows the log; a number that rose says that something may look different.

The triggers are no part of migrations, because SQLite drops a table's triggers when a later
migration rebuilds it; they are taken away before each `migrate` and made anew after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Max, Model

from cases.models import Change

CASE, ACTOR, EXCEPTION, EVERYTHING = "case", "actor", "exception", "everything"

_ONE_WRITER = 1912015
"""Any number: the lock under which PostgreSQL numbers changes in the order of their commits."""

Followed = tuple[str, str]
"""A kind of record, and the SQL that gives its key from a row of the table, called {row}."""

_PART: tuple[Followed, ...] = ((CASE, "{row}.case_id"),)

FOLLOWED: dict[str, tuple[Followed, ...]] = {
    "cases_case": ((CASE, "{row}.id"),),
    "cases_warning": _PART,
    "cases_warning_recipients": (
        (CASE, "(SELECT case_id FROM cases_warning WHERE id = {row}.warning_id)"),
    ),
    "cases_incident": _PART,
    "cases_involvement": _PART,
    "cases_exceptionassessment": _PART,
    "cases_claim": _PART,
    "cases_note": ((CASE, "{row}.case_id"), ("note", "{row}.id")),
    "cases_actor": ((ACTOR, "{row}.id"),),
    "cases_source": (("source", "{row}.id"),),
    "cases_directive": (("directive", "{row}.id"),),
    "cases_directiveexception": ((EXCEPTION, "{row}.id"),),
    "cases_version": _PART,
}
"""For each table what a change in it changes."""

EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def latest() -> int:
    """Return the version of the dataset; 0 before anything was written."""
    return Change.objects.aggregate(latest=Max("pk"))["latest"] or 0


def since(version: int, until: int | None = None) -> list[tuple[str, int]]:
    """Return what changed after `version`, and not after `until`: kinds with keys, oldest first."""
    changes = Change.objects.filter(pk__gt=version).order_by("pk")
    if until is not None:
        changes = changes.filter(pk__lte=until)
    return list(changes.values_list("record", "object_id"))


def kind_of(model: type[Model]) -> str:
    """Return under which kind the log has records of a model, "" if under none of their own."""
    kinds = FOLLOWED.get(model._meta.db_table, ())
    return next((kind for kind, key in kinds if key == "{row}.id"), "")


def acquire_write_lock() -> None:
    """Wait until nobody else is writing, and let nobody write until this transaction ends.

    For a transaction that reads, decides and then writes: what it has read stays true. One that
    locks rows before it writes would otherwise wait for another that waits for it.
    """
    if connection.vendor == "postgresql":  # SQLite's transactions begin that way
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_WRITER])


def log_everything() -> None:
    """Log that anything may have changed, as after a migration of data."""
    Change.objects.filter(record=EVERYTHING).delete()
    Change.objects.create(record=EVERYTHING, object_id=0)


def install(database: str) -> None:
    """Make the triggers anew, at one stroke: nothing is written between old and new ones."""
    with transaction.atomic(using=database):
        _execute(database, [*_removal(database), *_creation(database)])


def remove(database: str) -> None:
    """Take the triggers away, so that tables can be rebuilt."""
    _execute(database, _removal(database))


def _execute(database: str, statements: list[str]) -> None:
    with connections[database].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_is_logged"


def _lock_trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_awaits_its_turn"


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
        # Two that migrate at once would take the locks of tables in each other's way.
        f"SELECT pg_advisory_xact_lock({_ONE_WRITER})",
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
    return [_POSTGRESQL_TURN, _POSTGRESQL_FUNCTION, *_postgresql()]


def _sqlite() -> Iterator[str]:
    # Not INSERT OR REPLACE: the outer statement's own conflict clause, such as the OR IGNORE with
    # which Django adds recipients, would take its place.
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


_POSTGRESQL_TURN = f"""
CREATE OR REPLACE FUNCTION cases_await_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Before the statement locks a row, for which another that has the turn might wait. Held until
    -- the transaction ends, lest a later change be seen before an earlier one.
    PERFORM pg_advisory_xact_lock({_ONE_WRITER});
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
                "FOR EACH STATEMENT EXECUTE FUNCTION cases_await_turn()"
            )
            yield (
                f"CREATE TRIGGER {_trigger(table, event)} AFTER {event} ON {table} "
                f"REFERENCING {transitions} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION cases_log_changes('{selects}')"
            )


def before_migrate(sender: Any, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Receive `pre_migrate`; without a migration of these tables the triggers stay."""
    if _is_about_cases(plan):
        remove(using)


def _is_about_cases(plan: list[Any] | None) -> bool:
    return any(migration.app_label == "cases" for migration, _ in plan or ())


def after_migrate(sender: Any, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Receive `post_migrate`; a migration may have written what no trigger saw.

    Without a plan there was no migration: `flush` sends the signal too.
    """
    if plan is None or Change._meta.db_table not in connections[using].introspection.table_names():
        return
    # Missing ones were taken away by a migration that then failed, and something was written since.
    if _is_about_cases(plan) or _missing(using):
        install(using)
        log_everything()


def _missing(database: str) -> set[str]:
    """Return the names of the triggers that are not there."""
    connection = connections[database]
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    return {_trigger(table, event) for table in FOLLOWED for event in EVENTS} - found
