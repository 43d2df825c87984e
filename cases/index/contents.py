"""What the index holds of cases: the set of cases for each value, and the cases in each order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from pyroaring import BitMap

from .loading import COUNTED, Facts, Layer
from .order import Order, PackedOrder

Values = dict[tuple[str, Layer], dict[str, BitMap]]


def _values() -> Values:
    return defaultdict(dict)


@dataclass
class Contents:
    """The public cases by value, by date and in every sort order.

    `sets[dimension, layer][value]` are the cases that have a value, `inferred` those that have it
    by inference alone. `orders[sort]` are the cases in a sort order; see `Facts`.
    """

    cases: BitMap = field(default_factory=BitMap)
    sets: Values = field(default_factory=_values)
    inferred: Values = field(default_factory=_values)
    orders: dict[str, Order] = field(default_factory=lambda: defaultdict(Order))

    def totals(self, among: BitMap | None = None) -> Counter[str]:
        """Return the sum, over all or some cases, of each thing that is counted in a case."""

        def number_of(cases: BitMap) -> int:
            return len(cases) if among is None else cases.intersection_cardinality(among)

        return Counter(
            {
                str(name): sum(int(number) * number_of(cases) for number, cases in members.items())
                for (dimension, name), members in self.sets.items()
                if dimension == COUNTED
            }
        )

    def remove(self, cases: BitMap) -> None:
        """Forget some cases."""
        self.cases -= cases
        for values in (*self.sets.values(), *self.inferred.values()):
            for members in values.values():
                # Most of some ten thousand sets have none of a few cases, which is seen faster.
                if members.intersect(cases):
                    members.difference_update(cases)
        for order in self.orders.values():
            order.remove(cases)

    def add(self, found: Facts) -> None:
        """Add cases that are not there yet."""
        # No run containers: intersecting them takes ten to thirty times as long.
        self.cases |= BitMap(found.cases, optimize=False)
        for place, values in found.members.items():
            for value, members in values.items():
                self.sets[place].setdefault(value, BitMap()).update(members)
        for place, value, inferred in found.only_inferred():
            self.inferred[place].setdefault(value, BitMap()).update(inferred)
        for sort, keys in found.keys.items():
            self.orders[sort].add(keys)

    def packed(self) -> bytes:
        """Return the contents as bytes that `unpacked()` reads."""
        return msgspec.msgpack.encode(
            _Packed(
                cases=self.cases.serialize(),
                sets=list(_pack(self.sets)),
                inferred=list(_pack(self.inferred)),
                orders={sort: order.packed() for sort, order in self.orders.items()},
            )
        )

    @classmethod
    def unpacked(cls, data: bytes | bytearray) -> Contents:
        """Return the contents in bytes; raises msgspec.MsgspecError for anything else."""
        packed = _UNPACK.decode(data)
        contents = cls(cases=BitMap.deserialize(packed.cases))
        contents.orders |= {sort: Order.unpacked(blocks) for sort, blocks in packed.orders.items()}
        for values, stored in ((contents.sets, packed.sets), (contents.inferred, packed.inferred)):
            for name, layer, members in stored:
                values[name, layer] = {
                    value: BitMap.deserialize(cases) for value, cases in members.items()
                }
        return contents


_PackedValues = list[tuple[str, Layer, dict[str, bytes]]]


class _Packed(msgspec.Struct, array_like=True):
    cases: bytes
    sets: _PackedValues
    inferred: _PackedValues
    orders: dict[str, PackedOrder]


_UNPACK = msgspec.msgpack.Decoder(_Packed)


def _pack(values: Values) -> Iterable[tuple[str, Layer, dict[str, bytes]]]:
    for (name, layer), members in values.items():
        yield name, layer, {value: cases.serialize() for value, cases in members.items() if cases}
