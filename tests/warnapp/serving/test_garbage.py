"""A server collects garbage rarely, but it does."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from warnapp.serving.garbage import THRESHOLDS, collect_rarely


class Circle:
    """An object that refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """Restore the settings of the garbage collector."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
    gc.enable()


def test_new_garbage_is_collected_after_some_thousand_objects() -> None:
    collections: list[str] = []

    def note(phase: str, about: dict[str, int]) -> None:
        collections.append(phase)

    collect_rarely()
    gc.callbacks.append(note)
    try:
        some = [Circle() for _ in range(THRESHOLDS[0] // 4)]
        assert collections == []
        some += [Circle() for _ in range(THRESHOLDS[0])]
        assert collections
    finally:
        gc.callbacks.remove(note)


def test_objects_from_before_are_not_looked_at() -> None:
    before = Circle()
    alive = weakref.ref(before)
    collect_rarely()
    del before
    gc.collect()
    assert alive()
