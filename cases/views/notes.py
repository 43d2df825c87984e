"""The list of editorial notes."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from cases.finding.name_search import check_words, matches_name
from cases.finding.note_filter import NoteFilter, note_choices
from cases.finding.query_string import Choices
from cases.models import Note

from .lists import FilteredList, Rows

# What the search reads of a note.
SEARCHED = (
    *("source_says", "evidence_says", "locator", "evidence_locator", "case__number"),
    *("case__title", "source__title", "source__publisher", "evidence__title"),
)


class NoteList(FilteredList):
    """The public editorial notes, which say where a source errs, is silent or is contradicted."""

    filterset_class = NoteFilter
    template_name = "notes/list.html"
    also = FilteredList.also | {"q": check_words}
    typed: ClassVar[dict[str, str]] = {"q": "Search"}

    @cached_property
    def choices(self) -> Choices:
        return note_choices()

    def get_queryset(self) -> Any:
        notes = NoteFilter(self.query.data).filter_queryset(Note.objects.public().for_list())
        typed = str(self.query.data.get("q", ""))
        if not typed:
            return notes
        # In Python, because the two databases fold letters differently.
        rows = notes.values_list("pk", *SEARCHED)
        keys = [pk for pk, *texts in rows if matches_name(typed, *filter(None, texts))]
        return Rows(keys, notes)
