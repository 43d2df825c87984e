from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ..chain import chain
from ..coding import CodingSheet, first_occurrence
from ..filters import CASE_CHECKS, DATE_LABELS, CaseFilter, MatrixFilter
from ..matrix import COLUMNS, rows
from ..models import Case, Note, Source
from ..models.case import NUMBER_FORM
from ..models.vocabulary import CaseStatus, Modality
from ..query import MOST_VALUES, Choices
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
    also = FilteredList.also | CASE_CHECKS | {"sort": check_sort}
    typed = DATE_LABELS

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


class Matrix(CaseList):
    """The published cases by coded variables, for comparing them."""

    filterset_class = MatrixFilter
    template_name = "matrix.html"

    @cached_property
    def choices(self) -> Choices:
        """Offer, of all cases, only those that the address names: there may be very many."""
        named = self.request.GET.getlist("case")[:MOST_VALUES]
        slugs = [slug for slug in named if "\0" not in slug]  # which PostgreSQL refuses
        cases = Case.objects.published().filter(slug__in=slugs)
        return super().choices | {"case": dict(cases.values_list("slug", "title"))}

    def get_queryset(self) -> QuerySet[Case]:
        cases: CaseQuerySet = self.filtered(Case.objects.published())
        return cases.for_detail().sorted_by(self.sort)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(columns=COLUMNS, modalities=Modality, **kwargs)
        beyond = {"case", "page", "per_page"}
        kept = self.query.data.copy()
        for name in beyond:
            kept.pop(name, None)
        return context | {"rows": rows(context["object_list"]), "list_query": kept.urlencode()}


def case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one case: to the public if published, a draft to staff only."""
    case = find(Case.objects.for_detail(), slug, lambda case: may_see(request, case))
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
        "sources": _distinct(claim.source for claim in case.claims.all()),
        "evidence_sources": _distinct(note.evidence for note in sheet.notes),
        "passage_notes": Note.objects.on_passages_of(case).for_list(),
        "version": case.revisions.order_by("-number").first(),
    }
    return render(request, "cases/detail.html", context)


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Return each source once, in the order of their titles."""
    return sorted({source.pk: source for source in sources}.values(), key=str)


def case_permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Lead from a permanent number to its case, wherever that is now."""
    # Checked before it is looked up: PostgreSQL refuses text with a NUL in it.
    if not re.match(NUMBER_FORM, number.upper()):
        raise Http404
    case = get_object_or_404(Case.objects.select_related("merged_into"), number=number.upper())
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    return redirect(case)


def may_see(request: HttpRequest, case: Case) -> bool:
    """Tell whether the case is public, or the visitor is staff who may see what is not."""
    if case.status == CaseStatus.WITHDRAWN:
        return True  # what the public sees of it is that it is gone, and why
    return case.is_public or (request.user.is_staff and request.user.has_perm("cases.view_case"))


def withdrawn(request: HttpRequest, case: Case) -> HttpResponse:
    """Say why a case is gone, or lead to the one it was merged into."""
    if case.merged_into is not None and may_see(request, case.merged_into):
        return redirect(case.merged_into)
    return render(request, "410.html", {"case": case}, status=410)
