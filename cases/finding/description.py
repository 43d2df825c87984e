"""What a list of cases shows, in one sentence, and in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import get_text_list

from cases.index.case_index import WARNING_DIMENSIONS
from cases.models.vocabulary import NOT_STATED
from cases.text.excerpt import excerpt

from .case_query import CaseQuery
from .filters import CERTAIN, CaseFilter
from .former_slugs import CASE_PARAMETER
from .query_string import ALL, NOT, ActiveValue, split_form

MAX_NAMED = 4
"""How many values of one parameter are named; the others are counted."""

ORDERS = {
    "relevance": "those that match in the title first, then in names, then anywhere else.",
    "lead_time": "by the shortest that the dates allow; cases with none to compute come last.",
    "-lead_time": "by the longest that the dates allow; cases with none to compute come last.",
    "-deaths": (
        "by what the incidents of a case sum to at least; cases without such a figure come last."
    ),
}
"""What an order goes by, where its name does not tell."""

HOLDERS = dict.fromkeys(WARNING_DIMENSIONS, "warning") | {"modality": "claim"}
"""What of a case has the values of a filter, where a case has several of it."""

MAX_IN_TITLE = 3
"""How many filters the title of a page names."""


def describe(query: CaseQuery, without: str = "") -> str:
    """Say what the cases have in common, to follow "3 of 7 cases"; empty without any filter.

    For example "in which the recipient is “Russia” or “Iran”, that may date from 2024 or later".
    Values stand in quotation marks, as the labels they are: no sentence suits them all otherwise.
    What any of some values is asked for in the filter `without` is left out.
    """
    clauses = list(_clauses(query, without))
    parts = [f"in which {get_text_list(clauses, 'and')}"] if clauses else []
    if _may_lack_warnings(query, without):
        parts.append("those without any warning included")
    data = query.query.data
    if CASE_PARAMETER in data:
        parts.insert(0, "picked by name")
    if dates := _dates(data):
        parts.append(dates)
    if "q" in data:
        parts.append(f"found by the search “{excerpt(str(data['q']))}”")
    return ", ".join(parts)


def title(query: CaseQuery, subject: str, page: int = 1) -> str:
    """Name a page of a list after what it shows: "Cases: recipient Russia, page 2"."""
    chips = narrowing(query)
    named = [f"{_noun(chip)} {excerpt(chip.text)}" for chip in chips[:MAX_IN_TITLE]]
    if len(chips) > MAX_IN_TITLE:
        named.append(f"{len(chips) - MAX_IN_TITLE} more")
    criteria = f"{subject}: {'; '.join(named)}" if named else subject
    return f"{criteria}, page {page}" if page > 1 else criteria


def _noun(chip: ActiveValue) -> str:
    filter_: Any = CaseFilter.base_filters.get(split_form(chip.parameter)[0])
    return (filter_ and filter_.noun) or f"{chip.label[:1].lower()}{chip.label[1:]}"


def narrowing(query: CaseQuery) -> list[ActiveValue]:
    """Return the values in force, without a way to match dates where no date is asked for."""
    is_dated = {"date_from", "date_to"} & set(query.query.data)
    return [chip for chip in query.active if is_dated or chip.parameter != "date_match"]


def _clauses(query: CaseQuery, without: str) -> Iterator[str]:
    of_warnings = query.criteria.of_warnings(without)
    told = [_any_of(query, name) for name in of_warnings]
    if len(told) > 1:
        yield f"{get_text_list(told, 'and')}, of one and the same warning"
    else:
        yield from told
    for name in CaseFilter.base_filters:
        if name in query.criteria.any_of and name not in (*of_warnings, without):
            yield _any_of(query, name)
        yield from _all_of(query, name)
        yield from _none_of(query, name)


def _any_of(query: CaseQuery, name: str) -> str:
    filter_: Any = CaseFilter.base_filters[name]
    values = query.query.data.getlist(name)
    if filter_.clauses:
        clauses: list[str] = [filter_.clauses[value] for value in values]
        return get_text_list(clauses, "or")
    texts, is_unnamed = _texts(query, name, values)
    has = f"a claim has the {filter_.noun}" if name == "modality" else f"the {filter_.noun} is"
    told = [f"{has} {get_text_list(texts, 'or')}"] if texts else []
    return str(get_text_list([*told, filter_.unnamed[0]] if is_unnamed else told, "or"))


def _all_of(query: CaseQuery, name: str) -> Iterator[str]:
    """Say what is asked of the case as a whole: all of some values."""
    filter_: Any = CaseFilter.base_filters[name]
    values = query.query.data.getlist(name + ALL)
    if filter_.clauses:
        yield from (filter_.clauses[value] for value in values)
        return
    texts, is_unnamed = _texts(query, name, values)
    holder = HOLDERS.get(name)
    if holder and len(texts) == 1:
        yield f"a {holder} has the {filter_.noun} {texts[0]}"
    elif holder and texts:
        yield f"the {holder}s together have the {filter_.plural} {get_text_list(texts, 'and')}"
    elif texts:
        has = f"the {filter_.plural} include" if filter_.plural else f"the {filter_.noun} is"
        yield f"{has} {get_text_list(texts, 'and')}"
    if is_unnamed:
        yield filter_.unnamed[0]


def _none_of(query: CaseQuery, name: str) -> Iterator[str]:
    """Say what is asked of the case as a whole: none of some values."""
    filter_: Any = CaseFilter.base_filters[name]
    values = query.query.data.getlist(name + NOT)
    if filter_.clauses:  # there are two, each the contrary of the other
        yield from (
            get_text_list([filter_.clauses[v] for v in filter_.clauses if v != one], "or")
            for one in values
        )
        return
    texts, is_unnamed = _texts(query, name, values)
    holder = HOLDERS.get(name)
    if holder and texts:
        yield f"no {holder} has the {filter_.noun} {get_text_list(texts, 'or')}"
    elif texts:
        has = f"no {filter_.noun} is" if filter_.plural else f"the {filter_.noun} is not"
        yield f"{has} {get_text_list(texts, 'or')}"
    if is_unnamed:
        yield filter_.unnamed[1]


def _may_lack_warnings(query: CaseQuery, without: str) -> bool:
    """Tell whether warnings are asked not to have something, and none is asked to be there."""
    criteria = query.criteria
    is_there = criteria.of_warnings(without) or set(WARNING_DIMENSIONS) & set(criteria.all_of)
    return not is_there and bool(set(WARNING_DIMENSIONS) & set(criteria.none_of))


def _texts(query: CaseQuery, name: str, values: Sequence[str]) -> tuple[list[str], bool]:
    """Return the labels of values in quotation marks, and whether that none is named is among them.

    That is no value to be quoted: a filter has words of its own for it.
    """
    filter_: Any = CaseFilter.base_filters[name]
    named = [value for value in values if not (filter_.unnamed and value == NOT_STATED)]
    texts = [f"“{query.choices[name][value]}”" for value in named[:MAX_NAMED]]
    if len(named) > MAX_NAMED:
        texts.append(f"{len(named) - MAX_NAMED} others")
    return texts, len(named) < len(values)


def _dates(data: Any) -> str:
    start, end = data.get("date_from"), data.get("date_to")
    if not start and not end:
        return ""
    if start and end:
        span = start if start == end else f"{start} to {end}"
    else:
        span = f"{start} or later" if start else f"{end} or earlier"
    if data.get("date_match") == CERTAIN:
        return f"that certainly date from {span}"
    return f"that may date from {span}"
