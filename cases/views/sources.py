from __future__ import annotations

import re
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Claim, Note, Source
from ..models.vocabulary import CaseStatus
from .errors import find


def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources with how many published claims and cases rest on each."""
    sources = Source.objects.public().with_counts().order_by("-claim_count", "title")
    return render(request, "sources/list.html", {"sources": sources})


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one source with every published claim drawn from it, in the order of its paragraphs."""
    source = find(Source.objects.public().select_related("derived_from"), slug)
    if isinstance(source, HttpResponse):
        return source
    claims = Claim.objects.filter(source=source, case__status=CaseStatus.PUBLISHED).for_evidence()
    ordered = sorted(claims, key=lambda claim: (reading_order(claim.locator), claim.case.number))
    context = {
        "source": source,
        "claim_count": len(ordered),
        "paragraphs": [
            (locator, list(group))
            for locator, group in groupby(ordered, key=lambda claim: claim.locator)
        ],
        "notes": Note.objects.public().for_list().filter(source=source),
        "resting": Note.objects.public().for_list().filter(evidence=source),
    }
    return render(request, "sources/detail.html", context)


def reading_order(locator: str) -> tuple[int, list[int], str]:
    """Order locators as one reads: the headline, then by the numbers in them, then the rest."""
    if locator.upper().startswith("H"):
        return 0, [], locator
    numbers = [int(number) for number in re.findall(r"[0-9]{1,9}", locator)]
    return (1 if numbers else 2), numbers, locator
