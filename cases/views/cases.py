from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from ..case_index import ACTORS
from ..case_query import CASE, TYPED, CaseQuery, check_text
from ..chain import chain
from ..coding import CodingSheet, first_occurrence
from ..description import describe
from ..facets import Facet, by_count, facet, options_of
from ..filters import DATE_LABELS, CaseFilter
from ..matrix import COLUMNS
from ..matrix import rows as matrix_rows
from ..models import Case, Note, Source
from ..models.case import NUMBER_FORM
from ..models.vocabulary import CaseStatus, Modality
from ..query import Choices, Query
from ..querysets import CaseQuerySet
from ..results import Results, place_of
from ..search import Snippet, passages_of, snippet
from ..search.words import fold
from ..selection import RELEVANCE, SORTS
from ..table import chosen, rows
from ..variables import VARIABLES
from .errors import find
from .lists import PER_PAGE, FilteredList

VIEWS = {"cards": "Cards", "table": "Table"}


def check_view(value: str) -> None:
    if value not in VIEWS:
        raise ValidationError(
            f"“view” is one of: {', '.join(VIEWS)}; cards are shown.",
        )


OPEN_FACETS = ("kind", "reception", "follow_up")
"""The facets that show their values at first."""

COLUMN_CHOICES = {name: variable.title for name, variable in VARIABLES.items()}


