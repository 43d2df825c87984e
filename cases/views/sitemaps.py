"""Sitemaps: the addresses of all public pages, for search engines, with when they last changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, overload
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.db.models import Max
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.exchange.downloads.errors import absolute
from cases.index import case_index
from cases.index.public_names import public_slugs
from cases.models import Actor, DirectiveException, Release, Source, Version
from cases.presentation.charts.registry import CHARTS

XML = "application/xml"

# The protocol allows 50,000, but each case of a sitemap is read from its record.
ADDRESSES_IN_SITEMAP = 5_000

PAGES = (
    *("home", "case_list", "matrix", "actor_list", "exception_list", "source_list", "note_list"),
    *("change_list", "codebook", "about", "data", "charts"),
)


class PublicSitemap(Sitemap[Any]):
    """A sitemap with addresses under `SITE_URL`, whatever host the request names."""

    limit = ADDRESSES_IN_SITEMAP

    def get_domain(self, site: object = None) -> str:
        parts = urlsplit(settings.SITE_URL.rstrip("/"))
        return f"{parts.netloc}{parts.path}"

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_latest_lastmod(self) -> dt.datetime | None:
        """Return None; Django would look at each address of the sitemap."""
        return None


class PageSitemap(PublicSitemap):
    def items(self) -> Sequence[str]:
        return [*map(reverse, PAGES), *(reverse("chart", args=[name]) for name in CHARTS)]

    def location(self, item: str) -> str:
        return item


# The address of a case, and when what the public reads of it last changed.
CaseAddress = tuple[str, dt.datetime]


class _CaseAddresses(Sequence[CaseAddress]):
    """The addresses of all public cases by their keys; slicing reads those of the slice."""

    def __init__(self) -> None:
        index = case_index.current()
        with index.reading:
            self._keys = list(index.cases)

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> CaseAddress: ...
    @overload
    def __getitem__(self, place: slice) -> list[CaseAddress]: ...
    def __getitem__(self, place: int | slice) -> CaseAddress | list[CaseAddress]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        keys, found = self._keys[place], Version.objects.none()
        if keys:  # a range, because SQLite limits the keys that a query can name
            found = Version.objects.current().filter(case__gte=keys[0], case__lte=keys[-1])
        columns = (KT("record__slug"), "made_at", "redacted_at")
        return [
            (reverse("case_detail", args=[slug]), redacted_at or made_at)
            for slug, made_at, redacted_at in found.order_by("case_id").values_list(*columns)
        ]


class CaseSitemap(PublicSitemap):
    def items(self) -> Sequence[CaseAddress]:
        return _CaseAddresses()

    def location(self, item: CaseAddress) -> str:
        return item[0]

    def lastmod(self, item: CaseAddress) -> dt.datetime:
        return item[1]

    def get_latest_lastmod(self) -> dt.datetime | None:
        public = Version.objects.of_public_cases()
        latest = public.aggregate(made=Max("made_at"), redacted=Max("redacted_at")).values()
        return max((at for at in latest if at), default=None)


class SlugSitemap(PublicSitemap):
    """The pages of the public actors or sources."""

    def __init__(self, model: type[Actor | Source]) -> None:
        self.model = model

    def items(self) -> Sequence[str]:
        return sorted(public_slugs(self.model))

    def location(self, item: str) -> str:
        return self.model(slug=item).get_absolute_url()


class ExceptionSitemap(PublicSitemap):
    def items(self) -> Sequence[DirectiveException]:
        return list(DirectiveException.objects.published().order_by("slug"))


class ReleaseSitemap(PublicSitemap):
    def items(self) -> Sequence[Release]:
        return list(Release.objects.order_by("pk"))


SITEMAPS: dict[str, PublicSitemap] = {
    "pages": PageSitemap(),
    "cases": CaseSitemap(),
    "actors": SlugSitemap(Actor),
    "exceptions": ExceptionSitemap(),
    "sources": SlugSitemap(Source),
    "releases": ReleaseSitemap(),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps: one of each kind of page, and more if there are too many for one."""
    listed = []
    for name, sitemap in SITEMAPS.items():
        address, latest = reverse("sitemap_section", args=[name]), sitemap.get_latest_lastmod()
        for page in range(1, sitemap.paginator.num_pages + 1):
            query = f"p={page}" if page > 1 else ""
            listed.append({"location": absolute(address, query), "last_mod": latest})
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": listed}, content_type=XML)


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """List the addresses of one kind of page; raises Http404 for a page that does not exist."""
    response = django_views.sitemap(request, dict(SITEMAPS), section)
    # The latest change says nothing of a case that was withdrawn since; the ETag does.
    response.headers.pop("Last-Modified", None)
    return response
