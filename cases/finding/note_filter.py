"""The filters of editorial notes."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from cases.index.public_names import only_public
from cases.models import Case, Note, Source
from cases.models.folded import has_beginning, has_words
from cases.models.vocabulary import NoteKind
from cases.text.folding import variants

from .address_filter import AddressFilter
from .filters import Choice, Typed
from .name_search import check_words
from .page_layout import check_page, check_per_page

# The records whose words the search of notes reads.
SEARCHED = ("folded", "case__folded", "source__folded", "evidence__folded")


def has_word_in(word: str) -> Q:
    """Return the condition that a note, its case or a source of it has a folded word."""
    return reduce(or_, (has_beginning(path, variants(word)) for path in SEARCHED))


class NoteFilter(AddressFilter):
    """The public editorial notes that an address asks for."""

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
        choices=lambda: [(one.slug, one.title) for one in only_public(Source.objects.all())],
        label="Source",
    )
    q = Typed(check_words, label="Search")
    page = Typed(check_page, narrows=False, label="Page")
    per_page = Typed(check_per_page, narrows=False, label="Notes on a page")

    class Meta(AddressFilter.Meta):
        model = Note

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, Note.objects.public().for_list())

    def filter_queryset(self, queryset: Any) -> Any:
        notes = super().filter_queryset(queryset)
        return notes.filter(has_words(str(self.query.data.get("q", "")), has_word_in))
