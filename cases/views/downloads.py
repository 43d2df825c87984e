"""Downloads of the case list: the same cases as on the page with the same query string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.exchange.downloads.errors import PLAIN, absolute, refused, too_many
from cases.exchange.downloads.feed import case_feed
from cases.exchange.downloads.feed_formats import as_atom, as_json_feed
from cases.exchange.downloads.files import json_lines, json_text, page_query
from cases.exchange.downloads.names import file_name
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.downloads.transfers import Part, TooManyTransfersError, Transfer
from cases.exchange.tables.csv_file import csv_text
from cases.exchange.tables.file_filter import cases_asked, rows_asked
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.xlsx_file import MAX_CASES, workbook
from cases.finding.case_filter import CaseFilter
from cases.record.classes import CaseRecord
from cases.record.schema import schema_of

CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"
JSON_LINES = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"


@require_safe
def table_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a tidy table of the cases as CSV."""
    table = TABLES[name]
    cases = rows_asked(request.GET, table)
    return refused(request, cases.query) or attachment(
        request, partial(csv_text, cases, table), CSV, file_name(name, cases.version, cases, "csv")
    )


@require_safe
def cases_json(request: HttpRequest) -> HttpResponseBase:
    """Send the nested records of the cases as JSON."""
    cases = cases_asked(request.GET)
    return refused(request, cases.query, as_json=True) or attachment(
        request, partial(json_text, cases), JSON, file_name("cases", cases.version, cases, "json")
    )


@require_safe
def cases_jsonl(request: HttpRequest) -> HttpResponseBase:
    """Send the nested records of the cases as JSON Lines, one on each line."""
    cases = cases_asked(request.GET)
    return refused(request, cases.query, as_json=True) or attachment(
        request,
        partial(json_lines, cases),
        JSON_LINES,
        file_name("cases", cases.version, cases, "jsonl"),
    )


@require_safe
def cases_xlsx(request: HttpRequest) -> HttpResponseBase:
    """Send the tidy tables of the cases as a workbook, if they are not too many."""
    cases = cases_asked(request.GET)
    return (
        refused(request, cases.query)
        or _too_large(cases)
        or attachment(
            request,
            partial(workbook, cases),
            XLSX,
            file_name("cases", cases.version, cases, "xlsx"),
        )
    )


def _too_large(cases: CaseFilter) -> HttpResponse | None:
    """Return a 400 response that leads to other files if a workbook would have too many cases."""
    if len(cases.keys) <= MAX_CASES:
        return None
    sentence = (
        f"A workbook has {MAX_CASES:,} cases at most, and these are {len(cases.keys):,}. Narrow "
        "the list down, or take the tables as CSV files, which Excel opens too, or as a whole."
    )
    query = page_query(cases)
    csv = [
        absolute(reverse(f"{name}_csv"), f"{query}&excel=1" if query else "excel=1")
        for name in TABLES
    ]
    lines = [sentence, *csv, absolute("/data/")]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type=PLAIN)


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
    cases = cases_asked(request.GET)
    return refused(request, cases.query) or HttpResponse(
        as_atom(case_feed(cases, "cases_atom")), content_type=ATOM
    )


@require_safe
def cases_json_feed(request: HttpRequest) -> HttpResponse:
    """Send what changed last in the cases as a JSON Feed."""
    cases = cases_asked(request.GET)
    return refused(request, cases.query, as_json=True) or HttpResponse(
        as_json_feed(case_feed(cases, "cases_json_feed")), content_type=JSON_FEED
    )


def attachment(
    request: HttpRequest, file: Callable[[], Iterator[Part]], content_type: str, name: str
) -> HttpResponseBase:
    """Return a streamed attachment, or 503 if too many are under way."""
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    # A response to HEAD has no body, so the cases need not be read.
    if request.method == "HEAD":
        return StreamingHttpResponse((), headers=headers)
    try:
        return StreamingHttpResponse(Transfer(file), headers=headers)
    except TooManyTransfersError:
        return too_many(as_json=name.endswith((".json", ".jsonl")))
