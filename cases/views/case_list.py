"""The list of cases."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django_htmx.middleware import HtmxDetails

from cases.evidence.variables import COLUMN_CHOICES, FilterGroup, Variable, filtered
from cases.exchange.citations.cited import cited_case
from cases.exchange.citations.embedded import coins, json_ld
from cases.exchange.downloads.files import page_query
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.xlsx_file import MAX_CASES
from cases.finding.case_filter import CaseFilter
from cases.finding.date_parameters import DATES
from cases.finding.description import ORDERS, active_filters, describe, inferences, title
from cases.finding.other_pages import MAX_BESIDE, other_pages
from cases.finding.page_layout import LAYOUT, MATRIX, PER_PAGE, VIEWS
from cases.finding.selection import RELEVANCE, SORTS
from cases.finding.suggestions import (
    count_challenging_notes,
    finds_nothing_in_other_script,
    matches_by_source_only,
    missing_words,
    suggestions,
    wider_searches,
)
from cases.presentation.cards import cards
from cases.presentation.matching_values import matching_values
from cases.presentation.table import chosen_variables, rows
from cases.record.classes import CaseRecord
from cases.search import Snippet, passages_of, snippet
from cases.versions.current import current_versions

from .errors import MAX_REDIRECT_LENGTH
from .lists import FilteredList

# The facets that are open when the page is loaded.
OPEN_FACETS = ("kind", "reception", "follow_up")


def _words(*groups: FilterGroup) -> tuple[str, ...]:
    """Return the facets by coded words that belong to the groups."""
    return tuple(variable.name for variable, _ in filtered(*groups))


# The facets under their headings, in order. The fields for the date of the case come after them.
FACET_GROUPS = {
    "The case": (
        *_words(FilterGroup.KIND),
        *("directive", "exception", "assessment"),
        *_words(FilterGroup.RECORDS),
    ),
    "Who": ("actor", "role", "issuer", "intermediary", "recipient", "armed_group"),
    "The warning": _words(
        FilterGroup.MANNER, FilterGroup.OCCASION, FilterGroup.ACTION, FilterGroup.RESPONSE
    ),
    "How specific the warning was": _words(FilterGroup.SPECIFICITY),
    "What followed": (*_words(FilterGroup.EVENT), "country"),
    "The evidence": ("speaker", "source", "modality", "contested", "has_notes"),
    "When": ("era", "precision"),
}

# Defaults that the canonical address leaves out, as it does the default order.
DEFAULTS = {"view": "cards", "page": "1", "per_page": str(PER_PAGE)}


class CaseList(FilteredList):
    """The published cases, filtered, sorted and paged, as cards or as a table."""

    filterset_class = CaseFilter
    template_name = "case_list/list.html"
    # The template of the part that htmx requests; "" if there is none.
    fragment_name = "case_list/_listing.html"
    # Whether a case number redirects to its case, and `view=matrix` to the comparison.
    jumps = True

    # The beginning of the page title.
    subject = "Cases"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect if the query asks for another page; answer htmx with only the listing."""
        case_number = self.filterset.query.case_number if self.jumps else None
        if case_number and case_number.address and self._has_no_other_filter():
            return redirect(case_number.address)
        if self.jumps and self.filterset.query.data.get("view") == MATRIX:
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
        """Whether the search is the only filter, and the whole address was understood."""
        return not self.filterset.query.notices and len(active_filters(self.filterset)) == 1

    def get_template_names(self) -> list[str]:
        is_partial = self.fragment_name and HtmxDetails(self.request)
        return [self.fragment_name if is_partial else self.template_name]

    @cached_property
    def filterset(self) -> CaseFilter:
        return self.filterset_class(self.request.GET)

    @property
    def is_table(self) -> bool:
        return self.filterset.query.data.get("view") == "table"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        cases, current = self.filterset, current_versions(context["object_list"])
        shown = {key: each.record for key, each in current.items()}
        facets = {facet.name: facet for facet in context["facets"]}
        dates = self._dates()
        context |= {
            "object_list": list(shown.values()),
            "active": active_filters(cases),
            "case_number": cases.query.case_number,
            "total": cases.total,
            "sentence": describe(cases),
            "inferences": inferences(cases),
            "title": title(cases, self.subject, context["page_obj"].number),
            "canonical": self.canonical(),
            "cleared": self.query.without("page", *cases.narrowing),
            "sorts": self.sorts,
            "sort": cases.query.sort,
            "sorted": SORTS[cases.query.sort],
            "order": ORDERS.get(cases.query.sort, ""),
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
            "download_query": page_query(cases),
            "tables": TABLES.values(),
            "max_in_workbook": MAX_CASES,
            "comparison_query": self.query.without("page", "view"),
            "suggestions": [] if shown else suggestions(cases),
            "challenging_notes": 0 if shown else count_challenging_notes(cases),
            "missing_words": [] if shown else missing_words(cases),
            "coins": [coins(cited_case(one.record, one.version)) for one in current.values()],
            "json_ld": json_ld(cases),
            "other_pages": [] if shown else other_pages(cases),
            "is_in_other_script": not shown and finds_nothing_in_other_script(cases),
        }
        return context | self.listing(shown)

    def listing(self, records: dict[int, CaseRecord]) -> dict[str, Any]:
        """Return the context of the listing: the cases of this page as cards or as table rows."""
        within, snippets = self.query.without("page"), self.snippets(records)
        matching = matching_values(records, self.query.data, within)
        around = self._around_the_search() if records else {}
        if not self.is_table:
            return around | {"cards": cards(records, within, snippets, matching)}
        columns = chosen_variables(self.query.data.getlist("column"))
        return around | {
            "columns": columns,
            "width": 2 + len(columns),
            "rows": rows(records, columns, within, snippets, matching),
            "column_choices": self.column_choices(columns),
        }

    def _around_the_search(self) -> dict[str, Any]:
        """Return what is offered beside the hits of a search: narrower, wider, other pages."""
        asked = self.filterset.query
        text = None if asked.case_number else asked.text
        if text is None:
            return {}
        exactly = asked.data.copy()
        exactly["q"] = text.exactly
        exactly.pop("page", None)
        return {
            "exactly": exactly.urlencode() if text.has_forms else "",
            "by_source_only": matches_by_source_only(self.filterset),
            "wider_searches": wider_searches(self.filterset),
            "pages_beside": other_pages(self.filterset, MAX_BESIDE),
        }

    def column_choices(self, columns: Iterable[Variable]) -> list[tuple[str, str, bool]]:
        """Return all columns of the table: name, title, and whether it is shown."""
        names = {column.name for column in columns}
        return [(name, label, name in names) for name, label in COLUMN_CHOICES.items()]

    @property
    def sorts(self) -> dict[str, str]:
        """The available orders; relevance is one only if there is a search."""
        return {
            key: label
            for key, label in SORTS.items()
            if self.filterset.query.text or key != RELEVANCE
        }

    def canonical(self) -> str:
        """Return the query string without defaults, in a fixed order of parameters."""
        pairs = self.query.pairs(LAYOUT, *([] if self.is_table else ["column"]))
        defaults = DEFAULTS | {"sort": self.filterset.query.usual_sort}
        stated = [(name, value) for name, value in pairs if defaults.get(name) != value]
        # Sorted by name only: the order of several values of one parameter can mean something.
        return urlencode(sorted(stated, key=lambda pair: pair[0]))

    def _dates(self) -> list[tuple[str, str, str, str]]:
        """Return the date fields of the form: name, label, value, and the notice about it or ""."""
        wrong = {
            name: next((notice for notice in self.query.notices if f"“{name}”" in notice), "")
            for name in DATES
        }
        return [
            (
                name,
                str(CaseFilter.base_filters[name].label),
                self.query.data.get(name, ""),
                wrong[name],
            )
            for name in DATES
        ]

    def snippets(self, shown: Iterable[int]) -> dict[int, Snippet | None]:
        """Return for each case, by key, the passage that matches the search best."""
        text = self.filterset.query.text
        if text is None:
            return {}
        passages = passages_of(list(shown))
        return {key: snippet(text, found) for key, found in passages.items()}
