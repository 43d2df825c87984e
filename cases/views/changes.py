"""The page of changes: the cases that were added, changed and withdrawn."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.finding.list_filters import ChangeFilter
from cases.finding.name_search import matches_name
from cases.versions.announcements import (
    AnnouncementRow,
    announcements,
    parse_since,
    rows_since,
)

from .lists import page_of, without_empty_fields

ANNOUNCEMENTS_PER_PAGE = 50


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """List the announcements, newest first, since a given day if the query names one."""
    if address := without_empty_fields(request):
        return address
    asked = ChangeFilter(request.GET)
    query = asked.query
    since = parse_since(str(query.data["since"])) if "since" in query.data else None
    rows: Any = rows_since(since)
    if typed := str(query.data.get("q", "")):
        rows = _matching(list(rows), typed)
    page, query = page_of(Paginator(rows, ANNOUNCEMENTS_PER_PAGE), query)
    context = {
        "query": query,
        "since": since,
        "page_obj": page,
        "announcements": announcements(page.object_list),
        "active": asked.active,
    }
    return render(request, "changes/list.html", context)


def _matching(rows: list[AnnouncementRow], typed: str) -> list[AnnouncementRow]:
    """Return the rows whose announcements have all the typed words, as they are shown."""
    told = zip(rows, announcements(rows), strict=True)
    return [row for row, one in told if matches_name(typed, one.title, one.words, one.reason)]
