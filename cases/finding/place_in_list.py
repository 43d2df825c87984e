"""The place of a case in a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from cases.record.classes import CaseRecord
from cases.versions.current import current_records

from .case_filter import CaseFilter
from .description import describe
from .former_slugs import CASE_PARAMETER
from .page_layout import COLUMNS, LAYOUT, MATRIX, MAX_COLUMNS


@dataclass(frozen=True)
class PlaceInList:
    """The place of a case in a list: its number from 1 (0 if it is not there) and its neighbours.

    `sentence` describes the list and `within` is its query string. `back` is the address of the
    page of the list with the case. `in_comparison` says whether that page is the comparison.
    """

    number: int
    count: int
    previous: CaseRecord | None
    next: CaseRecord | None
    sentence: str
    within: str
    back: str
    in_comparison: bool


def place_of(key: int, cases: CaseFilter, per_page: int) -> PlaceInList | None:
    """Return the place of the case with this key in the list of an address.

    It may match the list or not. None if the case is not in an unfiltered list, for example because
    it was just withdrawn.
    """
    around = cases.keys.around(key)
    sentence = describe(cases)
    if around is None and not sentence:
        return None
    at, before, after = around or (-1, None, None)
    near = current_records([key for key in (before, after) if key is not None])
    data = cases.query.data
    return PlaceInList(
        number=at + 1,
        count=len(cases.keys),
        previous=near.get(before) if before else None,
        next=near.get(after) if after else None,
        sentence=sentence,
        within=cases.query.without("page"),
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
