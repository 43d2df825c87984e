"""Full-text search in SQLite with FTS5.

The index is an external content table: it stores no text itself. When a document changes, the
triggers have to pass its former words to the index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from msgspec.json import Decoder
from pyroaring import BitMap

from .engine import INDEX, TABLE, Place, place_of
from .query import Term

# Milliseconds.
_MAX_WAIT = 1_000

# Encoded words begin with "w", so a prefix of three letters is two letters of the word.
_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS cases_searchindex USING fts5(
    title, names, text, content='cases_searchdocument', content_rowid='case_id',
    tokenize='ascii', prefix='2 3', columnsize=0
)
"""
_FORGET = """
INSERT INTO cases_searchindex(cases_searchindex, rowid, title, names, text)
VALUES ('delete', OLD.case_id, OLD.title, OLD.names, OLD.text);
"""
_LEARN = """
INSERT INTO cases_searchindex(rowid, title, names, text)
VALUES (NEW.case_id, NEW.title, NEW.names, NEW.text);
"""
_REBUILD = "INSERT INTO cases_searchindex(cases_searchindex) VALUES ('rebuild')"
# The rank of 1 also compares the index with its external content.
_CHECK = "INSERT INTO cases_searchindex(cases_searchindex, rank) VALUES ('integrity-check', 1)"
# Returning all keys as one JSON text is several times as fast as one row for each.
_SEARCH = "SELECT json_group_array(rowid) FROM cases_searchindex WHERE cases_searchindex MATCH %s"
_KEYS = Decoder(list[int])
_STEPS = {"INSERT": _LEARN, "UPDATE": _FORGET + _LEARN, "DELETE": _FORGET}
# The tables in which FTS5 keeps the index.
_PARTS = ("data", "idx", "content", "docsize", "config")
# The bits of SQLite's error codes without the details.
_PRIMARY_CODE = 0xFF
_TRIGGERS = {event: f"{TABLE}_{event.lower()}_is_indexed" for event in _STEPS}


class SQLite:
    """See `Engine`."""

    def install(self, connection: BaseDatabaseWrapper) -> None:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            is_new = INDEX not in connection.introspection.table_names(cursor)
            cursor.execute(_CREATE)
            for event, steps in _STEPS.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {_TRIGGERS[event]} "
                    f"AFTER {event} ON {TABLE} BEGIN {steps} END"
                )
        if is_new:
            self.rebuild(connection)

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            for trigger in _TRIGGERS.values():
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(_REBUILD)

    @contextmanager
    def rebuilding(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        # First, because the triggers cannot write to a damaged index.
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            self.remove(connection)
            _drop_index(connection, cursor)
            self.install(connection)
        yield

    def is_index_error(self, error: DatabaseError) -> bool:
        # Others are about the connection, such as a locked database.
        code = getattr(error.__cause__, "sqlite_errorcode", 0) & _PRIMARY_CODE
        return code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT}

    def is_intact(self, connection: BaseDatabaseWrapper) -> bool:
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                triggers = {name for (name,) in cursor.fetchall()}
                cursor.execute(_CHECK)
        except DatabaseError:
            return False
        return triggers.issuperset(_TRIGGERS.values())

    @contextmanager
    def short_wait(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            usual_wait = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {_MAX_WAIT}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {usual_wait}")

    def lock(self, connection: BaseDatabaseWrapper) -> None:
        """Do nothing: every transaction acquires SQLite's only write lock when it begins."""

    def matches(
        self,
        connection: BaseDatabaseWrapper,
        terms: Sequence[Term],
        place: Place,
        *,
        any_of: bool = False,
    ) -> BitMap:
        column, phrases = place_of(place, terms)
        alternatives = (
            _any_of(term, variants) for term, variants in zip(terms, phrases, strict=True)
        )
        query = (" OR " if any_of else " AND ").join(alternatives)
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH, [f"{{{column}}} : ({query})"])
            return BitMap(_KEYS.decode(cursor.fetchone()[0]))


def _drop_index(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> None:
    """Drop the index, also if it is so damaged that SQLite cannot open it to drop it."""
    try:
        with transaction.atomic(connection.alias):
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
    except DatabaseError:
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("DELETE FROM sqlite_schema WHERE name = %s", [INDEX])
        cursor.execute("PRAGMA writable_schema = RESET")
        for part in _PARTS:
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}_{part}")


def _any_of(term: Term, variants: Sequence[str]) -> str:
    star = " *" if term.is_prefix else ""
    phrases = (f'"{words}"{star}' for words in variants)
    return f"({' OR '.join(phrases)})"
