"""The in-memory index behind lists and facets: the set of published cases for each coded value.

Counting facets in SQL takes time for each facet and row. Intersecting two compressed sets takes
microseconds. Each process has its own index. Before each use it compares its version with the
changelog and reloads only the cases that changed.

All warning filters must match the same warning. So values of warnings are stored in layers: layer
k holds the cases by the values of their k-th warning.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from django.db import DatabaseError, connection
from pyroaring import BitMap

from cases import changelog
from cases.models import Actor, Directive, DirectiveException, Note, Source
from cases.models.actor_tree import ActorTree
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, ActorKind, AssessmentStatus
from cases.text.folding import fold
from cases.versions.current import Current

from . import snapshots
from .contents import Contents
from .loading import (
    CODED,
    DATED,
    OPEN_END,
    OPEN_START,
    PARTIES,
    WHOLE,
    Layer,
    all_facts,
    facts,
    facts_of,
)

logger = logging.getLogger(__name__)

# The dimensions whose values are actors. Each value includes the cases of its descendants.
ACTORS = ("actor", "issuer", "intermediary", "recipient", "armed_group", "speaker", "country")

# The dimensions whose values are directives that apply, and exceptions of directives.
DIRECTIVE, EXCEPTION = "directive", "exception"

# The index has a layer of the actors for each role, and one of the exceptions for each status,
# which is called assessment in filters.
ACTOR, ROLE, ASSESSMENT = "actor", "role", "assessment"

# The model of their values, and the kinds of changes after which others of them are published.
RULES: dict[str, tuple[Any, frozenset[str]]] = {
    DIRECTIVE: (Directive, frozenset({changelog.DIRECTIVE})),
    EXCEPTION: (DirectiveException, frozenset({changelog.DIRECTIVE, changelog.EXCEPTION})),
}

# The dimensions whose values are sources: those of claims, and those of notes on cases.
SOURCE, CITED = "source", "cited"

# The dimensions that belong to a warning.
WARNING_DIMENSIONS = (*PARTIES, *CODED)

# The kinds of changes after which other sources may be public, beside those that cases name.
NAMING_SOURCES = frozenset(
    {changelog.NOTE, changelog.DIRECTIVE, changelog.EXCEPTION, changelog.SOURCE}
)

# The cases that have each value of a dimension.
Sets = Mapping[str, BitMap]

# With more cases than this the garbage collector needs a noticeable time for the index.
FREEZE_ABOVE = 5_000

NO_SETS: Sets = {}

# What a claim without a speaker or an incident without a country has in its place.
UNNAMED = (NOT_STATED, NOT_APPLICABLE)


class CaseIndex:
    """The published cases by value, by date and in every sort order."""

    def __init__(self, version: int, contents: Contents) -> None:
        self.version = version
        self.reading = threading.RLock()
        """Hold this lock while combining sets, because another thread may update them."""
        self.actors: ActorTree = Actor.objects.tree()
        self._rules = {name: _names_of_rules(name) for name in RULES}
        self._sources = _names_of_sources()
        self._noted = _sources_beside_cases()
        self._contents = contents
        # Computed from the fields above on first use; cleared whenever those change.
        self._derived: dict[Any, Any] = {}

    @classmethod
    def made_anew(cls) -> CaseIndex:
        """Return an index of the latest versions of all public cases."""
        version = changelog.latest()
        contents = Contents()
        for found in all_facts():
            contents.add(found)
        return cls(version, contents)

    def of_records(self, records: Iterable[tuple[int, Current]]) -> CaseIndex:
        """Return an index of other records, by the keys of their cases, instead of the latest ones.

        No query. What cases share, such as actors, is that of today.
        """
        contents = Contents()
        contents.add(facts_of(records))
        with self.reading:
            other = copy(self)
        other.reading = threading.RLock()
        other._contents, other._derived = contents, {}
        return other

    @property
    def cases(self) -> BitMap:
        """Every published case."""
        return self._contents.cases

    @property
    def totals(self) -> Mapping[str, int]:
        """The sum of each thing that is counted in cases, such as `WARNINGS`."""
        if "totals" not in self._derived:
            self._derived["totals"] = self._contents.totals()
        totals: Mapping[str, int] = self._derived["totals"]
        return totals

    def totals_of(self, cases: BitMap) -> Mapping[str, int]:
        """Return the totals of some cases."""
        return self._contents.totals(cases)

    def packed(self) -> tuple[int, bytes]:
        """Return the number of the last change in the index, and its contents as bytes."""
        with self.reading:
            return self.version, self._contents.packed()

    @property
    def layers(self) -> range:
        """The layers of warnings, one for each warning of the case with the most warnings."""
        numbers = (layer for _, layer in self._contents.sets if isinstance(layer, int))
        return range(1 + max(numbers, default=WHOLE))

    def having(self, dimension: str, layer: Layer = WHOLE) -> Sets:
        """Return the cases that have each value of a dimension, in one layer or as a whole.

        The dimension "actor" has a layer for each role: the cases in which an actor has that role.
        The dimension "exception" has one for each status; "assessment" has all exceptions by
        their status. An actor's set includes the cases of its descendants. Cases without any actor,
        directive or exception in the dimension have the value "not_stated".
        """
        if dimension == ASSESSMENT:
            return self._by_status(layer, self.having)
        if dimension not in (*ACTORS, *RULES, SOURCE):
            return self._contents.sets.get((dimension, layer), NO_SETS)
        key = (dimension, layer)
        sets: Sets | None = self._derived.get(key)
        if sets is None:
            named = self._named(dimension, self._contents.sets.get(key, {}))
            sets = self._derived[key] = named | self._unnamed(dimension, layer, named)
        return sets

    def ranked(self, dimension: str) -> Sequence[str]:
        """Return the values of a dimension, the most frequent first; hold `reading`."""
        key = ("ranked", dimension)
        if key not in self._derived:
            sets = self.having(dimension)
            self._derived[key] = sorted(sets, key=lambda value: len(sets[value]), reverse=True)
        ranked: Sequence[str] = self._derived[key]
        return ranked

    def naming(self, dimension: str, layer: Layer = WHOLE) -> Sets:
        """Return the cases that name each actor itself, and not only one that belongs to it."""
        return self._contents.sets.get((dimension, layer), NO_SETS)

    def not_inferred(self, dimension: str, layer: Layer = WHOLE) -> Sets:
        """Return the sets of `having()` without the cases in which editors inferred the value.

        A case stays if it has the value in several parts, and one of these is not inferred.
        """
        if dimension == ASSESSMENT:
            return self._by_status(layer, self.not_inferred)
        inferred = self._contents.inferred.get((dimension, layer), NO_SETS)
        if not any(inferred.values()):
            return self.having(dimension, layer)
        key = ("not inferred", dimension, layer)
        sets: Sets | None = self._derived.get(key)
        if sets is None:
            members = self._contents.sets.get((dimension, layer), NO_SETS)
            none = BitMap()
            rest = {value: cases - inferred.get(value, none) for value, cases in members.items()}
            if dimension in (*ACTORS, *RULES):
                # An absent value is never inferred.
                having = self.having(dimension, layer)
                absent = {value: having[value] for value in UNNAMED if value in having}
                rest = self._named(dimension, rest) | absent
            sets = self._derived[key] = rest
        return sets

    def _by_status(self, layer: Layer, having: Callable[[str, Layer], Sets]) -> Sets:
        """Return the cases that say something of any published exception, by its status."""
        if layer != WHOLE:
            return NO_SETS
        found = {status: having(EXCEPTION, status) for status in AssessmentStatus.values}
        return {status: union(sets, sets) for status, sets in found.items() if sets}

    def _named(self, dimension: str, members: dict[str, BitMap]) -> dict[str, BitMap]:
        """Return the sets of a dimension, by slug, for what has a page; an actor's has more."""
        if dimension in ACTORS:
            return self.actors.gather(members)
        there: Container[str] = self._sources if dimension == SOURCE else self._rules[dimension]
        return {slug: cases for slug, cases in members.items() if slug in there}

    def _unnamed(self, dimension: str, layer: Layer, named: Sets) -> dict[str, BitMap]:
        """Return the cases by each value that a dimension has in place of a record."""
        # Every claim has a source, every role an actor, and every assessment an exception.
        if dimension == SOURCE or isinstance(layer, str):
            return {}
        # Loaded with each claim and each incident, because other claims may have a speaker.
        if dimension in ("speaker", "country"):
            members = self._contents.sets.get((dimension, layer), NO_SETS)
            return {value: members[value] for value in UNNAMED if value in members}
        return {NOT_STATED: self._without_value(dimension, layer, named)}

    def _without_value(self, dimension: str, layer: int, named: Sets) -> BitMap:
        """Return the cases without a value; for parties, only cases with such a warning."""
        if dimension in PARTIES and layer == WHOLE:
            return BitMap.union(BitMap(), *(self._without_party(dimension, k) for k in self.layers))
        if dimension in PARTIES:
            return self._without_party(dimension, layer)
        if dimension in RULES:
            return self._contents.cases - union(named, named)
        kind = ActorKind.ARMED_GROUP if dimension == "armed_group" else None
        return self._contents.cases - union(named, self.actors.slugs(kind))

    def _without_party(self, dimension: str, layer: int) -> BitMap:
        """Return the cases whose warning in a layer names no such party."""
        # Every warning has a channel, so these are all cases with a warning in this layer.
        warned = self._contents.sets.get(("channel", layer), NO_SETS)
        members = self._contents.sets.get((dimension, layer), NO_SETS)
        # An actor that was deleted since counts as not named.
        present = (slug for slug in members if slug in self.actors)
        return union(warned, warned) - union(members, present)

    def counts(self, dimension: str) -> dict[str, int]:
        """Return the number of cases for each value of a dimension; acquires `reading` itself."""
        with self.reading:
            return {value: len(cases) for value, cases in self.having(dimension).items()}

    @property
    def with_inferred_date(self) -> BitMap:
        """The cases whose date editors inferred."""
        dated, others = self.having(DATED), self.not_inferred(DATED)
        return union(dated, ["yes"]) - union(others, ["yes"])

    def dated(self, start: int | None, end: int | None, *, certain: bool) -> BitMap:
        """Return the cases that possibly (or certainly) date from within [start, end].

        `start` and `end` are ordinals of days; None is open.
        """
        first, last = self._contents.orders["earliest"], self._contents.orders["latest"]
        cases = first.members  # every case with a date
        if start is not None:
            cases -= (first if certain else last).below(start)
        if end is not None:
            cases &= (last if certain else first).below(end + 1)
        return cases

    def days_of(self, cases: BitMap) -> tuple[int, int] | None:
        """Return the first and the last day, as ordinals, that dates of some cases name.

        Of a date that is open at one end, the other counts. None if no case has a date.
        """
        orders, days = self._contents.orders, (OPEN_START + 1, OPEN_END - 1)
        ends = [orders[name].ends(cases, *days) for name in ("earliest", "latest")]
        known = [day for pair in ends if pair for day in pair]
        return (min(known), max(known)) if known else None

    def open_dates(self, cases: BitMap) -> tuple[int, int]:
        """Return how many cases have a date that is open at its start, and at its end."""
        first, last = self._contents.orders["earliest"], self._contents.orders["latest"]
        return (
            cases.intersection_cardinality(first.below(OPEN_START + 1)),
            cases.intersection_cardinality(last.members - last.below(OPEN_END)),
        )

    def ordered(self, cases: BitMap, sort: str, start: int = 0) -> Iterator[int]:
        """Return an iterator over the cases in a sort order, from a position.

        See `SORTS` in `finding/selection.py`. Cases that were withdrawn since are left out.
        """
        return self._contents.orders[sort].among(cases, start)

    def place(self, case: int, cases: BitMap, sort: str) -> int | None:
        """Return the position of a case among some in a sort order; None if it was withdrawn."""
        return self._contents.orders[sort].place(case, cases)

    def actor_choices(self, kind: str | None = None) -> dict[str, str]:
        """Return the names of the public actors by slug, sorted by name; `kind` restricts them.

        Hold `reading`.
        """
        key = ("choices", kind)
        if key not in self._derived:
            if kind is None:
                # An actor is public if a published case names it in any dimension.
                sets = (self._contents.sets[name, WHOLE] for name in ACTORS)
                public = {slug for members in sets for slug, cases in members.items() if cases}
                names = self.actors.choices(public)
            else:
                everyone, kind_of = self.actor_choices(), self.actors.kind
                names = {slug: name for slug, name in everyone.items() if kind_of(slug) == kind}
            self._derived[key] = names
        choices: dict[str, str] = self._derived[key]
        return choices

    def rule_choices(self, dimension: str) -> dict[str, str]:
        """Return the names of the published directives or exceptions by slug, in their order."""
        return self._rules[dimension]

    def source_choices(self) -> dict[str, str]:
        """Return the names of the sources of public claims by slug, sorted by name."""
        key = ("choices", SOURCE)
        if key not in self._derived:
            names = [(slug, self._sources[slug]) for slug in self.having(SOURCE)]
            self._derived[key] = dict(sorted(names, key=lambda name: (fold(name[1]), name[0])))
        choices: dict[str, str] = self._derived[key]
        return choices

    def public_sources(self) -> frozenset[str]:
        """Return the slugs of the sources that anything public rests on."""
        key = ("public", SOURCE)
        if key not in self._derived:
            sets = (self._contents.sets[name, WHOLE] for name in (SOURCE, CITED))
            cited = {slug for members in sets for slug, cases in members.items() if cases}
            self._derived[key] = (self._noted | cited) & self._sources.keys()
        sources: frozenset[str] = self._derived[key]
        return sources

    def catch_up(self) -> bool:
        """Reload what changed since the last call; return False if a full rebuild is needed."""
        version = changelog.latest()
        if version <= self.version:
            return version == self.version
        changed = changelog.since(self.version, version)
        records = {record for record, _ in changed}
        cases = {key for record, key in changed if record == changelog.CASE}
        if changelog.EVERYTHING in records:
            return False
        # All queries run before the lock is taken: readers do not wait for them, and a failed
        # query leaves the index as it was.
        actors = Actor.objects.tree() if changelog.ACTOR in records else None
        changed_rules = [name for name, (_, kinds) in RULES.items() if kinds & records]
        rules = {name: _names_of_rules(name) for name in changed_rules}
        sources = _names_of_sources() if changelog.SOURCE in records else None
        noted = _sources_beside_cases() if NAMING_SOURCES & records else None
        reloaded = facts(cases) if cases else None
        with self.reading:
            if actors is not None:
                self.actors = actors
                self._derived.clear()
            if rules:
                self._rules |= rules
                self._derived.clear()
            if sources is not None:
                self._sources = sources
                self._derived.clear()
            if noted is not None:
                self._noted = noted
                self._derived.clear()
            if reloaded is not None:
                self._contents.remove(BitMap(cases))
                self._contents.add(reloaded)
                self._derived.clear()
            self.version = version
        return True