class CaseList(FilteredList):
    """The published cases, narrowed, sorted and paged, as cards or as a table."""

    filterset_class = CaseFilter
    template_name = "cases/list.html"
    also = FilteredList.also | {"view": check_view}
    typed = TYPED
    listed: ClassVar[Choices] = {"column": COLUMN_CHOICES}
    fragment_name = "cases/_listing.html"
    picks = False
    """Whether the address can pick cases by name."""

    jumps = True
    """Whether a search for a case number leads to the case."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer htmx with the part of the page that changes; lead a case number to its case."""
        if self.jumps and (case := self._numbered()):
            return redirect(case)
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _numbered(self) -> Case | None:
        number = self.request.GET.get("q", "").strip().upper()
        if not re.match(NUMBER_FORM, number):
            return None
        found: Case | None = Case.objects.published().filter(number=number).first()
        return found

    def get_template_names(self) -> list[str]:
        htmx = HtmxDetails(self.request)
        is_partial = htmx and not htmx.history_restore_request
        return [self.fragment_name if is_partial else self.template_name]

    @cached_property
    def cases(self) -> CaseQuery:
        return CaseQuery(self.request.GET, self.also, self.listed, picks=self.picks)

    @property
    def query(self) -> Query:
        return self.cases.query

    @property
    def choices(self) -> Choices:
        return self.cases.choices

    @property
    def is_table(self) -> bool:
        return self.query.data.get("view") == "table"

    def get_queryset(self) -> Any:
        return Results(self.cases.keys, CaseQuerySet.for_list)

    def facets(self) -> list[Facet]:
        return [
            facet(
                name,
                CaseFilter.base_filters[name],
                choices,
                self.query,
                self.cases.counts(name),
                is_long=name in ACTORS,
            )
            for name, choices in self.choices.items()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = list(context["object_list"])
        text = self.cases.text
        context |= {
            "object_list": shown,
            "active": self.cases.active,
            "total": self.cases.total,
            "sentence": describe(self.cases),
            "sorts": {key: label for key, label in SORTS.items() if text or key != RELEVANCE},
            "sort": self.cases.sort,
            "dates": [
                (name, label, self.query.data.get(name, "")) for name, label in DATE_LABELS.items()
            ],
            "open_facets": OPEN_FACETS,
            "views": VIEWS,
            "view": self.query.data.get("view", "cards"),
            "case_query": self.query.without("page"),
            "matrix_query": self.query.without("page", "view", "column"),
            "snippets": self.snippets(shown),
        }
        return context | (self._table(shown) if self.is_table else {})

    def snippets(self, shown: list[Case]) -> dict[int, Snippet | None]:
        """Return for each case where the search matches it."""
        text = self.cases.text
        if text is None:
            return {}
        passages = passages_of([case.pk for case in shown])
        return {key: snippet(text, found) for key, found in passages.items()}

    def _table(self, shown: list[Case]) -> dict[str, Any]:
        columns = chosen(self.query.data.getlist("column"))
        return {
            "columns": columns,
            "width": 2 + len(columns),
            "rows": rows(shown, columns),
            "column_choices": [
                (name, title, VARIABLES[name] in columns) for name, title in COLUMN_CHOICES.items()
            ],
        }


class Matrix(CaseList):
    """The published cases by coded variables, for comparing them."""

    template_name = "matrix.html"
    also = FilteredList.also
    listed: ClassVar[Choices] = {}
    picks = True
    jumps = False

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_queryset(self) -> Any:
        return Results(self.cases.keys, CaseQuerySet.for_detail)

    def facets(self) -> list[Facet]:
        return []  # the list is where cases are narrowed down

    def snippets(self, shown: list[Case]) -> dict[int, Snippet | None]:
        return {}  # nor are they told here

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(columns=COLUMNS, modalities=Modality, **kwargs)
        kept = self.query.data.copy()
        for name in (CASE, "page", "per_page"):
            kept.pop(name, None)
        return context | {
            "rows": matrix_rows(context["object_list"]),
            "list_query": kept.urlencode(),
        }


@require_safe
def facet_values(request: HttpRequest, name: str) -> HttpResponse:
    """List every value of one facet with its count, to look through and to choose from."""
    cases = CaseQuery(request.GET, CaseList.also | {"find": check_text}, CaseList.listed)
    if name not in cases.choices:
        raise Http404
    data, choices, counts = cases.query.data, cases.choices[name], cases.counts(name)
    chosen = data.getlist(name)
    values = by_count(choices, counts) + [value for value in chosen if not counts.get(value)]
    wanted = fold(data.get("find", ""))
    shown = {value: choices[value] for value in values if wanted in fold(choices[value])}
    context = {
        "query": cases.query,
        "name": name,
        "label": str(CaseFilter.base_filters[name].label),
        "options": options_of(name, shown, cases.query, counts),
        "hidden": [value for value in chosen if value not in shown],
        "of": len(values),
        "find": data.get("find", ""),
        "kept": cases.query.pairs("find", "page"),
        "kept_of_others": cases.query.pairs("find", "page", name),
        "sentence": describe(cases, without=name),
        "back": cases.query.without("find", "page"),
    }
    return render(request, "cases/facet.html", context)


def case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one case: to the public if published, a draft to staff only."""
    case = find(Case.objects.for_detail(), slug, lambda case: may_see(request, case))
    if isinstance(case, HttpResponse):
        return case
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    sheet = CodingSheet(case)
    cases = CaseQuery(request.GET, CaseList.also, CaseList.listed)
    context = {
        "case": case,
        "query": cases.query,
        "place": place_of(case, cases, PER_PAGE) if case.is_public else None,
        "sheet": sheet,
        "chain": chain(case, sheet),
        "outcome": first_occurrence(case),
        "modalities": Modality,
        "sources": _distinct(claim.source for claim in case.claims.all()),
        "evidence_sources": _distinct(note.evidence for note in sheet.notes),
        "passage_notes": Note.objects.on_passages_of(case).for_list(),
        "version": case.revisions.order_by("-number").first(),
    }
    return render(request, "cases/detail.html", context)


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Return each source once, in the order of their titles."""
    return sorted({source.pk: source for source in sources}.values(), key=str)


def case_permanent(request: HttpRequest, number: str) -> HttpResponse:
    """Lead from a permanent number to its case, wherever that is now."""
    # Checked before it is looked up: PostgreSQL refuses text with a NUL in it.
    if not re.match(NUMBER_FORM, number.upper()):
        raise Http404
    case = get_object_or_404(Case.objects.select_related("merged_into"), number=number.upper())
    if case.status == CaseStatus.WITHDRAWN:
        return withdrawn(request, case)
    if not may_see(request, case):
        raise Http404
    return redirect(case)


def may_see(request: HttpRequest, case: Case) -> bool:
    """Tell whether the case is public, or the visitor is staff who may see what is not."""
    if case.status == CaseStatus.WITHDRAWN:
        return True  # what the public sees of it is that it is gone, and why
    return case.is_public or (request.user.is_staff and request.user.has_perm("cases.view_case"))


def withdrawn(request: HttpRequest, case: Case) -> HttpResponse:
    """Say why a case is gone, or lead to the one it was merged into."""
    if case.merged_into is not None and may_see(request, case.merged_into):
        return redirect(case.merged_into)
    return render(request, "410.html", {"case": case}, status=410)
