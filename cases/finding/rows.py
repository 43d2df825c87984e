"""Records that were found by their keys, fetched one slice at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from django.db.models import QuerySet


class Rows(Sequence[Any]):
    """The records with the given keys in their order; slicing fetches those of the slice.

    A record that is no longer among `records` is left out.
    """

    def __init__(self, keys: Sequence[int], records: QuerySet[Any]) -> None:
        self._keys, self._records = keys, records

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self._records.get(pk=self._keys[place])
        keys = self._keys[place]
        found = self._records.in_bulk(keys)
        return [found[key] for key in keys if key in found]
