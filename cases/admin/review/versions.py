"""The pages that list the public versions of a case and restore one of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases.admin.base import CLASH, user_of
from cases.changelog.locks import acquire_write_lock
from cases.models import Case, Version
from cases.review.checks import NotPublishableError
from cases.review.corrections import waits
from cases.review.restoring import preview, restore
from cases.text.form_fields import ProseField
from cases.versions.differences import PartDifferences

from .case_pages import case_named, case_page

PER_PAGE = 50


class RestoreForm(forms.Form):
    """The reason for restoring a version, and the newest version at the time of the preview."""

    reason = ProseField(
        max_length=1900,  # the change note allows 2,000, and begins with the restored version
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text="The public reads it in the history of the case.",
        error_messages={"required": "Say why the version is restored; the public reads it."},
    )
    newest = forms.IntegerField(widget=forms.HiddenInput)


def versions_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """List the versions of a case, newest first."""
    case = case_named(key)
    if not case_admin.has_view_permission(request, case):
        raise PermissionDenied
    versions = Version.objects.filter(case=case).select_related("editor").order_by("-number")
    page = Paginator(versions.defer("record"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Versions",
        "page": page,
        "newest": versions.values_list("number", flat=True).first(),
        "restores": case.is_public and case_admin.has_change_permission(request, case),
    }
    return case_page(case_admin, request, "versions", context, case)


@transaction.atomic
def restore_view(
    case_admin: ModelAdmin[Case], request: HttpRequest, key: int, number: int
) -> HttpResponse:
    """Preview what restoring a version changes and ask for a reason; then restore it."""
    acquire_write_lock()  # so that the restoration does what the preview shows
    case = case_named(key)
    if not case_admin.has_change_permission(request, case):
        raise PermissionDenied
    version = Version.objects.filter(case=case, number=number).first()
    if version is None:
        raise Http404
    newest = Version.objects.filter(case=case).order_by("-number").values_list("number")[0][0]
    form = RestoreForm(request.POST or None, initial={"newest": newest})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["newest"] == newest:
            reason = form.cleaned_data["reason"]
            problems = _restore(case_admin, request, case, version, reason)
            if not problems:
                address = reverse("admin:cases_case_versions", args=[case.pk])
                return HttpResponseRedirect(address)
        else:
            problems = [
                f"Version {newest} was made in the meantime. Look again at what would change."
            ]
            form = RestoreForm(initial={"reason": form.cleaned_data["reason"], "newest": newest})
    parts, refusals = _preview(case, version)
    context = {
        "waits": waits(case, user_of(request)),
        "title": f"Restore version {number}",
        "version": version,
        "form": form,
        "parts": parts,
        "refusals": refusals,
        "problems": [problem for problem in problems if problem not in refusals],
    }
    return case_page(case_admin, request, "restore", context, case)


def _restore(
    case_admin: ModelAdmin[Case], request: HttpRequest, case: Case, version: Version, reason: str
) -> list[str]:
    """Restore a version and show a message; return the problems that prevented it."""
    try:
        settled = restore(case, version, user_of(request), reason)
    except (ValidationError, NotPublishableError, IntegrityError) as error:
        return _sentences(error)
    if (made := settled.version) is not None:
        text = f"Version {version.number} of {case.number} is restored, as version {made.number}."
    elif settled.waiting:
        text = (
            f"Version {version.number} is restored as a correction in draft. Submit it for review."
        )
    else:
        text = (
            f"{case.number} holds what version {version.number} holds: nothing was changed that "
            "readers see."
        )
        case_admin.message_user(request, text, messages.INFO)
        return []
    case_admin.log_change(request, case, made.change_note if made else text)
    case_admin.message_user(request, text, messages.SUCCESS)
    return []


def _preview(case: Case, version: Version) -> tuple[list[PartDifferences], list[str]]:
    """Return the changes that restoring a version would make, or the problems that prevent it."""
    try:
        return preview(case, version), []
    except (ValidationError, NotPublishableError, IntegrityError) as error:
        return [], _sentences(error)


def _sentences(error: Exception) -> list[str]:
    if isinstance(error, NotPublishableError):
        return [str(problem) for problem in error.problems]
    return error.messages if isinstance(error, ValidationError) else [CLASH]
