"""The list of cases, their comparison, and the page of each filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from cases.evidence.variables import COLUMN_CHOICES, Variable
from cases.exchange.downloads.files import page_query
from cases.finding.case_filter import CaseFilter
from cases.finding.case_query import FREE_TEXT_LABELS, CaseQuery, check_text
from cases.finding.date_parameters import DATE_LABELS
from cases.finding.description import ORDERS, active_filters, describe, inferences, title
from cases.finding.facets import Facet, by_count, facet, options_of
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.other_pages import MAX_BESIDE, other_pages
from cases.finding.query_string import ALL, ANY, FORMS, NOT, Choices, Query
from cases.finding.results import COLUMNS, LAYOUT, MATRIX, MAX_COLUMNS, ROWS, Results
from cases.finding.selection import RELEVANCE, SORTS
from cases.finding.suggestions import suggestions, wider_searches
from cases.index.case_index import MANY_VALUES
from cases.index.loading import SPECIFICITIES
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.models.vocabulary import NOT_STATED, Modality
from cases.presentation.cards import cards
from cases.presentation.comparison import DEFAULT_VARIABLES, side_by_side
from cases.presentation.comparison import rows as comparison_rows
from cases.presentation.matching_values import matching_values
from cases.presentation.table import chosen_variables, rows
from cases.search import Snippet, passages_of, snippet
from cases.text.folding import begins_words

from .errors import MAX_REDIRECT_LENGTH
from .lists import PER_PAGE, FilteredList

VIEWS = {"cards": "Cards", "table": "Table"}


def check_view(value: str) -> None:
    known = (*VIEWS, MATRIX)
    if value not in known:
        raise ValidationError(f"“view” is one of: {', '.join(known)}.")


# The layouts of the comparison with their labels.
LAYOUTS = {ROWS: "Cases as rows", COLUMNS: "Cases as columns"}


def check_layout(value: str) -> None:
    if value not in LAYOUTS:
        raise ValidationError(f"“{LAYOUT}” is one of: {', '.join(LAYOUTS)}.")


# The facets that are open when the page is loaded.
OPEN_FACETS = ("kind", "reception", "follow_up")

# The facets under their headings, in order. The fields for the date of the case come after them.
FACET_GROUPS = {
    "The case": ("kind", "directive", "exception", "records_status"),
    "Who": ("actor", "role", "issuer", "intermediary", "recipient", "armed_group"),
    "The warning": (
        "channel",
        "conduit",
        "basis",
        "relation",
        "before_incident",
        "repeated",
        "issuer_action",
        "reception",
        "follow_up",
    ),
    "How specific the warning was": tuple(SPECIFICITIES),
    "What followed": ("incident", "country"),
    "The evidence": ("speaker", "source", "modality", "contested", "has_notes"),
    "When": ("era", "precision"),
}

# Defaults that the canonical address leaves out, as it does the default order.
DEFAULTS = {"view": "cards", "page": "1", "per_page": str(PER_PAGE)}


class CaseList(FilteredList):
    """The published cases, filtered, sorted and paged, as cards or as a table."""

    filterset_class = CaseFilter
    template_name = "case_list/list.html"
    # The list keeps the layout of the comparison, for the way back to it.
    also = FilteredList.also | {"view": check_view, LAYOUT: check_layout}
    typed = FREE_TEXT_LABELS
    listed: ClassVar[Choices] = {"column": COLUMN_CHOICES}
    # The template of the part that htmx requests; "" if there is none.
    fragment_name = "case_list/_listing.html"
    # Whether the query string can pick cases by slug.
    picks = False

    # Whether a case number redirects to its case, and `view=matrix` to the comparison.
    jumps = True

    # The beginning of the page title.
    subject = "Cases"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect if the query asks for another page; answer htmx with only the listing."""
        case_number = self.cases.case_number if self.jumps else None
        if case_number and case_number.address and self._has_no_other_filter():
            return redirect(case_number.address)
        if self.jumps and request.GET.get("view") == MATRIX:
            rest = request.GET.copy()
            del rest["view"]
            address = f"{reverse('matrix')}?{rest.urlencode()}" if rest else reverse("matrix")
            if len(address) <= MAX_REDIRECT_LENGTH:
                return redirect(address)
        response = super().get(request, *args, **kwargs)
        # Caches must not serve the part of the page as the whole.
        if self.fragment_name:
            patch_vary_headers(response, ["HX-Request"])
        return response

    def _has_no_other_filter(self) -> bool:
        """Whether the search is the only filter, and the whole query was understood."""
        return not self.query.notices and len(active_filters(self.cases)) == 1

    def get_template_names(self) -> list[str]:
        is_partial = self.fragment_name and HtmxDetails(self.request)
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
        return Results(self.cases.keys)

    def facets(self) -> list[Facet]:
        return [
            facet(
                name,
                CaseFilter.base_filters[name],
                choices,
                self.query,
                self.cases.counts(name),
                is_long=name in MANY_VALUES,
            )
            for name, choices in self.choices.items()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = list(context["object_list"])
        facets = {facet.name: facet for facet in context["facets"]}
        dates = self._dates()
        context |= {
            "object_list": shown,
            "active": active_filters(self.cases),
            "case_number": self.cases.case_number,
            "total": self.cases.total,
            "sentence": describe(self.cases),
            "inferences": inferences(self.cases),
            "title": title(self.cases, self.subject, context["page_obj"].number),
            "canonical": self.canonical(),
            "cleared": self.query.without("page", *self._narrowing),
            "sorts": self.sorts,
            "sort": self.cases.sort,
            "sorted": SORTS[self.cases.sort],
            "order": ORDERS.get(self.cases.sort, ""),
            "dates": dates,
            "is_dated": any(
                value or wrong for name, _, value, wrong in dates if name != "date_match"
            ),
            "facet_groups": [
                (heading, [facets[name] for name in names if name in facets])
                for heading, names in FACET_GROUPS.items()
            ],
            "open_facets": OPEN_FACETS,
            "views": VIEWS,
            "view": self.query.data.get("view", "cards"),
            "download_query": page_query(self.cases),
            "comparison_query": self.query.without("page", "view"),
            "suggestions": [] if shown else suggestions(self.cases),
            "other_pages": [] if shown else other_pages(self.cases),
        }
        return context | self.listing(shown)

    def listing(self, shown: list[Case]) -> dict[str, Any]:
        """Return the context of the listing: the cases of this page as cards or as table rows."""
        within, snippets = self.query.without("page"), self.snippets(shown)
        matching = matching_values(shown, self.query.data, within)
        around = self._around_the_search() if shown else {}
        if not self.is_table:
            return around | {"cards": cards(shown, within, snippets, matching)}
        columns = chosen_variables(self.query.data.getlist("column"))
        return around | {
            "columns": columns,
            "width": 2 + len(columns),
            "rows": rows(shown, columns, within, snippets, matching),
            "column_choices": self.column_choices(columns),
        }

    def _around_the_search(self) -> dict[str, Any]:
        """Return what is offered beside the hits of a search: narrower, wider, other pages."""
        text = None if self.cases.case_number else self.cases.text
        if text is None:
            return {}
        exactly = self.query.data.copy()
        exactly["q"] = text.exactly
        exactly.pop("page", None)
        return {
            "exactly": exactly.urlencode() if text.has_forms else "",
            "wider_searches": wider_searches(self.cases),
            "pages_beside": other_pages(self.cases, MAX_BESIDE),
        }

    def column_choices(self, columns: Iterable[Variable]) -> list[tuple[str, str, bool]]:
        """Return all columns of the table: name, title, and whether it is shown."""
        names = {column.name for column in columns}
        return [(name, label, name in names) for name, label in COLUMN_CHOICES.items()]

    @property
    def sorts(self) -> dict[str, str]:
        """The available orders; relevance is one only if there is a search."""
        return {key: label for key, label in SORTS.items() if self.cases.text or key != RELEVANCE}

    @property
    def _narrowing(self) -> list[str]:
        """The parameters that filter the cases, in each of their forms."""
        return [name + form for name in self.choices for form in FORMS] + [
            *self.typed,
            CASE_PARAMETER,
        ]

    def canonical(self) -> str:
        """Return the query string without defaults, in a fixed order of parameters."""
        pairs = self.query.pairs(LAYOUT, *([] if self.is_table else ["column"]))
        defaults = DEFAULTS | {"sort": self.cases.usual_sort}
        stated = [(name, value) for name, value in pairs if defaults.get(name) != value]
        # Sorted by name only: the order of several values of one parameter can mean something.
        return urlencode(sorted(stated, key=lambda pair: pair[0]))

    def _dates(self) -> list[tuple[str, str, str, str]]:
        """Return the date fields of the form: name, label, value, and the notice about it or ""."""
        wrong = {
            name: next((notice for notice in self.query.notices if f"“{name}”" in notice), "")
            for name in DATE_LABELS
        }
        return [
            (name, label, self.query.data.get(name, ""), wrong[name])
            for name, label in DATE_LABELS.items()
        ]

    def snippets(self, shown: list[Case]) -> dict[int, Snippet | None]:
        """Return for each case, by key, the passage that matches the search best."""
        text = self.cases.text
        if text is None:
            return {}
        passages = passages_of([case.pk for case in shown])
        return {key: snippet(text, found) for key, found in passages.items()}


class Comparison(CaseList):
    """The comparison: the published cases as a table of coded variables."""

    template_name = "case_list/comparison.html"
    fragment_name = ""
    subject = "Comparison of cases"
    picks = True
    jumps = False

    def get_queryset(self) -> Any:
        return Results(self.cases.keys, CaseQuerySet.for_detail)

    @property
    def is_side_by_side(self) -> bool:
        return self.query.data.get(LAYOUT) == COLUMNS

    def get_paginate_by(self, queryset: Any) -> int:
        per_page = super().get_paginate_by(queryset)
        if not self.is_side_by_side:
            return per_page
        if "per_page" in self.query.data and per_page > MAX_COLUMNS:
            self.query.remarks.append(f"Side by side, a page has at most {MAX_COLUMNS} cases.")
        return min(per_page, MAX_COLUMNS) if "per_page" in self.query.data else MAX_COLUMNS

    def facets(self) -> list[Facet]:
        return []  # cases are filtered in the list

    def canonical(self) -> str:
        pairs = [pair for pair in self.query.pairs("view") if pair != (LAYOUT, ROWS)]
        return urlencode(sorted(pairs, key=lambda pair: pair[0]))

    def listing(self, shown: list[Case]) -> dict[str, Any]:
        columns = chosen_variables(self.query.data.getlist("column"), DEFAULT_VARIABLES)
        rows = comparison_rows(shown, columns, self._within())
        return {
            "columns": columns,
            "column_choices": self.column_choices(columns),
            "rows": rows,
            "groups": side_by_side(rows) if self.is_side_by_side else None,
            "layouts": LAYOUTS,
            "layout": self.query.data.get(LAYOUT, ROWS),
            "modalities": Modality,
            "current_section": "cases",
            "list_query": self._list_query(),
            "is_picked": CASE_PARAMETER in self.query.data,
            "kept_for_picking": self.query.pairs("page", "view", LAYOUT, *self._narrowing),
        }

    def _within(self) -> str:
        """Return the query string that links from here add to the address of a case.

        The page of the case uses it to link back to this comparison and to its neighbours there.
        """
        within = self.query.data.copy()
        within.pop("page", None)
        within["view"] = MATRIX
        return within.urlencode()

    def _list_query(self) -> str:
        """Return the query string of the list with the same filters and columns."""
        # The list cannot pick cases by slug, so it may show more cases than the comparison.
        kept = self.query.data.copy()
        for name in (CASE_PARAMETER, LAYOUT, "page", "per_page"):
            kept.pop(name, None)
        if kept.get("view") == MATRIX:
            del kept["view"]
        if "column" in kept:
            kept["view"] = "table"
        return kept.urlencode()


# How the values that are ticked on the page of a facet can be combined.
HAVE = {"any": "any of them", "all": "all of them", "none": "none of them"}


def check_have(value: str) -> None:
    if value not in HAVE:
        raise ValidationError(
            f"“have” is one of: {', '.join(HAVE)}; cases with any of the values are shown."
        )


def _having(query: Query, name: str, have: str) -> Query:
    """Return the query with the values of one filter as `any`, `all` or `none` of them."""
    values = query.data.getlist(name)
    form = {"any": ANY, "all": ALL, "none": NOT}[have]
    if form != ANY and values:
        data = query.data.copy()
        data.setlist(name + form, list(dict.fromkeys([*data.getlist(name + form), *values])))
        del data[name]
        return replace(query, data=data)
    return query


@require_safe
def facet_values(request: HttpRequest, name: str) -> HttpResponse:
    """List every value of one facet with its count, to find values and choose some of them.

    Finding and choosing share one form, so that no tick is lost. With `show` it redirects to the
    list of the cases that have any, all or none of the chosen values, according to `have`.
    """
    own = {"find": check_text, "show": check_text, "have": check_have}
    cases = CaseQuery(request.GET, CaseList.also | own, CaseList.listed)
    if name not in cases.choices:
        raise Http404
    data, filter_ = cases.query.data, CaseFilter.base_filters[name]
    have = data.get("have", "any")
    # After a redirect the notices would be lost, so with notices this page is shown again.
    if "show" in data and not cases.query.notices:
        page_query = _having(cases.query, name, have).without("page", *own)
        return redirect(f"{reverse('case_list')}?{page_query}" if page_query else "case_list")
    context = _values_to_choose(cases, name, str(data.get("find", ""))) | {
        "query": cases.query,
        "name": name,
        "label": str(filter_.label),
        "have": have,
        "haves": {key: text for key, text in HAVE.items() if key != "all" or filter_.plural},
        "kept": cases.query.pairs("page", name, *own),
        "sentence": describe(cases, without=name),
        "back": cases.query.without("page", *own),
        "current_section": "cases",
    }
    return render(request, "case_list/facet.html", context)


def _values_to_choose(cases: CaseQuery, name: str, find: str) -> dict[str, Any]:
    """Return the values of a facet whose labels have the beginnings of words in `find`."""
    choices, counts = cases.choices[name], cases.counts(name)
    chosen = cases.query.data.getlist(name)
    # As in the list, actors and sources without a case are left out unless they are chosen.
    also = chosen if name in MANY_VALUES else choices
    values = by_count(choices, counts) + [value for value in also if not counts.get(value)]
    # “Not stated” comes last, even after values without a case.
    values.sort(key=lambda value: value == NOT_STATED)
    shown = {value: choices[value] for value in values if begins_words(find, choices[value])}
    return {
        "find": find,
        "of": len(values),
        "last": choices[NOT_STATED] if NOT_STATED in values[1:] else "",
        "options": options_of(name, shown, cases.query, counts),
        "hidden": [value for value in chosen if value not in shown],
    }
