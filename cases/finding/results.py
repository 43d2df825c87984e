"""The cases of a list, fetched one slice at a time, and the place of a case in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from django.http import QueryDict
from django.urls import reverse

from cases.models import Case
from cases.models.case import CaseQuerySet

from .case_query import CaseQuery
from .description import describe
from .former_slugs import CASE_PARAMETER

# The name of the comparison in addresses: its own page, and a value of the parameter `view`.
MATRIX = "matrix"

# How the comparison sets cases beside each other: the parameter, its values, the first the default.
LAYOUT, ROWS, COLUMNS = "layout", "rows", "columns"

# Cases on a page of the comparison that has them as columns.
MAX_COLUMNS = 6


class Results(Sequence[Case]):
    """The cases with the given keys in their order; slicing fetches the cases of the slice.

    A case that was withdrawn after the keys were found is left out.
    """

    def __init__(
        self, keys: Sequence[int], fetch: Callable[[CaseQuerySet], CaseQuerySet] = CaseQuerySet.all
    ) -> None:
        self.keys = keys
        self._fetch = fetch

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Case: ...
    @overload
    def __getitem__(self, place: slice) -> list[Case]: ...
    def __getitem__(self, place: int | slice) -> Case | list[Case]:
        if isinstance(place, int):
            return self._fetched([self.keys[place]])[0]
        return self._fetched(self.keys[place])

    def _fetched(self, keys: Sequence[int]) -> list[Case]:
        published: CaseQuerySet = Case.objects.published().filter(pk__in=keys)
        found = {case.pk: case for case in self._fetch(published)}
        return [found[key] for key in keys if key in found]


@dataclass(frozen=True)
class PlaceInList:
    """The place of a case in a list: its number from 1 (0 if it is not there) and its neighbours.

    `sentence` describes the list and `within` is its query string. `back` is the address of the
    page of the list with the case. `in_comparison` says whether that page is the comparison.
    """

    number: int
    count: int
    previous: Case | None
    next: Case | None
    sentence: str
    within: str
    back: str
    in_comparison: bool


def place_of(case: Case, query: CaseQuery, per_page: int) -> PlaceInList | None:
    """Return the place of a case in the list of a query, even if the query does not match it.

    None if the case is not in an unfiltered list, for example because it was just withdrawn.
    """
    around = query.keys.around(case.pk)
    sentence = describe(query)
    if around is None and not sentence:
        return None
    at, before, after = around or (-1, None, None)
    near = Case.objects.published().in_bulk([key for key in (before, after) if key is not None])
    data = query.query.data
    return PlaceInList(
        number=at + 1,
        count=len(query.keys),
        previous=near.get(before),
        next=near.get(after),
        sentence=sentence,
        within=query.query.without("page"),
        back=_address(data, max(at, 0) // cases_a_page(data, per_page) + 1),
        in_comparison=_is_compared(data),
    )


def cases_a_page(data: QueryDict, usual: int) -> int:
    """Return how many cases a page of the list or comparison with this query string has."""
    if _is_compared(data) and data.get(LAYOUT) == COLUMNS:
        return min(int(data.get("per_page", MAX_COLUMNS)), MAX_COLUMNS)
    return int(data.get("per_page", usual))


def _is_compared(data: QueryDict) -> bool:
    # Only the comparison picks cases by slug.
    return data.get("view") == MATRIX or CASE_PARAMETER in data


def _address(data: QueryDict, page: int) -> str:
    """Return the address of a page of the list or comparison with this query string."""
    query, path = data.copy(), reverse("case_list")
    query.pop("page", None)
    if _is_compared(data):
        query.pop("view", None)
        path = reverse("matrix")
    if page > 1:
        query["page"] = str(page)
    return f"{path}?{query.urlencode()}" if query else path
