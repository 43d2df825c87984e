"""Reading many cases in batches, with bounded memory and a fixed number of queries a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db import connection

from cases import changelog
from cases.text.batches import in_batches

# Cases read with the same queries and held in memory together.
CASES_PER_PORTION = 400

# Attempts to read a batch without a write in between; after that, the last result is used.
MAX_TRIES = 3

T = TypeVar("T")


def portions(keys: Sequence[int], read: Callable[[Sequence[int]], list[T]]) -> Iterator[list[T]]:
    """Yield the result of `read` for each batch of keys, without holding a lock in between."""
    for portion in in_batches(keys, CASES_PER_PORTION):
        result = _read_consistently(portion, read)
        # A slow client must not keep a database connection. Most tests run in a transaction.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        yield result


def _read_consistently(keys: Sequence[int], read: Callable[[Sequence[int]], list[T]]) -> list[T]:
    """Read a batch, again if anything was written between its first query and its last."""
    # A transaction would do on PostgreSQL. On SQLite ours take the write lock when they begin.
    for _ in range(MAX_TRIES):
        change, result = changelog.latest(), read(keys)
        if changelog.latest() == change:
            break
    return result
