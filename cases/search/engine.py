"""What the search asks of a database, and which implementation answers for the one in use."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pyroaring import BitMap

from .query import Term

Column = Literal["title", "names", "text"]
"""The columns of a search document; each holds the words of the one before, too."""

TABLE = "cases_searchdocument"
INDEX = "cases_searchindex"
"""The table beside the documents that the database searches; triggers keep it."""


class Engine(Protocol):
    """Full-text search over the search documents, in one kind of database.

    The index is a table of its own that triggers keep, so it follows every way in which documents
    are written or deleted. It is no part of migrations: see `cases/changes.py` for the reason.
    """

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Make index and triggers where they are missing."""

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers away, so that tables can be rebuilt."""

    def rebuild(self, connection: BaseDatabaseWrapper) -> None:
        """Make the index anew from the documents."""

    def rebuilding(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        """Let every document be written; afterwards the index agrees with them, as it may not have.

        Within, each batch is a transaction of its own or a part of one.
        """

    def is_intact(self, connection: BaseDatabaseWrapper) -> bool:
        """Return whether the index is there and agrees with the documents."""

    def hurried(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
        """Wait for another writer only as long as a reader would."""

    def lock(self, connection: BaseDatabaseWrapper) -> None:
        """Let one transaction at a time write documents; OperationalError if one goes on."""

    def matches(
        self,
        connection: BaseDatabaseWrapper,
        terms: Sequence[Term],
        column: Column,
        *,
        any_of: bool = False,
    ) -> BitMap:
        """Return the keys of the cases whose document has all, or any, of the terms in a column."""


def engine_of(connection: BaseDatabaseWrapper) -> Engine:
    """Return the implementation for a connection."""
    from . import postgresql, sqlite  # which need what stands above

    return postgresql.PostgreSQL() if connection.vendor == "postgresql" else sqlite.SQLite()


def before_migrate(sender: object, using: str, plan: object = None, **kwargs: object) -> None:
    """Receive `pre_migrate`."""
    if plan:
        engine_of(connections[using]).remove(connections[using])


def after_migrate(sender: object, using: str, plan: object = None, **kwargs: object) -> None:
    """Receive `post_migrate`; meanwhile no trigger saw what migrations wrote.

    Without a plan there was no migration: `flush` sends the signal too.
    """
    connection = connections[using]
    if plan is not None and TABLE in connection.introspection.table_names():
        engine_of(connection).install(connection)
        if plan:
            engine_of(connection).rebuild(connection)