def _names_of_rules(dimension: str) -> dict[str, str]:
    """Return the names of the published directives or exceptions by slug, in their order."""
    model, _ = RULES[dimension]
    return {rule.slug: str(rule) for rule in model.objects.published()}


def _names_of_sources() -> dict[str, str]:
    """Return the name of each source by its slug."""
    sources = Source.objects.only("slug", "title", "publisher").order_by()
    return {source.slug: str(source) for source in sources}


def _sources_beside_cases() -> frozenset[str]:
    """Return the slugs of the sources of published directives, and of public notes on no case."""
    notes = Note.objects.beside_cases().order_by()
    directives = Directive.objects.published().order_by()
    named = notes.values_list("source__slug").union(
        notes.values_list("evidence__slug"), directives.values_list("source__slug")
    )
    return frozenset(slug for (slug,) in named)


# One index for each process; the lock keeps two threads from building or updating it at once.
_current: CaseIndex | None = None
_current_lock = threading.Lock()


def current() -> CaseIndex:
    """Return the up-to-date index of this process; the first call builds it.

    Do not call it in a transaction that has written: a rolled-back change would stay in the index.
    """
    global _current
    with _current_lock:
        if _current is None or not _current.catch_up():
            _current = _from_snapshot() or CaseIndex.made_anew()
            _freeze_for_collector(_current)
        return _current


