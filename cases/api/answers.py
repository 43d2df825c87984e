"""Answers as JSON: one thing, or a page of a list with links to the other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cases import changelog
from cases.exchange.downloads.errors import absolute, refused
from cases.finding.page_layout import PER_PAGE
from cases.finding.query_string import Query
from cases.views.downloads import JSON

# A longer header may be more than a proxy accepts. The body has the links as well.
MAX_LINK_HEADER = 2_000

# The names of links in the body with their registered names in the header `Link`.
LINKS = {"first": "first", "previous": "prev", "next": "next", "last": "last"}

_ENCODER = msgspec.json.Encoder()


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return a response with an object as JSON; days and times are in ISO 8601."""
    return HttpResponse(
        _ENCODER.encode(body), content_type=JSON, status=status, headers=dict(headers or {})
    )


def listed(
    request: HttpRequest,
    query: Query,
    found: Sequence[Any] | QuerySet[Any],
    items: Callable[[Sequence[Any]], Iterable[object]],
    version: int | None = None,
) -> HttpResponse:
    """Return a page of what was found, or 400 if a part of the query was not understood.

    `items` makes what is sent from what is on the page. `version` is that of the dataset in which
    it was found.
    """
    per_page = int(query.data.get("per_page", PER_PAGE))
    paginator: Paginator[Any] = Paginator(found, per_page)
    number, last = int(query.data.get("page", "1")), paginator.num_pages
    if number > last:
        query = query.on_page(last, f"There is no page {number:,}; the last one is page {last:,}.")
    if refusal := refused(request, query, as_json=True):
        return refusal
    page = paginator.page(number)
    links = _links(request, query, page)
    body = {
        "dataset_version": changelog.latest() if version is None else version,
        "count": paginator.count,
        "page": number,
        "pages": last,
        "per_page": per_page,
        "links": links,
        "remarks": query.remarks,
        "items": list(items(list(page.object_list))),
    }
    header = ", ".join(
        f'<{address}>; rel="{LINKS[name]}"' for name, address in links.items() if address
    )
    return answer(body, headers={"Link": header} if len(header) <= MAX_LINK_HEADER else None)


def _links(request: HttpRequest, query: Query, page: Page[Any]) -> dict[str, str | None]:
    """Return the address of each page that a client goes to from this one, or None."""

    def address(number: int) -> str:
        data = query.data.copy()
        data["page"] = str(number)
        return absolute(request.path, data.urlencode())

    return {
        "first": address(1),
        "previous": address(page.number - 1) if page.has_previous() else None,
        "next": address(page.number + 1) if page.has_next() else None,
        "last": address(page.paginator.num_pages),
    }
