"""The page of a case, its permanent address, and what stands for a case that was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cases.evidence.chain import chain
from cases.evidence.sheet import CodingSheet, challenging_notes, first_occurrence
from cases.finding.case_query import CaseQuery
from cases.finding.results import place_of
from cases.models import Case, Note, Source
from cases.models.case import NUMBER_FORM
from cases.models.vocabulary import CaseStatus, Modality, Role
from cases.presentation.timeline import timeline_of

from .case_list import CaseList
from .errors import find
from .lists import PER_PAGE


@require_safe
def case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one case: to the public if published, a draft to staff only."""
    case = find(Case.objects.for_detail(), slug, lambda case: may_see(request, case))
    if isinstance(case, HttpResponse):
        return case
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    cases = CaseQuery(request.GET, CaseList.also, CaseList.listed, picks=True)
    context = case_context(case, Note.objects.on_passages_of(case).for_list()) | {
        "query": cases.query,
        "place": place_of(case, cases, PER_PAGE) if case.is_public else None,
        "version": case.versions.order_by("-number").first(),
    }
    return render(request, "cases/detail.html", context)


def case_context(case: Case, passage_notes: Iterable[Note] = ()) -> dict[str, Any]:
    """Return what the page of a case shows of the case itself, as it is or as a version has it.

    `passage_notes` are about no case, but about passages that this one rests on.
    """
    sheet = CodingSheet(case)
    links = chain(case, sheet)
    return {
        "case": case,
        "sheet": sheet,
        "chain": links,
        "timeline": timeline_of(links),
        "outcome": first_occurrence(case),
        "silence": [role for role in case.involvements.all() if role.role in SILENCE],
        "remarks": _remarks(case),
        "noted": _noted(sheet),
        "passage_notes": passage_notes,
        "challenges": [*sheet.challenges, *challenging_notes(passage_notes)],
        "modalities": Modality,
        "sources": distinct_sources(claim.source for claim in case.claims.all()),
        "evidence_sources": distinct_sources(note.evidence for note in sheet.notes),
    }


SILENCE = (Role.ACCUSED, Role.INTENDED_VICTIM)
"""The roles that tell, where nobody was warned, who is said to have kept silent to whom."""


def _remarks(case: Case) -> dict[str, str]:
    """Return what editors wrote on roles and exceptions, by the path of the value."""
    remarks = {role.path: role.note for role in case.involvements.all()}
    return remarks | {f"{part.path}.status": part.note for part in case.assessments.all()}


def _noted(sheet: CodingSheet) -> dict[str, dict[str, str]]:
    """Return for each note, by its slug, the anchor and the words of the value it is about."""
    titled = [(section.title, value) for section in sheet.sections for value in section.values]
    titled += [("", value) for value in (*sheet.roles, *sheet.assessments)]
    return {
        note.slug: {
            "anchor": value.anchor,
            "words": f"{title}, {value.label.lower()}" if title else value.label,
        }
        for title, value in titled
        for note in value.notes
    }


def distinct_sources(sources: Iterable[Source]) -> list[Source]:
    """Return each source once, in the order of their titles."""
    return sorted({source.pk: source for source in sources}.values(), key=str)


@require_safe
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
    if case.published_at is None:  # a draft that went into another was never here
        raise Http404
    return render(request, "410.html", {"case": case}, status=410)
