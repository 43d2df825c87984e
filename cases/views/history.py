"""The public history of a case: its versions, and the changes from each to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.evidence.case_summaries import passage_notes_of
from cases.finding.list_filters import HistoryFilter
from cases.index.public_names import without_page
from cases.models import Case, Version
from cases.record.stored import read_record
from cases.versions.current import CaseName, public_names
from cases.versions.differences import PartDifferences, compare, entries

from .cases import case_context, citing, get_case, get_numbered_case, was_published, withdrawn
from .errors import MovedError, moved
from .lists import page_of

VERSIONS_PER_PAGE = 20


@dataclass(frozen=True)
class VersionEntry:
    """A version with its differences from the one before it; the first version has none."""

    version: Version
    parts: list[PartDifferences]
    before: Version | None = None

    @property
    def is_first(self) -> bool:
        return self.before is None

    @property
    def announces_redaction(self) -> bool:
        """Whether the version before was redacted, so that both now say the same."""
        redacted_at = self.before.redacted_at if self.before else None
        return redacted_at is not None and redacted_at <= self.version.made_at


@require_safe
def case_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the versions of a published case, newest first, with the changes in each."""
    case, name = get_once_public(slug, "case_history")
    if name is None:
        return withdrawn(request, case)
    versions = Version.objects.filter(case=case).order_by("-number")
    query = HistoryFilter(request.GET).query
    page, query = page_of(Paginator(versions, VERSIONS_PER_PAGE), query)
    context = {"case": name, "query": query, "page_obj": page, "versions": _versions(list(page))}
    return render(request, "cases/history.html", context)


def _versions(shown: list[Version]) -> list[VersionEntry]:
    """Return the versions on a page, newest first, each compared with the one before it."""
    if not shown:
        return []
    last = shown[-1]
    before = Version.objects.filter(case_id=last.case_id, number=last.number - 1).first()
    read = [
        (version, entries(read_record(version.record)))
        for version in [*shown, *([before] if before else [])]
    ]
    versions = [
        VersionEntry(after, compare(old, new), earlier)
        for (after, new), (earlier, old) in pairwise(read)
    ]
    return versions if before else [*versions, VersionEntry(last, [])]


@require_safe
def case_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a published case as of one of its versions; 404 says which versions there are."""
    case, name = get_once_public(slug, "case_version", number)
    if name is None:
        return withdrawn(request, case)
    versions = Version.objects.filter(case=case)
    version = versions.filter(number=number).first()
    newest = versions.order_by("-number").values_list("number", flat=True).first()
    if version is None or newest is None:
        return no_version(request, case, name)
    record = read_record(version.record)
    context = {
        **case_context(record, passage_notes_of(record)),
        **citing(record, version, "version_citation", name.slug, number),
        "without_page": without_page(record),
        "current": name,
        "version": version,
        "newest": newest,
        "before": number - 1,
        "after": number + 1 if number < newest else 0,
        "page_of_history": (newest - number) // VERSIONS_PER_PAGE + 1,
    }
    return render(request, "cases/version.html", context)


@require_safe
def version_permanent(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Redirect from the permanent address of a version to its present one."""
    case = get_numbered_case(number)
    name = once_public_name(case)
    if name is None:
        return withdrawn(request, case)
    return moved(request, reverse("case_version", args=[name.slug, version]))


def no_version(request: HttpRequest, case: Case, name: CaseName) -> HttpResponse:
    """Say which versions a public case has, at an address of one that it does not have."""
    newest = Version.objects.filter(case=case).aggregate(newest=Max("number"))["newest"]
    context = {"case": name, "newest": newest}
    return render(request, "cases/no_version.html", context, status=404)


def get_once_public(slug: str, view: str, *args: object) -> tuple[Case, CaseName | None]:
    """Return a case that is public or was withdrawn, and its public name; None if withdrawn.

    Raises MovedError if the case has another slug today, and as `once_public_name()` does.
    """
    case = get_case(slug, was_published)
    name = once_public_name(case)
    if name is not None and slug != name.slug:
        # To the same page under the present slug, rather than to the page of the case.
        raise MovedError(reverse(view, args=[name.slug, *args]))
    return case, name


def once_public_name(case: Case) -> CaseName | None:
    """Return the public name of a case; None if it was withdrawn.

    Raises MovedError if the case was merged into another one, and Http404 if it was never
    published, because it has no public versions.
    """
    if not was_published(case):
        raise Http404
    kept = kept_case(case)
    if kept == case and not case.is_public:
        return None
    name = public_names([kept.pk]).get(kept.pk)
    if kept != case:
        # To the list of versions, because the numbers of this case mean nothing in the other.
        raise MovedError(
            reverse("case_history", args=[name.slug]) if name else kept.get_permanent_url()
        )
    if name is None:
        raise Http404
    return name


def kept_case(case: Case) -> Case:
    """Return the case that a withdrawn case was merged into in the end; otherwise the case."""
    while not case.is_public and case.merged_into and was_published(case.merged_into):
        case = case.merged_into
    return case
