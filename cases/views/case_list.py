"""The list of cases, their comparison, and the page of each filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from cases.evidence.variables import COLUMN_CHOICES, Variable
from cases.exchange.downloads.files import page_query
from cases.finding.case_query import TYPED, CaseQuery, check_text
from cases.finding.description import ORDERS, describe, narrowing, title
from cases.finding.facets import Facet, by_count, facet, options_of
from cases.finding.filters import DATE_LABELS, CaseFilter
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.other_pages import other_pages
from cases.finding.query_string import ALL, ANY, FORMS, NOT, Choices, Query
from cases.finding.results import MATRIX, Results
from cases.finding.selection import RELEVANCE, SORTS
from cases.finding.suggestions import other_forms, suggestions
from cases.index.case_index import ACTORS
from cases.models import Case
from cases.models.querysets import CaseQuerySet
from cases.models.vocabulary import NOT_STATED, Modality
from cases.presentation.cards import cards
from cases.presentation.comparison import DEFAULT_VARIABLES
from cases.presentation.comparison import rows as comparison_rows
from cases.presentation.matching_values import resting_on
from cases.presentation.table import chosen, rows
from cases.search import Snippet, passages_of, snippet
from cases.text.folding import fold

from .lists import LONGEST_REDIRECT, PER_PAGE, FilteredList

VIEWS = {"cards": "Cards", "table": "Table"}


def check_view(value: str) -> None:
    known = (*VIEWS, MATRIX)
    if value not in known:
        raise ValidationError(f"“view” is one of: {', '.join(known)}.")


OPEN_FACETS = ("kind", "reception", "follow_up")
"""The facets that show their values at first."""

FACET_GROUPS = {
    "The case": ("kind", "exception", "records_status"),
    "Who": ("actor", "issuer", "recipient", "armed_group"),
    "The warning": ("channel", "basis", "relation", "reception", "follow_up"),
    "What followed": ("incident",),
    "The evidence": ("modality", "contested", "has_notes"),
    "When": ("era",),
}
"""The facets under their headings, as they are shown; the date of the case comes last."""

USUAL = {"view": "cards", "page": "1", "per_page": str(PER_PAGE)}
"""What an address need not say, nor the order that it has anyway; `canonical()` leaves it out."""


class CaseList(FilteredList):
    """The published cases, narrowed, sorted and paged, as cards or as a table."""

    filterset_class = CaseFilter
    template_name = "case_list/list.html"
    also = FilteredList.also | {"view": check_view}
    typed = TYPED
    listed: ClassVar[Choices] = {"column": COLUMN_CHOICES}
    fragment_name = "case_list/_listing.html"
    """The part that htmx asks for; "" if there is none."""
    picks = False
    """Whether the address can pick cases by name."""

    jumps = True
    """Whether a case number alone leads to its case, and `view=matrix` to the comparison."""

    subject = "Cases"
    """What the title of the page begins with."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer htmx with the part of the page that changes; lead elsewhere what asks for it."""
        case_number = self.cases.case_number if self.jumps else None
        if case_number and case_number.address and self._asks_for_nothing_else():
            return redirect(case_number.address)
        if self.jumps and request.GET.get("view") == MATRIX:
            compared = _compared(request.GET)
            if len(compared) <= LONGEST_REDIRECT:
                return redirect(compared)
        response = super().get(request, *args, **kwargs)
        if self.fragment_name:
            patch_vary_headers(response, ["HX-Request"])
        return response

    def _asks_for_nothing_else(self) -> bool:
        """Tell whether the search is all that narrows the list, and all of it was understood."""
        return not self.query.notices and len(narrowing(self.cases)) == 1

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
                is_long=name in ACTORS,
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
            "active": narrowing(self.cases),
            "case_number": self.cases.case_number,
            "total": self.cases.total,
            "sentence": describe(self.cases),
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
        """Return the cases of this page as cards, or as the rows of a table."""
        within, snippets = self.query.without("page"), self.snippets(shown)
        resting = resting_on(shown, self.query.data, within)
        forms = {"other_forms": other_forms(self.cases)}
        if not self.is_table:
            return forms | {"cards": cards(shown, within, snippets, resting)}
        columns = chosen(self.query.data.getlist("column"))
        return forms | {
            "columns": columns,
            "width": 2 + len(columns),
            "rows": rows(shown, columns, within, snippets, resting),
            "column_choices": self.column_choices(columns),
        }

    def column_choices(self, columns: Iterable[Variable]) -> list[tuple[str, str, bool]]:
        """Return what columns there are: name, title, and whether it is shown."""
        names = {column.name for column in columns}
        return [(name, label, name in names) for name, label in COLUMN_CHOICES.items()]

    @property
    def sorts(self) -> dict[str, str]:
        """The orders that make sense here: that of relevance, only of a search."""
        return {key: label for key, label in SORTS.items() if self.cases.text or key != RELEVANCE}

    @property
    def _narrowing(self) -> list[str]:
        """The parameters that narrow the cases down, in each of their forms."""
        return [name + form for name in self.choices for form in FORMS] + [
            *self.typed,
            CASE_PARAMETER,
        ]

    def canonical(self) -> str:
        """Return the query string without what it need not say, always in the same order."""
        pairs = self.query.pairs() if self.is_table else self.query.pairs("column")
        usual = USUAL | {"sort": self.cases.usual_sort}
        said = [(name, value) for name, value in pairs if usual.get(name) != value]
        return urlencode(sorted(said, key=lambda pair: pair[0]))

    def _dates(self) -> list[tuple[str, str, str, str]]:
        """Return the fields of the date: name, label, value, and what was wrong with it."""
        wrong = {
            name: next((notice for notice in self.query.notices if f"“{name}”" in notice), "")
            for name in DATE_LABELS
        }
        return [
            (name, label, self.query.data.get(name, ""), wrong[name])
            for name, label in DATE_LABELS.items()
        ]

    def snippets(self, shown: list[Case]) -> dict[int, Snippet | None]:
        """Return for each case where the search matches it."""
        text = self.cases.text
        if text is None:
            return {}
        passages = passages_of([case.pk for case in shown])
        return {key: snippet(text, found) for key, found in passages.items()}


