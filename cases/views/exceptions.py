"""The exceptions of the directives, and the page of each."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from cases.index import case_index
from cases.index.case_index import DIRECTIVE, EXCEPTION
from cases.models import Directive, DirectiveException, Note
from cases.models.era import ICD_191
from cases.models.vocabulary import AssessmentStatus, TextStatus
from cases.presentation.case_by_exception import assessments_in, by_exception

from .errors import get_or_redirect

# Cases on the page of an exception; the list of cases has all of them.
MAX_CASES = 100


@require_safe
def exception_list(request: HttpRequest) -> HttpResponse:
    """Show each directive with its exceptions, and what the cases it applies to say of each."""
    directives = Directive.objects.published().select_related("source", "jurisdiction")
    directives = directives.prefetch_related(
        Prefetch("exceptions", DirectiveException.objects.published()),
        Prefetch("notes", Note.objects.select_related("source", "evidence")),
    )
    context = {
        "directives": by_exception(directives),
        "icd_191": ICD_191,
        "statuses": AssessmentStatus,
        "text_statuses": TextStatus,
    }
    return render(request, "exceptions/list.html", context)


@require_safe
def exception_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one exception: its ground, whether its text was verified, and its cases."""
    exception: DirectiveException = get_or_redirect(
        DirectiveException.objects.published()
        .select_related("directive__source")
        .prefetch_related(Prefetch("notes", Note.objects.select_related("source", "evidence"))),
        slug,
    )
    siblings = list(exception.directive.exceptions.published())
    place = siblings.index(exception)
    index = case_index.current()
    with index.reading:
        applying = len(index.having(DIRECTIVE).get(exception.directive.slug, ()))
        saying = BitMap(index.having(EXCEPTION).get(exception.slug, ()))
        is_invoked = bool(
            index.having(EXCEPTION, AssessmentStatus.OFFICIALLY_INVOKED).get(exception.slug)
        )
    context = {
        "exception": exception,
        "assessments": assessments_in(saying[:MAX_CASES], exception.slug),
        "is_invoked": is_invoked,
        "saying": len(saying),
        "silent": applying - len(saying),
        "text_status": TextStatus(exception.text_status),
        "siblings": siblings,
        "previous": siblings[place - 1] if place else None,
        "next": siblings[place + 1] if place + 1 < len(siblings) else None,
    }
    return render(request, "exceptions/detail.html", context)
