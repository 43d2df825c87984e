"""The page of changes: the cases that were added, changed and withdrawn."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.finding.query_string import read_query
from cases.versions.announcements import announcements, check_since, parse_since, rows_since

from .lists import check_page, page_of

ANNOUNCEMENTS_PER_PAGE = 50


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """List the announcements, newest first, since a given day if the query names one."""
    # The form was submitted with an empty date.
    if request.GET.get("since") == "":
        return redirect("change_list")
    query = read_query(request.GET, {}, {"since": check_since, "page": check_page})
    since = parse_since(str(query.data["since"])) if "since" in query.data else None
    page = page_of(Paginator(rows_since(since), ANNOUNCEMENTS_PER_PAGE), query)
    context = {
        "query": query,
        "since": since,
        "page_obj": page,
        "announcements": announcements(page.object_list),
    }
    return render(request, "changes/list.html", context)
