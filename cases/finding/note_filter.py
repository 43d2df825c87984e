"""The filters of editorial notes."""

from __future__ import annotations

from functools import cached_property

from django.http import QueryDict

from cases.index.public_names import only_public
from cases.models import Note, Source
from cases.models.vocabulary import NoteKind

from .address_filter import AddressFilter
from .filters import Choice, Typed
from .name_search import check_words, matches_name
from .page_layout import check_page, check_per_page
from .public_notes import PublicNote, public_notes
from .query_string import Choices


class NoteFilter(AddressFilter):
    """The public editorial notes that an address asks for."""

    kind = Choice(choices=NoteKind.choices, label="Kind of note", coded=(Note, "kind"))
    case = Choice(label="Case")
    source = Choice(
        choices=lambda: [(one.slug, one.title) for one in only_public(Source.objects.all())],
        label="Source",
    )
    q = Typed(check_words, label="Search")
    page = Typed(check_page, narrows=False, label="Page")
    per_page = Typed(check_per_page, narrows=False, label="Notes on a page")

    class Meta(AddressFilter.Meta):
        model = Note

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    @cached_property
    def known(self) -> Choices:
        cases = [public.case for public in public_notes() if public.case]
        return super().known | {"case": {case.slug: case.title for case in cases}}

    @cached_property
    def qs(self) -> list[PublicNote]:
        """The matching notes."""
        typed = str(self.query.data.get("q", ""))
        return [
            public
            for public in public_notes()
            if self.matches(
                {
                    "kind": public.note.kind,
                    "case": public.case.slug if public.case else "",
                    "source": public.note.source.slug,
                }
            )
            and (not typed or matches_name(typed, public.words))
        ]
