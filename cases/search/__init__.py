"""Full-text search of the published cases, with one interface for both databases.

Call `read` with a text, `find` with the query, and `snippet` with the passages of each case that
`passages_of` returns. SQLite and PostgreSQL find the same cases, because both index words that
`cases/text/folding.py` has encoded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from django.db import DatabaseError, connection
from pyroaring import BitMap

from cases.models import SearchDocument

from .documents import Passage
from .engine import Column, OutOfOrderError, engine_of
from .follow import catch_up
from .query import SearchQuery, Term, read
from .rebuilding import Rebuilt, check, rebuild
from .snippets import Snippet, matches, snippet

__all__ = [
    "Found",
    "OutOfOrderError",
    "Passage",
    "Rebuilt",
    "SearchQuery",
    "Snippet",
    "Term",
    "Tiers",
    "anywhere",
    "catch_up",
    "check",
    "find",
    "is_working",
    "matches",
    "passages_of",
    "read",
    "rebuild",
    "snippet",
]

logger = logging.getLogger(__name__)


class Tiers(Sequence[BitMap]):
    """Three sets of cases that match a whole query: in the title, in the names, anywhere.

    Each tier includes the one before it. The first two are searched on first access.
    """

    def __init__(self, query: SearchQuery, anywhere: BitMap) -> None:
        self._query = query
        self._found: dict[int, BitMap] = {2: anywhere}

    def __len__(self) -> int:
        return 3

    @overload
    def __getitem__(self, place: int) -> BitMap: ...
    @overload
    def __getitem__(self, place: slice) -> list[BitMap]: ...
    def __getitem__(self, place: int | slice) -> BitMap | list[BitMap]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(3))]
        at = range(3)[place]
        if at not in self._found:
            column: Column = "title" if at == 0 else "names"
            # The last tier has the excluded cases removed, so intersecting applies exclusions too.
            anywhere = self._found[2]
            self._found[at] = _matches(self._query, column) & anywhere if anywhere else BitMap()
        return self._found[at]


@dataclass(frozen=True)
class Found:
    """The keys of the cases that a search found, by tiers of relevance.

    `stale` counts recently changed cases whose earlier state was searched.
    """

    tiers: Tiers
    stale: int = 0


def find(query: SearchQuery) -> Found:
    """Search the published cases; a query without terms finds nothing."""
    stale = catch_up()
    return Found(Tiers(query, anywhere(query)), stale)


def anywhere(query: SearchQuery) -> BitMap:
    """Return the cases that match a whole query anywhere; unlike `find`, updates no documents."""
    found = _matches(query, "text")
    if found and query.unwanted:
        found -= _ask(query.unwanted, "text", any_of=True)
    return found


def is_working() -> bool:
    """Return whether the index can be searched; `check` says whether it is right."""
    try:
        _ask([Term(("word",))], "text")
    except OutOfOrderError:
        return False
    return True


def _matches(query: SearchQuery, column: Column) -> BitMap:
    if not query.wanted:
        return BitMap()
    return _ask(query.wanted, column)


def _ask(terms: Sequence[Term], column: Column, *, any_of: bool = False) -> BitMap:
    """Ask the index of the database; raises OutOfOrderError if that is missing or damaged."""
    engine = engine_of(connection)
    try:
        return engine.matches(connection, terms, column, any_of=any_of)
    except DatabaseError as error:
        if not engine.is_index_error(error):
            raise
        logger.error("The search is out of order; run rebuild_search. %s", error)
        raise OutOfOrderError from error


def passages_of(cases: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the passages of each case that has a document, titles first; one query."""
    rows = SearchDocument.objects.filter(pk__in=list(cases)).values_list("pk", "passages")
    return {case: [Passage(*passage) for passage in passages] for case, passages in rows}
