from __future__ import annotations

from django.db.models import QuerySet

from ..filters import NoteFilter
from ..models import Note
from .lists import FilteredList


class NoteList(FilteredList):
    """All editorial notes: where sources err, are silent or are contradicted."""

    filterset_class = NoteFilter
    template_name = "notes/list.html"

    def get_queryset(self) -> QuerySet[Note]:
        return self.filtered(Note.objects.public()).for_list()
