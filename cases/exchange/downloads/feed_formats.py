"""Feeds of changes to cases, in two formats: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from cases.exchange.bundle.layout.describing import RIGHTS
from cases.models import Version
from cases.versions.announcements import Announcement
from cases.versions.differences import PartDifferences

from .errors import absolute, printable

# Entries of a feed; pages and files have more.
MAX_ENTRIES = 100

LANGUAGE = "en-GB"
JSON_FEED = "https://jsonfeed.org/version/1.1"

# The date of the last change in a casebook without cases.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class FeedEntry:
    """A change of a case, as an entry: the case in short, and what changed."""

    told: Announcement
    summary: str
    parts: Sequence[PartDifferences] = ()
    """The differences from the version before."""

    tags: Sequence[str] = ()
    has_left: bool = False
    """Whether the change made the case no longer match what the feed asks for."""

    @property
    def title(self) -> str:
        words = f"{self.told.words}, no longer in this list" if self.has_left else self.told.words
        return f"{self.told.title}: {words}"

    @property
    def updated_at(self) -> dt.datetime:
        """When what the entry says last changed: a redaction strikes words from old versions."""
        return self.told.version.changed_at if self.told.version else self.told.at

    @property
    def html(self) -> str:
        """What changed, why, and the case in short."""
        return render_to_string("feeds/entry.html", {"entry": self, "told": self.told})


@dataclass(frozen=True)
class CaseFeed:
    """A feed: what it holds in words, the addresses of its page and of itself, and its entries."""

    title: str
    subtitle: str
    page: str
    address: str
    entries: Sequence[FeedEntry]


class _Atom(Atom1Feed):
    """An Atom feed whose entries have a summary and the whole content.

    If it has no entries, its date is that of the last change to any case. Django would use the
    current time, so an empty feed would look new at each request.
    """

    def latest_post_date(self) -> dt.datetime:
        if not self.items:
            current = Version.objects.current()
            made: dt.datetime | None = current.aggregate(latest=Max("made_at"))["latest"]
            return made or NEVER
        latest: dt.datetime = super().latest_post_date()
        return latest

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def as_atom(feed: CaseFeed) -> str:
    """Return the feed as an Atom document."""
    atom = _Atom(
        title=printable(feed.title),
        link=absolute(feed.page),
        description="",
        subtitle=printable(feed.subtitle),
        language=LANGUAGE,
        author_name=settings.SITE_NAME,
        feed_url=absolute(feed.address),
        feed_guid=absolute(feed.address),
        feed_copyright=RIGHTS,
    )
    for entry in feed.entries:
        atom.add_item(
            title=printable(entry.title),
            link=absolute(entry.told.address),
            # Atom readers treat the summary of an entry as HTML.
            description=linebreaksbr(printable(entry.summary), autoescape=True),
            content=printable(entry.html),
            unique_id=absolute(entry.told.identity),
            pubdate=entry.told.at,
            updateddate=entry.updated_at,
            categories=entry.tags,
        )
    text: str = atom.writeString("utf-8")
    return text


def as_json_feed(feed: CaseFeed) -> str:
    """Return the feed as a JSON Feed."""
    document = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": absolute(feed.page),
        "feed_url": absolute(feed.address),
        "language": LANGUAGE,
        "authors": [{"name": settings.SITE_NAME, "url": absolute("/")}],
        "items": [
            {
                "id": absolute(entry.told.identity),
                "url": absolute(entry.told.address),
                "title": entry.title,
                "summary": entry.summary,
                "content_html": entry.html,
                "date_published": entry.told.at.isoformat(),
                "date_modified": entry.updated_at.isoformat(),
                "tags": list(entry.tags),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
