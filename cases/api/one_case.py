"""The JSON of one case, as it is now or as of a version, at an address with its slug or number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.exchange.downloads.published_case import published_case
from cases.finding.case_numbers import standard_number
from cases.models import Case, Version
from cases.record.stored import read_record
from cases.versions.announcements import withdrawn_at
from cases.versions.current import CaseName, made_of_records, public_names
from cases.views.cases import get_case, get_numbered_case, was_published
from cases.views.errors import MovedError
from cases.views.history import kept_case

from .answers import answer


@require_safe
def case_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a case as it is now."""
    return current_case(slug, "case_json")


@require_safe
def version_json(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Send a case as of one of its versions."""
    return case_as_of(slug, version, "version_json")


@require_safe
def permanent_json(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """Redirect to the JSON of the case with this permanent number, or of a version of it."""
    if standard_number(number) is None:
        raise Http404
    view, versions = ("case_json", []) if version is None else ("version_json", [version])
    case, name = once_public(number, view, *versions)
    if name is None:
        return withdrawn(case)
    raise MovedError(reverse(view, args=[name.slug, *versions]))


def current_case(word: str, view: str) -> HttpResponse:
    """Return a case as it is now; `view` is that of the address."""
    case, name = once_public(word, view)
    if name is None:
        return withdrawn(case)
    for found in made_of_records([case.pk], published_case):
        return answer(found)
    raise Http404


def case_as_of(word: str, number: int, view: str) -> HttpResponse:
    """Return a case as of one of its versions; 404 says which versions there are."""
    case, name = once_public(word, view, number)
    if name is None:
        return withdrawn(case)
    versions = Version.objects.filter(case=case)
    version = versions.filter(number=number).first()
    if version is None:
        newest = versions.order_by("-number").values_list("number", flat=True).first()
        sentence = f"{name.number} has no version {number}; the newest is version {newest}."
        return answer({"errors": [sentence]}, 404)
    return answer(published_case(read_record(version.record), number))


def once_public(word: str, view: str, *args: object) -> tuple[Case, CaseName | None]:
    """Return the case with a slug or number, and its public name; None if it was withdrawn.

    Raises MovedError for a former slug and for a case that was merged into another one, and Http404
    for a case that was never public.
    """
    number = standard_number(word)
    case = get_numbered_case(word) if number else get_case(word, was_published)
    if not was_published(case):
        raise Http404
    kept = kept_case(case)
    if not kept.is_public:
        return kept, None
    name = public_names([kept.pk]).get(kept.pk)
    if name is None:
        raise Http404
    if kept != case and args:
        # The numbers of its versions mean nothing in the other case.
        raise MovedError(reverse("api:versions", args=[name.slug]))
    if kept != case or (not number and word != name.slug):
        raise MovedError(reverse(view, args=[name.slug, *args]))
    return kept, name


def withdrawn(case: Case) -> HttpResponse:
    """Say that a case was withdrawn, when, and why."""
    at = Case.objects.filter(pk=case.pk).values_list(withdrawn_at(), flat=True).get()
    reason = case.withdrawn_reason
    sentence = f"{case.number} was withdrawn on {at.date().isoformat()}."
    body = {
        "errors": [f"{sentence} Reason: {reason}" if reason else sentence],
        "number": case.number,
        "withdrawn_at": at,
        "reason": reason,
    }
    return answer(body, 410)
