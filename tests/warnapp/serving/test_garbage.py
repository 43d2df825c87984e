"""A server looks for garbage seldom, but it looks."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from warnapp.serving.garbage import NEW_OBJECTS, look_seldom


@pytest.fixture
def usual() -> Iterator[None]:
    """Bring back how Python looks for garbage."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
    gc.enable()


def circle() -> list[Any]:
    """Return a list that is in itself."""
    made: list[Any] = []
    made.append(made)
    return made


def test_garbage_is_found_though_seldom_and_what_is_there_by_then_stays(usual: None) -> None:
    looks: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        looks.append(about["generation"])

    kept = circle()
    look_seldom()
    assert gc.get_freeze_count() > len(kept)
    gc.callbacks.append(note)
    try:
        some = [circle() for _ in range(NEW_OBJECTS // 2)]
        assert looks == []
        some += [circle() for _ in range(NEW_OBJECTS)]
        assert looks
    finally:
        gc.callbacks.remove(note)
