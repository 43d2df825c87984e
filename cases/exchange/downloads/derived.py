"""Values that are derived from the record of a case and are not stored in it."""

from __future__ import annotations

from typing import Any

from cases.evidence.sheet import first_occurrence
from cases.models import Case, Incident, Warning
from cases.models.vocabulary import NOT_STATED

Json = dict[str, Any]


def derived(case: Case) -> Json:
    """Return the derived values of each warning and each incident, as the JSON file has them."""
    occurrence = first_occurrence(case)
    return {
        "warnings": [
            {
                "sequence": warning.sequence,
                "lead_time": lead_time(warning, occurrence),
                "window_covered": warning.window_covered(occurrence).value,
            }
            for warning in case.warnings.all()
        ],
        "incidents": [
            {"sequence": incident.sequence, "deaths_lower_bound": deaths_lower_bound(incident)}
            for incident in case.incidents.all()
        ],
    }


def lead_time(warning: Warning, occurrence: Incident | None) -> dict[str, int | None] | str:
    """Return the minimum and maximum lead time in days, or the reason why there is none."""
    interval = warning.lead_time(occurrence)
    if interval.minimum is None:
        return interval.status
    return {"minimum": interval.minimum, "maximum": interval.maximum}


def deaths_lower_bound(incident: Incident) -> int | str:
    """Return the lowest number of deaths that the figure allows, or the reason for having none."""
    bound = incident.deaths_lower_bound
    if bound is not None:
        return bound
    # “About 130” has a figure, but no lower bound; without a figure the qualifier is the reason.
    return NOT_STATED if incident.deaths is not None else incident.deaths_qualifier
