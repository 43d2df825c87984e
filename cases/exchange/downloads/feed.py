"""The list of cases as an Atom feed, one entry for each case."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Max
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from cases.exchange.bundle.layout.describing import RIGHTS
from cases.finding.case_filter import CaseFilter
from cases.finding.description import describe, inferences
from cases.finding.selection import RELEVANCE, SORTS
from cases.models import Case, Version
from cases.versions.current import Current, current_versions

from .errors import absolute, printable
from .files import page_query

# The feed holds only the first cases; the files have them all.
MAX_CASES_IN_FEED = 100

LAST_CHANGED = "-updated"


# The date of the last change in a casebook without cases.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Feed(Atom1Feed):
    """A feed whose date, if it has no entries, is that of the last change to any case.

    Django would use the current time, so an empty feed would look new at each request.
    """

    def latest_post_date(self) -> dt.datetime:
        if not self.items:
            current = Version.objects.current()
            made: dt.datetime | None = current.aggregate(latest=Max("made_at"))["latest"]
            return made or NEVER
        latest: dt.datetime = super().latest_post_date()
        return latest


def case_feed(cases: CaseFilter) -> Atom1Feed:
    """Return a feed of the first `MAX_CASES_IN_FEED` cases that match a query."""
    # Subscribers want what is new, so the default order is by last change, even for a search.
    sort = cases.query.requested_sort or LAST_CHANGED
    keys = cases.ordered(sort)
    feed = _Feed(
        title=printable(f"Cases of the duty-to-warn casebook{_narrowed(cases)}"),
        link=absolute(reverse("case_list"), page_query(cases)),
        description="",
        subtitle=printable(_subtitle(cases, len(keys), sort)),
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_url=absolute(reverse("cases_atom"), _feed_query(cases)),
        feed_guid=absolute(reverse("cases_atom"), _feed_query(cases)),
        feed_copyright=RIGHTS,
    )
    current = current_versions(keys[:MAX_CASES_IN_FEED])
    published = Case.objects.filter(pk__in=current).values_list("pk", "published_at")
    published_at = dict(published)
    for key, case in current.items():
        _add(feed, case, published_at[key])
    return feed


def _feed_query(cases: CaseFilter) -> str:
    """Return the query string that names this feed."""
    # The page omits its default order, which is relevance for a search; the feed must name it.
    by_relevance = cases.query.requested_sort == RELEVANCE
    return f"{page_query(cases)}&sort={RELEVANCE}" if by_relevance else page_query(cases)


def _narrowed(cases: CaseFilter) -> str:
    sentence = describe(cases)
    return f" {sentence}" if sentence else ""


def _subtitle(cases: CaseFilter, count: int, sort: str) -> str:
    cut = f"; this feed has the first {MAX_CASES_IN_FEED}" if count > MAX_CASES_IN_FEED else ""
    sentences = [inferences(cases), *cases.answer.remarks]
    remarks = "".join(f" {sentence}" for sentence in sentences if sentence)
    return f"{count:,} of {cases.total:,} cases{cut}. Order: {SORTS[sort].lower()}.{remarks}"


def _add(feed: Atom1Feed, current: Current, published_at: dt.datetime | None) -> None:
    case = current.record
    feed.add_item(
        title=printable(f"{case.title} ({case.number})"),
        link=absolute(case.get_absolute_url()),
        # Atom readers treat the summary of an entry as HTML.
        description=linebreaksbr(printable(case.summary), autoescape=True),
        unique_id=absolute(case.get_permanent_url()),
        pubdate=published_at,
        updateddate=current.version.changed_at,
        categories=[case.kind],
    )
