"""The list of sources, and the page of each."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.finding.name_search import matches_name
from cases.finding.query_string import read_query
from cases.models import Claim, Note, Source
from cases.models.vocabulary import CaseStatus, SourceKind

from .errors import get_or_redirect
from .lists import SEARCHED_AND_PAGED, check_page, page_of, without_empty_fields

# The kinds of sources with their labels.
KINDS = {str(kind.value): str(kind.label) for kind in SourceKind}

SOURCES_A_PAGE, CLAIMS_A_PAGE = 50, 200


def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources with the number of published claims and cases that cite each."""
    if address := without_empty_fields(request):
        return address
    query = read_query(request.GET, {}, SEARCHED_AND_PAGED, {"kind": KINDS})
    every = Source.objects.public().order_by()
    found, typed = every, str(query.data.get("q", ""))
    if kinds := query.data.getlist("kind"):
        found = found.filter(kind__in=kinds)
    shown: Any = found.with_counts().order_by("-claim_count", "title", "pk")
    if typed:
        # In Python, because the two databases fold letters differently.
        shown = [one for one in shown if matches_name(typed, *_names(one))]
    context = {
        "page_obj": page_of(Paginator(shown, SOURCES_A_PAGE), query),
        "total": every.count(),
        "query": query,
        "kinds": KINDS,
        "active": query.active({"q": "Search", "kind": "Kind"}, {"kind": KINDS}),
    }
    return render(request, "sources/list.html", context)


def _names(source: Source) -> tuple[str, ...]:
    """Return the texts by which a source is searched."""
    return (
        *(source.title, source.publisher, source.author),
        *(source.published_words, source.url, source.slug),
    )


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one source with the published claims that cite it, in the order of its paragraphs."""
    source: Source = get_or_redirect(Source.objects.public().select_related("derived_from"), slug)
    claims = Claim.objects.filter(source=source, case__status=CaseStatus.PUBLISHED)
    paginator = Paginator(_in_reading_order(claims), CLAIMS_A_PAGE)
    query = read_query(request.GET, {}, {"page": check_page})
    page = page_of(paginator, query)
    found = claims.for_evidence().in_bulk(list(page))
    locators = claims.order_by().values_list("locator", flat=True).distinct()
    shown = [found[key] for key in page if key in found]
    context = {
        "source": source,
        "query": query,
        "page_obj": page,
        "claim_count": paginator.count,
        "paragraphs": [
            (locator, list(group))
            for locator, group in groupby(shown, key=lambda claim: claim.locator)
        ],
        "unclaimed": source.unclaimed_paragraphs(locators) if source.paragraphs else [],
        "notes": Note.objects.public().for_list().filter(source=source),
        "notes_with_its_evidence": Note.objects.public().for_list().filter(evidence=source),
    }
    return render(request, "sources/detail.html", context)


def _in_reading_order(claims: QuerySet[Claim]) -> list[int]:
    """Return the keys of the claims, sorted by paragraph and then by case."""
    rows = claims.order_by().values_list("locator", "case__number", "sequence", "pk")
    order = {locator: reading_order(locator) for locator, *_ in rows}
    return [pk for *_, pk in sorted(rows, key=lambda row: (order[row[0]], row))]


def reading_order(locator: str) -> tuple[int, list[int], str]:
    """Return a sort key for a locator: the headline first, then by number, then all others."""
    if locator.upper().startswith("H"):
        return 0, [], locator
    numbers = [int(number) for number in re.findall(r"[0-9]{1,9}", locator)]
    return (1 if numbers else 2), numbers, locator
