from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ..chain import chain
from ..coding import CodingSheet, first_occurrence
from ..filters import CaseFilter
from ..models import Case
from ..models.vocabulary import CaseStatus, Modality
from ..querysets import CaseQuerySet
from .errors import find
from .lists import FilteredList

SORTS = {
    "-date": "Newest first",
    "date": "Oldest first",
    "title": "Title",
    "-updated": "Last changed",
}


def check_sort(value: str) -> None:
    if value not in SORTS:
        raise ValidationError(
            f"The cases cannot be sorted that way; “sort” is one of: {', '.join(SORTS)}."
        )


class CaseList(FilteredList):
    """The published cases, narrowed, sorted and paged."""

    filterset_class = CaseFilter
    template_name = "cases/list.html"
    also = FilteredList.also | {"sort": check_sort}

    def get_queryset(self) -> QuerySet[Case]:
        cases: CaseQuerySet = self.filtered(Case.objects.published())
        return cases.for_list().sorted_by(self.sort)

    @property
    def sort(self) -> str:
        return self.query.data.get("sort", "-date")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sorts=SORTS, sort=self.sort, total=Case.objects.published().count(), **kwargs
        )


def case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one case: to the public if published, a draft to staff only."""
    case = find(Case.objects.for_detail(), slug)
    if isinstance(case, HttpResponse):
        return case
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    sheet = CodingSheet(case)
    context = {
        "case": case,
        "sheet": sheet,
        "chain": chain(case, sheet),
        "outcome": first_occurrence(case),
        "modalities": Modality,
        "sources": {claim.source for claim in case.claims.all()},
        "version": case.revisions.order_by("-number").first(),
    }
    return render(request, "cases/detail.html", context)


def case_permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Lead from a permanent number to its case, wherever that is now."""
    case = get_object_or_404(Case.objects.select_related("merged_into"), number=number.upper())
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    return redirect(case)


def may_see(request: HttpRequest, case: Case) -> bool:
    """Tell whether the case is public, or the visitor is staff who may see what is not."""
    return case.is_public or (request.user.is_staff and request.user.has_perm("cases.view_case"))


def withdrawn(request: HttpRequest, case: Case) -> HttpResponse:
    """Say why a case is gone, or lead to the one it was merged into."""
    if case.merged_into is not None:
        return redirect(case.merged_into)
    return render(request, "410.html", {"case": case}, status=410)
