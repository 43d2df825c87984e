"""The filters of the announcements of changes, for the page, the files and the feeds of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

from django.http import QueryDict

from cases.models import Version
from cases.versions.announcements import (
    KINDS,
    Announcement,
    AnnouncementRow,
    AnnouncementRows,
    announcements,
    check_since,
    parse_since,
    rows_since,
    with_announcements,
)

from .address_filter import AddressFilter
from .filters import Choice, Typed
from .name_search import check_words, matches_name
from .page_layout import check_page


class ChangeFilter(AddressFilter):
    """The announcements that an address asks for, the newest first."""

    since = Typed(
        check_since,
        narrows=False,
        label="Since",
        meaning="A day, such as 2024-03-22: what was announced on it or later (UTC).",
    )
    kind = Choice(
        choices=KINDS.items(),
        is_facet=False,
        label="Kind of change",
        meaning="What happened to the case: " + ", ".join(KINDS) + ". Repeated: any of these.",
    )
    q = Typed(
        check_words,
        label="Search",
        meaning="Words that begin words of the title, the number, the reason or the kind.",
    )
    page = Typed(check_page, narrows=False, label="Page", meaning="Which page, from 1.")

    class Meta(AddressFilter.Meta):
        model = Version

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    @cached_property
    def day(self) -> dt.date | None:
        """The first day that is asked for; None for all."""
        value = self.query.data.get("since")
        return parse_since(value) if value else None

    @cached_property
    def qs(self) -> Sequence[AnnouncementRow]:
        """The rows of the matching announcements."""
        rows = self._rows
        if "q" not in self.query.data:
            return rows
        # What the words are searched in is too large to be kept.
        batches = map(with_announcements, rows.batches())
        return [row for batch in batches for row, told in batch if self._finds(told)]

    def batches(self) -> Iterator[list[Announcement]]:
        """Yield all matching announcements in batches; no more memory for more of them."""
        for rows in self._rows.batches():
            yield list(filter(self._finds, announcements(rows)))

    @property
    def _rows(self) -> AnnouncementRows:
        return rows_since(self.day, self.query.data.getlist("kind"))

    def _finds(self, told: Announcement) -> bool:
        typed = self.query.data.get("q")
        return not typed or matches_name(str(typed), told.title, told.words, told.reason)
