"""What an address asks of the cases, answered by the index: which, in which order, how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from django.http import QueryDict
from pyroaring import BitMap

from cases import search
from cases.index import case_index
from cases.index.case_index import CaseIndex
from cases.index.ordered_keys import Ordered
from cases.models.vocabulary import NOT_STATED

from .address_filter import AddressFilter
from .case_form import CaseQuery
from .case_numbers import look_up_case_number
from .date_parameters import CERTAIN, bound
from .facets import MAX_OFFERED
from .query_string import ALL, NOT, Choices
from .selection import RELEVANCE, CaseCriteria, Selection


class IndexFilter(AddressFilter):
    """The part of `CaseFilter` that reads an address and asks the index."""

    @cached_property
    def query(self) -> CaseQuery:
        return self.read()

    def read(self) -> CaseQuery:
        """Read the address; at most two queries for a case number, and two for former slugs."""
        asked, text = super().read(), self.form.text
        data, remarks, case_number = asked.data, [*asked.remarks], None
        sort = data.get("sort")
        if sort == RELEVANCE:
            data = QueryDict(asked.without("sort"))  # the usual order of a search
        if text.terms:
            remarks += text.remarks
            case_number = look_up_case_number(self.form.typed)
            if case_number and not case_number.address:
                remarks.append(f"No published case has the number {case_number.number}.")
        searched = text if text.terms else None
        return CaseQuery(data, asked.notices, remarks, searched, case_number, sort)

    @property
    def answer(self) -> CaseQuery:
        """The query with what is to be said of the cases that its search found."""
        if not self.found or not self.found.stale:
            return self.query
        stale = f"{self.found.stale:,} cases changed lately and are searched as they were before."
        return replace(self.query, remarks=[*self.query.remarks, stale])

    @cached_property
    def index(self) -> CaseIndex:
        return case_index.current()

    @cached_property
    def known(self) -> Choices:
        with self.index.reading:
            return super().known

    @cached_property
    def searches(self) -> search.Searches:
        return search.Searches()

    @cached_property
    def found(self) -> search.Found | None:
        """What the text search finds; None without one."""
        text, number = self.query.text, self.query.case_number
        # A case number finds only its case, not the cases whose texts mention it.
        return None if text is None or (number and number.case) else self.searches.find(text)

    @cached_property
    def criteria(self) -> CaseCriteria:
        number = self.query.case_number
        tiers: Sequence[BitMap] | None = self.found.tiers if self.found else None
        if number and number.case:
            tiers = [BitMap([number.case.key])]
        return self.criteria_of(self.query.data, tiers)

    def criteria_of(self, data: QueryDict, found: Sequence[BitMap] | None) -> CaseCriteria:
        """Return the criteria of valid parameters; `found` are the cases that a search found."""

        def values(form: str) -> dict[str, list[str]]:
            given = {name: data.getlist(name + form) for name in self.facet_filters()}
            return {name: chosen for name, chosen in given.items() if chosen}

        return CaseCriteria(
            any_of=values(""),
            all_of=values(ALL),
            none_of=values(NOT),
            start=bound(data, "date_from"),
            end=bound(data, "date_to"),
            certain=data.get("date_match") == CERTAIN,
            found=found,
            picked=self.picked,
        )

    @property
    def picked(self) -> BitMap | None:
        """The cases that the address picks by slug; None if it picks none."""
        return None

    @cached_property
    def selection(self) -> Selection:
        """The cases that match; hold `index.reading` while using it."""
        return Selection(self.index, self.criteria)

    @cached_property
    def keys(self) -> Ordered:
        """The keys of the matching cases in the order of `sort`."""
        return self.ordered(self.query.sort)

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the matching cases in any sort order."""
        selection = self.selection  # queries the database, so it is created before the lock
        with self.index.reading:
            return selection.ordered(sort)

    @property
    def qs(self) -> Ordered:
        """The keys of the matching cases. Not a QuerySet: rows may be ahead of their versions."""
        return self.keys

    @property
    def version(self) -> int:
        """The version of the dataset in which the keys were found."""
        return self.keys.version

    @cached_property
    def total(self) -> int:
        """The number of published cases."""
        return len(self.index.cases)

    def counts(self, name: str) -> dict[str, int]:
        """Return the number of cases for each value of a filter if only that value were chosen."""
        selection = self.selection
        with self.index.reading:
            return selection.counts(name)

    def facet_counts(self, name: str) -> tuple[dict[str, int], int | None]:
        """Return the counts of a facet; of a long one only those of values that may be offered."""
        if not self.facet_filters()[name].is_long:
            return self.counts(name), None
        selection, among = self.selection, self.choices[name]
        also = {NOT_STATED, *self.query.data.getlist(name)} & among.keys()
        with self.index.reading:
            return selection.leading(name, among, also, MAX_OFFERED)

    @cached_property
    def inferred_counts(self) -> dict[str, int]:
        """In how many of the cases editors inferred what is asked for, by filter or `DATED`."""
        selection = self.selection
        with self.index.reading:
            return selection.inferred_counts()
