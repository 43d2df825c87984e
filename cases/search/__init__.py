"""Full-text search of the published cases, with one interface for both databases.

Call `read` with a text, `Searches().find` with the query, and `snippet` with the passages of each
case that `passages_of` returns. SQLite and PostgreSQL find the same cases, because both index words
that `cases/text/folding.py` has encoded.
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
from .engine import OutOfOrderError, Place, engine_of
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
    "Searches",
    "Snippet",
    "Term",
    "Tiers",
    "catch_up",
    "check",
    "is_working",
    "matches",
    "passages_of",
    "read",
    "rebuild",
    "snippet",
]

logger = logging.getLogger(__name__)

# Where each tier is searched, except the last.
_PLACES: tuple[Place, ...] = ("title", "names", "text")


class Tiers(Sequence[BitMap]):
    """Four sets of cases that match a whole query, by where they do.

    These are the title, also names, also all else in the case, and also titles and publishers of
    its sources. Each tier includes the one before it. All but the last are searched on first
    access.
    """

    def __init__(self, searches: Searches, query: SearchQuery, anywhere: BitMap) -> None:
        self._searches = searches
        self._query = query
        self._anywhere = anywhere

    def __len__(self) -> int:
        return 4

    @property
    def in_case(self) -> BitMap:
        """The cases that match without the titles and publishers of their sources."""
        return self[2]

    @overload
    def __getitem__(self, place: int) -> BitMap: ...
    @overload
    def __getitem__(self, place: slice) -> list[BitMap]: ...
    def __getitem__(self, place: int | slice) -> BitMap | list[BitMap]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(4))]
        at = range(4)[place]
        if at == 3 or not self._anywhere:
            return self._anywhere
        # The last tier has the excluded cases removed, so intersecting applies exclusions too.
        return self._anywhere & self._searches.matching(self._query.wanted, _PLACES[at])


@dataclass(frozen=True)
class Found:
    """The keys of the cases that a search found, by tiers of relevance.

    `stale` counts recently changed cases whose earlier state was searched.
    """

    tiers: Tiers
    stale: int = 0


class Searches:
    """The searches for one page, which asks the index no question twice.

    A page without any case tries other words, many of them several times.
    """

    def __init__(self) -> None:
        self._answers: dict[tuple[tuple[Term, ...], Place, bool], BitMap] = {}

    def find(self, query: SearchQuery) -> Found:
        """Search the published cases; a query without terms finds nothing."""
        stale = catch_up()
        return Found(self.tiers_of(query), stale)

    def tiers_of(self, query: SearchQuery) -> Tiers:
        """Return the cases that match a query; unlike `find`, updates no documents.

        What is excluded is looked for in the case itself: the title of one source, which many cases
        cite, says little about each of them.
        """
        found = self.matching(query.wanted, "anywhere") if query.wanted else BitMap()
        if found and query.unwanted:
            found = found - self.matching(query.unwanted, "text", any_of=True)
        return Tiers(self, query, found)

    def occurs(self, term: Term) -> bool:
        """Return whether any case has a term, apart from the titles of its sources."""
        return bool(self.matching([term], "text"))

    def matching(self, terms: Sequence[Term], place: Place, *, any_of: bool = False) -> BitMap:
        """Return the cases that have all of some terms, or any of them; not to be changed."""
        question = (tuple(terms), place, any_of)
        if question not in self._answers:
            self._answers[question] = _ask(terms, place, any_of=any_of)
        return self._answers[question]


def is_working() -> bool:
    """Return whether the index can be searched; `check` says whether it is right."""
    try:
        _ask([Term(("word",))], "text")
    except OutOfOrderError:
        return False
    return True


def _ask(terms: Sequence[Term], place: Place, *, any_of: bool = False) -> BitMap:
    """Ask the index of the database; raises OutOfOrderError if that is missing or damaged."""
    engine = engine_of(connection)
    try:
        return engine.matches(connection, terms, place, any_of=any_of)
    except DatabaseError as error:
        if not engine.is_index_error(error):
            raise
        logger.error("The search is out of order; run rebuild_search. %s", error)
        raise OutOfOrderError from error


def passages_of(cases: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the passages of each case that has a document, titles first; one query."""
    rows = SearchDocument.objects.filter(pk__in=list(cases)).values_list("pk", "passages")
    return {case: [Passage(*passage) for passage in passages] for case, passages in rows}
