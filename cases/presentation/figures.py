"""Figures about the published collection, each with the number of cases behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cases import changelog
from cases.evidence.certainty import Certainty, certainty_of_cases
from cases.models import Case, Claim, Incident, Warning
from cases.models.incident import lower_bound
from cases.models.vocabulary import CaseStatus


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
    """Return the figures; counted once for each version of the dataset, in four queries."""
    # The version is the cache key, so any change of the dataset makes the cache stale.
    return _counted(changelog.latest())


@lru_cache(maxsize=1)
def _counted(version: int) -> Figures:
    public = {"case__status": CaseStatus.PUBLISHED}
    deadly = Incident.objects.filter(deaths__isnull=False, **public)
    rows = deadly.values_list("case", "deaths", "deaths_qualifier")
    bounds = [(case, lower_bound(figure, qualifier)) for case, figure, qualifier in rows]
    known = [(case, bound) for case, bound in bounds if bound is not None]
    return Figures(
        cases=Case.objects.published().count(),
        warnings=Warning.objects.filter(**public).count(),
        claims=Claim.objects.filter(**public).count(),
        deaths_at_least=sum(bound for _, bound in known),
        cases_with_deaths=len({case for case, _ in known}),
    )


def collection_certainty() -> Certainty:
    """Return how certain the coded values are; counted once for each version of the dataset."""
    return _certainty(changelog.latest())


@lru_cache(maxsize=1)
def _certainty(version: int) -> Certainty:
    published = Case.objects.published().order_by()
    return certainty_of_cases(list(published.values_list("pk", flat=True)))


def forget() -> None:
    """Clear the caches; the next calls count again."""
    _counted.cache_clear()
    _certainty.cache_clear()
