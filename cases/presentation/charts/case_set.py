"""The cases of a picture: how many of them have some values, and the address that lists those."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from pyroaring import BitMap

from cases.finding.case_filter import CaseFilter
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.query_string import NOT
from cases.finding.selection import Selection
from cases.index.case_index import Sets
from cases.models.vocabulary import NOT_STATED

from .chart_filter import ChartFilter

# Parameters that order or lay out a list, and so do not belong to what a mark leads to.
_LAYOUT = [name for name, one in ChartFilter.base_filters.items() if not one.narrows]

# Stands for scheme and host in specifications and pictures; whoever sends them puts in the site's.
SITE = "https://casebook.invalid"


@dataclass(frozen=True)
class Counted:
    """How many cases an address lists, and the address."""

    count: int
    address: str

    @property
    def absolute(self) -> str:
        """The address in a specification."""
        return SITE + self.address


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

    def label(self, name: str, value: str) -> str:
        """Return the text for a value of a filter."""
        text: str = self.filter.choices[name][value]
        return text

    def all(self) -> Counted:
        """Return all cases of the set."""
        return Counted(len(self), self.address({}))

    def having(self, values: Mapping[str, str], **dates: Any) -> Counted:
        """Return the cases that have a value of each of some filters; those of warnings in one.

        A filter that the address has already is narrowed to the value. `dates` are parameters of
        dates, as in addresses.
        """
        data = self._narrowed(values, dates)
        cases, selection = self.filter, self.filter.selection
        with cases.index.reading:
            if dates:
                criteria = cases.criteria_of(data, selection.criteria.found)
                found = Selection(cases.index, criteria).cases
            else:
                found = selection.narrowed(values).cases
            return Counted(len(found), self._listed(data))

    def lacking(self, name: str, values: Sequence[str]) -> Counted:
        """Return the cases that have none of some values of a filter."""
        data = self._narrowed({}, {})
        data.setlist(name + NOT, list(dict.fromkeys([*data.getlist(name + NOT), *values])))
        cases, found = self.filter, self.filter.criteria.found
        with cases.index.reading:
            without = Selection(cases.index, cases.criteria_of(data, found)).cases
            return Counted(len(without), self._listed(data))

    def pairs(
        self, one: str, other: str, sets: Callable[[str, int], Sets], at_most: int
    ) -> tuple[dict[tuple[str, str], int], int | None]:
        """Return in how many cases one warning has two values, by the pair; see `Selection`."""
        selection = self.filter.selection
        with self.filter.index.reading:
            return selection.pairs(one, other, sets, at_most)

    def address(self, values: Mapping[str, str], **dates: Any) -> str:
        """Return the address that lists the cases with these values."""
        return self._listed(self._narrowed(values, dates))

    def values(self, name: str) -> Sequence[str]:
        """Return the values of a filter that cases of the set have, in the order of its choices.

        If the address chooses some, only those: the picture is of what was asked for.
        """
        chosen, choices = self.data.getlist(name), self.filter.choices[name]
        counts = self.filter.counts(name)
        return [v for v in choices if counts.get(v) and (not chosen or v in chosen)]

    def most_frequent(self, name: str, at_most: int) -> tuple[Sequence[str], int]:
        """Return the values that most cases have, “not stated” last, and how many are left out."""
        values, counts = self.values(name), self.filter.counts(name)
        ranked = sorted(values, key=lambda value: (value == NOT_STATED, -counts[value]))
        return ranked[:at_most], max(len(ranked) - at_most, 0)

    def _narrowed(self, values: Mapping[str, str], dates: Mapping[str, str]) -> QueryDict:
        data = self.data.copy()
        for name in _LAYOUT:
            data.pop(name, None)
        for name, value in (*values.items(), *dates.items()):
            data[name] = value
        return data

    def _listed(self, data: QueryDict) -> str:
        """Return the address of the list, or of the comparison, which alone can pick cases."""
        page = reverse("matrix" if CASE_PARAMETER in data else "case_list")
        return f"{page}?{data.urlencode()}" if data else page
