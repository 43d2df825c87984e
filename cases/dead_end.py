"""What a reader can do where no case matches: each filter to leave out, and other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict

from . import search
from .case_query import CASE, CaseQuery
from .description import narrowing
from .filters import CaseFilter
from .search import SearchQuery, Term
from .selection import Asked, Selection

SHORTEST = 3
"""How many letters a word has at least for its beginning to be searched for."""


@dataclass(frozen=True)
class WayOut:
    """A change of the query: in words, as a query string, and how many cases it finds."""

    text: str
    query: str
    count: int


def ways_out(query: CaseQuery) -> list[WayOut]:
    """Return what would find cases where `query` finds none: other words, or one filter less."""
    return [*_other_words(query), *_without_one(query)]


def _without_one(query: CaseQuery) -> Iterator[WayOut]:
    """Yield the query without each of its filters in turn, those that leave no case left out."""
    chips = [chip for chip in narrowing(query) if chip.parameter != CASE]
    for chip in chips if len(chips) > 1 else ():
        found = None if chip.parameter == "q" else query.asked.found
        asked = CaseFilter(QueryDict(chip.without)).asked(found)
        if count := _count(query, asked):
            yield WayOut(f"Without “{chip.label}: {chip.text}”", chip.without, count)


def _other_words(query: CaseQuery) -> Iterator[WayOut]:
    """Yield the search for words that begin as those asked for, if it finds a case."""
    text = query.text
    if text is None or not (wider := _beginnings(text)):
        return
    found = search.find(search.read(wider))
    if count := _count(query, replace(query.asked, found=found.tiers)):
        data = query.query.data.copy()
        data["q"] = wider
        yield WayOut(f"With words that begin so: {wider}", data.urlencode(), count)


def _beginnings(text: SearchQuery) -> str:
    """Return a search for the beginnings of its words; empty if it is that already."""
    longer = [term for term in text.wanted if not term.is_prefix and _is_long(term)]
    if not longer:
        return ""
    return " ".join(_spelled(term, starred=term in longer) for term in text.terms)


def _is_long(term: Term) -> bool:
    return len(term.words[-1]) >= SHORTEST


def _spelled(term: Term, *, starred: bool) -> str:
    words = " ".join(term.words)
    quoted = f'"{words}"' if len(term.words) > 1 else words
    sign, star = "-" * term.is_excluded, "*" * (starred or term.is_prefix)
    return f"{sign}{quoted}{star}"


def _count(query: CaseQuery, asked: Asked) -> int:
    if asked.found is not None:  # it may ask the database, and so goes before the lock
        asked = replace(asked, found=[asked.found[-1]])
    with query.index.reading:
        return len(Selection(query.index, asked).cases)
