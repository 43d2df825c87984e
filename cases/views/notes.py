"""The list of editorial notes."""

from __future__ import annotations

from functools import cached_property

from django.db.models import QuerySet

from cases.finding.note_filter import NoteFilter, note_choices
from cases.finding.query_string import Choices
from cases.models import Note

from .lists import FilteredList


class NoteList(FilteredList):
    """The public editorial notes, which say where a source errs, is silent or is contradicted."""

    filterset_class = NoteFilter
    template_name = "notes/list.html"

    @cached_property
    def choices(self) -> Choices:
        return note_choices()

    def get_queryset(self) -> QuerySet[Note]:
        return NoteFilter(self.query.data).filter_queryset(Note.objects.public().for_list())
