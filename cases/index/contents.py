"""What the index holds of cases: the set of cases for each value, sort keys, and counts."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pyroaring import BitMap

from .loading import Facts, Layer

# If more cases are added or removed at once, all are sorted again, which takes less time.
MAX_MOVED = 2_000

Values = dict[tuple[str, Layer], dict[str, BitMap]]


def _values() -> Values:
    return defaultdict(dict)


@dataclass
class Contents:
    """The public cases by value, by date and in every sort order.

    `sets[dimension, layer][value]` are the cases that have a value, `inferred` those that have it
    by inference alone. `keys[sort][case]` is a sort key, and `orders[sort]` the cases in its order,
    if they were sorted already. `totals` is the sum of `counts[case]`; see `Facts`.
    """

    cases: BitMap = field(default_factory=BitMap)
    sets: Values = field(default_factory=_values)
    inferred: Values = field(default_factory=_values)
    keys: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    orders: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[int, Mapping[str, int]] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)

    def order(self, sort: str) -> list[int]:
        """Return all cases in a sort order."""
        if sort not in self.orders:
            keys = self.keys[sort]
            self.orders[sort] = sorted(keys, key=keys.__getitem__)
        return self.orders[sort]

    def remove(self, cases: BitMap) -> None:
        """Forget some cases."""
        cases = self.cases & cases
        self.cases -= cases
        if len(cases) > MAX_MOVED:
            self.orders.clear()
        for sort, order in self.orders.items():
            keys = self.keys[sort]
            for pk in filter(keys.__contains__, cases):
                # Cases of one day have the same key in the orders by first and by last days.
                first = bisect_left(order, keys[pk], key=keys.__getitem__)
                del order[order.index(pk, first)]
        for values in (*self.sets.values(), *self.inferred.values()):
            for members in values.values():
                members.difference_update(cases)
        for keys in self.keys.values():
            for pk in cases:
                keys.pop(pk, None)
        for pk in cases:
            self.totals.subtract(self.counts.pop(pk))

    def add(self, found: Facts) -> None:
        """Add cases that are not there yet."""
        self.cases |= BitMap(found.cases)
        for place, values in found.members.items():
            for value, members in values.items():
                self.sets[place].setdefault(value, BitMap()).update(members)
        for place, value, inferred in found.only_inferred():
            self.inferred[place].setdefault(value, BitMap()).update(inferred)
        self.counts |= found.counts
        for counts in found.counts.values():
            self.totals.update(counts)
        if len(found.cases) > MAX_MOVED:
            self.orders.clear()
        for sort, keys in found.keys.items():
            self.keys[sort].update(keys)
            for pk in keys if sort in self.orders else ():
                insort(self.orders[sort], pk, key=self.keys[sort].__getitem__)

    def packed(self) -> bytes:
        """Return the contents as bytes that `unpacked()` reads."""
        return msgspec.msgpack.encode(
            _Packed(
                cases=self.cases.serialize(),
                sets=list(_pack(self.sets)),
                inferred=list(_pack(self.inferred)),
                keys=dict(self.keys),
                orders={sort: array("I", order).tobytes() for sort, order in self.orders.items()},
                counts=self.counts,
                totals=dict(self.totals),
            )
        )

    @classmethod
    def unpacked(cls, data: bytes) -> Contents:
        """Return the contents in bytes; raises msgspec.MsgspecError for anything else."""
        packed = _UNPACK.decode(data)
        contents = cls(
            cases=BitMap.deserialize(packed.cases),
            orders={sort: list(array("I", order)) for sort, order in packed.orders.items()},
            counts=dict(packed.counts),
            totals=Counter(packed.totals),
        )
        contents.keys.update(packed.keys)
        for values, stored in ((contents.sets, packed.sets), (contents.inferred, packed.inferred)):
            for name, layer, members in stored:
                values[name, layer] = {
                    value: BitMap.deserialize(cases) for value, cases in members.items()
                }
        return contents


# The parts of a sort key, and a whole one.
_Part = int | float | str
_Key = int | tuple[_Part, ...]

_PackedValues = list[tuple[str, Layer, dict[str, bytes]]]


class _Packed(msgspec.Struct, array_like=True):
    cases: bytes
    sets: _PackedValues
    inferred: _PackedValues
    keys: dict[str, dict[int, _Key]]
    orders: dict[str, bytes]
    counts: dict[int, Mapping[str, int]]
    totals: dict[str, int]


_UNPACK = msgspec.msgpack.Decoder(_Packed)


def _pack(values: Values) -> Iterable[tuple[str, Layer, dict[str, bytes]]]:
    for (name, layer), members in values.items():
        yield name, layer, {value: cases.serialize() for value, cases in members.items() if cases}
