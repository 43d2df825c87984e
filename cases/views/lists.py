"""The base of all filtered and paged lists."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.generic import ListView

from cases.finding.address_filter import AddressFilter
from cases.finding.facets import Facet
from cases.finding.page_layout import PER_PAGE
from cases.finding.query_string import Query

from .errors import MAX_REDIRECT_LENGTH


def page_of(paginator: Paginator[Any], query: Query) -> tuple[Page[Any], Query]:
    """Return the requested page; beyond the last page that one, and the query with a notice."""
    number = int(query.data.get("page", "1"))
    try:
        return paginator.page(number), query
    except EmptyPage:
        page = paginator.page(paginator.num_pages)
        notice = f"There is no page {number:,}; the last one, page {page.number:,}, is shown."
        return page, query.on_page(page.number, notice)


def without_empty_fields(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to the address without the empty fields of a form, if it has any."""
    # Readers copy the address into mails, so it is kept short.
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    filled = [(name, value) for name, value in given if value]
    clean = f"{request.path}?{urlencode(filled)}" if filled else request.path
    is_shorter = len(filled) < len(given) and len(clean) <= MAX_REDIRECT_LENGTH
    return redirect(clean) if is_shorter else None


class FilteredList(ListView[Any]):
    """A list of the records of a FilterSet, with notices on what that did not understand."""

    filterset_class: type[AddressFilter]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the address without the empty fields of a form."""
        return without_empty_fields(request) or super().get(request, *args, **kwargs)

    @cached_property
    def filterset(self) -> AddressFilter:
        return self.filterset_class(self.request.GET)

    def get_queryset(self) -> Any:
        return self.filterset.qs

    def get_paginate_by(self, queryset: Any) -> int:
        return int(self.filterset.query.data.get("per_page", PER_PAGE))

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Paginator[Any], Page[Any], Any, bool]:
        paginator: Paginator[Any] = Paginator(queryset, page_size)
        page, self.query = page_of(paginator, self.filterset.answer)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        in_form = (
            name for name, filter_ in self.filterset.declared_filters.items() if filter_.narrows
        )
        return context | {
            "query": self.query,
            # What the form must keep as hidden fields.
            "kept": self.query.pairs("page", *in_form),
            "active": self.filterset.active,
            "facets": self.facets(),
        }

    def facets(self) -> list[Facet]:
        """Return the facets that the page offers."""
        return self.filterset.facets()
