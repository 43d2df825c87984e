"""What a list of cases shows, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .case_index import ACTORS
from .case_query import CASE, CaseQuery
from .filters import CERTAIN, CaseFilter
from .models.vocabulary import ABSENT_VALUES
from .query import ALL, NOT, shown

MOST_NAMED = 4
"""How many values of one parameter are named; the others are counted."""


def describe(query: CaseQuery, without: str = "") -> str:
    """Say what the cases have in common, to follow "3 of 7 cases"; empty without any filter.

    For example "in which the recipient is Russia or Iran, that may date from 2024". What any of
    some values is asked for in the filter `without` is left out.
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
    """Return the labels of values; those of terms begin small, as within a sentence."""
    filter_: Any = CaseFilter.base_filters[name]
    labels = filter_.clauses or query.choices[name]
    texts = [labels[value] for value in values[:MOST_NAMED]]
    if name not in (*ACTORS, "exception"):
        texts = [text[:1].lower() + text[1:] for text in texts]
        texts = [
            f"“{text}”" if value in ABSENT_VALUES else text
            for value, text in zip(values, texts, strict=False)
        ]
    if len(values) > MOST_NAMED:
        texts.append(f"{len(values) - MOST_NAMED} others")
    return texts


def _dates(data: Any) -> str:
    start, end = data.get("date_from"), data.get("date_to")
    if not start and not end:
        return ""
    if start and end:
        span = f"{start} to {end}"
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
