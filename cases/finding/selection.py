"""Select cases in the index: the matching set, its order, and the counts of facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import heappushpop, nlargest
from itertools import product

from pyroaring import BitMap

from cases.index.case_index import (
    ACTOR,
    ASSESSMENT,
    EXCEPTION,
    ROLE,
    WARNING_DIMENSIONS,
    CaseIndex,
    Sets,
    union,
)
from cases.index.loading import DATED
from cases.index.ordered_keys import Ordered

# The sort orders with their labels. Cases without the date, lead time or figure come last.
#
# "lead_time" uses the shortest lead time of a case, "-lead_time" the longest; in both, cases in
# which the order of warning and incident is unknown follow those with a lead time. "-deaths" uses
# the sum of the lower bounds of its incidents. "relevance" puts matches in the title first, then in
# names, then elsewhere in the case, then those for which a source had to be counted; within each
# group the newest case comes first.
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

# Two dimensions each that must match the same role, or assessment, if both are chosen: who or what
# it is about, which the index has in a layer for each value of the other.
SAME_PART = {ROLE: ACTOR, ASSESSMENT: EXCEPTION}

# Values of a long facet are counted in batches of this size; after each we check whether a value
# that is not yet counted could still be offered.
COUNTED_AT_ONCE = 32

# More pairs of values than this are not looked at one by one.
MAX_PAIRS_TRIED = 10_000

RELEVANCE, NEWEST_FIRST, LAST_CHANGED = "relevance", "-date", "-updated"


@dataclass(frozen=True)
class CaseCriteria:
    """The criteria for cases, with values by dimension.

    `any_of` requires one value of each dimension; values for warning dimensions must all be
    matched by a single warning. `all_of` and `none_of` are about the case as a whole. `found` are
    the cases that a text search found, by tiers of relevance that each include the tier before;
    None without a search. `picked` are the cases picked by slug; None without any.
    """

    any_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    all_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    none_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    certain: bool = False
    found: Sequence[BitMap] | None = None
    picked: BitMap | None = None

    @property
    def is_about_date(self) -> bool:
        """Whether the date of the case is filtered, or what is derived from it."""
        derived = {"era", "precision"} & {*self.any_of, *self.all_of}
        return bool(derived) or self.start is not None or self.end is not None

    def warning_dimensions(self, without: str = "") -> list[str]:
        """Return the warning-level dimensions that are filtered, except `without`."""
        return [name for name in self.any_of if name in WARNING_DIMENSIONS and name != without]


# The cases to count, and the cases of each value.
Countable = tuple[BitMap, Sets]


class Selection:
    """The cases in the index that meet the criteria; hold `index.reading` while using it."""

    def __init__(self, index: CaseIndex, criteria: CaseCriteria) -> None:
        self._index = index
        self._criteria = criteria

    @cached_property
    def cases(self) -> BitMap:
        """The cases that meet all criteria."""
        return self._matching_case() & self._matching_warning()

    @property
    def criteria(self) -> CaseCriteria:
        return self._criteria

    def narrowed(self, values: Mapping[str, Sequence[str]]) -> Selection:
        """Return the cases that have one of these values of each of some dimensions.

        They replace the values of `any_of` that the criteria have for the dimension.
        """
        any_of = {**self._criteria.any_of, **values}
        narrowed = Selection(self._index, replace(self._criteria, any_of=any_of))
        narrowed._whole = self._whole  # follows from the other criteria
        return narrowed

    def counts(self, name: str) -> dict[str, int]:
        """Return the number of cases for each value of a dimension if only that value were chosen.

        Values without cases are left out.
        """
        return _counted(self._countables(name))

    def leading(
        self, name: str, among: Container[str], also: Collection[str], at_most: int
    ) -> tuple[dict[str, int], int]:
        """Return the counts of the most frequent values, and the number of values with cases.

        Only values in `among` are considered. The counts include every value in `also`, and of the
        others at least the `at_most` most frequent, with all ties. Values without cases are left
        out.
        """
        countables, sets = self._countables(name), self._index.having(name)
        ranked = [v for v in self._index.ranked(name) if v in among and v not in also]
        counts: dict[str, int] = {}
        least = start = 0
        # A value has at most as many of these cases as of all cases. Values are tried in that
        # order, so most are never counted.
        while start < len(ranked) and len(sets[ranked[start]]) >= least:
            counts |= _counted(_only(ranked[start : start + COUNTED_AT_ONCE], countables))
            start += COUNTED_AT_ONCE
            if len(counts) >= at_most:
                least = nlargest(at_most, counts.values())[-1]
        none, rest = BitMap(), ranked[start:]
        missing = rest
        for cases, having in countables:
            intersect, found = cases.intersect, having.get
            missing = [value for value in missing if not intersect(found(value, none))]
        counts |= _counted(_only(also, countables))
        return counts, len(counts) + len(rest) - len(missing)

    def _countables(self, name: str) -> list[Countable]:
        """Return what to count for a dimension.

        It is a pair for each warning, or role, if the value must belong to the same one as what
        other criteria require; otherwise one pair.
        """
        # The chosen values of this dimension are ignored, so that a count shows what choosing
        # another value would give.
        index, any_of = self._index, self._criteria.any_of
        if name in WARNING_DIMENSIONS and self._criteria.warning_dimensions(without=name):
            layers = enumerate(self._warnings(name))
            return [(cases, index.having(name, layer)) for layer, cases in layers if cases]
        sets, rest = index.having(name), self._without(name)
        for by, of in SAME_PART.items():
            if name == of and by in any_of:
                return [(rest, index.having(of, value)) for value in any_of[by]]
            if name == by and of in any_of:
                return [(rest, {v: self._in_same_part(of, any_of[of], [v]) for v in sets})]
        return [(rest, sets)]

    def _warnings(self, without: str) -> list[BitMap]:
        """Return `warnings` as if one dimension of warnings were not filtered."""
        if without not in self._criteria.any_of:
            return self.warnings
        rest = self._matching_case()
        return [rest & cases for cases in self._layers_of(without) or ()]

    def _without(self, name: str) -> BitMap:
        """Return the cases that meet all criteria but the `any_of` of one dimension.

        A dimension of warnings has to be the only one of these in the criteria.
        """
        if name not in self._criteria.any_of:
            return self.cases
        rest = self._matching_case(without=name)
        return rest if name in WARNING_DIMENSIONS else rest & self._matching_warning()

    def inferred_counts(self) -> dict[str, int]:
        """Return in how many of the cases editors inferred what a filter asks for, by dimension.

        A case counts if every match of the filter in it is inferred: of a filter by warnings, in
        every warning that matches all of them. What excludes cases counts nothing. The dimension
        `DATED` stands for all filters of the date.
        """
        inferred: dict[str, BitMap] = {}
        for name, others in self._not_inferred():
            inferred[name] = inferred.get(name, BitMap()) | (self.cases - others)
        return {name: len(cases) for name, cases in inferred.items() if cases}

    @cached_property
    def inferred(self) -> BitMap:
        """The cases that are found only because editors inferred a value, of any of the filters."""
        rest = self.cases
        for _, others in self._not_inferred() if rest else ():
            rest = rest & others
        return self.cases - rest

    def _not_inferred(self) -> Iterator[tuple[str, BitMap]]:
        """Yield for each filter the cases that match it by a value that is not inferred."""
        index, criteria = self._index, self._criteria
        any_of = dict(criteria.any_of)
        for by, of in SAME_PART.items():
            if of in any_of and by in any_of:
                subjects, values = any_of.pop(of), any_of.pop(by)
                parts = (union(index.not_inferred(of, value), subjects) for value in values)
                yield by, BitMap.union(BitMap(), *parts)
        layers = self._layers or []
        for name, values in any_of.items():
            if name in WARNING_DIMENSIONS:
                matching = (
                    cases & union(index.not_inferred(name, layer), values)
                    for layer, cases in enumerate(layers)
                )
                yield name, BitMap.union(BitMap(), *matching)
            else:
                yield name, union(index.not_inferred(name), values)
        for name, all_values in criteria.all_of.items():
            sets = index.not_inferred(name)
            for value in all_values:
                yield name, union(sets, [value])
        if criteria.is_about_date:
            yield DATED, self.cases - index.with_inferred_date

    def pairs(
        self, one: str, other: str, sets: Callable[[str, int], Sets], at_most: int
    ) -> tuple[dict[tuple[str, str], int], int | None]:
        """Return in how many cases a warning that matches has both of two values, by the pair.

        `one` and `other` are dimensions of warnings. The pairs are those that `sets` has in a
        layer, which may be fewer than the index has; counted is what the index has. Of the pairs,
        at least the `at_most` most frequent ones are returned; and how many pairs there are, None
        if there may be too many to look at.
        """
        rest, layers = self._matching_case(), self._layers
        shown = [
            (rest if layers is None else rest & layers[k], sets(one, k), sets(other, k))
            for k in self._index.layers
        ]
        ones = self._ranked(one, {value for _, first, _ in shown for value in first})
        others = self._ranked(other, {value for _, _, second in shown for value in second})

        def is_shown(a: str, b: str) -> bool:
            return any(
                (cases & first[a]).intersect(second[b])
                for cases, first, second in shown
                if a in first and b in second and first[a].intersect(second[b])
            )

        matching = [cases for cases, *_ in shown]
        counts: dict[tuple[str, str], int] = {}
        # No pair is in more cases than each of its values, so that most need not be looked at.
        best = [0] * at_most
        for a, of_a in ones.items():
            if of_a <= best[0]:
                break
            for b, of_b in others.items():
                if of_b <= best[0]:
                    break
                if is_shown(a, b):
                    counts[a, b] = self._count_in_layers(matching, {one: a, other: b})
                    heappushpop(best, counts[a, b])
        if len(ones) * len(others) > MAX_PAIRS_TRIED:
            return counts, None
        return counts, sum(is_shown(a, b) for a, b in product(ones, others))

    def _ranked(self, name: str, values: Iterable[str]) -> dict[str, int]:
        """Return how many of the cases have each value of a dimension, the most frequent first."""
        having = self._index.having(name)
        found = {v: self.cases.intersection_cardinality(having[v]) for v in values}
        return {v: found[v] for v in sorted(found, key=lambda v: (-found[v], v)) if found[v]}

    def _count_in_layers(self, matching: Sequence[BitMap], values: Mapping[str, str]) -> int:
        """Return how many cases have all the values in one layer, of those that match in it."""
        none = BitMap()
        found = (
            BitMap.intersection(
                cases, *(self._index.having(name, k).get(v, none) for name, v in values.items())
            )
            for k, cases in enumerate(matching)
        )
        return len(BitMap.union(BitMap(), *found))

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the cases in an order of `SORTS`."""
        if sort != RELEVANCE:
            return Ordered(self._index, self.cases, [self.cases], sort)
        tiers = [self.cases] if self._criteria.found is None else self._criteria.found
        return Ordered(self._index, self.cases, tiers, NEWEST_FIRST)

    @cached_property
    def warnings(self) -> list[BitMap]:
        """The cases whose warning matches all filters of warnings, for each layer."""
        layers = self._layers
        if layers is None:
            return [self.cases for _ in self._index.layers]
        return [self.cases & cases for cases in layers]

    def _matching_case(self, without: str = "") -> BitMap:
        """Return a new set of the cases that meet the criteria about the case as a whole."""
        cases = self._whole.copy()
        any_of = {name: v for name, v in self._criteria.any_of.items() if name != without}
        for by, of in SAME_PART.items():
            if of in any_of and by in any_of:
                cases &= self._in_same_part(of, any_of.pop(of), any_of.pop(by))
        for name, values in any_of.items():
            if name not in WARNING_DIMENSIONS:
                cases &= union(self._index.having(name), values)
        return cases

    def _in_same_part(self, of: str, subjects: Sequence[str], values: Sequence[str]) -> BitMap:
        """Return the cases in which one of the actors, or exceptions, has one of the values."""
        found = (union(self._index.having(of, value), subjects) for value in values)
        return BitMap.union(BitMap(), *found)

    @cached_property
    def _whole(self) -> BitMap:
        """The cases that meet all criteria except `any_of`."""
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

    def _matching_warning(self) -> BitMap:
        """Return the cases with at least one warning that matches all warning filters."""
        layers = self._layers
        return self._index.cases if layers is None else BitMap.union(BitMap(), *layers)

    @cached_property
    def _layers(self) -> list[BitMap] | None:
        return self._layers_of()

    def _layers_of(self, without: str = "") -> list[BitMap] | None:
        """Return the cases whose warning matches, for each layer; None without warning filters."""
        names = self._criteria.warning_dimensions(without)
        if not names:
            return None
        any_of, having = self._criteria.any_of, self._index.having
        return [
            BitMap.intersection(*(union(having(name, layer), any_of[name]) for name in names))
            for layer in self._index.layers
        ]


def _only(values: Iterable[str], countables: Iterable[Countable]) -> list[Countable]:
    """Return what to count of some values alone."""
    return [(cases, {v: sets[v] for v in values if v in sets}) for cases, sets in countables]


def _counted(countables: Sequence[Countable]) -> dict[str, int]:
    """Return the number of cases by value; one that has it in several of them counts once."""
    counts: dict[str, int] = {}
    repeated: set[str] = set()
    for cases, sets in countables:
        number = cases.intersection_cardinality
        found = {value: n for value, having in sets.items() if (n := number(having))}
        repeated |= counts.keys() & found.keys()
        counts |= found
    # Most values occur in one, and counting is much faster than building a union.
    for value in repeated:
        having = (cases & sets[value] for cases, sets in countables if value in sets)
        counts[value] = len(BitMap.union(*having))
    return counts
