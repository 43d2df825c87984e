"""The list of sources, and the page of each."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.exchange.downloads.claims import claims_csv
from cases.exchange.downloads.errors import filled, refused
from cases.finding.claims_of_source import LABELS, ClaimsOfSource
from cases.finding.query_string import read_query
from cases.models import Note, Source
from cases.models.folded import BY_FOLDED, has_words
from cases.models.vocabulary import SourceKind

from .downloads import CSV, attachment
from .errors import get_or_redirect
from .lists import SEARCHED_AND_PAGED, Rows, check_page, page_of, without_empty_fields

# The kinds of sources with their labels.
KINDS = {str(kind.value): str(kind.label) for kind in SourceKind}

SOURCES_A_PAGE, CLAIMS_A_PAGE = 50, 200


def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources with the number of published claims and cases that cite each."""
    if address := without_empty_fields(request):
        return address
    query = read_query(request.GET, {}, SEARCHED_AND_PAGED, {"kind": KINDS})
    every = Source.objects.public().order_by()
    found = every.filter(has_words(str(query.data.get("q", ""))))
    kinds = query.data.getlist("kind")
    if kinds:
        found = found.filter(kind__in=kinds)
    shown = found.with_counts().order_by("-claim_count", BY_FOLDED, "pk")
    by_kind = dict(every.values_list("kind").annotate(count=Count("pk", distinct=True)))
    context = {
        "page_obj": page_of(Paginator(shown, SOURCES_A_PAGE), query),
        "total": sum(by_kind.values()),
        "query": query,
        "kinds": {kind: label for kind, label in KINDS.items() if kind in by_kind or kind in kinds},
        "active": query.active({"q": "Search", "kind": "Kind"}, {"kind": KINDS}),
    }
    return render(request, "sources/list.html", context)


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one source with the published claims that cite it, in the order of its paragraphs."""
    source: Source = get_or_redirect(Source.objects.public().select_related("derived_from"), slug)
    if address := without_empty_fields(request):
        return address
    claims = ClaimsOfSource(source, request.GET, {"page": check_page})
    query = claims.query
    page = page_of(Paginator(Rows(claims.keys, claims.claims.for_evidence()), CLAIMS_A_PAGE), query)
    context = {
        "source": source,
        "query": query,
        "page_obj": page,
        "claim_count": claims.count,
        "facets": claims.facets(),
        "active": query.active(LABELS, claims.choices),
        "file_query": query.without("page"),
        "paragraphs": [
            (locator, list(group))
            for locator, group in groupby(page, key=lambda claim: claim.locator)
        ],
        "unclaimed": source.unclaimed_paragraphs(claims.locators) if source.paragraphs else [],
        "notes": Note.objects.public().for_list().filter(source=source),
        "notes_with_its_evidence": Note.objects.public().for_list().filter(evidence=source),
    }
    return render(request, "sources/detail.html", context)


@require_safe
def source_claims(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the claims of a source as CSV: those that its page lists with the same query string."""
    source: Source = get_or_redirect(Source.objects.public(), slug)
    claims = ClaimsOfSource(source, filled(request.GET), {"page": check_page})
    name = f"claims-of-{source.slug}"
    return refused(request, claims.query) or attachment(
        request, partial(claims_csv, claims.keys), CSV, "csv", name
    )
