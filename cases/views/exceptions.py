from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Directive, DirectiveException, ExceptionAssessment, Note
from ..models.vocabulary import AssessmentStatus, CaseStatus, TextStatus
from .errors import find


def _public_assessments() -> Prefetch[str]:
    """Fetch what published cases say about an exception, leaving out those that say nothing."""
    return Prefetch(
        "assessments",
        ExceptionAssessment.objects.filter(case__status=CaseStatus.PUBLISHED)
        .exclude(status=AssessmentStatus.NOT_REPORTED)
        .select_related("case"),
        to_attr="public_assessments",
    )


def exception_list(request: HttpRequest) -> HttpResponse:
    """Show each directive with its exceptions and what the collection knows of them."""
    exceptions = DirectiveException.objects.prefetch_related(_public_assessments())
    directives = Directive.objects.select_related("source").prefetch_related(
        Prefetch("exceptions", exceptions),
        Prefetch("notes", Note.objects.select_related("source", "evidence")),
    )
    return render(
        request, "exceptions/list.html", {"directives": directives, "text_statuses": TextStatus}
    )


def exception_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one exception: its ground, how far its text is verified, and its cases."""
    exception = find(
        DirectiveException.objects.select_related("directive__source").prefetch_related(
            _public_assessments(),
            Prefetch("notes", Note.objects.select_related("source", "evidence")),
        ),
        slug,
    )
    if isinstance(exception, HttpResponse):
        return exception
    siblings = list(exception.directive.exceptions.all())
    place = siblings.index(exception)
    context = {
        "exception": exception,
        "is_invoked": any(
            assessment.status == AssessmentStatus.OFFICIALLY_INVOKED
            for assessment in exception.public_assessments
        ),
        "text_status": TextStatus(exception.text_status),
        "previous": siblings[place - 1] if place else None,
        "next": siblings[place + 1] if place + 1 < len(siblings) else None,
    }
    return render(request, "exceptions/detail.html", context)
