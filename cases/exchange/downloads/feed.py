"""The list of cases as an Atom feed: an entry a case, to follow what a query finds."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from cases.exchange.bundle.describing import RIGHTS
from cases.finding.case_query import CaseQuery
from cases.finding.description import describe
from cases.finding.results import Results
from cases.finding.selection import RELEVANCE, SORTS
from cases.models import Case

from .errors import absolute, printable
from .files import page_query

MOST = 100
"""How many cases a feed holds; the files have them all."""

LAST_CHANGED = "-updated"


NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a casebook without any case changed last."""


class _Feed(Atom1Feed):
    """A feed that without an entry is as old as the collection, rather than of this very moment."""

    def latest_post_date(self) -> dt.datetime:
        if not self.items:
            published = Case.objects.published()
            return published.aggregate(latest=Max("updated_at"))["latest"] or NEVER
        latest: dt.datetime = super().latest_post_date()
        return latest


def case_feed(query: CaseQuery) -> Atom1Feed:
    """Return a feed of the first `MOST` cases that a query asks for.

    They are in the order asked for; without one, those come first that changed last, for who
    follows a list wants what is new. A list narrowed down by a search is no other.
    """
    sort = query.requested_sort or LAST_CHANGED
    keys = query.ordered(sort)
    feed = _Feed(
        title=printable(f"Cases of the duty-to-warn casebook{_narrowed(query)}"),
        link=absolute(reverse("case_list"), page_query(query)),
        description="",
        subtitle=printable(_subtitle(query, len(keys), sort)),
        language="en-GB",
        author_name="Duty-to-warn casebook",
        feed_url=absolute(reverse("cases_atom"), _feed_query(query)),
        feed_guid=absolute(reverse("cases_atom"), _feed_query(query)),
        feed_copyright=RIGHTS,
    )
    for case in Results(keys)[:MOST]:
        _add(feed, case)
    return feed


def _feed_query(query: CaseQuery) -> str:
    """Return the query string of the feed: to it, unlike to the page, relevance is an order."""
    by_relevance = query.requested_sort == RELEVANCE
    return f"{page_query(query)}&sort={RELEVANCE}" if by_relevance else page_query(query)


def _narrowed(query: CaseQuery) -> str:
    sentence = describe(query)
    return f" {sentence}" if sentence else ""


def _subtitle(query: CaseQuery, count: int, sort: str) -> str:
    first = f", of which this feed has the first {MOST}" if count > MOST else ""
    remarks = "".join(f" {remark}" for remark in query.query.remarks)
    return f"{count:,} of {query.total:,} cases{first}. Order: {SORTS[sort].lower()}.{remarks}"


def _add(feed: Atom1Feed, case: Case) -> None:
    feed.add_item(
        title=printable(f"{case.title} ({case.number})"),
        link=absolute(case.get_absolute_url()),
        description=escape(printable(case.summary)),  # the summary of an entry is HTML
        unique_id=absolute(case.get_permanent_url()),
        pubdate=case.published_at,
        updateddate=case.updated_at,
        categories=[case.kind],
    )
