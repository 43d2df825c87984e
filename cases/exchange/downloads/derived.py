"""Values that are worked out from a case's record and are not in it."""

from __future__ import annotations

from typing import Any

from cases.evidence.sheet import first_occurrence
from cases.models import Case, Incident, Warning
from cases.models.vocabulary import NOT_STATED

Json = dict[str, Any]


def derived(case: Case) -> Json:
    """Return lead time and window of each warning, and the least deaths of each incident."""
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
    """Return the least and the greatest number of days, or why there is none."""
    found = warning.lead_time(occurrence)
    if found.minimum is None:
        return found.status
    return {"minimum": found.minimum, "maximum": found.maximum}


def deaths_lower_bound(incident: Incident) -> int | str:
    """Return the least number of deaths that the figure allows, or why there is none."""
    least = incident.deaths_lower_bound
    if least is not None:
        return least
    return NOT_STATED if incident.deaths is not None else incident.deaths_qualifier
