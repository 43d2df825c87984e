"""Downloads of the case list: the same cases as on the page with the same query string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.exchange.downloads.errors import absolute, refused, too_many
from cases.exchange.downloads.feed import case_feed
from cases.exchange.downloads.feed_formats import as_atom, as_json_feed
from cases.exchange.downloads.files import csv_text, json_text
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.downloads.transfers import TooManyTransfersError, Transfer
from cases.finding.case_filter import CaseFilter, ComparisonFilter
from cases.finding.page_layout import MATRIX
from cases.finding.query_string import filled
from cases.record.classes import CaseRecord
from cases.record.schema import schema_of

CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"
ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"


def _cases(request: HttpRequest) -> CaseFilter:
    """Read the address as the list does, or as the comparison does for `view=matrix`."""
    is_comparison = filled(request.GET).get("view") == MATRIX
    return (ComparisonFilter if is_comparison else CaseFilter)(request.GET)


@require_safe
def cases_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the cases as CSV, one row per case."""
    cases = _cases(request)
    return refused(request, cases.query) or attachment(
        request, partial(csv_text, cases), CSV, "csv"
    )


@require_safe
def cases_json(request: HttpRequest) -> HttpResponseBase:
    """Send the nested records of the cases as JSON."""
    cases = _cases(request)
    return refused(request, cases.query, as_json=True) or attachment(
        request, partial(json_text, cases), JSON, "json"
    )


@require_safe
def case_schema(request: HttpRequest) -> HttpResponse:
    """Send the JSON Schema of a case in `/cases.json`."""
    return JsonResponse(
        {"$id": absolute(request.path)} | schema_of(PublishedCase, CaseRecord),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@require_safe
def cases_atom(request: HttpRequest) -> HttpResponse:
    """Send what changed last in the cases as an Atom feed."""
    cases = _cases(request)
    return refused(request, cases.query) or HttpResponse(
        as_atom(case_feed(cases, "cases_atom")), content_type=ATOM
    )


@require_safe
def cases_json_feed(request: HttpRequest) -> HttpResponse:
    """Send what changed last in the cases as a JSON Feed."""
    cases = _cases(request)
    return refused(request, cases.query, as_json=True) or HttpResponse(
        as_json_feed(case_feed(cases, "cases_json_feed")), content_type=JSON_FEED
    )


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
