from __future__ import annotations

from django.db.models import QuerySet

from ..filters import NoteFilter
from ..models import Note
from ..querysets import NoteQuerySet
from .lists import FilteredList


class NoteList(FilteredList):
    """All editorial notes: where sources err, are silent or are contradicted."""

    filterset_class = NoteFilter
    template_name = "notes/list.html"

    def get_queryset(self) -> QuerySet[Note]:
        notes: NoteQuerySet = self.filtered(Note.objects.public())
        return notes.for_list()
