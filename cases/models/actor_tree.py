"""The actors and what they belong to, read once for many questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyroaring import BitMap

from cases.text.folding import fold

from . import Actor


@dataclass(frozen=True)
class Node:
    """What of an actor its filters need."""

    slug: str
    name: str
    kind: str
    parent: int | None
    country: int | None


class ActorTree:
    """All actors by key, in memory; their number is small beside that of the cases."""

    def __init__(self) -> None:
        columns = ("pk", "slug", "name", "kind", "parent_id", "country_id")
        rows = Actor.objects.order_by().values_list(*columns)
        self._nodes = {row[0]: Node(*row[1:]) for row in rows}

    def with_descendants(self, direct: Mapping[int, BitMap]) -> dict[str, BitMap]:
        """Return for each slug the cases of the actor and of all that belong to it."""
        gathered: dict[str, list[BitMap]] = {}
        for key, cases in direct.items():
            if cases:
                for node in self._upwards(key):
                    gathered.setdefault(node.slug, []).append(cases)
        return {
            slug: found[0] if len(found) == 1 else BitMap.union(*found)
            for slug, found in gathered.items()
        }

    def slugs(self, kind: str | None) -> list[str]:
        """Return the slugs of the actors of one kind, or of all."""
        return [node.slug for node in self._nodes.values() if kind in (None, node.kind)]

    def with_ancestors(self, named: set[int]) -> set[int]:
        """Return the actors `named` with all that they belong to or act for."""
        found: set[int] = set()
        waiting = set(named)
        while waiting:
            key = waiting.pop()
            node = self._nodes.get(key)
            if node is not None and key not in found:
                found.add(key)
                waiting |= {above for above in (node.parent, node.country) if above is not None}
        return found

    def choices(self, named: set[int], kind: str | None) -> dict[str, str]:
        """Return slug and name of the actors `named` and of all that they belong to, by name."""
        public = self.with_ancestors(named)
        by_name = sorted(public, key=lambda key: (fold(self._nodes[key].name), key))
        nodes = (self._nodes[key] for key in by_name)
        return {node.slug: node.name for node in nodes if kind in (None, node.kind)}

    def _upwards(self, key: int) -> Iterator[Node]:
        """Yield an actor and its ancestors, each once, even if they form a circle."""
        seen: set[int] = set()
        above: int | None = key
        while above is not None and above in self._nodes and above not in seen:
            seen.add(above)
            node = self._nodes[above]
            yield node
            above = node.parent
