"""Trying out writes that are rolled back, without keeping other writers out meanwhile.

On SQLite, with its single write lock, a trial writes to a private copy of the database. On
PostgreSQL it does not take the write lock, and gives up as soon as somebody waits for a row of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")

# The copy need not survive a crash.
_PRIVATE = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"

# Less than the second after which PostgreSQL ends one of two transactions that wait for each other,
# so that it is always the trial that ends.
_MAX_WAIT = "500ms"

# What PostgreSQL calls a lock that was not granted in time, and a deadlock.
LOCKED = ("55P03", "40P01")

_IS_WAITED_FOR = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
)
"""


class InTheWayError(Exception):
    """Somebody else writes the same records as the trial."""


def begin_trial() -> None:
    """Let this transaction, which must be rolled back, write without the write lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL cases.on_trial = 'yes'")
            cursor.execute(f"SET LOCAL lock_timeout = '{_MAX_WAIT}'")


def give_way() -> None:
    """Raise InTheWayError if somebody waits for a row that this transaction wrote."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_IS_WAITED_FOR)
            if cursor.fetchone()[0]:
                raise InTheWayError


def on_trial(work: Generator[T]) -> Generator[T]:
    """Yield from `work`, a transaction that begins with `begin_trial()` and is rolled back.

    Raises InTheWayError; it may succeed another time.
    """
    if connection.vendor == "postgresql":
        try:
            yield from work
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) in LOCKED:
                raise InTheWayError from error
            raise
    # Within the outer transaction of a test, no copy can be made.
    elif connection.in_atomic_block:
        yield from work
    else:
        yield from _on_copy(work)


def _on_copy(work: Generator[T]) -> Generator[T]:
    """Yield from `work`, which reads and writes a private copy of the database."""
    with TemporaryDirectory() as folder, closing(_copy(Path(folder))) as private:
        try:
            while True:
                # Between two steps this thread may use its usual connection.
                with _default(private):
                    try:
                        step = next(work)
                    except StopIteration:
                        return
                yield step
        finally:
            with _default(private):
                work.close()


def _copy(folder: Path) -> BaseDatabaseWrapper:
    """Return a connection to a copy of the database in a folder."""
    usual = connections[DEFAULT_DB_ALIAS]
    file = folder / "trial.sqlite3"
    usual.ensure_connection()
    with closing(sqlite3.connect(file)) as target:
        usual.connection.backup(target)
    private = usual.copy()
    private.settings_dict["NAME"] = str(file)
    private.settings_dict["OPTIONS"]["init_command"] = _PRIVATE
    return private


@contextmanager
def _default(private: BaseDatabaseWrapper) -> Iterator[None]:
    """Replace the default connection of this thread."""
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = private
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
