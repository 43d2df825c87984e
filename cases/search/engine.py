"""The interface of a search engine, and the choice of the engine for a database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pyroaring import BitMap

from cases.text.folding import as_referred

from .query import Term

# The columns of a search document; each includes the words of the column before it.
Column = Literal["title", "names", "text"]

# Where to search: one of these columns, or also the titles and publishers of the sources, whose
# words are in the column `text` with marks of their own.
Place = Column | Literal["anywhere"]

TABLE = "cases_searchdocument"
# The table that the database searches; triggers update it when documents change.
INDEX = "cases_searchindex"


class OutOfOrderError(Exception):
    """The database answers, but its search index is missing or damaged."""


class Engine(Protocol):
    """Full-text search over the search documents in one kind of database.

    The index is a separate table. Triggers update it, so it follows every change of a document,
    also by SQL. Migrations do not create it; `cases/changelog/` explains why.
    """

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Create the index and its triggers if they are missing."""

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Drop the triggers, so that migrations can rebuild tables."""

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        """Rebuild the index from the documents."""

    def rebuilding(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        """Return a context for writing every document, after which the index agrees with them.

        Index and triggers are made again, whatever their state. Each batch is a transaction of its
        own or part of one, depending on the database.
        """

    def is_index_error(self, error: DatabaseError) -> bool:
        """Return whether an error of a search comes from the index, and not from the connection."""

    def is_intact(self, connection: BaseDatabaseWrapper) -> bool:
        """Return whether the index exists and agrees with the documents."""

    def short_wait(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        """Return a context in which waiting for another writer takes at most about a second."""

    def lock(self, connection: BaseDatabaseWrapper) -> None:
        """Acquire the right to write documents until the end of the transaction.

        Raises OperationalError if another transaction holds it for too long.
        """

    def matches(
        self,
        connection: BaseDatabaseWrapper,
        terms: Sequence[Term],
        place: Place,
        *,
        any_of: bool = False,
    ) -> BitMap:
        """Return the keys of the cases that have all (or any) of the terms there; one query."""


def place_of(place: Place, terms: Sequence[Term]) -> tuple[Column, list[list[str]]]:
    """Return the column of a place, and the encoded variants of each term to look for in it."""
    if place == "anywhere":
        return "text", [[*term.encoded, *map(as_referred, term.encoded)] for term in terms]
    return place, [term.encoded for term in terms]


def engine_of(connection: BaseDatabaseWrapper) -> Engine:
    """Return the implementation for a connection."""
    from . import postgresql, sqlite  # imported here: both modules import this one

    return postgresql.PostgreSQL() if connection.vendor == "postgresql" else sqlite.SQLite()


def before_migrate(sender: object, using: str, plan: object = None, **kwargs: object) -> None:
    """Receive `pre_migrate`: drop the triggers if there is anything to migrate."""
    if plan:
        engine_of(connections[using]).remove(connections[using])


def after_migrate(sender: object, using: str, plan: object = None, **kwargs: object) -> None:
    """Receive `post_migrate`: install the index, and rebuild it after migrations."""
    # `flush` sends this signal too, without a plan.
    connection = connections[using]
    if plan is not None and TABLE in connection.introspection.table_names():
        engine_of(connection).install(connection)
        # There were no triggers while the migrations wrote documents.
        if plan:
            engine_of(connection).rebuild(connection)