class Comparison(CaseList):
    """The published cases by coded variables, for comparing them."""

    template_name = "case_list/comparison.html"
    fragment_name = ""
    subject = "Comparison of cases"
    picks = True
    jumps = False

    def get_queryset(self) -> Any:
        return Results(self.cases.keys, CaseQuerySet.for_detail)

    def facets(self) -> list[Facet]:
        return []  # the list is where cases are narrowed down

    def canonical(self) -> str:
        return urlencode(sorted(self.query.pairs("view"), key=lambda pair: pair[0]))

    def listing(self, shown: list[Case]) -> dict[str, Any]:
        columns = chosen(self.query.data.getlist("column"), DEFAULT_VARIABLES)
        return {
            "columns": columns,
            "column_choices": self.column_choices(columns),
            "rows": comparison_rows(shown, columns, self._within()),
            "modalities": Modality,
            "current_section": "cases",
            "list_query": self._list_query(),
            "is_picked": CASE_PARAMETER in self.query.data,
            "kept_for_picking": self.query.pairs("page", "view", *self._narrowing),
        }

    def _within(self) -> str:
        """Return the query string by which the page of a case knows this comparison."""
        within = self.query.data.copy()
        within.pop("page", None)
        within["view"] = MATRIX
        return within.urlencode()

    def _list_query(self) -> str:
        """Return the query string of the list as narrowed, as a table if it has columns.

        It does not pick cases by name, and so has more of them than the comparison.
        """
        kept = self.query.data.copy()
        for name in (CASE_PARAMETER, "page", "per_page"):
            kept.pop(name, None)
        if kept.get("view") == MATRIX:
            del kept["view"]
        if "column" in kept:
            kept["view"] = "table"
        return kept.urlencode()


def _compared(given: QueryDict) -> str:
    """Return the address of the comparison of what an address of the list asks for."""
    rest = given.copy()
    del rest["view"]
    return f"{reverse('matrix')}?{rest.urlencode()}" if rest else reverse("matrix")


HAVE = {"any": "any of them", "all": "all of them", "none": "none of them"}
"""What the cases may have of the values that are ticked on the page of a facet."""


def check_have(value: str) -> None:
    if value not in HAVE:
        raise ValidationError(
            f"“have” is one of: {', '.join(HAVE)}; cases with any of the values are shown."
        )


def _having(query: Query, name: str, have: str) -> Query:
    """Return the query with the values of one filter asked for in another form."""
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
    """List every value of one facet with its count, to look through and to choose from.

    The form that finds values in the list and chooses among them is one, so that no tick is lost;
    with `show` it leads on to the cases that have any, all or none of the values, as `have` says,
    unless there is something to tell of what was chosen, which the list could not tell any more.
    """
    own = {"find": check_text, "show": check_text, "have": check_have}
    cases = CaseQuery(request.GET, CaseList.also | own, CaseList.listed)
    if name not in cases.choices:
        raise Http404
    data, filter_ = cases.query.data, CaseFilter.base_filters[name]
    have = data.get("have", "any")
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
    """Return the values of a facet whose labels have the text `find`, and how many there are.

    As in the list, actors without a case are left out, unless they are chosen.
    """
    choices, counts = cases.choices[name], cases.counts(name)
    chosen = cases.query.data.getlist(name)
    also = chosen if name in ACTORS else choices
    values = by_count(choices, counts) + [value for value in also if not counts.get(value)]
    values.sort(key=lambda value: value == NOT_STATED)  # last, also after those without a case
    shown = {value: choices[value] for value in values if fold(find) in fold(choices[value])}
    return {
        "find": find,
        "of": len(values),
        "last": choices[NOT_STATED] if NOT_STATED in values[1:] else "",
        "options": options_of(name, shown, cases.query, counts),
        "hidden": [value for value in chosen if value not in shown],
    }
