"""A query for cases: from the query string to the ordered keys of the matching cases.

The list, the table, the comparison, the facets and the links between cases all use it, so that one
query string means the same cases everywhere.
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

from .case_filter import CaseFilter, case_choices
from .case_numbers import CaseNumberLookup, look_up_case_number
from .date_parameters import DATE_CHECKS, DATE_LABELS
from .former_slugs import CASE_PARAMETER, former_slug_remarks, present_slugs, with_present_slugs
from .query_string import MAX_VALUES, ActiveValue, Check, Choices, Query, given_values, read_query
from .selection import NEWEST_FIRST, RELEVANCE, SORTS, CaseCriteria, Ordered, Selection

FILTER_LABELS = {name: str(filter_.label) for name, filter_ in CaseFilter.base_filters.items()}
# The labels of the filtering parameters that readers type freely.
FREE_TEXT_LABELS = {"q": "Search"} | DATE_LABELS


def check_sort(value: str) -> None:
    if value not in SORTS:
        raise ValidationError(
            f"The cases cannot be sorted by “{excerpt(value)}”; “sort” is one of: "
            f"{', '.join(SORTS)}."
        )


def check_text(value: str) -> None:
    """Accept any text; `search.read()` reports the parts that cannot be searched for."""


class CaseQuery:
    """A query string for cases, and the cases that match it.

    `also` maps further parameters to their checks, and `listed` to their choices. `picks` allows
    the parameter `case`, which picks cases by slug. Everything is computed on first access.
    """

    checks: ClassVar[dict[str, Check]] = {"q": check_text, "sort": check_sort} | DATE_CHECKS

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
        """The version of the dataset in which the keys were found; 0 before that."""

    @cached_property
    def index(self) -> CaseIndex:
        return case_index.current()

    @cached_property
    def choices(self) -> Choices:
        """The values of each filter with their labels."""
        with self.index.reading:
            return case_choices(self.index)

    @cached_property
    def query(self) -> Query:
        """The parsed query string, with a notice for each part that was not understood."""
        listed = self._listed | self._picked
        given = with_present_slugs(self._given, self._present_slugs)
        query = read_query(given, self.choices, self.checks | self._also, listed, (CASE_PARAMETER,))
        query.remarks += former_slug_remarks(self._present_slugs)
        CaseFilter.drop_contradictions(query)
        self._read_search(query)
        self._requested_sort = query.data.get("sort")
        # Relevance is the default order of a search and has no meaning without one.
        if query.data.get("sort") == RELEVANCE:
            del query.data["sort"]
            if "q" not in query.data:
                query.notices.append(
                    "Cases are sorted by relevance only where “q” searches for words."
                )
        return query

    def _read_search(self, query: Query) -> None:
        """Parse the search text, and drop the parts that were not understood from `query`."""
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
    def _present_slugs(self) -> dict[tuple[str, str], str]:
        """The present slug for each parameter and former slug in the query string."""
        return present_slugs(
            self._given,
            self.choices | ({CASE_PARAMETER: self._picked_titles} if self._picks else {}),
        )

    @cached_property
    def _picked(self) -> Choices:
        """The choices of the parameter `case`: the cases that the query string picks."""
        # Only these, because there may be 100,000 published cases.
        if not self._picks:
            return {}
        renamed = [
            slug for (name, _), slug in self._present_slugs.items() if name == CASE_PARAMETER
        ]
        return {CASE_PARAMETER: self._picked_titles | (_titles(renamed) if renamed else {})}

    @cached_property
    def _picked_titles(self) -> dict[str, str]:
        """The titles of the published cases that the query string picks by their present slugs."""
        return _titles(self._given.getlist(CASE_PARAMETER))

    @property
    def text(self) -> search.SearchQuery | None:
        """The parsed search text, or None without one."""
        return self._text if "q" in self.query.data else None

    @property
    def case_number(self) -> CaseNumberLookup | None:
        """The lookup of the search text if it is a case number, or None."""
        return self._case_number if "q" in self.query.data else None

    @cached_property
    def active(self) -> list[ActiveValue]:
        """The active filter values, each with the query string without it."""
        labels = FILTER_LABELS | {CASE_PARAMETER: "Case"} | FREE_TEXT_LABELS
        return self.query.active(labels, self.choices | self._picked)

    @property
    def requested_sort(self) -> str | None:
        """The valid sort order in the query string, or None without one."""
        # `query` drops "relevance", but a search does request it.
        requested = self._requested_sort if self.text else self.query.data.get("sort")
        return None if requested is None else str(requested)

    @property
    def usual_sort(self) -> str:
        """The sort order that applies without a requested one."""
        return RELEVANCE if self.text else NEWEST_FIRST

    @property
    def sort(self) -> str:
        return str(self.query.data.get("sort", self.usual_sort))

    @cached_property
    def criteria(self) -> CaseCriteria:
        return CaseFilter.criteria(self.query.data, self._found, self._cases_picked)

    @cached_property
    def _found(self) -> Sequence[BitMap] | None:
        """The cases that the text search found, by tiers of relevance; None without a search."""
        if self.text is None:
            return None
        # A case number finds only its case, not the cases whose texts mention it.
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
        """The cases that match the query; hold `index.reading` while using it."""
        return Selection(self.index, self.criteria)

    @cached_property
    def keys(self) -> Ordered:
        """The keys of the matching cases in the order of `sort`."""
        return self.ordered(self.sort)

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the matching cases in any sort order."""
        selection = self.selection  # queries the database, so it is created before the lock
        with self.index.reading:
            self.version = self.index.version  # another thread may update it later
            return selection.ordered(sort)

    @cached_property
    def total(self) -> int:
        """The number of published cases."""
        return len(self.index.cases)

    def counts(self, name: str) -> dict[str, int]:
        """Return the number of cases for each value of a filter if only that value were chosen."""
        selection = self.selection
        with self.index.reading:
            return selection.counts(name)

    @cached_property
    def inferred_counts(self) -> dict[str, int]:
        """In how many of the cases editors inferred what is asked for, by filter or `DATED`."""
        selection = self.selection
        with self.index.reading:
            return selection.inferred_counts()


def _titles(slugs: Iterable[str]) -> dict[str, str]:
    """Return the titles of the published cases among the first `MAX_VALUES` slugs, by slug."""
    first = given_values(slugs)[:MAX_VALUES]
    wanted = [slug for slug in first if "\0" not in slug]  # PostgreSQL rejects NUL in texts
    return dict(Case.objects.published().filter(slug__in=wanted).values_list("slug", "title"))
