"""The list of sources, and the page of each."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.exchange.downloads.errors import refused
from cases.exchange.downloads.names import file_name
from cases.exchange.tables.csv_file import claims_text
from cases.finding.claim_filter import ClaimFilter
from cases.finding.list_filters import SourceFilter
from cases.finding.public_notes import notes_by_evidence, notes_by_source
from cases.finding.rows import Rows
from cases.index import case_index
from cases.index.case_index import SOURCE
from cases.index.public_names import is_public, public_slugs
from cases.models import Source
from cases.models.folded import BY_FOLDED, has_words

from .downloads import CSV, attachment
from .errors import get_public
from .lists import page_of, without_empty_fields

SOURCES_A_PAGE, CLAIMS_A_PAGE = 50, 200

# Notes of each kind on the page of a source, besides those whose address is on this page.
MAX_NOTES = 20


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources with the numbers of published cases and of notes that rest on each."""
    if address := without_empty_fields(request):
        return address
    asked = SourceFilter(request.GET, Source.objects.all())
    query = asked.query
    public, cited = public_slugs(Source), case_index.current().counts(SOURCE)
    found = asked.qs.filter(has_words(str(query.data.get("q", "")))).order_by(BY_FOLDED, "pk")
    by_name = [row for row in found.values_list("pk", "slug") if row[1] in public]
    most_cited = sorted(by_name, key=lambda source: -cited.get(source[1], 0))
    shown = Rows([key for key, _ in most_cited], Source.objects.all())
    notes = {slug: len(group) for slug, group in notes_by_evidence().items()}
    kinds = Source.objects.order_by().values_list("slug", "kind")
    there = {*(kind for slug, kind in kinds if slug in public), *query.data.getlist("kind")}
    page, query = page_of(Paginator(shown, SOURCES_A_PAGE), query)
    context = {
        "page_obj": page,
        "sources": [
            (source, cited.get(source.slug, 0), notes.get(source.slug, 0)) for source in page
        ],
        "total": len(public),
        "query": query,
        "kinds": {kind: label for kind, label in asked.choices["kind"].items() if kind in there},
        "active": asked.active,
    }
    return render(request, "sources/list.html", context)


@require_safe
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one source with the published claims that cite it, in the order of its paragraphs."""
    source: Source = get_public(Source.objects.select_related("derived_from"), slug)
    if address := without_empty_fields(request):
        return address
    claims = ClaimFilter(request.GET, source)
    page, query = page_of(Paginator(claims.qs, CLAIMS_A_PAGE), claims.query)
    origin, about_its_text = source.derived_from, notes_by_source().get(source.slug, [])
    about_it = [public for public in about_its_text if public.subject == source]
    elsewhere = [public for public in about_its_text if public.subject != source]
    context = {
        "source": source,
        "without_page": [origin] if origin and not is_public(origin) else [],
        "query": query,
        "page_obj": page,
        "claim_count": claims.count,
        "facets": claims.facets(),
        "active": claims.active,
        "file_query": query.without("page"),
        "paragraphs": [
            (locator, list(group))
            for locator, group in groupby(page, key=lambda said: said.claim.locator)
        ],
        "unclaimed": source.unclaimed_paragraphs(claims.locators) if source.paragraphs else [],
        "notes": about_it + elsewhere[:MAX_NOTES],
        "note_count": len(about_its_text),
        "most_notes": MAX_NOTES,
        "notes_on_it_as_a_whole": [public.note for public in about_it if not public.note.locator],
        "notes_with_its_evidence": notes_by_evidence().get(source.slug, []),
    }
    return render(request, "sources/detail.html", context)


@require_safe
def source_claims(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the claims of a source as CSV: those that its page lists with the same query string."""
    source: Source = get_public(Source.objects.all(), slug)
    claims = ClaimFilter(request.GET, source)
    name = file_name(f"claims-of-{source.slug}", claims.version, claims, "csv")
    return refused(request, claims.query) or attachment(
        request, partial(claims_text, claims.qs), CSV, name
    )
