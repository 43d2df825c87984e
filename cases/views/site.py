"""Pages about the collection as a whole, and addresses that browsers and robots expect."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.evidence.case_evidence import CaseEvidence
from cases.exchange.citations.cited import names
from cases.exchange.citations.files import CITATION_FILES
from cases.exchange.codebook.entities import entities
from cases.exchange.codebook.files import ROW, codebook_json, codebook_rows, json_objects
from cases.exchange.codebook.parameters import change_parameters, parameters
from cases.exchange.downloads.changes_files import CHANGE_COLUMNS
from cases.exchange.downloads.errors import PLAIN, absolute, refused
from cases.exchange.downloads.feed_formats import MAX_ENTRIES
from cases.exchange.tables.csv_file import guarded, lines
from cases.exchange.tables.registry import HOW_TO_READ, TABLES
from cases.exchange.tables.xlsx_file import MAX_CASES
from cases.finding.claim_filter import claims_of_source
from cases.finding.list_filters import NoFilter
from cases.models import DirectiveException, Note
from cases.models.era import ICD_191
from cases.presentation.cards import outcome_of
from cases.presentation.charts.chains.in_page import chain_in_page
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.drawn import drawn_picture
from cases.presentation.charts.where.chart import WHERE
from cases.presentation.figures import collection_certainty, collection_figures
from cases.presentation.front_page import featured_case, latest_changes, shown

from .charts import picture_of
from .downloads import CSV
from .headers import API, FILES_OF_LISTS

SEED_ARTICLE = "daily-true-news"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the front page: a case as a chain, what the collection shows, the latest changes."""
    featured = featured_case()
    context: dict[str, Any] = {
        "featured": featured,
        "shown": shown(),
        "figures": collection_figures(),
        "latest": latest_changes(5),
        "exceptions": _exceptions_of_icd_191(),
    }
    if featured:
        context["chain"] = chain_in_page(featured)
        context["outcome"] = outcome_of(CaseEvidence(featured), featured.get_absolute_url())
        context["map"] = picture_of(drawn_picture(WHERE.name, ChartFilter(QueryDict())))
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
            "claims_of_article": len(claims_of_source(SEED_ARTICLE).found),
            "authors": "; ".join(name.natural for name in names(settings.CASEBOOK_AUTHORS)),
            "editors": "; ".join(name.natural for name in names(settings.CASEBOOK_EDITORS)),
            "publisher": settings.CASEBOOK_PUBLISHER,
            "contact": settings.CASEBOOK_CONTACT,
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
        "record_objects": json_objects(),
        "max_in_workbook": MAX_CASES,
        "most_in_feed": MAX_ENTRIES,
        "change_columns": CHANGE_COLUMNS,
        "change_parameters": change_parameters(),
    }
    return render(request, "site/codebook.html", context)


@require_safe
def codebook_as_json(request: HttpRequest) -> HttpResponse:
    """Send the codebook as JSON."""
    asked = NoFilter(request.GET).query
    return refused(request, asked, as_json=True) or JsonResponse(
        codebook_json(), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


@require_safe
def codebook_as_csv(request: HttpRequest) -> HttpResponse:
    """Send the codebook as CSV, a row for each entry and for each of its values."""
    if refusal := refused(request, NoFilter(request.GET).query):
        return refusal
    rows = ([guarded(cell) for cell in row] for row in codebook_rows())
    headers = {"Content-Disposition": 'attachment; filename="duty-to-warn-codebook.csv"'}
    return HttpResponse(lines([ROW, *rows]), content_type=CSV, headers=headers)


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
        *(f"{reverse(name)}?" for name in (*FILES_OF_LISTS, "cite")),
        *(f"{reverse('list_citation', args=[file])}?" for file in CITATION_FILES),
    ]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search, so that browsers and library software can offer it."""
    return render(
        request,
        "site/opensearch.xml",
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


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
