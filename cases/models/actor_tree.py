"""The tree of actors, in memory: what belongs to what, read once for many questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyroaring import BitMap

from cases.text.folding import fold


@dataclass(frozen=True)
class Node:
    """One actor: what the tree knows of it, with the keys of its parent and its country."""

    slug: str
    name: str
    kind: str
    parent: int | None
    country: int | None


class ActorTree:
    """All actors by key. They are few compared with the cases, so one query reads them all.

    The tree is given its rows, the `COLUMNS` of each actor: the actors' own querysets use it.
    """

    COLUMNS = ("pk", "slug", "name", "kind", "parent_id", "country_id")

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._nodes = {row[0]: Node(*row[1:]) for row in rows}
        self._keys = {node.slug: key for key, node in self._nodes.items()}
        self._lines: dict[str, list[str]] = {}

    def keys(self, slugs: Iterable[str]) -> set[int]:
        """Return the keys of the actors that have one of the slugs."""
        return {self._keys[slug] for slug in slugs if slug in self._keys}

    def slugs(self, kind: str | None) -> list[str]:
        """Return the slugs of the actors of one kind, or of all."""
        return [node.slug for node in self._nodes.values() if kind in (None, node.kind)]

    def __contains__(self, slug: object) -> bool:
        return slug in self._keys

    def choices(self, slugs: Iterable[str]) -> dict[str, str]:
        """Return slug and name of some actors and of all that they belong to, by name."""
        public = self.with_ancestors(self.keys(slugs))
        return {node.slug: node.name for key, node in self._by_name if key in public}

    def kind(self, slug: str) -> str:
        """Return the kind of an actor; raises KeyError for an unknown slug."""
        return self._nodes[self._keys[slug]].kind

    @cached_property
    def _by_name(self) -> list[tuple[int, Node]]:
        return sorted(self._nodes.items(), key=lambda item: (fold(item[1].name), item[0]))

    def with_ancestors(self, keys: Iterable[int]) -> set[int]:
        """Return the actors with all that they belong to or act for."""
        known = (key for key in keys if key in self._nodes)
        return _reach(known, lambda key: (*self._parent(key), *self._country(key)))

    def with_descendants(self, keys: Iterable[int]) -> set[int]:
        """Return the actors with all that belong to them, whatever the depth."""
        children: dict[int, list[int]] = {}
        for key in self._nodes:
            for parent in self._parent(key):
                children.setdefault(parent, []).append(key)
        return _reach(keys, lambda key: children.get(key, ()))

    def family(self, slug: str) -> set[str]:
        """Return the slugs of an actor and of all that belong to it, whatever the depth."""
        return {self._nodes[key].slug for key in self.with_descendants(self.keys([slug]))}

    def top(self, slug: str, kind: str) -> str:
        """Return the highest actor of a kind that an actor belongs to, or is; else the root."""
        lineage = [self._keys[slug]]
        while (above := self._nodes[lineage[-1]].parent) is not None and above not in lineage:
            lineage.append(above)
        of_kind = [key for key in lineage if self._nodes[key].kind == kind]
        return self._nodes[(of_kind or lineage)[-1]].slug

    def gather(self, cases: Mapping[str, BitMap]) -> dict[str, BitMap]:
        """Return for each slug the cases of the actor and of all its descendants.

        `cases` holds for each actor, by its slug, the cases that name the actor itself.
        """
        gathered: dict[str, list[BitMap]] = {}
        for slug, found in cases.items():
            if found and slug in self._keys:
                for above in self._line(slug):
                    gathered.setdefault(above, []).append(found)
        return {
            slug: parts[0] if len(parts) == 1 else BitMap.union(*parts)
            for slug, parts in gathered.items()
        }

    def _line(self, slug: str) -> list[str]:
        """Return the slugs of an actor and of all that it belongs to."""
        if slug not in self._lines:  # asked for in each dimension and layer, after each change
            line = _reach([self._keys[slug]], self._parent)
            self._lines[slug] = [self._nodes[key].slug for key in line]
        return self._lines[slug]

    def _parent(self, key: int) -> tuple[int, ...]:
        parent = self._nodes[key].parent
        return () if parent is None else (parent,)

    def _country(self, key: int) -> tuple[int, ...]:
        country = self._nodes[key].country
        return () if country is None else (country,)


def _reach(start: Iterable[int], step: Callable[[int], Iterable[int]]) -> set[int]:
    """Return the keys in `start` and every key that steps from there lead to.

    Each key is visited once, so the walk ends even in a cycle.
    """
    reached: set[int] = set()
    waiting = set(start)
    while waiting:
        key = waiting.pop()
        reached.add(key)
        waiting.update(following for following in step(key) if following not in reached)
    return reached
