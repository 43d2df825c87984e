"""Cases that were added, changed and withdrawn: the page, the files and the feeds of them."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import get_text_list
from django.views.decorators.http import require_safe

from cases import changelog
from cases.exchange.downloads.changes_feed import changes_feed
from cases.exchange.downloads.changes_files import changes_csv, changes_json
from cases.exchange.downloads.errors import refused
from cases.exchange.downloads.feed_formats import as_atom, as_json_feed
from cases.exchange.downloads.names import file_name
from cases.finding.change_filter import ChangeFilter
from cases.versions.announcements import KINDS, announcements

from .downloads import ATOM, CSV, JSON, JSON_FEED, attachment
from .lists import page_of, without_empty_fields

ANNOUNCEMENTS_PER_PAGE = 50


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """List the announcements, newest first, since a given day if the query names one."""
    if address := without_empty_fields(request):
        return address
    changes = ChangeFilter(request.GET)
    kinds = changes.query.data.getlist("kind")
    page, query = page_of(Paginator(changes.qs, ANNOUNCEMENTS_PER_PAGE), changes.query)
    context = {
        "query": query,
        "since": changes.day,
        "is_to_come": changes.day is not None and changes.day > dt.datetime.now(dt.UTC).date(),
        "kinds": KINDS,
        "chosen": kinds,
        # What the form must keep as hidden fields.
        "kept": query.pairs("page", "since", "q"),
        "page_obj": page,
        "announcements": announcements(page.object_list),
        "active": changes.active,
        # What has happened to no case; "" if words were searched for.
        "nowhere": ""
        if "q" in changes.query.data
        else get_text_list([KINDS[kind].lower() for kind in kinds]),
        "cleared": query.without("page", *changes.narrowing),
        # A file and a feed have no pages.
        "download_query": query.without("page"),
    }
    return render(request, "changes/list.html", context)


@require_safe
def change_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the announcements as CSV, one row for each."""
    changes = ChangeFilter(request.GET)
    name = file_name("changes", changelog.latest(), changes, "csv")
    return refused(request, changes.query) or attachment(
        request, partial(changes_csv, changes), CSV, name
    )


@require_safe
def change_json(request: HttpRequest) -> HttpResponseBase:
    """Send the announcements as JSON."""
    changes = ChangeFilter(request.GET)
    name = file_name("changes", changelog.latest(), changes, "json")
    return refused(request, changes.query, as_json=True) or attachment(
        request, partial(changes_json, changes), JSON, name
    )


@require_safe
def change_atom(request: HttpRequest) -> HttpResponse:
    """Send the newest announcements as an Atom feed."""
    changes = ChangeFilter(request.GET)
    return refused(request, changes.query) or HttpResponse(
        as_atom(changes_feed(changes, "change_feed")), content_type=ATOM
    )


@require_safe
def change_json_feed(request: HttpRequest) -> HttpResponse:
    """Send the newest announcements as a JSON Feed."""
    changes = ChangeFilter(request.GET)
    return refused(request, changes.query, as_json=True) or HttpResponse(
        as_json_feed(changes_feed(changes, "changes_json_feed")), content_type=JSON_FEED
    )
