"""The page of a facet: all its values, to find some and choose among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.finding.case_filter import FACETS, CaseFilter
from cases.finding.description import describe
from cases.finding.facets import by_count, options_of
from cases.finding.filters import Typed
from cases.finding.query_string import ALL, ANY, NOT, Query
from cases.models.vocabulary import NOT_STATED
from cases.text.folding import begins_words

# How the values that are ticked on the page of a facet can be combined.
HAVE = {"any": "any of them", "all": "all of them", "none": "none of them"}


def check_have(value: str) -> None:
    if value not in HAVE:
        raise ValidationError(
            f"“have” is one of: {', '.join(HAVE)}; cases with any of the values are shown."
        )


class FacetFilter(CaseFilter):
    """What an address asks of the page of a facet, beside the cases."""

    find = Typed(narrows=False, label="Find")
    show = Typed(narrows=False, label="Show the cases")
    have = Typed(check_have, narrows=False, label="Cases that have")


# The parameters of this page alone.
OWN = ("find", "show", "have")


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
    if name not in FACETS:
        raise Http404
    cases, filter_ = FacetFilter(request.GET), FACETS[name]
    data = cases.query.data
    have = data.get("have", "any")
    # After a redirect the notices would be lost, so with notices this page is shown again.
    if "show" in data and not cases.query.notices:
        page_query = _having(cases.query, name, have).without("page", *OWN)
        return redirect(f"{reverse('case_list')}?{page_query}" if page_query else "case_list")
    context = _values_to_choose(cases, name, str(data.get("find", ""))) | {
        "query": cases.answer,
        "name": name,
        "label": str(filter_.label),
        "have": have,
        "haves": {key: text for key, text in HAVE.items() if key != "all" or filter_.plural},
        "kept": cases.query.pairs("page", name, *OWN),
        "sentence": describe(cases, without=name),
        "back": cases.query.without("page", *OWN),
        "current_section": "cases",
    }
    return render(request, "case_list/facet.html", context)


def _values_to_choose(cases: CaseFilter, name: str, find: str) -> dict[str, Any]:
    """Return the values of a facet whose labels have the beginnings of words in `find`."""
    choices, counts = cases.choices[name], cases.counts(name)
    chosen = cases.query.data.getlist(name)
    # As in the list, actors and sources without a case are left out unless they are chosen.
    also = chosen if FACETS[name].is_long else choices
    values = by_count(choices, counts) + [value for value in also if not counts.get(value)]
    # “Not stated” comes last, even after values without a case.
    values.sort(key=lambda value: value == NOT_STATED)
    shown = {value: choices[value] for value in values if begins_words(find, choices[value])}
    return {
        "find": find,
        "of": len(values),
        "last": choices[NOT_STATED] if NOT_STATED in values[1:] else "",
        "options": options_of(shown, chosen, counts),
        "hidden": [value for value in chosen if value not in shown],
    }
