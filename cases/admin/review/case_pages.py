"""What the pages about cases have in common, beside their list and their form."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from cases.admin.widgets import is_key
from cases.models import Case


def case_named(key: int) -> Case:
    """Return the case with a key, or raise Http404."""
    case: Case | None = Case.objects.filter(pk=key).first() if is_key(key) else None
    if case is None:
        raise Http404
    return case


def checked_case(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> Case:
    """Return the case with a key and all that its record checks and comments need.

    Raises Http404, or PermissionDenied if the user may not see the case.
    """
    found = Case.objects.for_detail().with_comments().filter(pk=key)
    case: Case | None = found.first() if is_key(key) else None
    if case is None:
        raise Http404
    if not case_admin.has_view_permission(request, case):
        raise PermissionDenied
    return case


def case_page(
    case_admin: ModelAdmin[Case],
    request: HttpRequest,
    name: str,
    context: dict[str, Any],
    case: Case | None = None,
) -> TemplateResponse:
    """Return a page made from a template of the review; about one case, if it is given."""
    frame = {
        **case_admin.admin_site.each_context(request),
        "opts": case_admin.opts,
        "media": case_admin.media,
    }
    if case is not None:
        frame |= {"case": case, "subtitle": str(case)}
    return TemplateResponse(request, f"admin/casebook/review/{name}.html", frame | context)
