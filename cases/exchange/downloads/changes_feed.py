"""The feed of the announcements of changes: the newest that an address asks for."""

from __future__ import annotations

from django.urls import reverse

from cases.finding.change_filter import ChangeFilter
from cases.versions.announcements import announcements
from cases.versions.earlier import changes_in, records_of

from .feed_formats import MAX_ENTRIES, CaseFeed, FeedEntry


def changes_feed(changes: ChangeFilter, view: str) -> CaseFeed:
    """Return a feed of the newest announcements; `view` is the name of its address."""
    newest = announcements(changes.qs[:MAX_ENTRIES])
    versions = [told.version for told in newest if told.version]
    changed = changes_in(records_of((one.case_id, one.number) for one in versions))
    query = changes.query.without("page")
    asked = f"?{query}" if query else ""
    return CaseFeed(
        title="Changes of the duty-to-warn casebook",
        subtitle="What was added, changed and withdrawn, with the reason.",
        page=f"{reverse('change_list')}{asked}",
        address=f"{reverse(view)}{asked}",
        entries=[
            FeedEntry(
                told,
                told.reason,
                changed.get((told.version.case_id, told.version.number), ())
                if told.version
                else (),
                tags=[told.kind],
            )
            for told in newest
        ],
    )
