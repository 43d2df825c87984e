"""Random draws that are the same on every machine and in every order of making."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def random_for(seed: int, *names: str | int) -> Random:
    """Return the generator of one record; it depends on its name alone, not on those before it."""
    return Random(":".join(map(str, (seed, *names))))  # noqa: S311 - nothing here is secret


class Weighted(Generic[T]):
    """Values of which some are drawn more often than others."""

    def __init__(self, values: Iterable[T], weights: Iterable[float]) -> None:
        self._values: Sequence[T] = tuple(values)
        self._bounds = list(accumulate(weights))

    def draw(self, rng: Random) -> T:
        return self._values[bisect(self._bounds, rng.random() * self._bounds[-1])]


def weighted(weights: Mapping[T, float]) -> Weighted[T]:
    return Weighted(weights, weights.values())


def by_rank(values: Sequence[T]) -> Weighted[T]:
    """Return values of which the first are very common and, of some hundred, the last very rare."""
    return Weighted(values, (1 / (rank + 30) ** 4 for rank in range(len(values))))


def heavy_tailed(rng: Random, most: int) -> int:
    """Return a whole number from 1 to `most`, mostly small and now and then very large."""
    return min(most, int(rng.paretovariate(0.8)))
