"""The keys of some cases in a sort order: a page of a list looks into few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import overload

from pyroaring import BitMap

from .case_index import CaseIndex


class Ordered(Sequence[int]):
    """The keys of cases in a sort order, computed only as far as needed.

    Cases in the first of `tiers` come first, and so on; the last tier includes all of `cases`.
    `version` is that of the dataset in which they were found.
    """

    def __init__(self, index: CaseIndex, cases: BitMap, tiers: Sequence[BitMap], sort: str) -> None:
        self._index, self._cases, self._tiers, self._sort = index, cases, tiers, sort
        self.version = index.version  # another thread may update the index later

    def __len__(self) -> int:
        return len(self._cases)

    def __iter__(self) -> Iterator[int]:
        return iter(self._part(0, len(self)))

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return self._part(0, len(self))[place] if place < 0 else self._part(place, place + 1)[0]
        start, stop, step = place.indices(len(self))
        return self._part(start, stop)[::step]

    def around(self, key: int) -> tuple[int, int | None, int | None] | None:
        """Return the position of a case from 0 and the keys before and after it, or None."""
        place = self._place(key)
        if place is None:
            return None
        start = max(place - 1, 0)
        near = self._part(start, place + 2)
        if key not in near:  # another thread has just updated the index
            return None
        at = near.index(key)
        after = near[at + 1] if at + 1 < len(near) else None
        return start + at, near[at - 1] if at else None, after

    def _place(self, key: int) -> int | None:
        before = 0
        for cases in self._by_tier():
            with self._index.reading:
                if key in cases:
                    place = self._index.place(key, cases, self._sort)
                    return None if place is None else before + place
                before += cases.intersection_cardinality(self._index.cases)
        return None

    def _part(self, start: int, stop: int) -> list[int]:
        """Return the keys from one position up to another."""
        keys: list[int] = []
        wanted = max(stop - start, 0)
        for cases in self._by_tier():
            with self._index.reading:
                keys += islice(self._index.ordered(cases, self._sort, start), wanted - len(keys))
                start = max(start - cases.intersection_cardinality(self._index.cases), 0)
            if len(keys) == wanted:
                break
        return keys

    def _by_tier(self) -> Iterator[BitMap]:
        """Yield the cases of each tier; it may query the database, so do not hold the lock."""
        rest = self._cases
        for tier in self._tiers:
            yield rest & tier
            rest = rest - tier
            if not rest:
                break
