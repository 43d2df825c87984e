"""The index behind lists and facets: for each coded value, the set of published cases that have it.

Counting a facet in SQL takes time for each facet and row; counting what two compressed sets have in
common takes microseconds. The index lives in the memory of each process. It follows the log of
changes: before each use the process asks for the version of the dataset and reads again only the
cases that changed.

What is asked of warnings is asked of one and the same warning. Hence a warning's values are kept in
layers: layer k holds the cases by the values of their k-th warning.
"""

from __future__ import annotations

import gc
import logging
import threading
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import DatabaseError, connection
from pyroaring import BitMap

from cases import changelog
from cases.models import Actor, DirectiveException
from cases.models.actor_tree import ActorTree
from cases.models.vocabulary import NOT_STATED, ActorKind

from .loading import WHOLE, Facts, facts

logger = logging.getLogger(__name__)

ACTORS = ("actor", "issuer", "recipient", "armed_group")
"""The dimensions whose values are actors; each finds the descendants of an actor too."""

EXCEPTION = "exception"
"""The dimension whose values are exceptions of the directive."""

PARTIES = ("issuer", "recipient")
"""The dimensions by the actors of a warning, either of which a source may leave out."""

OF_WARNINGS = (
    *PARTIES,
    "repeated",
    "channel",
    "basis",
    "relation",
    "issuer_action",
    "reception",
    "follow_up",
)
"""The dimensions that are about a warning."""

MAX_READ_AGAIN = 2_000
"""When more cases than this changed, all are read anew; it takes little longer."""

SORT_IF_ONE_IN = 10
"""Fewer than one in so many cases are sorted; more are picked from all in their order."""

Sets = Mapping[str, BitMap]
"""For each value the cases that have it."""

MANY = 5_000
"""An index of more cases than this takes the garbage collector a noticeable time."""

NONE: Sets = {}


