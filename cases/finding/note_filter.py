"""The filters of editorial notes."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from cases.models import Case, Note, Source
from cases.models.vocabulary import NoteKind

from .choice import Choice
from .query_string import ALL, NOT, Choices, Query


class NoteFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """The filters of editorial notes."""

    kind = Choice(choices=NoteKind.choices, label="Kind of note", coded=(Note, "kind"))
    case = Choice(
        field_name="case__slug",
        choices=lambda: (
            Case.objects.published()
            .filter(notes__isnull=False)
            .distinct()
            .values_list("slug", "title")
        ),
        label="Case",
    )
    source = Choice(
        field_name="source__slug",
        choices=lambda: Source.objects.public().values_list("slug", "title"),
        label="Source",
    )

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()

    @classmethod
    def drop_contradictions(cls, query: Query) -> None:
        """Do nothing: note filters cannot contradict each other."""

    # Overrides the method of the library, which does not know the forms `__all` and `__not`.
    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, filter_ in self.filters.items():
            lookup = f"{filter_.field_name}__in"
            if values := self.data.getlist(name):
                queryset = queryset.filter(**{lookup: values})
            # A note has one value of each, so several values of `__all` match no note.
            for value in self.data.getlist(name + ALL):
                queryset = queryset.filter(**{lookup: [value]})
            if values := self.data.getlist(name + NOT):
                queryset = queryset.exclude(**{lookup: values})
        return queryset


def note_choices() -> Choices:
    """Return the values of each note filter with their labels."""
    return {name: filter_.labels() for name, filter_ in NoteFilter.base_filters.items()}
