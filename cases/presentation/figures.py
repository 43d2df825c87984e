"""Figures about the published collection, each with the number of cases behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cases.evidence.certainty import Certainty
from cases.index import case_index
from cases.index.loading import CLAIMS, DEADLY, DEATHS, WARNINGS


@dataclass(frozen=True)
class Figures:
    """Counts of the published collection.

    `deaths_at_least` is the sum of the lower bounds of all figures of deaths, over
    `cases_with_deaths` cases. The other cases have no figure with a lower bound, which does not
    mean that nobody died.
    """

    cases: int
    warnings: int
    claims: int
    deaths_at_least: int
    cases_with_deaths: int


def collection_figures() -> Figures:
    """Return the figures of the public cases, which the index has counted."""
    index = case_index.current()
    with index.reading:
        return Figures(
            cases=len(index.cases),
            warnings=index.totals[WARNINGS],
            claims=index.totals[CLAIMS],
            deaths_at_least=index.totals[DEATHS],
            cases_with_deaths=index.totals[DEADLY],
        )


def collection_certainty() -> Certainty:
    """Return how certain the coded values of the public cases are."""
    index = case_index.current()
    with index.reading:
        return certainty_in(index.totals)


def certainty_in(totals: Mapping[str, int]) -> Certainty:
    """Return how certain the coded values are in totals of the index."""
    others = (WARNINGS, CLAIMS, DEATHS, DEADLY)
    return Certainty({name: n for name, n in totals.items() if n and name not in others})
