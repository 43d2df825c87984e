"""Downloads of the case list: the same cases as on the page with the same query string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.exchange.downloads.errors import filled, refused, too_many
from cases.exchange.downloads.feed import case_feed
from cases.exchange.downloads.files import csv_text, json_text
from cases.exchange.downloads.transfers import TooManyTransfersError, Transfer
from cases.finding.case_query import CaseQuery
from cases.finding.results import MATRIX

from .case_list import CaseList

CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"


def _case_query(request: HttpRequest) -> CaseQuery:
    """Read the query string as the list does, or as the comparison does for `view=matrix`."""
    given = filled(request.GET)
    is_comparison = given.get("view") == MATRIX
    return CaseQuery(given, CaseList.also, CaseList.listed, picks=is_comparison)


@require_safe
def cases_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the cases as CSV, one row per case."""
    query = _case_query(request)
    return refused(request, query.query) or attachment(
        request, partial(csv_text, query), CSV, "csv"
    )


@require_safe
def cases_json(request: HttpRequest) -> HttpResponseBase:
    """Send the nested records of the cases as JSON."""
    query = _case_query(request)
    return refused(request, query.query, as_json=True) or attachment(
        request, partial(json_text, query), JSON, "json"
    )


@require_safe
def cases_atom(request: HttpRequest) -> HttpResponse:
    """Send the first hundred cases as an Atom feed."""
    query = _case_query(request)
    if refusal := refused(request, query.query):
        return refusal
    feed = case_feed(query)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def attachment(
    request: HttpRequest,
    text: Callable[[], Iterator[str]],
    content_type: str,
    suffix: str,
    subject: str = "cases",
) -> HttpResponseBase:
    """Return a streamed attachment with its subject and today's date in its name, or 503 if there
    are too many."""
    name = f"duty-to-warn-{subject}-{timezone.now().date().isoformat()}.{suffix}"
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    # A response to HEAD has no body, so the cases need not be read.
    if request.method == "HEAD":
        return StreamingHttpResponse((), headers=headers)
    try:
        return StreamingHttpResponse(Transfer(text), headers=headers)
    except TooManyTransfersError:
        return too_many(as_json=suffix == "json")
