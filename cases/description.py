"""What a list of cases shows, in one sentence, and in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .case_index import OF_WARNINGS
from .case_query import CaseQuery
from .filters import CERTAIN, CaseFilter
from .former_names import CASE
from .query import ALL, NOT, ActiveValue, shown, split_form

MOST_NAMED = 4
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

MOST_IN_TITLE = 3
"""How many filters the title of a page names."""


def describe(query: CaseQuery, without: str = "") -> str:
    """Say what the cases have in common, to follow "3 of 7 cases"; empty without any filter.

    For example "in which the recipient is “Russia” or “Iran”, that may date from 2024 or later".
    Values stand in quotation marks, as the labels they are: no sentence suits them all otherwise.
    What any of some values is asked for in the filter `without` is left out.
    """
    clauses = list(_clauses(query, without))
    parts = [f"in which {_and(clauses)}"] if clauses else []
    data = query.query.data
    if CASE in data:
        parts.insert(0, "picked by name")
    if dates := _dates(data):
        parts.append(dates)
    if "q" in data:
        parts.append(f"found by the search “{shown(str(data['q']))}”")
    return ", ".join(parts)


def title(query: CaseQuery, subject: str, page: int = 1) -> str:
    """Name a page of a list after what it shows: "Cases: recipient Russia, page 2"."""
    chips = narrowing(query)
    named = [f"{_noun(chip)} {shown(chip.text)}" for chip in chips[:MOST_IN_TITLE]]
    if len(chips) > MOST_IN_TITLE:
        named.append(f"{len(chips) - MOST_IN_TITLE} more")
    asked = f"{subject}: {'; '.join(named)}" if named else subject
    return f"{asked}, page {page}" if page > 1 else asked


def _noun(chip: ActiveValue) -> str:
    filter_: Any = CaseFilter.base_filters.get(split_form(chip.parameter)[0])
    return (filter_ and filter_.noun) or f"{chip.label[:1].lower()}{chip.label[1:]}"


def narrowing(query: CaseQuery) -> list[ActiveValue]:
    """Return the values in force, without a way to match dates where no date is asked for."""
    is_dated = {"date_from", "date_to"} & set(query.query.data)
    return [chip for chip in query.active if is_dated or chip.parameter != "date_match"]


def _clauses(query: CaseQuery, without: str) -> Iterator[str]:
    of_warnings = query.asked.of_warnings(without)
    told = [_any_of(query, name) for name in of_warnings]
    if len(told) > 1:
        yield f"{_and(told)}, of one and the same warning"
    else:
        yield from told
    for name in CaseFilter.base_filters:
        if name in query.asked.any_of and name not in (*of_warnings, without):
            yield _any_of(query, name)
        yield from _whole(query, name)


def _whole(query: CaseQuery, name: str) -> Iterator[str]:
    """Say what is asked of the case as a whole: all of some values, none of others."""
    filter_: Any = CaseFilter.base_filters[name]
    all_of = _texts(query, name, query.query.data.getlist(name + ALL))
    none_of = _texts(query, name, query.query.data.getlist(name + NOT))
    if filter_.clauses:
        yield from all_of
        yield from (f"it is not so that {text}" for text in none_of)
        return
    if name in OF_WARNINGS:
        if all_of:
            yield f"the {filter_.plural} of all its warnings include {_and(all_of)}"
        if none_of:
            yield f"none of its warnings has the {filter_.noun} {_or(none_of)}"
        return
    if all_of and filter_.plural:
        yield f"the {filter_.plural} include {_and(all_of)}"
    elif all_of:
        yield f"the {filter_.noun} is {_and(all_of)}"
    if none_of and filter_.plural:
        yield f"no {filter_.noun} is {_or(none_of)}"
    elif none_of:
        yield f"the {filter_.noun} is not {_or(none_of)}"


def _any_of(query: CaseQuery, name: str) -> str:
    filter_: Any = CaseFilter.base_filters[name]
    values = _texts(query, name, query.query.data.getlist(name))
    return _or(values) if filter_.clauses else f"the {filter_.noun} is {_or(values)}"


def _texts(query: CaseQuery, name: str, values: Sequence[str]) -> list[str]:
    """Return what values are called: clauses as they are, labels in quotation marks."""
    filter_: Any = CaseFilter.base_filters[name]
    if filter_.clauses:
        return [filter_.clauses[value] for value in values]
    texts = [f"“{query.choices[name][value]}”" for value in values[:MOST_NAMED]]
    if len(values) > MOST_NAMED:
        texts.append(f"{len(values) - MOST_NAMED} others")
    return texts


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


def _and(texts: Sequence[str]) -> str:
    return _joined(texts, "and")


def _or(texts: Sequence[str]) -> str:
    return _joined(texts, "or")


def _joined(texts: Sequence[str], word: str) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
