"""Long sequences, taken a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

KEYS_PER_QUERY = 400
"""How many keys one query names; SQLite limits the parameters of a statement."""


def in_batches(items: Sequence[T], size: int = KEYS_PER_QUERY) -> Iterator[Sequence[T]]:
    """Yield slices of `items`, each of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
