"""The list of cases as a feed: what changed last in each case, and which cases left the list."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from django.urls import reverse

from cases.finding.case_filter import CaseFilter
from cases.finding.departures import departures
from cases.finding.description import describe, inferences
from cases.finding.selection import LAST_CHANGED, RELEVANCE, SORTS
from cases.versions.announcements import (
    MERGED,
    WITHDRAWN,
    Announcement,
    announcements,
    rows_since,
)
from cases.versions.current import CaseName, Current, current_versions
from cases.versions.earlier import changes_in

from .feed_formats import MAX_ENTRIES, CaseFeed, FeedEntry
from .files import page_query


def case_feed(cases: CaseFilter, view: str) -> CaseFeed:
    """Return a feed of what changed last in the cases that match; `view` names its address.

    In an order that the address asks for it has the first `MAX_ENTRIES` cases of the list, and
    nothing else. Without one it is for those who follow the list: last changed first, even for a
    search, and with the cases that left it.
    """
    follows = cases.query.requested_sort is None
    sort = cases.query.requested_sort or LAST_CHANGED
    keys = cases.ordered(sort)
    entries = _entries(current_versions(keys[:MAX_ENTRIES]))
    if follows:
        left = departures(cases, MAX_ENTRIES)
        entries += [*_entries(left, left), *_withdrawals()]
        entries.sort(key=lambda entry: entry.updated_at, reverse=True)
    page, query = page_query(cases), _feed_query(cases)
    sentence = describe(cases)
    return CaseFeed(
        title=f"Cases of the duty-to-warn casebook{f' {sentence}' if sentence else ''}",
        subtitle=_subtitle(cases, len(keys), sort, follows=follows),
        page=f"{reverse('case_list')}{f'?{page}' if page else ''}",
        address=f"{reverse(view)}{f'?{query}' if query else ''}",
        entries=entries[:MAX_ENTRIES],
    )


def _feed_query(cases: CaseFilter) -> str:
    """Return the query string that names this feed."""
    # The page omits its default order, which is relevance for a search; the feed must name it.
    by_relevance = cases.query.requested_sort == RELEVANCE
    return f"{page_query(cases)}&sort={RELEVANCE}" if by_relevance else page_query(cases)


def _subtitle(cases: CaseFilter, count: int, sort: str, *, follows: bool) -> str:
    cut = f"; this feed has the first {MAX_ENTRIES}" if count > MAX_ENTRIES else ""
    follow = (
        "Cases that no longer match have an entry too, and so does every withdrawn case."
        if follows
        else ""
    )
    sentences = [follow, inferences(cases), *cases.answer.remarks]
    remarks = "".join(f" {sentence}" for sentence in sentences if sentence)
    return f"{count:,} of {cases.total:,} cases{cut}. Order: {SORTS[sort].lower()}.{remarks}"


def _entries(found: Mapping[int, Current], left: Container[int] = ()) -> list[FeedEntry]:
    """Return an entry for the latest version of each case."""
    records = {(key, current.version.number): current.record for key, current in found.items()}
    changed = changes_in(records)
    return [
        FeedEntry(
            told,
            current.record.summary,
            changed.get((key, current.version.number), ()),
            tags=[current.record.kind, told.kind],
            has_left=key in left,
        )
        for key, current in found.items()
        for told in [_told(key, current)]
    ]


def _told(key: int, current: Current) -> Announcement:
    # Also of a synthetic case, which is not announced, but is in the list.
    record, version = current.record, current.version
    name = CaseName(key, record.number, record.title, record.slug)
    return Announcement(version.made_at, record.number, name, version, reason=version.change_note)


def _withdrawals() -> Iterable[FeedEntry]:
    """Return the newest withdrawals of cases, whatever these were about.

    What a withdrawn case said is no longer public, so a feed must not tell which filters it
    matched.
    """
    newest = rows_since(kinds=(WITHDRAWN, MERGED))[:MAX_ENTRIES]
    return [FeedEntry(told, told.reason, tags=[told.kind]) for told in announcements(newest)]
