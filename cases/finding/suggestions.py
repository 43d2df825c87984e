"""What a reader can do where no case, or few, match: each filter to leave out, and other words."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from django.http import QueryDict

from cases import search
from cases.search import SearchQuery, Term

from .case_query import CaseQuery
from .description import narrowing
from .filters import CaseFilter
from .former_slugs import CASE_PARAMETER
from .selection import CaseCriteria, Selection

MIN_LETTERS = 3
"""How many letters a word has at least for its beginning to be searched for."""

ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s")
"""What is cut off a word to search for its other forms, the longest first."""

MIN_STEM = 4
"""How many letters of a word are left at least when some are cut off."""

SUGGEST_BELOW = 10
"""Up to how many cases other forms of the words are looked for: a wide search takes its time."""

MAX_TRIED = 20
"""How many filters are left out in turn."""

MAX_GUESSED = 3
"""With how many words at most a guess is made which of them is misspelt."""


@dataclass(frozen=True)
class Suggestion:
    """A change of the query: in words, as a query string, and how many cases it finds."""

    text: str
    query: str
    count: int


def suggestions(query: CaseQuery) -> list[Suggestion]:
    """Return what would find cases where `query` finds none: other words, or one filter less."""
    return [*_other_words(query), *_without_one(query)]


def _without_one(query: CaseQuery) -> Iterator[Suggestion]:
    """Yield the query without each of its filters in turn, those that leave no case left out."""
    chips = narrowing(query)
    for chip in chips[:MAX_TRIED] if len(chips) > 1 else ():
        if chip.parameter == CASE_PARAMETER:
            continue
        found = None if chip.parameter == "q" else query.criteria.found
        criteria = CaseFilter.criteria(QueryDict(chip.without), found, query.criteria.picked)
        if count := _count(query, criteria):
            yield Suggestion(f"Without “{chip.label}: {chip.text}”", chip.without, count)


def other_forms(query: CaseQuery) -> Suggestion | None:
    """Return the search for other forms of the words, where it finds more than the few there are.

    "attacks" does not find "attack": there is no stemming. Who finds few cases is told of it.
    """
    if not 0 < len(query.keys) <= SUGGEST_BELOW:
        return None
    way = next(_with_words(query, _beginnings), None)
    return way if way and way.count > len(query.keys) else None


def _other_words(query: CaseQuery) -> Iterator[Suggestion]:
    """Yield the search for other forms of the words, or else for the nearest that there are."""
    yield from islice(chain(_with_words(query, _beginnings), _with_words(query, _nearest)), 1)


def _with_words(query: CaseQuery, words: Callable[[SearchQuery], str]) -> Iterator[Suggestion]:
    """Yield the query with its search put into other words, if that finds a case."""
    text = None if query.case_number else query.text
    if text is None or not (wider := words(text)):
        return
    found = search.anywhere(search.read(wider))
    if count := _count(query, replace(query.criteria, found=[found])):
        data = query.query.data.copy()
        data["q"] = wider
        data.pop("page", None)
        yield Suggestion(f"With words that begin so: {wider}", data.urlencode(), count)


def _beginnings(text: SearchQuery) -> str:
    """Return a search for the beginnings of its words; empty if it is that already."""
    return _cut(text, _stem)


def _nearest(text: SearchQuery) -> str:
    """Return a search for as much of the beginning of each word as any case has.

    It finds what is misspelt late in the word. Empty if a word has too little, or there are many.
    """
    longer = [term for term in text.wanted if not term.is_prefix and _is_long(term)]
    if len(longer) > MAX_GUESSED:
        return ""
    kept = {term: _longest_known(term) for term in longer}
    return _cut(text, lambda term: kept[term]) if all(kept.values()) else ""


def _cut(text: SearchQuery, kept: Callable[[Term], str]) -> str:
    """Return a search in which only so much of the last word of each wanted term is kept."""
    longer = [term for term in text.wanted if not term.is_prefix and _is_long(term)]
    if not longer:
        return ""
    terms = [_beginning(term, kept(term)) if term in longer else term for term in text.terms]
    return " ".join(map(str, terms))


def _beginning(term: Term, last: str) -> Term:
    return replace(term, words=(*term.words[:-1], last), is_prefix=True)


def _stem(term: Term) -> str:
    """Return the last word of a term without an ending that it may have in English."""
    word = term.words[-1]
    if word.endswith(("ss", "us", "is")):
        return word
    cuts = (word.removesuffix(ending) for ending in ENDINGS)
    return next((cut for cut in cuts if cut != word and len(cut) >= MIN_STEM), word)


def _longest_known(term: Term) -> str:
    """Return the longest beginning of the last word that any case has; empty if it is short.

    A case that has a beginning has each shorter one, so that halving finds the longest.
    """
    word = _stem(term)
    least = max(MIN_STEM, math.ceil(len(word) * 2 / 3))
    lengths = range(least, len(word) + 1)
    known = bisect_left(
        lengths,
        True,
        key=lambda length: not search.anywhere(SearchQuery((_beginning(term, word[:length]),))),
    )
    return word[: lengths[known - 1]] if known else ""


def _is_long(term: Term) -> bool:
    return len(term.words[-1]) >= MIN_LETTERS


def _count(query: CaseQuery, criteria: CaseCriteria) -> int:
    if criteria.found is not None:  # it may ask the database, and so goes before the lock
        criteria = replace(criteria, found=[criteria.found[-1]])
    with query.index.reading:
        return len(Selection(query.index, criteria).cases)
