"""All cases in a sort order, in blocks: a page of a list looks into few of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from pyroaring import BitMap

# How many cases a new block has. It is split when it has twice as many.
BLOCK = 1_000

# If more cases are added at once, all are sorted again, which takes less time.
MAX_MOVED = 2_000

# What cases are sorted by: whole numbers, or texts.
Key = Any

PackedOrder = list[tuple[list[str] | bytes, bytes]]


@dataclass
class Block:
    """Cases that follow each other in an order; `keys[i]` is the sort key of `cases[i]`."""

    keys: array[int] | list[str]
    cases: array[int]

    def __post_init__(self) -> None:
        self.members = BitMap(self.cases, optimize=False)  # see `Contents.add()`

    @classmethod
    def of(cls, pairs: Iterable[tuple[Key, int]]) -> Block:
        """Return a block of sorted pairs of key and case; there must be one at least."""
        keys, cases = zip(*pairs, strict=True)
        # An array needs a fifth of the memory of a list of numbers.
        typed = array("q", keys) if isinstance(keys[0], int) else list(keys)
        return cls(typed, array("I", cases))

    def __len__(self) -> int:
        return len(self.cases)

    def pair(self, at: int) -> tuple[Key, int]:
        return self.keys[at], self.cases[at]

    def pairs(self) -> Iterator[tuple[Key, int]]:
        return zip(self.keys, self.cases, strict=True)

    def insert(self, key: Key, case: int) -> None:
        at = bisect_left(range(len(self)), (key, case), key=self.pair)
        self.keys.insert(at, key)
        self.cases.insert(at, case)
        self.members.add(case)

    def remove(self, cases: BitMap) -> None:
        for at in reversed([at for at, case in enumerate(self.cases) if case in cases]):
            del self.keys[at], self.cases[at]
        self.members -= cases


class Order:
    """All cases by their sort key; those with the same key, by the key of their row."""

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._blocks = list(blocks)

    @property
    def members(self) -> BitMap:
        """A new set of all its cases."""
        return BitMap.union(BitMap(), *(block.members for block in self._blocks))

    def among(self, cases: BitMap, start: int = 0) -> Iterator[int]:
        """Yield some cases in this order, beginning with the one at a position from 0."""
        for block in self._blocks:
            found = block.members.intersection_cardinality(cases)
            if found > start:
                yield from islice(filter(cases.__contains__, block.cases), start, None)
            start = max(start - found, 0)

    def place(self, case: int, cases: BitMap) -> int | None:
        """Return the position of a case among some cases, from 0; None if it is not there."""
        before = 0
        for block in self._blocks:
            if case in block.members:
                earlier = block.cases[: block.cases.index(case)]
                return before + cases.intersection_cardinality(BitMap(earlier))
            before += block.members.intersection_cardinality(cases)
        return None

    def below(self, key: Key) -> BitMap:
        """Return the cases with a lesser sort key."""
        blocks = self._blocks[: bisect_left(self._blocks, key, key=lambda block: block.keys[0])]
        found = BitMap.union(BitMap(), *(block.members for block in blocks))
        if blocks:
            last = blocks[-1]
            found -= BitMap(last.cases[bisect_left(last.keys, key) :])
        return found

    def ends(self, cases: BitMap, low: Key, high: Key) -> tuple[Key, Key] | None:
        """Return the least and the greatest sort key from `low` to `high` that some cases have."""
        inside = cases & self.below(high + 1)
        inside -= self.below(low)
        if not inside.intersect(self.members):
            return None
        blocks = [block for block in self._blocks if block.members.intersect(inside)]
        first = next(key for key, case in blocks[0].pairs() if case in inside)
        last = next(key for key, case in reversed([*blocks[-1].pairs()]) if case in inside)
        return first, last

    def remove(self, cases: BitMap) -> None:
        """Forget some cases."""
        for block in self._blocks:
            if block.members.intersect(cases):
                block.remove(cases)
        self._blocks = [block for block in self._blocks if len(block)]

    def add(self, keys: Mapping[int, Key]) -> None:
        """Add cases that are not there yet, each with its sort key."""
        pairs = [(key, case) for case, key in keys.items()]
        if len(pairs) > MAX_MOVED or not self._blocks:
            present = chain.from_iterable(block.pairs() for block in self._blocks)
            self._blocks = _blocks(sorted([*present, *pairs]))
            return
        for pair in pairs:
            at = bisect_right(self._blocks, pair, key=lambda block: block.pair(0))
            at = max(at - 1, 0)
            block = self._blocks[at]
            block.insert(*pair)
            if len(block) >= 2 * BLOCK:
                self._blocks[at : at + 1] = _blocks(list(block.pairs()))

    def packed(self) -> PackedOrder:
        """Return the keys and the cases of each block, in a form for msgspec."""
        return [
            (
                keys if isinstance(keys := block.keys, list) else keys.tobytes(),
                block.cases.tobytes(),
            )
            for block in self._blocks
        ]

    @classmethod
    def unpacked(cls, blocks: PackedOrder) -> Order:
        """Return an order from what `packed()` returned."""
        return cls(
            Block(keys if isinstance(keys, list) else array("q", keys), array("I", cases))
            for keys, cases in blocks
        )


def _blocks(pairs: Sequence[tuple[Key, int]]) -> list[Block]:
    return [Block.of(pairs[at : at + BLOCK]) for at in range(0, len(pairs), BLOCK)]
