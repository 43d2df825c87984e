"""Figures over the published collection; each says over how many cases it was counted."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Case, Claim, Incident, Warning
from .models.vocabulary import CaseStatus


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
    """Count the published collection, in four queries."""
    public = {"case__status": CaseStatus.PUBLISHED}
    deadly = Incident.objects.filter(deaths__isnull=False, **public)
    bounds = [(incident.case_id, incident.deaths_lower_bound) for incident in deadly]
    known = [(case, bound) for case, bound in bounds if bound is not None]
    return Figures(
        cases=Case.objects.published().count(),
        warnings=Warning.objects.filter(**public).count(),
        claims=Claim.objects.filter(**public).count(),
        deaths_at_least=sum(bound for _, bound in known),
        cases_with_deaths=len({case for case, _ in known}),
    )
