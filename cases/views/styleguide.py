"""The style guide: every component of the site with real data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.evidence.case_evidence import challenging_notes
from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet
from cases.finding.claim_filter import claim_of
from cases.models import Case, Directive, DirectiveException
from cases.presentation.case_by_exception import by_exception
from cases.presentation.figures import collection_figures
from cases.record.classes import CaseRecord
from cases.versions.current import current_records

from .case_list import CaseList
from .cases import case_context

COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);(?: /\* (.+?) \*/)?")
SCALE = re.compile(r"--((?:step|space)-\d|small|measure|width|radius): ([\w.]+);")

# A query that shows all states of a list: filters, a notice, and a page in the middle.
LISTING = "kind=warning_given&per_page=1&page=2&nonsense=1"


@dataclass(frozen=True)
class Colour:
    """A colour of the palette, its role, and its contrast with the page in both colour schemes."""

    name: str
    light: str
    dark: str
    role: str
    light_contrast: float
    dark_contrast: float


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component with real data, to staff, or to everybody under DEBUG."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    listing = _listing(request)
    context = listing | {
        "palette": palette(),
        "scales": SCALE.findall(_tokens()),
        "figures": collection_figures(),
    }
    return render(request, "styleguide/page.html", context | _case() | _exceptions())


def palette() -> list[Colour]:
    """Return the colours in the order of the style sheet, the first being that of the page."""
    found = COLOUR.findall(_tokens())
    papers = {scheme: colours[scheme] for colours in found[:1] for scheme in (1, 2)}
    return [
        Colour(name, light, dark, role, contrast(light, papers[1]), contrast(dark, papers[2]))
        for name, light, dark, role in found
    ]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours such as `#17475c`, from 1 to 21 (WCAG 2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return round((light + 0.05) / (dark + 0.05), 1)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _tokens() -> str:
    return Path(str(finders.find("css/tokens.css"))).read_text(encoding="utf-8")


def _listing(request: HttpRequest) -> dict[str, Any]:
    """Return the context that the list of cases gives its templates."""
    request_copy = copy(request)
    request_copy.GET = QueryDict(LISTING)
    view = CaseList()
    view.setup(request_copy)
    view.object_list = view.get_queryset()
    return view.get_context_data()


def _case() -> dict[str, Any]:
    """Return the context of the published case with the most claims; {} if there is no case."""
    cases = Case.objects.published().annotate(evidence=Count("claims"))
    case = cases.order_by("-evidence", "number").first()
    if case is None:
        return {}
    record = current_records([case.pk])[case.pk]
    shown = case_context(record)
    return shown | {"values": list(_values(shown["sheet"]))} | _paragraph(record)


def _paragraph(record: CaseRecord) -> dict[str, Any]:
    """Return up to three claims of a case that cite the same paragraph."""
    locator = record.claims[0].locator if record.claims else ""
    there = [claim for claim in record.claims if claim.locator == locator]
    return {"locator": locator, "claims": [claim_of(record, claim) for claim in there[:3]]}


def _exceptions() -> dict[str, Any]:
    """Return the first cases by the exceptions of a directive; {} if there is no directive."""
    directive = (
        Directive.objects.published()
        .prefetch_related(Prefetch("exceptions", DirectiveException.objects.published()))
        .first()
    )
    if directive is None:
        return {}
    (found,) = by_exception([directive])
    return {
        "directive": directive,
        "exceptions": [(exception, 0) for exception, _ in found.exceptions],
        "rows": found.table[:2],
    }


def _values(sheet: CodingSheet) -> Iterator[CodedValue]:
    """Yield a value of each kind: contested, challenged, by several speakers, plain, absent."""
    values = list(sheet.values())
    sorts = (
        [value for value in values if value.is_contested],
        [value for value in values if challenging_notes(value.notes)],
        [value for value in values if value.has_several_speakers],
        [value for value in values if value.is_supported and len(value.claims) == 1],
        [value for value in values if value.is_absent],
    )
    shown: set[str] = set()
    for found in sorts:
        for value in [value for value in found if value.path not in shown][:1]:
            shown.add(value.path)
            yield value
