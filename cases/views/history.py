"""The public history of a case: its versions, what changed between them, each as it was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.finding.query_string import read_query
from cases.models import Case, Version
from cases.models.vocabulary import CaseStatus
from cases.versions.differences import PartDifferences, compare, entries
from cases.versions.mentions import link_existing_pages
from cases.versions.reading_back import case_as_of

from .cases import case_context, withdrawn
from .errors import find
from .lists import check_page, page_of

PER_PAGE = 20


@dataclass(frozen=True)
class VersionEntry:
    """A version with what it changed in the one before it; the first has none before it."""

    version: Version
    parts: list[PartDifferences]
    is_first: bool = False


@require_safe
def case_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the versions of a published case, the newest first, with what each changed."""
    case = _public(request, slug, "case_history")
    if isinstance(case, HttpResponse):
        return case
    query = read_query(request.GET, {}, {"page": check_page})
    versions = Version.objects.filter(case=case).order_by("-number")
    page = page_of(Paginator(versions, PER_PAGE), query)
    context = {"case": case, "query": query, "page_obj": page, "versions": _versions(list(page))}
    return render(request, "cases/history.html", context)


def _versions(shown: list[Version]) -> list[VersionEntry]:
    """Return the versions, newest first, each compared with the one before it."""
    if not shown:
        return []
    last = shown[-1]
    before = Version.objects.filter(case_id=last.case_id, number=last.number - 1).first()
    told = [
        (version, entries(case_as_of(version.record)))
        for version in [*shown, *([before] if before else [])]
    ]
    versions = [VersionEntry(after, compare(old, new)) for (after, new), (_, old) in pairwise(told)]
    return versions if before else [*versions, VersionEntry(last, [], is_first=True)]


@require_safe
def case_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a published case as one of its versions holds it."""
    case = _public(request, slug, "case_version", number)
    if isinstance(case, HttpResponse):
        return case
    version = get_object_or_404(Version, case=case, number=number)
    latest = Version.objects.filter(case=case).order_by("-number").only("number").first()
    then = case_as_of(version.record)
    link_existing_pages(then)
    newest = latest.number if latest else number
    context = {
        **case_context(then),
        "current": case,
        "version": version,
        "newest": newest,
        "before": number - 1,
        "after": number + 1 if number < newest else 0,
        "page_of_history": (newest - number) // PER_PAGE + 1,
    }
    return render(request, "cases/version.html", context)


def _public(request: HttpRequest, slug: str, view: str, *args: object) -> Case | HttpResponse:
    """Return a published case; else the answer: where it is now, or that it is gone and why.

    Raises Http404 for one that was never published: it has no public versions.
    """
    found = find(Case.objects.select_related("merged_into"), slug, _was_published)
    if isinstance(found, HttpResponse):
        return redirect(view, Case.current_slug(slug), *args)
    case: Case = found
    if not _was_published(case):
        raise Http404
    if case.is_public:
        return case
    if case.merged_into is not None and _was_published(case.merged_into):
        # The versions of the other case: a number here names none of those.
        return redirect(reverse("case_history", args=[case.merged_into.slug]))
    return withdrawn(request, case)


def _was_published(case: Case) -> bool:
    return case.is_public or case.status == CaseStatus.WITHDRAWN
