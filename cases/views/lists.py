"""The base of all filtered and paged lists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, overload

from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.generic import ListView

from cases.finding.facets import Facet, facet
from cases.finding.former_slugs import former_slug_remarks, present_slugs, with_present_slugs
from cases.finding.name_search import check_words
from cases.finding.query_string import Check, Choices, Query, read_query

from .errors import MAX_REDIRECT_LENGTH

PER_PAGE, MAX_PER_PAGE = 25, 100


def check_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 9 and int(value) >= 1):
        raise ValidationError("“page” is a whole number from 1, and 1 if nothing is given.")


def check_per_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= 3) or not (
        1 <= int(value) <= MAX_PER_PAGE
    ):
        raise ValidationError(
            f"“per_page” is a whole number from 1 to {MAX_PER_PAGE}, and {PER_PAGE} if nothing is "
            "given."
        )


# What an address asks of a list that is searched by name, beside its own filters.
SEARCHED_AND_PAGED: dict[str, Check] = {"q": check_words, "page": check_page}


def page_of(paginator: Paginator[Any], query: Query) -> Page[Any]:
    """Return the requested page; beyond the last page, return that one and add a notice."""
    number = int(query.data.get("page", "1"))
    try:
        return paginator.page(number)
    except EmptyPage:
        page = paginator.page(paginator.num_pages)
        query.notices.append(
            f"There is no page {number:,}; the last one, page {page.number:,}, is shown."
        )
        query.data["page"] = str(page.number)
        return page


def without_empty_fields(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to the address without the empty fields of a form, if it has any."""
    # Readers copy the address into mails, so it is kept short.
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    filled = [(name, value) for name, value in given if value]
    clean = f"{request.path}?{urlencode(filled)}" if filled else request.path
    is_shorter = len(filled) < len(given) and len(clean) <= MAX_REDIRECT_LENGTH
    return redirect(clean) if is_shorter else None


class Rows(Sequence[Any]):
    """The records with the given keys in their order; slicing fetches those of the slice.

    A record that was deleted after the keys were found is left out.
    """

    def __init__(self, keys: Sequence[int], records: QuerySet[Any]) -> None:
        self._keys, self._records = keys, records

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self._records.get(pk=self._keys[place])
        keys = self._keys[place]
        found = self._records.in_bulk(keys)
        return [found[key] for key in keys if key in found]


class FilteredList(ListView[Any]):
    """A list view that reads its query string with a FilterSet, with notices on what it ignores."""

    filterset_class: Any
    also: ClassVar[dict[str, Check]] = {"page": check_page, "per_page": check_per_page}
    # The filters whose values are typed freely, with their labels.
    typed: ClassVar[dict[str, str]] = {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the address without the empty fields of a form."""
        return without_empty_fields(request) or super().get(request, *args, **kwargs)

    @property
    def choices(self) -> Choices:
        """Return the values of each filter, with their labels."""
        raise NotImplementedError

    @cached_property
    def query(self) -> Query:
        found = present_slugs(self.request.GET, self.choices)
        today = with_present_slugs(self.request.GET, found)
        query = read_query(today, self.choices, self.also)
        query.remarks += former_slug_remarks(found)
        self.filterset_class.drop_contradictions(query)
        return query

    def get_paginate_by(self, queryset: Any) -> int:
        return int(self.query.data.get("per_page", PER_PAGE))

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Paginator[Any], Page[Any], Any, bool]:
        paginator: Paginator[Any] = Paginator(queryset, page_size)
        page = page_of(paginator, self.query)
        return paginator, page, page.object_list, page.has_other_pages()

    def facets(self) -> list[Facet]:
        """Return the facets that the list can be filtered by."""
        return [
            facet(name, self.filterset_class.base_filters[name], choices, self.query)
            for name, choices in self.choices.items()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filters = self.filterset_class.base_filters
        labels = {name: str(filter_.label) for name, filter_ in filters.items()}
        context |= {
            "query": self.query,
            "kept": self._kept(),
            "active": self.query.active(labels | self.typed, self.choices),
            "facets": self.facets(),
        }
        return context

    def _kept(self) -> list[tuple[str, str]]:
        """Return the parameters that the form must keep as hidden fields."""
        return self.query.pairs("page", *self.choices, *self.typed)
