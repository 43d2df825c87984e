"""An Atom feed of the cases that were added, changed and withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from cases.finding.list_filters import ChangesFeedFilter
from cases.versions.announcements import (
    Announcement,
    announcements,
    parse_since,
    rows_since,
)

from .errors import absolute, printable, refused

# The feed holds only the newest announcements; the page has them all.
MAX_ANNOUNCEMENTS = 100


class ChangeFeed(Feed[Announcement, dt.date | None]):
    """The newest announcements, since a given day if the query string names one."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME
    title = "Changes of the duty-to-warn casebook"
    subtitle = "What was added, changed and withdrawn, with the reason."

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 400 to a query that the page would only partly understand."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        query = ChangesFeedFilter(request.GET).query
        return refused(request, query) or super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dt.date | None:
        since = ChangesFeedFilter(request.GET).query.data.get("since")
        return parse_since(since) if since else None

    def items(self, obj: dt.date | None) -> list[Announcement]:
        return announcements(rows_since(obj)[:MAX_ANNOUNCEMENTS])

    def link(self, obj: dt.date | None) -> str:
        return absolute(_with_since(reverse("change_list"), obj))

    def feed_url(self, obj: dt.date | None) -> str:
        return absolute(_with_since(reverse("change_feed"), obj))

    def feed_guid(self, obj: dt.date | None) -> str:
        return self.feed_url(obj)

    def item_title(self, item: Announcement) -> str:
        return printable(f"{item.title}: {item.words}")

    def item_description(self, item: Announcement) -> str:
        # Atom readers treat the summary of an entry as HTML.
        return linebreaksbr(printable(item.reason), autoescape=True)

    def item_link(self, item: Announcement) -> str:
        return absolute(item.address)

    def item_guid(self, item: Announcement) -> str:
        return absolute(item.identity)

    def item_pubdate(self, item: Announcement) -> dt.datetime:
        return item.at

    def item_updateddate(self, item: Announcement) -> dt.datetime:
        return item.at

    def item_categories(self, item: Announcement) -> list[str]:
        return [item.kind]


def _with_since(address: str, since: dt.date | None) -> str:
    return f"{address}?since={since.isoformat()}" if since else address
