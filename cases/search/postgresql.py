"""Full-text search in PostgreSQL with tsvector columns and GIN indexes.

The vectors are in a separate table and stored out of line (TOAST), so its rows are short: a search
reads the row of every match, but reads vectors only for phrases of three or more words. A GIN
index has no positions, so each vector also contains every pair of adjacent words. The table has no
foreign key, because `flush` could not truncate it otherwise.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise
from sys import byteorder

from django.db import DatabaseError, InternalError, ProgrammingError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from pyroaring import BitMap

from .engine import INDEX, TABLE, Column, Place, place_of
from .query import Term

# The advisory lock for writing documents. Any number will do, except that of the changelog.
_DOCUMENT_LOCK = 1912016

_MAX_WAIT = "1s"

# The name of a new index until it replaces the old one.
_NEXT = f"{INDEX}_next"

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
    WHERE left(word, 1) IN ('v', 'w') AND left(next, 1) IN ('v', 'w')
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
# For a common word the planner would scan all vectors at many times the cost, because it ignores
# that they are stored out of line. The keys are returned as one byte string: sending and parsing
# an array, or one row for each, would take longer than finding them.
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
# In case one has another result or another language, which CREATE OR REPLACE would refuse.
_DROP_FUNCTIONS = (
    "DROP FUNCTION IF EXISTS cases_vector(text), cases_index_documents(), "
    "cases_search(text, tsquery)"
)
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
        # Filling a new table and creating its indexes last takes a fraction of the time. Searches
        # use the old table until the new one replaces it.
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE MODE")
            cursor.execute(_TABLE.replace(INDEX, _NEXT))
            cursor.execute(_FILL.replace(INDEX, _NEXT, 1))
            for column in _VECTORS:
                # With fastupdate each search would scan a list of the latest documents.
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
        """Write all documents in one transaction that rebuilds the index at its end."""
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            self.remove(connection)
            cursor.execute(_DROP_FUNCTIONS)
            self.install(connection)
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            self.lock(connection)
            cursor.execute("SET LOCAL cases.index_is_made_later = 'yes'")
            yield
            cursor.execute("SET LOCAL cases.index_is_made_later = 'no'")
            self.rebuild(connection)

    def is_index_error(self, error: DatabaseError) -> bool:
        # A missing table, column or function; a damaged index.
        return isinstance(error, ProgrammingError | InternalError)

    def is_intact(self, connection: BaseDatabaseWrapper) -> bool:
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                tables = connection.introspection.table_names(cursor)
                if INDEX not in tables or _missing_triggers(cursor):
                    return False
                cursor.execute(_IS_TRUE)
                return bool(cursor.fetchone()[0])
        except DatabaseError as error:
            if not self.is_index_error(error):
                raise
            return False

    def short_wait(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        return nullcontext()  # lock() sets its own timeout

    def lock(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_MAX_WAIT}'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DOCUMENT_LOCK])
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")

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
        query = (" | " if any_of else " & ").join(alternatives)
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
    if byteorder == "little":  # PostgreSQL sends big-endian integers
        keys.byteswap()
    return BitMap(keys)


def _any_of(term: Term, variants: Sequence[str]) -> str:
    """Return the tsquery of a term in any of its encoded variants."""
    star = ":*" if term.is_prefix else ""
    return f"({' | '.join(f'({_following(words.split(), star)})' for words in variants)})"


def _following(words: Sequence[str], star: str) -> str:
    """Return the tsquery of words that follow one another."""
    if len(words) == 1:
        return f"'{words[0]}'{star}"
    pairs = " & ".join(f"'p{word}_{following}'" for word, following in pairwise(words)) + star
    if len(words) == 2:
        return pairs
    # The index finds the pairs, so only documents that have all pairs need their vectors read.
    phrase = " <-> ".join(f"'{word}'" for word in words)
    return f"{pairs} & ({phrase}{star})"
