"""Full-text search of the published cases: one interface, two databases.

`read` a text, `find` the cases, and show of each the `snippet` of its `passages_of`. A match is
the same in SQLite and PostgreSQL, because both are given the same words: see `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from pyroaring import BitMap

from ..models import SearchDocument
from .documents import Passage
from .engine import Column, engine_of
from .follow import catch_up
from .query import SearchQuery, Term, read
from .rebuilding import Rebuilt, check, rebuild
from .snippets import Snippet, snippet

__all__ = [
    "Found",
    "Passage",
    "Rebuilt",
    "SearchQuery",
    "Snippet",
    "Term",
    "catch_up",
    "check",
    "find",
    "passages_of",
    "read",
    "rebuild",
    "snippet",
]


@dataclass(frozen=True)
class Found:
    """The keys of the cases that a search found.

    `tiers` are those with the whole query in the title, in the names, and anywhere; each has those
    of the one before. `stale` is how many cases changed lately and were searched as they were.
    """

    tiers: tuple[BitMap, BitMap, BitMap]
    stale: int = 0


def find(query: SearchQuery) -> Found:
    """Search the published cases; without terms nothing is found."""
    stale = catch_up()
    anywhere = _matches(query, "text")
    for term in query.unwanted if anywhere else ():
        anywhere -= engine_of(connection).matches(connection, [term], "text")
    names = _matches(query, "names") & anywhere if anywhere else BitMap()
    title = _matches(query, "title") & names if names else BitMap()
    return Found((title, names, anywhere), stale)


def _matches(query: SearchQuery, column: Column) -> BitMap:
    if not query.wanted:
        return BitMap()
    return engine_of(connection).matches(connection, query.wanted, column)


def passages_of(cases: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the texts of each case that has any, those of the title first; one query."""
    rows = SearchDocument.objects.filter(pk__in=list(cases)).values_list("pk", "passages")
    return {case: [Passage(*passage) for passage in passages] for case, passages in rows}
