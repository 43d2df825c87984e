"""The page that compares the correction of a case with its latest version."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from cases.admin.concurrency.stale_page_guard import token_context
from cases.models import Case
from cases.record.building import record_of
from cases.versions.current import latest_versions
from cases.versions.differences import differences
from cases.versions.making import public_again

from .case_pages import case_page, checked_case
from .checks import check
from .steps import steps_context


def correction_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """Show what a correction changes, what the record checks say of it, and its steps."""
    seen = token_context()  # before the case is read
    case = checked_case(case_admin, request, key)
    context: dict[str, Any] = {"title": "Correction"}
    if case.is_corrected:
        latest = latest_versions([case.pk])[case.pk]
        context |= {
            "version": latest.version,
            "parts": differences(public_again(case, latest.record), record_of(case)),
            "checked": [check(case)],
            **steps_context(request, case),
        }
    return case_page(case_admin, request, "correction", context | seen, case)
