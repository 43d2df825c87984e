"""Full-text search in PostgreSQL, by vectors with GIN indexes.

The vectors stand in a table of their own, whose rows are short because the vectors are kept beside
them: a search reads the row of every document that it finds, but no vector unless it is after a
phrase of three words or more. For the index knows no positions, so each vector has, beside the
words, every two that stand one after the other. No foreign key binds the table, or `flush` could
not truncate.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise
from sys import byteorder

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from pyroaring import BitMap

from cases.text.folding import encode

from .engine import INDEX, TABLE, Column
from .query import Term

_ONE_INDEXER = 1912016
"""Any number, but not that of `cases/changes.py`: the lock under which documents are written."""

_MOST_WAITED = "1s"

_NEXT = f"{INDEX}_next"
"""The index that is being made, until it takes the place of the other."""

_VECTORS: tuple[Column, ...] = ("title", "names", "text")
_TABLE = """
CREATE TABLE cases_searchindex (
    case_id bigint CONSTRAINT cases_searchindex_key PRIMARY KEY,
    title tsvector NOT NULL,
    names tsvector NOT NULL,
    text tsvector NOT NULL
) WITH (toast_tuple_target = 128)
"""
_VECTOR = """
CREATE OR REPLACE FUNCTION cases_vector(document text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple', document) || array_to_tsvector(
        coalesce(array_agg(format('p%s_%s', word, next)), '{}')
    )
    FROM unnest(string_to_array(document, ' '), (string_to_array(document, ' '))[2:])
        AS pair (word, next)
    WHERE word <> 'b' AND next <> 'b'
$$
"""
_FILL = """
INSERT INTO cases_searchindex (case_id, title, names, text)
SELECT case_id, cases_vector(title), cases_vector(names), cases_vector(text)
FROM cases_searchdocument ORDER BY case_id
"""
_FOLLOW = """
CREATE OR REPLACE FUNCTION cases_index_documents() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('cases.index_is_made_later', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE cases_searchindex;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM cases_searchindex WHERE case_id = OLD.case_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO cases_searchindex (case_id, title, names, text)
        VALUES (
            NEW.case_id, cases_vector(NEW.title), cases_vector(NEW.names), cases_vector(NEW.text)
        );
    END IF;
    RETURN NULL;
END $$
"""
# Left to itself the planner reads every vector where a word is common, at many times the cost, for
# it does not know that they are kept beside the rows. The keys come as one run of bytes: an array
# of them, or a row for each, would take longer to send and read than to find.
_SEARCH = """
CREATE OR REPLACE FUNCTION cases_search(vector text, query tsquery) RETURNS bytea
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET jit = off SET work_mem = '32MB' AS $$
DECLARE
    keys bytea;
BEGIN
    EXECUTE format(
        'SELECT string_agg(int4send(case_id::integer), NULL::bytea)
        FROM cases_searchindex WHERE %I @@ $1',
        vector
    ) INTO keys USING query;
    RETURN keys;
END $$
"""
_TRIGGERS = {
    f"{TABLE}_is_indexed": f"AFTER INSERT OR UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    f"{TABLE}_truncation_is_indexed": f"AFTER TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
_IS_TRUE = """
SELECT NOT EXISTS (
    SELECT FROM cases_searchdocument AS document
    FULL JOIN cases_searchindex AS known USING (case_id)
    WHERE document.case_id IS NULL OR known.case_id IS NULL
    OR known.title <> cases_vector(document.title)
    OR known.names <> cases_vector(document.names)
    OR known.text <> cases_vector(document.text)
)
"""


class PostgreSQL:
    """See `Engine`."""

    def install(self, connection: BaseDatabaseWrapper) -> None:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(_VECTOR)
            cursor.execute(_FOLLOW)
            cursor.execute(_SEARCH)
            for trigger in _missing_triggers(cursor):
                cursor.execute(
                    f"CREATE TRIGGER {trigger} {_TRIGGERS[trigger]} "
                    "EXECUTE FUNCTION cases_index_documents()"
                )
            if INDEX not in connection.introspection.table_names(cursor):
                self.rebuild(connection)

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            if TABLE in connection.introspection.table_names(cursor):
                for trigger in _TRIGGERS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {TABLE}")

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        # In a new table whose indexes are made last this takes a fraction of the time; searches go
        # on in the old one until the new one takes its place.
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE MODE")
            cursor.execute(_TABLE.replace(INDEX, _NEXT))
            cursor.execute(_FILL.replace(INDEX, _NEXT, 1))
            for column in _VECTORS:
                # Without fastupdate no search has to go through a list of the latest documents.
                cursor.execute(
                    f"CREATE INDEX {_NEXT}_{column} ON {_NEXT} USING gin ({column}) "
                    "WITH (fastupdate = off)"
                )
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
            cursor.execute(f"ALTER TABLE {_NEXT} RENAME TO {INDEX}")
            for name in ("key", *_VECTORS):
                cursor.execute(f"ALTER INDEX {_NEXT}_{name} RENAME TO {INDEX}_{name}")

    @contextmanager
    def rebuilding(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Write every document in one transaction, which makes the index at its end."""
        self.install(connection)
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            self.lock(connection)
            cursor.execute("SET LOCAL cases.index_is_made_later = 'yes'")
            yield
            cursor.execute("SET LOCAL cases.index_is_made_later = 'no'")
            self.rebuild(connection)

    def is_intact(self, connection: BaseDatabaseWrapper) -> bool:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            if INDEX not in tables or _missing_triggers(cursor):
                return False
            cursor.execute(_IS_TRUE)
            return bool(cursor.fetchone()[0])

    def hurried(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        return nullcontext()  # lock() sees to it

    def lock(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_MOST_WAITED}'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_INDEXER])
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")

    def matches(
        self,
        connection: BaseDatabaseWrapper,
        terms: Sequence[Term],
        column: Column,
        *,
        any_of: bool = False,
    ) -> BitMap:
        query = (" | " if any_of else " & ").join(f"({_phrase(term)})" for term in terms)
        with connection.cursor() as cursor:
            cursor.execute("SELECT cases_search(%s, %s::tsquery)", [column, query])
            return _keys(cursor.fetchone()[0])


def _missing_triggers(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'", [TABLE]
    )
    present = {name for (name,) in cursor.fetchall()}
    return [trigger for trigger in _TRIGGERS if trigger not in present]


def _keys(sent: bytes | memoryview | None) -> BitMap:
    keys = array("I", bytes(sent or b""))
    if byteorder == "little":  # what PostgreSQL sends is big-endian
        keys.byteswap()
    return BitMap(keys)


def _phrase(term: Term) -> str:
    words = encode(term.words).split()
    star = ":*" if term.is_prefix else ""
    if len(words) == 1:
        return f"'{words[0]}'{star}"
    pairs = " & ".join(f"'p{word}_{following}'" for word, following in pairwise(words)) + star
    if len(words) == 2:
        return pairs
    # The pairs spare reading the vectors of those that only have the words.
    phrase = " <-> ".join(f"'{word}'" for word in words)
    return f"{pairs} & ({phrase}{star})"
