"""The cases of a picture: how many of them have some values, and the address that lists those."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from pyroaring import BitMap

from cases.evidence.certainty import Certainty
from cases.finding.case_filter import CaseFilter
from cases.finding.date_parameters import CERTAIN, bound
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.query_string import NOT
from cases.finding.selection import Selection
from cases.index.case_index import Sets, union
from cases.models.vocabulary import NOT_STATED
from cases.presentation.figures import certainty_in
from cases.text.plurals import counted

from .chart_filter import ChartFilter
from .picture import Cell

# Parameters that order a list or say how to draw, and so do not belong to what a mark leads to.
_LAYOUT = [name for name, one in ChartFilter.base_filters.items() if not one.narrows]

# Stands for scheme and host in specifications and pictures; the view puts in those of the site.
SITE = "https://casebook.invalid"


@dataclass(frozen=True)
class Counted:
    """How many cases an address lists, and the address.

    `inferred` of them are found only because editors inferred a value that the address asks for.
    """

    count: int
    address: str
    inferred: int = 0

    @property
    def text(self) -> str:
        """The number in words: “5 cases; in 1 of them editors inferred it”."""
        return f"{counted(self.count, 'case')}{self.inference}"

    @property
    def inference(self) -> str:
        """The clause on what editors inferred; empty if they inferred nothing."""
        return self.inference_of("it")

    def inference_of(self, what: str) -> str:
        """Return the clause that says that editors inferred something; empty if they did not."""
        if not self.inferred:
            return ""
        if self.count == 1:
            return f"; editors inferred {what}"
        return f"; in {self.inferred:,} of them editors inferred {what}"

    @property
    def is_inferred(self) -> bool:
        """Whether each of the cases is found only because of an inference."""
        return 0 < self.count == self.inferred

    @property
    def number(self) -> str:
        """The number in a picture; `explained_star()` says what its star means."""
        return f"{self.count:,}{'*' if self.is_inferred else ''}"

    @property
    def cells(self) -> tuple[Cell, Cell]:
        """The cells of `CASES` and `INFERRED`; what no case has leads nowhere."""
        return Cell(self.count, self.address if self.count else ""), Cell(self.inferred)

    @property
    def absolute(self) -> str:
        """The address in a specification."""
        return SITE + self.address


def explained_star(counts: Iterable[Counted]) -> str:
    """Return what the star of a number means, as the end of a caveat; "" if none has one."""
    has_star = any(found.is_inferred for found in counts)
    return " * Editors inferred it in each of these cases." if has_star else ""


class CaseSet:
    """The cases that an address asks for, as pictures count them.

    Everything is counted in cases, because lists are of cases: a case with two warnings can have
    two receptions, and counts once in each. Each count is what the list says at its address.
    """

    def __init__(self, cases: CaseFilter) -> None:
        self.filter = cases

    def __len__(self) -> int:
        return len(self.filter.keys)

    @property
    def total(self) -> int:
        """The number of all public cases."""
        return self.filter.total

    @property
    def data(self) -> QueryDict:
        """What was understood of the address."""
        data: QueryDict = self.filter.query.data
        return data

    @property
    def keys(self) -> BitMap:
        """The keys of the cases."""
        selection = self.filter.selection
        with self.filter.index.reading:
            return selection.cases

    @property
    def none(self) -> BitMap:
        """No case."""
        return BitMap()

    @property
    def filters_warnings(self) -> bool:
        """Whether the address asks for cases by their warnings."""
        return bool(self.filter.selection.criteria.warning_dimensions())

    def of_warnings(self, dimension: str) -> dict[str, BitMap]:
        """Return the keys of the cases for each value that a warning which matches has."""
        found: dict[str, BitMap] = {}
        index = self.filter.index
        with index.reading:
            for layer, matching in enumerate(self.filter.selection.warnings):
                for value, having in index.having(dimension, layer).items():
                    found[value] = found.get(value, self.none) | (matching & having)
        return found

    def has_matching(self, key: int, layer: int) -> bool:
        """Return whether a warning of a case, by its place, matches all filters of warnings."""
        with self.filter.index.reading:
            layers = self.filter.selection.warnings
        return layer < len(layers) and key in layers[layer]

    def in_order(self, keys: BitMap, sort: str) -> list[int]:
        """Return the keys of some cases in a sort order of lists."""
        with self.filter.index.reading:
            return [*self.filter.index.ordered(keys, sort)]

    @property
    def with_a_warning(self) -> int:
        """How many of the cases have a warning."""
        keys, index = self.keys, self.filter.index
        with index.reading:
            # Every warning has a channel, if only one that is not stated.
            return keys.intersection_cardinality(union(sets := index.having("channel"), sets))

    def with_any(self, *dimensions: str) -> int:
        """Return how many of the cases have some value of each of these dimensions of the index."""
        keys, index = self.keys, self.filter.index
        with index.reading:
            having = (union(sets := index.having(name), sets) for name in dimensions)
            return len(BitMap.intersection(keys, *having))

    @property
    def certainty(self) -> Certainty:
        """How certain the coded values of the cases are."""
        keys, index = self.keys, self.filter.index
        with index.reading:
            return certainty_in(index.totals_of(keys))

    def label(self, name: str, value: str) -> str:
        """Return the text for a value of a filter."""
        text: str = self.filter.choices[name][value]
        return text

    def cell(self, name: str, value: str) -> Cell:
        """Return the cell of a value of a filter."""
        return Cell(self.label(name, value), codes=(value,))

    def all(self) -> Counted:
        """Return all cases of the set."""
        return self._counted(self.filter.selection, self._narrowed({}, {}))

    def having(self, values: Mapping[str, str | Sequence[str]], **dates: Any) -> Counted:
        """Return the cases that have a value of each of some filters; those of warnings in one.

        If there are several values of a filter, one of them. A filter that the address has already
        is narrowed to them. `dates` are parameters of dates, as in addresses.
        """
        lists = {name: [one] if isinstance(one, str) else one for name, one in values.items()}
        data = self._narrowed(lists, dates)
        cases, selection = self.filter, self.filter.selection
        with cases.index.reading:
            if dates:
                criteria = cases.criteria_of(data, selection.criteria.found)
                found = Selection(cases.index, criteria)
            else:
                found = selection.narrowed(lists)
        return self._counted(found, data)

    def lacking(self, name: str, values: Sequence[str]) -> Counted:
        """Return the cases that have none of some values of a filter."""
        data = self._narrowed({}, {})
        data.setlist(name + NOT, list(dict.fromkeys([*data.getlist(name + NOT), *values])))
        cases, found = self.filter, self.filter.criteria.found
        with cases.index.reading:
            without = Selection(cases.index, cases.criteria_of(data, found))
        return self._counted(without, data)

    def _counted(self, found: Selection, data: QueryDict) -> Counted:
        with self.filter.index.reading:
            return Counted(len(found.cases), self._listed(data), len(found.inferred))

    def pairs(
        self, one: str, other: str, sets: Callable[[str, int], Sets], at_most: int
    ) -> tuple[dict[tuple[str, str], int], int | None]:
        """Return in how many cases one warning has two values, by the pair; see `Selection`."""
        selection = self.filter.selection
        with self.filter.index.reading:
            return selection.pairs(one, other, sets, at_most)

    def within(self, **dates: str) -> Counted:
        """Return the cases that date from a range of days that lies within what is asked for.

        `dates` are the parameters of dates in addresses.
        """
        data, index, found = self._narrowed({}, dates), self.filter.index, self.keys
        first, last = (bound(data, name) for name in ("date_from", "date_to"))
        with index.reading:
            start, end = (day.toordinal() if day else None for day in (first, last))
            found = found & index.dated(start, end, certain=data.get("date_match") == CERTAIN)
            inferred = found & (self.filter.selection.inferred | index.with_inferred_date)
            return Counted(len(found), self._listed(data), len(inferred))

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day that dates of the cases name, within those asked for."""
        keys, index = self.keys, self.filter.index
        with index.reading:
            days = index.days_of(keys)
        start, end = (bound(self.data, name) for name in ("date_from", "date_to"))
        if days is None:
            return None
        # A case with an open date is here although the day that its date names is not.
        first, last = (dt.date.fromordinal(day) for day in days)
        first, last = max(first, start or first), max(last, start or last)
        return min(first, end or first), min(last, end or last)

    @property
    def open_dates(self) -> tuple[int, int]:
        """How many of the cases have a date that is open at its start, and at its end."""
        keys, index = self.keys, self.filter.index
        with index.reading:
            return index.open_dates(keys)

    def values(self, name: str) -> Sequence[str]:
        """Return the values of a filter that cases of the set have, in the order of its choices.

        If the address chooses some, only those: the picture is of what was asked for.
        """
        choices, counts = self.filter.choices[name], self.filter.counts(name)
        return [value for value in choices if counts.get(value) and self.asks_for(name, value)]

    def asks_for(self, name: str, value: str) -> bool:
        """Return whether the address leaves this value of a filter in the picture."""
        chosen = self.data.getlist(name)
        return not chosen or value in chosen

    def most_frequent(self, name: str, at_most: int) -> tuple[Sequence[str], int]:
        """Return the values that most cases have, “not stated” last, and how many are left out."""
        values, counts = self.values(name), self.filter.counts(name)
        ranked = sorted(values, key=lambda value: (value == NOT_STATED, -counts[value]))
        return ranked[:at_most], max(len(ranked) - at_most, 0)

    def _narrowed(self, values: Mapping[str, Sequence[str]], dates: Mapping[str, str]) -> QueryDict:
        data = self.data.copy()
        for name in _LAYOUT:
            data.pop(name, None)
        for name, several in values.items():
            data.setlist(name, [*several])
        for name, value in dates.items():
            data[name] = value
        return data

    def _listed(self, data: QueryDict) -> str:
        """Return the address of the list, or of the comparison, which alone can pick cases."""
        page = reverse("matrix" if CASE_PARAMETER in data else "case_list")
        return f"{page}?{data.urlencode()}" if data else page