class CaseIndex:
    """The published cases by their values, by their dates, and in every order."""

    def __init__(self) -> None:
        self.version = changelog.latest()
        self.reading = threading.RLock()
        """Held while sets are combined: another thread may be bringing them up to date."""
        self.actors: ActorTree = Actor.objects.tree()
        self._exceptions = _slugs_of_exceptions()
        self._cases = BitMap()
        self._sets: dict[tuple[str, int], dict[Any, BitMap]] = defaultdict(dict)
        self._keys: dict[str, dict[int, Any]] = defaultdict(dict)
        self._derived: dict[Any, Any] = {}
        self._orders: dict[str, list[int]] = {}
        self._add(facts(None))
        for sort in list(self._keys):
            self._order(sort)  # now, rather than while somebody waits for a list

    @property
    def cases(self) -> BitMap:
        """Every published case."""
        return self._cases

    @property
    def layers(self) -> range:
        """The layers of warnings: as many as the most warnings that a case has."""
        return range(1 + max((layer for _, layer in self._sets), default=WHOLE))

    def having(self, dimension: str, layer: int = WHOLE) -> Sets:
        """Return for each value of a dimension the cases that have it; of actors, with descendants.

        `layer` restricts the look to the warnings of one layer. Cases that name no such actor, or
        no exception, have the value "not_stated".
        """
        if dimension not in (*ACTORS, EXCEPTION):
            return self._sets.get((dimension, layer), NONE)
        key = (dimension, layer)
        found: Sets | None = self._derived.get(key)
        if found is None:
            named = self._by_slug(dimension, self._sets.get(key, {}))
            unnamed = {NOT_STATED: self._naming_none(dimension, layer, named)}
            found = self._derived[key] = named | unnamed
        return found

    def _by_slug(self, dimension: str, members: dict[Any, BitMap]) -> dict[str, BitMap]:
        if dimension != EXCEPTION:
            return self.actors.gather(members)
        slugs = self._exceptions
        return {slugs[key]: cases for key, cases in members.items() if key in slugs}

    def _naming_none(self, dimension: str, layer: int, named: Sets) -> BitMap:
        """Return the cases that name none in a dimension; of parties, those with such a warning."""
        if dimension in PARTIES and layer == WHOLE:
            layers = (self.having(dimension, layer)[NOT_STATED] for layer in self.layers)
            return BitMap.union(BitMap(), *layers)
        if dimension in PARTIES:
            warned = self._sets.get(("channel", layer), NONE)  # which every warning has
            return union(warned, warned) - union(named, named)
        if dimension == EXCEPTION:
            return self._cases - union(named, named)
        kind = ActorKind.ARMED_GROUP if dimension == "armed_group" else None
        return self._cases - union(named, self.actors.slugs(kind))

    def counts(self, dimension: str) -> dict[str, int]:
        """Return for each value of a dimension how many cases have it; takes the lock itself."""
        with self.reading:
            return {value: len(cases) for value, cases in self.having(dimension).items()}

    def dated(self, start: int | None, end: int | None, *, certain: bool) -> BitMap:
        """Return the cases dated possibly, or certainly, within [start, end]; ordinals of days."""
        found = BitMap(self._keys["earliest"])
        if start is not None:
            found &= self._since("earliest" if certain else "latest", start)
        if end is not None:
            found &= self._until("latest" if certain else "earliest", end)
        return found

    def _since(self, bound: str, day: int) -> BitMap:
        order = self._order(bound)
        return BitMap(order[bisect_left(order, day, key=self._keys[bound].__getitem__) :])

    def _until(self, bound: str, day: int) -> BitMap:
        order = self._order(bound)
        return BitMap(order[: bisect_right(order, day, key=self._keys[bound].__getitem__)])

    def ordered(self, cases: BitMap, sort: str) -> Iterator[int]:
        """Yield the cases in an order; see `SORTS` in `cases/selection.py`."""
        keys = self._keys[sort]
        if len(cases) * SORT_IF_ONE_IN < len(keys):
            return iter(sorted(cases & self._cases, key=keys.__getitem__))
        return filter(cases.__contains__, self._order(sort))

    def _order(self, sort: str) -> list[int]:
        if sort not in self._orders:
            keys = self._keys[sort]
            self._orders[sort] = sorted(keys, key=keys.__getitem__)
        return self._orders[sort]

    def actor_choices(self, kind: str | None = None) -> dict[str, str]:
        """Return the public actors, of one kind or of all, as slugs with names, by name."""
        key = ("choices", kind)
        if key not in self._derived:
            self._derived[key] = self.actors.choices(self._named(), kind)
        found: dict[str, str] = self._derived[key]
        return found

    def _named(self) -> set[int]:
        dimensions = (*ACTORS, "country", "speaker")
        return {pk for name in dimensions for pk, cases in self._sets[name, WHOLE].items() if cases}

    def catch_up(self) -> bool:
        """Read again what changed since; return False if the whole index is to be made anew."""
        version = changelog.latest()
        if version <= self.version:
            return version == self.version
        changed = changelog.since(self.version, version)
        records = {record for record, _ in changed}
        cases = {key for record, key in changed if record == changelog.CASE}
        if changelog.EVERYTHING in records or len(cases) > MAX_READ_AGAIN:
            return False
        # Read before anything is forgotten: readers wait for no query, nor lose by a failure.
        actors = Actor.objects.tree() if changelog.ACTOR in records else None
        exceptions = _slugs_of_exceptions() if changelog.EXCEPTION in records else None
        found = facts(cases) if cases else None
        with self.reading:
            if actors is not None:
                self.actors = actors
                self._derived.clear()
            if exceptions is not None:
                self._exceptions = exceptions
                self._derived.clear()
            if found is not None:
                self._forget(BitMap(cases))
                self._add(found)
            self.version = version
        return True

    def _forget(self, cases: BitMap) -> None:
        self._cases -= cases
        for values in self._sets.values():
            for members in values.values():
                members.difference_update(cases)
        for keys in self._keys.values():
            for pk in cases:
                keys.pop(pk, None)
        self._orders = {
            sort: [pk for pk in order if pk not in cases] for sort, order in self._orders.items()
        }
        self._derived.clear()

    def _add(self, found: Facts) -> None:
        self._cases |= BitMap(found.cases)
        for place, values in found.members.items():
            for value, members in values.items():
                self._sets[place].setdefault(value, BitMap()).update(members)
        for sort, keys in found.keys.items():
            self._keys[sort].update(keys)
            for pk in keys if sort in self._orders else ():
                insort(self._orders[sort], pk, key=self._keys[sort].__getitem__)


def _slugs_of_exceptions() -> dict[int, str]:
    return dict(DirectiveException.objects.values_list("pk", "slug"))


_current: CaseIndex | None = None
_making = threading.Lock()


def current() -> CaseIndex:
    """Return the index as of now; made at the first call in a process.

    Not to be asked within a transaction that has written: what is rolled back would stay in it.
    """
    global _current  # one index a process
    with _making:
        if _current is None or not _current.catch_up():
            _current = CaseIndex()
            _spare_the_collector(_current)
        return _current


def _spare_the_collector(index: CaseIndex) -> None:
    """Keep the garbage collector from walking through a large index now and then, within a request.

    Nothing in an index refers back to it, so it goes by counting references, as all else does.
    """
    if len(index.cases) > MANY:
        gc.unfreeze()  # what an index before had frozen with it
        gc.collect()
        gc.freeze()


def prepare() -> None:
    """Make the index now, as a server starts, rather than at its first list of cases.

    A database that does not answer yet, or has no tables, does not keep the server from starting.
    """
    try:
        current()
    except DatabaseError as error:
        logger.warning("The index of cases will be made at the first list: %s", error)
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            # Processes that are forked from this one must not share its connections.
            connection.close_pool()  # type: ignore[attr-defined]  # of this vendor's alone


def forget() -> None:
    """Let go of the index; the next call makes it anew."""
    global _current
    with _making:
        _current = None


def union(sets: Mapping[Any, BitMap], values: Iterable[Any]) -> BitMap:
    """Return the cases that have any of the values."""
    found = [sets[value] for value in values if value in sets]
    return BitMap.union(*found) if found else BitMap()
