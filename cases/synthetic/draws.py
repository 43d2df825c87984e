"""Random draws that are reproducible on every machine and in any order."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def random_for(seed: int, *names: str | int) -> Random:
    """Return the random generator of one record, which depends on the seed and its name only."""
    return Random(":".join(map(str, (seed, *names))))  # noqa: S311 - nothing here is secret


class Weighted(Generic[T]):
    """Values to draw from, each with a weight."""

    def __init__(self, values: Iterable[T], weights: Iterable[float]) -> None:
        self._values: Sequence[T] = tuple(values)
        self._bounds = list(accumulate(weights))

    def draw(self, rng: Random) -> T:
        return self._values[bisect(self._bounds, rng.random() * self._bounds[-1])]


def weighted(weights: Mapping[T, float]) -> Weighted[T]:
    return Weighted(weights, weights.values())


def by_rank(values: Sequence[T]) -> Weighted[T]:
    """Return values with weights that fall steeply; of some hundred, the last are very rare."""
    return Weighted(values, (1 / (rank + 30) ** 4 for rank in range(len(values))))


def heavy_tailed(rng: Random, maximum: int) -> int:
    """Return a whole number from 1 to `maximum`, mostly small and occasionally very large."""
    return min(maximum, int(rng.paretovariate(0.8)))
