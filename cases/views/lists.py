"""What every filtered, paged list does the same way."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.views.generic import ListView

from ..filters import Check, Choices, Query, choices_of, read_query

if TYPE_CHECKING:
    _ListView = ListView[Any]
else:
    _ListView = ListView

PER_PAGE, MOST_PER_PAGE = 25, 100


def check_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 9 and int(value) >= 1):
        raise ValidationError("“page” is a whole number from 1; the first page is shown.")


def check_per_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= 3) or not (
        1 <= int(value) <= MOST_PER_PAGE
    ):
        raise ValidationError(
            f"“per_page” is a whole number from 1 to {MOST_PER_PAGE}; {PER_PAGE} are shown."
        )


class FilteredList(_ListView):
    """A list view that reads its query string through a FilterSet and says what it ignored."""

    filterset_class: type[django_filters.FilterSet]
    also: ClassVar[dict[str, Check]] = {"page": check_page, "per_page": check_per_page}

    @cached_property
    def query(self) -> Query:
        return read_query(self.request.GET, self.choices, self.also)

    @cached_property
    def choices(self) -> Choices:
        return choices_of(self.filterset_class())

    @cached_property
    def filterset(self) -> django_filters.FilterSet:
        filterset = self.filterset_class(self.query.data)
        for name, choices in self.choices.items():
            # Read once above; the form would ask for them again for each value that it checks.
            filterset.form.fields[name].choices = list(choices.items())
        return filterset

    def filtered(self, records: Any) -> Any:
        """Apply the filters that are in force; `query` has left out what is not valid."""
        if not self.filterset.is_valid():
            raise ValueError(f"A query was let through that is not valid: {self.filterset.errors}")
        return self.filterset.filter_queryset(records)

    def get_paginate_by(self, queryset: QuerySet[Any]) -> int:
        return int(self.query.data.get("per_page", PER_PAGE))

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Paginator[Any], Page[Any], Any, bool]:
        """Show the last page, and say so, for a page beyond it."""
        paginator: Paginator[Any] = Paginator(queryset, page_size)
        number = int(self.query.data.get("page", "1"))
        try:
            page = paginator.page(number)
        except EmptyPage:
            page = paginator.page(paginator.num_pages)
            self.query.notices.append(
                f"There is no page {number}; the last one, page {page.number}, is shown."
            )
            self.query.data["page"] = str(page.number)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        active = self.query.active(self.filterset, self.choices)
        chosen = {(value.parameter, value.value) for value in active}
        context |= {
            "query": self.query,
            "kept": [
                (name, self.query.data[name])
                for name in self.also
                if name != "page" and name in self.query.data
            ],
            "active": active,
            "facets": [
                {
                    "name": name,
                    "label": self.filterset.filters[name].label,
                    "options": [
                        {"value": value, "text": text, "chosen": (name, value) in chosen}
                        for value, text in choices.items()
                    ],
                    "open": any(value.parameter == name for value in active),
                }
                for name, choices in self.choices.items()
            ],
        }
        return context
