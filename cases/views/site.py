"""Pages about the collection as a whole, and addresses that browsers and robots expect."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.exchange.codebook import entities, parameters
from cases.exchange.downloads.errors import PLAIN, absolute
from cases.exchange.downloads.feed import MAX_CASES_IN_FEED
from cases.exchange.downloads.published_case import PublishedCase
from cases.exchange.tables.registry import HOW_TO_READ, TABLES
from cases.finding.claim_filter import claims_of_source
from cases.models import DirectiveException, Note
from cases.models.era import ICD_191
from cases.models.vocabulary import Modality
from cases.presentation.figures import collection_certainty, collection_figures
from cases.record.schema import objects_of
from cases.versions.announcements import announcements, rows_since

from .headers import API

SEED_ARTICLE = "daily-true-news"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: what the casebook is, how to read it, and where to start."""
    context = {
        "figures": collection_figures(),
        "latest": announcements(rows_since()[:5]),
        "modalities": Modality,
        "exceptions": _exceptions_of_icd_191(),
    }
    return render(request, "site/home.html", context)


def _exceptions_of_icd_191() -> int:
    """Return the number of published exceptions of ICD 191; 0 if it is not stored."""
    count: int = DirectiveException.objects.published().filter(directive__slug=ICD_191).count()
    return count


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what the collection covers, how it is made, and what it cannot answer."""
    return render(
        request,
        "site/about.html",
        {
            "figures": collection_figures(),
            "certainty": collection_certainty(),
            "exceptions": _exceptions_of_icd_191(),
            "notes_on_article": Note.objects.on_passages([(SEED_ARTICLE, "")]),
            "claims_of_article": len(claims_of_source(SEED_ARTICLE)),
            "modalities": Modality,
        },
    )


@require_safe
def codebook(request: HttpRequest) -> HttpResponse:
    """Show the definitions of every entity, field and value, parameter, table and record."""
    context = {
        "entities": entities(),
        "parameters": parameters(),
        "tables": TABLES.values(),
        "how_to_read_tables": HOW_TO_READ,
        "record_objects": objects_of(PublishedCase),
        "most_in_feed": MAX_CASES_IN_FEED,
    }
    return render(request, "site/codebook.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect `/favicon.ico`, which browsers request by default, to the logo."""
    return redirect(static("images/mark.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots out of the admin, the API and filtered downloads; unfiltered ones are open."""
    closed = [
        "/admin/",
        API,
        *(f"/{name}.csv?" for name in TABLES),
        *(f"{reverse(name)}?" for name in ("cases_json", "cases_atom")),
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116); raises Http404 without SECURITY_CONTACT."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # It has to expire within a year. The operator can change it at any time, so a month is enough.
    expires = (timezone.now() + dt.timedelta(days=30)).isoformat(timespec="seconds")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
