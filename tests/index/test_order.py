"""An order in blocks: it answers as a sorted list would, after any changes."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from cases.index import order
from cases.index.order import Key, Order

pytestmark = pytest.mark.once

CASES = st.integers(1, 40)

# Cases that are added with their keys, or removed; few keys, so that many cases have the same.
NUMBERS = st.dictionaries(CASES, st.integers(-3, 3), max_size=15)
CHANGES = st.lists(st.one_of(NUMBERS, st.sets(CASES)), max_size=12)


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with mock.patch.object(order, "BLOCK", 3), mock.patch.object(order, "MAX_MOVED", 8):
        yield


def changed(changes: list[dict[int, Key] | set[int]]) -> tuple[Order, dict[int, Key]]:
    """Return an order after some changes, and the keys that it should have then."""
    changing, keys = Order(), dict[int, Key]()
    for change in changes:
        changing.remove(BitMap(change))
        keys = {case: key for case, key in keys.items() if case not in change}
        if isinstance(change, dict):
            changing.add(change)
            keys |= change
    return changing, keys


@given(CHANGES, st.sets(CASES), st.integers(0, 20))
def test_order_yields_and_places_cases_as_a_sorted_list(
    changes: list[dict[int, Key] | set[int]], some: set[int], start: int
) -> None:
    changing, keys = changed(changes)
    expected = sorted(some & keys.keys(), key=lambda case: (keys[case], case))
    assert list(changing.among(BitMap(some), start)) == expected[start:]
    for case in range(1, 41):
        place = expected.index(case) if case in expected else None
        if case in some:
            assert changing.place(case, BitMap(some)) == place


@given(CHANGES, st.integers(-4, 4))
def test_order_finds_the_cases_below_a_key(
    changes: list[dict[int, Key] | set[int]], bound: int
) -> None:
    changing, keys = changed(changes)
    assert set(changing.members) == keys.keys()
    assert set(changing.below(bound)) == {case for case, key in keys.items() if key < bound}


@given(CHANGES, st.sets(CASES), st.integers(-4, 4), st.integers(-4, 4))
def test_order_finds_the_ends_of_some_cases(
    changes: list[dict[int, Key] | set[int]], some: set[int], low: int, high: int
) -> None:
    changing, keys = changed(changes)
    among = [keys[case] for case in some & keys.keys() if low <= keys[case] <= high]
    expected = (min(among), max(among)) if among else None
    assert changing.ends(BitMap(some), low, high) == expected


@given(CHANGES)
def test_packed_order_is_the_same(changes: list[dict[int, Key] | set[int]]) -> None:
    changing, _ = changed(changes)
    again = Order.unpacked(changing.packed())
    assert list(again.among(again.members)) == list(changing.among(changing.members))


def test_order_by_text_is_packed_too() -> None:
    titles = Order()
    titles.add({1: "émeute", 2: "attack", 3: "b"})
    again = Order.unpacked(titles.packed())
    again.add({4: "bus"})
    assert list(again.among(again.members)) == [2, 3, 4, 1]
