"""One query for cases, from its address to the keys of the cases in their order.

The list, the table, the comparison, the facets and the ways from case to case all ask here, so that
one address means the same set everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from pyroaring import BitMap

from cases import search
from cases.index import case_index
from cases.index.case_index import CaseIndex
from cases.models import Case
from cases.text.excerpt import excerpt

from .case_numbers import CaseNumberLookup, look_up_case_number
from .filters import CASE_CHECKS, DATE_LABELS, CaseFilter, case_choices
from .former_slugs import CASE_PARAMETER, remarks_on, renamed, with_names_of_today
from .query_string import MAX_VALUES, ActiveValue, Check, Choices, Query, given_values, read_query
from .selection import NEWEST_FIRST, RELEVANCE, SORTS, CaseCriteria, Ordered, Selection

FILTER_LABELS = {name: str(filter_.label) for name, filter_ in CaseFilter.base_filters.items()}
TYPED = {"q": "Search"} | DATE_LABELS
"""The parameters that narrow the cases down and are typed freely, with their labels."""


def check_sort(value: str) -> None:
    if value not in SORTS:
        raise ValidationError(
            f"The cases cannot be sorted by “{excerpt(value)}”; “sort” is one of: "
            f"{', '.join(SORTS)}."
        )


def check_text(value: str) -> None:
    """Take any text: what of it cannot be searched for is told when it is read as a search."""


class CaseQuery:
    """What an address asks of cases, and the cases that meet it.

    `also` are further parameters with their checks; `picks` lets the address pick cases by name.
    """

    checks: ClassVar[dict[str, Check]] = {"q": check_text, "sort": check_sort} | CASE_CHECKS

    def __init__(
        self,
        given: QueryDict,
        also: dict[str, Check] | None = None,
        listed: Choices | None = None,
        *,
        picks: bool = False,
    ) -> None:
        self._given = given
        self._also = also or {}
        self._listed = listed or {}
        self._picks = picks
        self.version = 0
        """The version of the dataset that the keys were found in; 0 before they are."""

    @cached_property
    def index(self) -> CaseIndex:
        return case_index.current()

    @cached_property
    def choices(self) -> Choices:
        """For each filter its values with their labels."""
        with self.index.reading:
            return case_choices(self.index)

    @cached_property
    def query(self) -> Query:
        """What was understood of the address, with a sentence for each part that was not."""
        listed = self._listed | self._picked
        today = with_names_of_today(self._given, self._renamed)
        query = read_query(today, self.choices, self.checks | self._also, listed, (CASE_PARAMETER,))
        query.remarks += remarks_on(self._renamed)
        CaseFilter.drop_contradictions(query)
        self._read_search(query)
        self._requested_sort = query.data.get("sort")
        if query.data.get("sort") == RELEVANCE:
            del query.data["sort"]  # it is the order of every search, and of nothing else
            if "q" not in query.data:
                query.notices.append(
                    "Cases are sorted by relevance only where “q” searches for words."
                )
        return query

    def _read_search(self, query: Query) -> None:
        """Read the search for text; what of it was not read is taken out of the query."""
        typed = str(query.data.get("q", ""))
        self._text = search.read(typed)
        self._case_number = look_up_case_number(typed)
        query.notices += self._text.problems if typed else ()
        if not self._text.terms:
            query.data.pop("q", None)
            return
        if self._text.problems:
            query.data["q"] = self._text.normalized
        query.remarks += self._text.remarks
        if self._case_number and not self._case_number.address:
            query.remarks.append(f"No published case has the number {self._case_number.number}.")

    @cached_property
    def _renamed(self) -> dict[tuple[str, str], str]:
        """For each parameter and former name of something public: its name of today."""
        return renamed(
            self._given, self.choices | ({CASE_PARAMETER: self._named} if self._picks else {})
        )

    @cached_property
    def _picked(self) -> Choices:
        """Offer, of all cases, only those that the address names: there may be very many."""
        if not self._picks:
            return {}
        later = [slug for (name, _), slug in self._renamed.items() if name == CASE_PARAMETER]
        return {CASE_PARAMETER: self._named | (_titles(later) if later else {})}

    @cached_property
    def _named(self) -> dict[str, str]:
        """The published cases that the address picks by their names of today, with their titles."""
        return _titles(self._given.getlist(CASE_PARAMETER))

    @property
    def text(self) -> search.SearchQuery | None:
        """The search for text that was understood, or None."""
        return self._text if "q" in self.query.data else None

    @property
    def case_number(self) -> CaseNumberLookup | None:
        """The number of a case, if that is what is searched for."""
        return self._case_number if "q" in self.query.data else None

    @cached_property
    def active(self) -> list[ActiveValue]:
        """The values that narrow the cases down, each with the address without it."""
        labels = FILTER_LABELS | {CASE_PARAMETER: "Case"} | TYPED
        return self.query.active(labels, self.choices | self._picked)

    @property
    def requested_sort(self) -> str | None:
        """The order that the address asks for and that was understood; None if it asks for none."""
        requested = self._requested_sort if self.text else self.query.data.get("sort")
        return None if requested is None else str(requested)

    @property
    def usual_sort(self) -> str:
        """The order if none is asked for."""
        return RELEVANCE if self.text else NEWEST_FIRST

    @property
    def sort(self) -> str:
        return str(self.query.data.get("sort", self.usual_sort))

    @cached_property
    def criteria(self) -> CaseCriteria:
        return CaseFilter.criteria(self.query.data, self._found, self._cases_picked)

    @cached_property
    def _found(self) -> Sequence[BitMap] | None:
        """The cases that the search for text found; of a number its case alone."""
        if self.text is None:
            return None
        if self.case_number and self.case_number.case:
            return [BitMap([self.case_number.case.pk])]
        found = search.find(self.text)
        if found.stale:
            self.query.remarks.append(
                f"{found.stale:,} cases changed lately and are searched as they were before."
            )
        return found.tiers

    @cached_property
    def _cases_picked(self) -> BitMap | None:
        slugs = self.query.data.getlist(CASE_PARAMETER) if self._picks else []
        if not slugs:
            return None
        cases = Case.objects.published().filter(slug__in=slugs)
        return BitMap(cases.values_list("pk", flat=True))

    @cached_property
    def selection(self) -> Selection:
        """The cases that meet the query; use it while holding `index.reading`."""
        return Selection(self.index, self.criteria)

    @cached_property
    def keys(self) -> Ordered:
        """The keys of the cases that meet the query, in their order."""
        return self.ordered(self.sort)

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the cases that meet the query in another order than the one asked."""
        selection = self.selection  # searches for text, and so is made without the lock
        with self.index.reading:
            self.version = self.index.version  # which another thread may move on
            return selection.ordered(sort)

    @cached_property
    def total(self) -> int:
        """How many published cases there are."""
        return len(self.index.cases)

    def counts(self, name: str) -> dict[str, int]:
        """Return for each value of a filter how many cases there would be with it alone chosen."""
        selection = self.selection
        with self.index.reading:
            return selection.counts(name)


def _titles(slugs: Iterable[str]) -> dict[str, str]:
    """Return the published ones among the first `slugs` with their titles."""
    named = given_values(slugs)[:MAX_VALUES]
    wanted = [slug for slug in named if "\0" not in slug]  # which PostgreSQL refuses
    return dict(Case.objects.published().filter(slug__in=wanted).values_list("slug", "title"))
