"""The page of a case, its permanent address, and the page of a withdrawn case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cases.evidence.case_evidence import challenging_notes
from cases.evidence.case_summaries import PassageNote, passage_notes_of
from cases.evidence.certainty import certainty_of
from cases.evidence.chain import chain
from cases.evidence.sheet import CodingSheet, roles_of
from cases.exchange.citations.cited import cited_case
from cases.exchange.citations.files import citation_texts
from cases.finding.case_filter import ComparisonFilter
from cases.finding.case_numbers import standard_number
from cases.finding.page_layout import PER_PAGE
from cases.finding.place_in_list import place_of
from cases.models import Case, Version
from cases.models.vocabulary import CaseStatus, DateBasis, Role
from cases.presentation.keeping import kept
from cases.presentation.timeline import timeline_of
from cases.record.building import record_of_stored
from cases.record.classes import CaseRecord, NoteRecord, SourceRef
from cases.record.columns import Ref
from cases.versions.announcements import withdrawn_at
from cases.versions.current import current_versions, public_name_of, public_names

from .errors import find_by_slug, moved


@require_safe
def case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one case: a published case to everybody, an unpublished one to staff only."""
    case = get_case(slug, lambda case: may_see(request, case))
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    current = current_versions([case.pk]).get(case.pk)
    if case.is_public and current is None:
        raise Http404
    # Of an unpublished case staff see the page as it would be.
    record = current.record if current else record_of_stored(case.pk)
    if slug != record.slug:
        return moved(request, record.get_absolute_url())
    cases = ComparisonFilter(request.GET)
    context = case_page(record, has_pictures=current is not None) | {
        "draft": None if current else case,
        "query": cases.answer if current else cases.query,
        "place": place_of(case.pk, cases, PER_PAGE) if current else None,
    }
    if current:
        context |= {"version": current.version}
        context |= citing(record, current.version, "case_citation", record.slug)
    return render(request, "cases/detail.html", context)


