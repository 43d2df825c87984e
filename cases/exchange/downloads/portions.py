"""Reading many cases in portions: bounded memory, a fixed number of queries for each portion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db import connection

from cases import changelog
from cases.text.batches import in_batches

CASES_PER_PORTION = 200
"""How many cases are read with the same queries; what is held in memory."""

MAX_TRIES = 3
"""How often a portion is read that was written to meanwhile; a page is read once."""

T = TypeVar("T")


def portions(keys: Sequence[int], read: Callable[[Sequence[int]], list[T]]) -> Iterator[list[T]]:
    """Yield what `read` makes of each portion of the keys.

    Between two portions no connection to the database is held, and no lock at any time: whoever
    takes a download slowly keeps nobody waiting.
    """
    for portion in in_batches(keys, CASES_PER_PORTION):
        found = _of_one_moment(portion, read)
        if not connection.in_atomic_block:  # as it is in most tests
            connection.close_if_unusable_or_obsolete()
        yield found


def _of_one_moment(keys: Sequence[int], read: Callable[[Sequence[int]], list[T]]) -> list[T]:
    """Read a portion, and read it again if anything changed between the first query and the last.

    A transaction would do as well on PostgreSQL; on SQLite ours begin by keeping writers out.
    """
    for _ in range(MAX_TRIES):
        version, found = changelog.latest(), read(keys)
        if changelog.latest() == version:
            break
    return found
