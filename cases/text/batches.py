"""Split long sequences into batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# Keys in one query: SQLite limits the parameters of a statement.
KEYS_PER_QUERY = 400


def in_batches(items: Sequence[T], size: int = KEYS_PER_QUERY) -> Iterator[Sequence[T]]:
    """Yield slices of `items`, each of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
