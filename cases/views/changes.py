"""The page of changes: the cases that were added, changed and withdrawn."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.finding.list_filters import ChangeFilter
from cases.finding.name_search import matches_name
from cases.versions.announcements import announcements, parse_since, rows_since

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
    found: Any = rows_since(since)
    if typed := str(query.data.get("q", "")):
        found = [
            told
            for told in announcements(found)
            if matches_name(typed, told.title, told.words, told.reason)
        ]
    page, query = page_of(Paginator(found, ANNOUNCEMENTS_PER_PAGE), query)
    context = {
        "query": query,
        "since": since,
        "page_obj": page,
        "announcements": page.object_list if typed else announcements(page.object_list),
        "active": asked.active,
    }
    return render(request, "changes/list.html", context)
