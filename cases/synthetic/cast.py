"""The actors and sources of synthetic cases: a few are in very many cases, most in only a few.

Their number grows with the number of cases. A case draws only from those that exist at its index,
so that it does not depend on how many cases are made after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from cases.models import Actor, Source
from cases.models.vocabulary import ActorKind, SourceKind

from .dates import UNKNOWN, Calendar
from .draws import Weighted, random_for
from .words import MADE_UP

# Number of actors of each kind in a block; actors are made in blocks of thirty.
BLOCK = {
    ActorKind.STATE: 4,
    ActorKind.GOVERNMENT_BODY: 4,
    ActorKind.INTELLIGENCE_SERVICE: 4,
    ActorKind.ARMED_GROUP: 4,
    ActorKind.INDIVIDUAL: 4,
    ActorKind.OFFICIAL: 4,
    ActorKind.DIPLOMATIC_MISSION: 2,
    ActorKind.MEDIA: 2,
    ActorKind.COLLECTIVE: 2,
}

BLOCK_SIZE = sum(BLOCK.values())
MAX_BLOCKS = 50
CASES_PER_BLOCK = 60 * BLOCK_SIZE
MIN_SOURCES, MAX_SOURCES, CASES_PER_SOURCE = 5, 500, 200
SHARE_DRAWN_FROM_ALL = 0.004
FIRST_ACCESSED_ON = dt.date(2016, 1, 1)

# The word in the names of actors of each kind, and the one in their aliases.
NAMES = {
    ActorKind.STATE: ("State", "État synthétique"),
    ActorKind.GOVERNMENT_BODY: ("Ministry", "Министерство"),
    ActorKind.INTELLIGENCE_SERVICE: ("Service", "Служба"),
    ActorKind.DIPLOMATIC_MISSION: ("Embassy", "大使館"),
    ActorKind.OFFICIAL: ("Official", "Fonctionnaire désigné"),
    ActorKind.INDIVIDUAL: ("Person", "Özgür Müller-Łoś"),
    ActorKind.ARMED_GROUP: ("Group", "الجماعة"),
    ActorKind.MEDIA: ("Newspaper", "Gazeta Żółta"),
    ActorKind.COLLECTIVE: ("People", "Ciudadanía anónima"),
}


def blocks_at(index: int) -> int:
    """Return the number of blocks of actors that case `index` (from 1) draws from."""
    return max(1, min(MAX_BLOCKS, index // CASES_PER_BLOCK))


def sources_at(index: int) -> int:
    """Return the number of sources that case `index` (from 1) draws from."""
    return max(MIN_SOURCES, min(MAX_SOURCES, index // CASES_PER_SOURCE))


def rank(rng: Random, count: int) -> int:
    """Return an index from 0 to `count` - 1, mostly a small one.

    Nearly all draws go to the first few indexes, with a probability inverse to the rank.
    """
    if rng.random() < SHARE_DRAWN_FROM_ALL:
        return rng.randrange(count)
    core = min(count, 3 + int(3 * count**0.5))
    return min(count - 1, int((core + 1) ** rng.random()) - 1)


def make_actors(seed: int, cases: int) -> list[Actor]:
    """Return the unsaved actors for `cases` cases, parents before children."""
    actors: list[Actor] = []
    for block in range(blocks_at(cases)):
        members: dict[ActorKind, list[Actor]] = {}
        for kind, count in BLOCK.items():
            for place in range(count):
                rng = random_for(seed, "actor", block, kind.value, place)
                actor = _actor(kind, block * count + place + 1, rng)
                _attach(actor, place, members, rng)
                members.setdefault(kind, []).append(actor)
                actors.append(actor)
    return actors


def _actor(kind: ActorKind, number: int, rng: Random) -> Actor:
    word, alias = NAMES[kind]
    return Actor(
        slug=f"synthetic-{word.lower()}-{number}",
        name=f"Synthetic {word} {number}",
        kind=kind,
        aliases=[f"{alias} {number}"] if rng.random() < 0.3 else [],
        description=MADE_UP,
    )


def _attach(actor: Actor, place: int, members: dict[ActorKind, list[Actor]], rng: Random) -> None:
    """Give the actor a country and a parent from its own block."""
    if actor.kind == ActorKind.STATE:
        return
    state = rng.choice(members[ActorKind.STATE])
    # The first three armed groups of a block form a chain; an official belongs to a body.
    if actor.kind == ActorKind.ARMED_GROUP:
        actor.parent = members[ActorKind.ARMED_GROUP][place - 1] if place in (1, 2) else None
    elif actor.kind == ActorKind.OFFICIAL:
        actor.parent = rng.choice(members[ActorKind.GOVERNMENT_BODY])
    elif actor.kind not in (ActorKind.INDIVIDUAL, ActorKind.MEDIA, ActorKind.COLLECTIVE):
        actor.parent = state
    actor.country = state if rng.random() < 0.7 else None


def make_sources(seed: int, cases: int, calendar: Calendar) -> list[Source]:
    """Return the unsaved sources for `cases` cases, originals before reprints."""
    sources: list[Source] = []
    for number in range(1, sources_at(cases) + 1):
        rng = random_for(seed, "source", number)
        source = _source(number, rng, calendar)
        if sources and rng.random() < 0.1:
            source.derived_from = rng.choice(sources)
        sources.append(source)
    return sources


def _source(number: int, rng: Random, calendar: Calendar) -> Source:
    date = calendar.at(calendar.draw(rng)) if rng.random() < 0.85 else UNKNOWN
    return Source(
        slug=f"synthetic-report-{number}",
        title=f"Synthetic report {number}",
        kind=SourceKind.SYNTHETIC,
        publisher=f"Synthetic Press {1 + number % 20}" if rng.random() < 0.8 else "",
        published_words=date.words,
        published_edtf=date.edtf,
        published_basis=date.basis,
        url=f"https://example.org/synthetic-report-{number}" if rng.random() < 0.7 else "",
        accessed_on=FIRST_ACCESSED_ON + dt.timedelta(days=rng.randrange(3650)),
        description=MADE_UP,
    )


@dataclass
class Cast:
    """The stored actors and sources that cases draw from."""

    actors: list[Actor]
    sources: list[Source]

    def __post_init__(self) -> None:
        self._of_kind: dict[str, list[Actor]] = {kind: [] for kind in BLOCK}
        for actor in self.actors:
            self._of_kind[actor.kind].append(actor)

    def actor(self, rng: Random, index: int, kinds: Weighted[ActorKind]) -> Actor:
        """Draw an actor of one of the kinds for case `index`."""
        kind = kinds.draw(rng)
        return self._of_kind[kind][rank(rng, BLOCK[kind] * blocks_at(index))]

    def several(
        self,
        rng: Random,
        index: int,
        kinds: Weighted[ActorKind],
        count: int,
        without: Collection[Actor] = (),
    ) -> list[Actor]:
        """Draw `count` different actors, excluding those in `without`."""
        actors: list[Actor] = []
        while len(actors) < count:
            actor = self.actor(rng, index, kinds)
            if actor not in without and actor not in actors:
                actors.append(actor)
        return actors

    def source(self, rng: Random, index: int) -> Source:
        """Draw a source for case `index`."""
        return self.sources[rank(rng, sources_at(index))]
