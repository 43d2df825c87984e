"""Figures over the published collection; each says over how many cases it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cases import changelog
from cases.models import Case, Claim, Incident, Warning
from cases.models.incident import lower_bound
from cases.models.vocabulary import CaseStatus


@dataclass(frozen=True)
class Figures:
    """Counts of the published collection.

    `deaths_at_least` is the sum of the lower bounds of all figures of deaths, over
    `cases_with_deaths` cases; the others give no figure with a firm lower bound, which is not the
    same as no deaths.
    """

    cases: int
    warnings: int
    claims: int
    deaths_at_least: int
    cases_with_deaths: int


def collection_figures() -> Figures:
    """Count the published collection; once for each version of the dataset, in four queries."""
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


def forget() -> None:
    """Let go of what was counted; the next call counts anew."""
    _counted.cache_clear()
