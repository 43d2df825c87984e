"""The cases that a query asks for, worked out on the index: their set, their order, the counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import overload

from pyroaring import BitMap

from cases.index.case_index import WARNING_DIMENSIONS, CaseIndex, Sets, union

SORTS = {
    "relevance": "Relevance",
    "-date": "Newest first",
    "date": "Oldest first",
    "lead_time": "Shortest lead time",
    "-lead_time": "Longest lead time",
    "-deaths": "Most deaths",
    "title": "Title",
    "-updated": "Last changed",
}
"""How cases are ordered. Those without the date, lead time or figure come last, either way.

A case goes by its shortest lead time when the shortest come first, and by its longest when the
longest do; deaths go by the sum of the lower bounds of its incidents. Relevance is where a search
matches: in the title, in names, elsewhere; among equals the newest first.
"""

RELEVANCE, NEWEST_FIRST = "relevance", "-date"


@dataclass(frozen=True)
class CaseCriteria:
    """What is asked of cases, by dimension.

    `any_of` asks for a value of each list; what it asks of warnings it asks of one and the same.
    `all_of` and `none_of` are about the case as a whole. `found` are the cases that a search for
    text found, by tiers of relevance, each with those of the tier before; None without a search.
    `picked` are those picked by name; None if none is.
    """

    any_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    all_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    none_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    certain: bool = False
    found: Sequence[BitMap] | None = None
    picked: BitMap | None = None

    def of_warnings(self, without: str = "") -> list[str]:
        """Return the dimensions of which something is asked of one warning."""
        return [name for name in self.any_of if name in WARNING_DIMENSIONS and name != without]


class Ordered(Sequence[int]):
    """Keys of cases in an order, worked out only as far as they are asked for.

    Those in the first of `tiers` come first, and so on; the last has all of `cases`.
    """

    def __init__(self, index: CaseIndex, cases: BitMap, tiers: Sequence[BitMap], sort: str) -> None:
        self._index, self._cases, self._tiers, self._sort = index, cases, tiers, sort

    def __len__(self) -> int:
        return len(self._cases)

    def __iter__(self) -> Iterator[int]:
        return iter(self._first(len(self)))

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return self._first(len(self) if place < 0 else place + 1)[place]
        start, stop, step = place.indices(len(self))
        return self._first(stop)[start:stop:step]

    def around(self, key: int) -> tuple[int, int | None, int | None] | None:
        """Return the place of a case from 0, with the keys before and after it; None without it."""
        if key not in self._cases:
            return None
        keys = self._first(len(self))
        if key not in keys:  # withdrawn since
            return None
        at = keys.index(key)
        return at, keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None

    def _first(self, count: int) -> list[int]:
        """Return the first keys; a tier may ask the database, and so is taken without the lock."""
        keys: list[int] = []
        rest = self._cases
        for tier in self._tiers:
            with self._index.reading:
                keys += islice(self._index.ordered(rest & tier, self._sort), count - len(keys))
            if len(keys) >= count:
                break
            rest = rest - tier
        return keys


class Selection:
    """The cases that meet everything asked; use it while holding `index.reading`."""

    def __init__(self, index: CaseIndex, criteria: CaseCriteria) -> None:
        self._index = index
        self._criteria = criteria

    @cached_property
    def cases(self) -> BitMap:
        """Every case that meets everything."""
        return self._of_case() & self._of_one_warning()

    def counts(self, name: str) -> dict[str, int]:
        """Return for each value of a dimension how many cases there would be with it alone chosen.

        What is chosen in this dimension is left out, so that a count tells what a value would add.
        Values without any case may be missing.
        """
        layers = self._layers(without=name) if name in WARNING_DIMENSIONS else None
        if layers is None:
            rest = self._of_case(without=name)
            if name not in WARNING_DIMENSIONS:
                rest &= self._of_one_warning()
            sets = self._index.having(name)
            return {value: rest.intersection_cardinality(having) for value, having in sets.items()}
        return self._counts_of_one_warning(name, layers)

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the cases in an order of `SORTS`."""
        if sort != RELEVANCE:
            return Ordered(self._index, self.cases, [self.cases], sort)
        tiers = [self.cases] if self._criteria.found is None else self._criteria.found
        return Ordered(self._index, self.cases, tiers, NEWEST_FIRST)

    def _of_case(self, without: str = "") -> BitMap:
        """Return the cases that meet what is asked of the case as a whole; a new set each time."""
        cases = self._whole.copy()
        for name, values in self._criteria.any_of.items():
            if name not in WARNING_DIMENSIONS and name != without:
                cases &= union(self._index.having(name), values)
        return cases

    @cached_property
    def _whole(self) -> BitMap:
        """The cases that meet everything but `any_of`."""
        index, criteria = self._index, self._criteria
        cases = index.cases.copy()
        if criteria.found is not None:
            cases &= criteria.found[-1]
        if criteria.picked is not None:
            cases &= criteria.picked
        if criteria.start is not None or criteria.end is not None:
            start = criteria.start.toordinal() if criteria.start else None
            end = criteria.end.toordinal() if criteria.end else None
            cases &= index.dated(start, end, certain=criteria.certain)
        for name, values in criteria.all_of.items():
            for value in values:
                cases &= union(index.having(name), [value])
        for name, values in criteria.none_of.items():
            cases -= union(index.having(name), values)
        return cases

    def _of_one_warning(self) -> BitMap:
        """Return the cases with a warning that has what is asked of warnings."""
        layers = self._layers()
        return self._index.cases if layers is None else BitMap.union(BitMap(), *layers)

    def _layers(self, without: str = "") -> list[BitMap] | None:
        """Return for each layer the cases whose warning meets what is asked; None if nothing is."""
        names = self._criteria.of_warnings(without)
        if not names:
            return None
        return [
            BitMap.intersection(*(self._of_layer(name, layer) for name in names))
            for layer in self._index.layers
        ]

    def _of_layer(self, name: str, layer: int) -> BitMap:
        """Return the cases whose warning of one layer has what is asked in one dimension."""
        return union(self._index.having(name, layer), self._criteria.any_of[name])

    def _counts_of_one_warning(self, name: str, layers: list[BitMap]) -> dict[str, int]:
        rest = self._of_case()
        matching = [(rest & cases, self._index.having(name, k)) for k, cases in enumerate(layers)]
        used = [(cases, sets) for cases, sets in matching if cases]
        return {value: _count(value, used) for value in self._index.having(name)}


def _count(value: str, layers: list[tuple[BitMap, Sets]]) -> int:
    """Count the cases that have a value in any layer, each once."""
    found = [
        (cases, sets[value])
        for cases, sets in layers
        if value in sets and cases.intersect(sets[value])
    ]
    if len(found) == 1:  # as for most values; counting alone is much faster than making a set
        return found[0][0].intersection_cardinality(found[0][1])
    return len(BitMap.union(BitMap(), *(cases & having for cases, having in found)))
