"""The public history of a case: its versions, what changed between them, each as it was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ..differences import Part, differences
from ..models import Case, Revision
from ..models.vocabulary import CaseStatus
from ..snapshot import case_as_of
from .cases import case_context, withdrawn
from .errors import find

PER_PAGE = 20


@dataclass(frozen=True)
class Version:
    """A version with what it changed in the one before it; the first has none before it."""

    revision: Revision
    parts: list[Part]
    is_first: bool = False


def case_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the versions of a published case, the newest first, with what each changed."""
    case = _public(request, slug, "case_history")
    if isinstance(case, HttpResponse):
        return case
    revisions = Revision.objects.filter(case=case).order_by("-number")
    page = Paginator(revisions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"case": case, "page": page, "versions": _versions(list(page))}
    return render(request, "cases/history.html", context)


def _versions(shown: list[Revision]) -> list[Version]:
    """Return the versions, newest first, each compared with the one before it."""
    if not shown:
        return []
    last = shown[-1]
    before = Revision.objects.filter(case_id=last.case_id, number=last.number - 1).first()
    versions = [
        Version(after, differences(earlier.record, after.record))
        for after, earlier in pairwise([*shown, *([before] if before else [])])
    ]
    return versions if before else [*versions, Version(last, [], is_first=True)]


def case_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a published case as one of its versions holds it."""
    case = _public(request, slug, "case_version", number)
    if isinstance(case, HttpResponse):
        return case
    revision = get_object_or_404(Revision, case=case, number=number)
    latest = Revision.objects.filter(case=case).order_by("-number").first()
    context = {
        **case_context(case_as_of(revision.record)),
        "current": case,
        "latest": latest,
        "version": revision,
    }
    return render(request, "cases/version.html", context)


def _public(request: HttpRequest, slug: str, view: str, *args: object) -> Case | HttpResponse:
    """Return a published case; else the answer: where it is now, or that it is gone and why.

    Raises Http404 for one that was never published: it has no public versions.
    """
    found = find(Case.objects.select_related("merged_into"), slug, lambda case: case.is_public)
    if isinstance(found, HttpResponse):
        current = Case.current_slug(slug)
        return redirect(reverse(view, args=[current, *args]))
    case: Case = found
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not case.is_public:
        raise Http404
    return case
