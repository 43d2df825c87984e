"""The page that compares the correction of a public case with what the public reads."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from cases.admin.concurrency.stale_page_guard import token_context
from cases.admin.widgets import is_key
from cases.models import Case
from cases.record.building import record_of
from cases.versions.current import current_versions
from cases.versions.differences import differences

from .case_pages import case_page
from .checks import check
from .steps import steps_context


def correction_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """Show what a correction changes, what the record checks say of it, and its steps."""
    seen = token_context()  # before the case is read
    found = Case.objects.for_detail().with_comments().filter(pk=key)
    case = found.first() if is_key(key) else None
    if case is None:
        raise Http404
    if not case_admin.has_view_permission(request, case):
        raise PermissionDenied
    context: dict[str, Any] = {"title": "Correction"}
    if case.is_public and case.correction:
        current = current_versions([case.pk])[case.pk]
        context |= {
            "version": current.version,
            "parts": differences(current.record, record_of(case)),
            "checked": [check(case)],
            **steps_context(request, case),
        }
    return case_page(case_admin, request, "correction", context | seen, case)