@require_safe
def case_correction(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff the page of a case as it will be once its correction is published.

    Without a correction, redirect to the case: it was published or discarded since.
    """
    case = get_case(slug, lambda case: is_staff(request))
    if not case.is_corrected:
        return moved(request, case.get_absolute_url())
    if slug != case.slug:
        return moved(request, reverse("case_correction", args=[case.slug]))
    record = record_of_stored(case.pk)
    return render(request, "cases/detail.html", case_page(record) | {"draft": case})


def get_case(slug: str, is_visible: Callable[[Case], bool]) -> Case:
    """Return the case that has or had this slug; raises Http404 for one that is not visible.

    The public address of a case has the slug of its latest version. Its row may have another, which
    editors have not published yet. Both find the case, as do its former slugs, which include that
    of the version after the row was renamed. From all others the caller redirects to that address.
    """
    case: Case | None = find_by_slug(Case.objects.select_related("merged_into"), slug)
    if case is None or not is_visible(case):
        raise Http404
    return case


def public_address(case: Case) -> str:
    """Return the public address of a case; the permanent one if it is not public."""
    name = public_names([case.pk]).get(case.pk)
    return name.get_absolute_url() if name else case.get_permanent_url()


def case_page(
    record: CaseRecord, without_page: frozenset[Ref] = frozenset(), *, has_pictures: bool = False
) -> dict[str, Any]:
    """Return what the page of a case shows, from its record of today or of a version.

    What the record mentions may be `without_page` today. Only of what is public today, pictures can
    be saved: it `has_pictures`.
    """
    notes = passage_notes_of(record)
    return {
        "case": record,
        "parts": case_parts(record, notes, without_page, has_pictures=has_pictures),
        "passage_notes": notes,
        "has_pictures": has_pictures,
    }


@dataclass(frozen=True)
class CaseParts:
    """The parts of the page of a case that follow from its record and the notes on its sources."""

    head: SafeString
    outcome: SafeString
    body: SafeString
    sections: tuple[tuple[str, str], ...]
    """The path and the title of each section of the coding sheet."""


@kept(at_most=64)
def case_parts(
    record: CaseRecord,
    passage_notes: tuple[PassageNote, ...],
    without_page: frozenset[Ref],
    *,
    has_pictures: bool = False,
) -> CaseParts:
    """Return the parts of the page of a case; no query.

    `passage_notes` are notes on no case, but on sources and passages that this case cites.
    """
    context = case_context(record, passage_notes)
    context |= {"without_page": without_page, "has_pictures": has_pictures}
    sections = tuple((one.path, one.title) for one in context["sheet"].sections)
    head, outcome, body = (
        render_to_string(f"cases/_{name}.html", context) for name in ("head", "outcome", "body")
    )
    return CaseParts(head, outcome, body, sections)


def case_context(record: CaseRecord, passage_notes: tuple[PassageNote, ...] = ()) -> dict[str, Any]:
    """Return what the parts of the page of a case are rendered with."""
    sheet = CodingSheet(record, is_on_page=True)
    links = chain(sheet)
    on_passages = [passage.note for passage in passage_notes]
    return {
        "case": record,
        "sheet": sheet,
        "certainty": certainty_of(sheet.evidence),
        "chain": links,
        "timeline": timeline_of(links),
        "outcome": sheet.evidence.occurrence,
        "silence": [role for role in roles_of(record) if role.role in SILENCE],
        "noted": _noted(sheet),
        "passage_notes": passage_notes,
        "notes_on_passages": on_passages,
        "completing": _completing(sheet, passage_notes),
        "challenges": challenging_notes([*sheet.notes, *on_passages]),
        "sources": distinct_sources(claim.source for claim in record.claims),
        "evidence_sources": distinct_sources(
            note.evidence for note in (*sheet.notes, *on_passages)
        ),
    }


def citing(record: CaseRecord, version: Version, view: str, *args: object) -> dict[str, Any]:
    """Return what the page of a case needs to say how this version of it is cited.

    `view` with `args` and a format is the address of the citation as a file.
    """
    cited = cited_case(record, version)
    texts = citation_texts(cited, lambda file: reverse(view, args=[*args, file]))
    return texts | {"cited": cited}


# In a case of an alleged failure to warn: who is said to have been silent, and to whom.
SILENCE = (Role.ACCUSED, Role.INTENDED_VICTIM)


def _noted(sheet: CodingSheet) -> dict[str, dict[str, str]]:
    """Return the anchor and the label of the value that each note is about, by slug of the note."""
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


def _completing(
    sheet: CodingSheet, passage_notes: Iterable[PassageNote]
) -> dict[str, list[NoteRecord]]:
    """Return the notes on sources from which dates may be completed, by the path of the date."""
    return {
        value.path: [
            passage.note
            for passage in passage_notes
            if passage.subject == passage.note.source
            and passage.note.source.slug in {claim.source.slug for claim in value.claims}
        ]
        for value in sheet.values()
        if value.evidence_status.basis == DateBasis.COMPLETED
    }


def distinct_sources(sources: Iterable[SourceRef]) -> list[SourceRef]:
    """Return the sources without duplicates, sorted by title."""
    return sorted({source.slug: source for source in sources}.values(), key=str)


@require_safe
def case_permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Redirect from the permanent number of a case to its present address."""
    case = get_numbered_case(number)
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    if not case.is_public:
        return moved(request, case.get_absolute_url())
    name = public_name_of(case.number)
    if name is None:
        raise Http404
    return moved(request, name.get_absolute_url())


def get_numbered_case(number: str) -> Case:
    """Return the case with this permanent number, public or not; raises Http404 without one."""
    standard = standard_number(number)
    if standard is None:
        raise Http404
    cases = Case.objects.select_related("merged_into")
    case: Case = get_object_or_404(cases, number=standard)
    return case


def may_see(request: HttpRequest, case: Case) -> bool:
    """Whether the case was ever public, or the visitor is staff with permission to view cases."""
    # Everybody may see the page that says why a case was withdrawn.
    return was_published(case) or is_staff(request)


def is_staff(request: HttpRequest) -> bool:
    """Whether the visitor is signed in and may see cases that are not public."""
    site: Any = admin.site
    allowed: bool = site.is_signed_in_fully(request) and request.user.has_perm("cases.view_case")
    return allowed


def was_published(case: Case) -> bool:
    """Whether the case is public, or was before it was withdrawn."""
    # A draft that was merged into another case is withdrawn too, and was never public.
    is_withdrawn = case.status == CaseStatus.WITHDRAWN and case.published_at is not None
    return case.is_public or is_withdrawn


def withdrawn(request: HttpRequest, case: Case) -> HttpResponse:
    """Redirect to the case that a withdrawn case was merged into, or say why it was withdrawn."""
    if case.merged_into is not None and may_see(request, case.merged_into):
        return moved(request, public_address(case.merged_into))
    # A draft that was merged into another case never had a public address.
    if case.published_at is None:
        raise Http404
    at = Case.objects.filter(pk=case.pk).values_list(withdrawn_at(), flat=True).get()
    return render(request, "410.html", {"case": case, "withdrawn_at": at}, status=410)
