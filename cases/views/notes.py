"""The list of editorial notes."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Q

from cases.finding.name_search import check_words
from cases.finding.note_filter import NoteFilter, note_choices
from cases.finding.query_string import Choices
from cases.models import Note
from cases.models.folded import has_beginning, has_words
from cases.text.folding import variants

from .lists import FilteredList

# The records whose words the search of notes reads.
SEARCHED = ("folded", "case__folded", "source__folded", "evidence__folded")


def has_word_in(word: str) -> Q:
    """Return the condition that a note, its case or a source of it has a folded word."""
    return reduce(or_, (has_beginning(path, variants(word)) for path in SEARCHED))


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
        return notes.filter(has_words(str(self.query.data.get("q", "")), has_word_in))
