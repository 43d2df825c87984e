"""Cases in the order of a list, of which only what is shown is fetched; one case's place in it."""

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

MATRIX = "matrix"
"""The view that compares the cases: a page of its own, which `view` names in other addresses."""


class Results(Sequence[Case]):
    """The cases with these keys, in this order; a slice fetches its cases.

    A case that was withdrawn since the keys were found is left out.
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
    """Where a case stands in a list: its number from 1, and its neighbours; 0 if it is not there.

    `sentence` says what the list shows; `within` is its query string, and `back` the address of the
    very page of it that has the case; `in_matrix` tells that this page is the comparison.
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
    """Return the place of a case among those a query asks for, also if it is not among them.

    None for a case that is not in the list of all cases either.
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
        back=_address(data, max(at, 0) // int(data.get("per_page", per_page)) + 1),
        in_comparison=_is_compared(data),
    )


def _is_compared(data: QueryDict) -> bool:
    """Tell whether an address is of the comparison, where alone cases are picked by name."""
    return data.get("view") == MATRIX or CASE_PARAMETER in data


def _address(data: QueryDict, page: int) -> str:
    """Return the address of a page of the list or comparison that a query string is of."""
    query, path = data.copy(), reverse("case_list")
    query.pop("page", None)
    if _is_compared(data):
        query.pop("view", None)
        path = reverse("matrix")
    if page > 1:
        query["page"] = str(page)
    return f"{path}?{query.urlencode()}" if query else path