def _from_snapshot() -> CaseIndex | None:
    """Return an up-to-date index that begins with what another process kept, or None."""
    kept = snapshots.read()
    if kept is None:
        return None
    index = CaseIndex(*kept)
    return index if index.catch_up() else None


def _freeze_for_collector(index: CaseIndex) -> None:
    """Exempt a large index from garbage collection, which would slow down requests."""
    # Nothing in an index refers back to it, so reference counting alone frees it.
    if len(index.cases) > FREEZE_ABOVE:
        gc.unfreeze()  # what a previous index had frozen
        gc.collect()
        gc.freeze()


def prepare() -> None:
    """Build the index when a server starts, so that the first list of cases is fast.

    A large one is kept for the next start.
    """
    try:
        index = current()
        is_large = len(index.cases) >= snapshots.MIN_CASES
        if is_large and snapshots.changes_missing(index.version) > snapshots.MAX_BEHIND:
            snapshots.write(*index.packed())
    # The server must start even if the database is not ready or not migrated yet.
    except DatabaseError as error:
        logger.warning("The index of cases will be made at the first list: %s", error)
    finally:
        # Processes that are forked from this one must not share its connection.
        connection.close()


def forget() -> None:
    """Drop the index; the next call of `current()` builds a new one."""
    global _current
    with _current_lock:
        _current = None


def union(sets: Mapping[Any, BitMap], values: Iterable[Any]) -> BitMap:
    """Return the cases that have at least one of the values."""
    members = [sets[value] for value in values if value in sets]
    return BitMap.union(*members) if members else BitMap()
