"""The variables of a case that the table and the comparison can show as columns."""

from __future__ import annotations

from dataclasses import dataclass

CASE, WARNING, INCIDENT = "case", "warning", "incident"

# The derived variables of a warning, with their labels in the coding sheet.
DERIVED = {"lead_time": "Lead time", "window_covered": "Window covered the incident"}


@dataclass(frozen=True)
class Variable:
    """A column of the table: its name in addresses, its part of the case, its coded field.

    `sorts` are the sort orders that its column heading offers, the first one first.
    """

    name: str
    part: str
    field: str
    title: str
    sorts: tuple[str, ...] = ()


VARIABLES: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable("kind", CASE, "kind", "Kind"),
        Variable("directive", CASE, "directives", "Directives"),
        Variable("era", CASE, "era", "Era"),
        Variable("issuer", WARNING, "issuer", "Issuer"),
        Variable("intermediary", WARNING, "intermediaries", "Intermediaries"),
        Variable("recipient", WARNING, "recipients", "Recipients"),
        Variable("warned_on", WARNING, "date", "Warned on"),
        Variable("before_incident", WARNING, "before_incident", "Before the incident"),
        Variable("repeated", WARNING, "repeated", "Repeated"),
        Variable("channel", WARNING, "channel", "Channel"),
        Variable("conduit", WARNING, "conduit", "Conduit"),
        Variable("basis", WARNING, "basis", "Basis"),
        Variable("relation", WARNING, "relation", "Relation"),
        Variable("specificity_who", WARNING, "who_specificity", "How specific: who"),
        Variable("specificity_target", WARNING, "target_specificity", "How specific: target"),
        Variable("specificity_place", WARNING, "place_specificity", "How specific: place"),
        Variable("specificity_time", WARNING, "time_specificity", "How specific: time"),
        Variable("issuer_action", WARNING, "issuer_action", "Issuer’s action"),
        Variable("reception", WARNING, "reception", "Reception"),
        Variable("follow_up", WARNING, "follow_up", "Follow-up"),
        Variable("lead_time", WARNING, "lead_time", "Lead time", ("lead_time", "-lead_time")),
        Variable("window_covered", WARNING, "window_covered", "Window covered"),
        Variable("incident", INCIDENT, "kind", "Incident"),
        Variable("happened_on", INCIDENT, "date", "Happened on"),
        Variable("place", INCIDENT, "place", "Place"),
        Variable("country", INCIDENT, "country", "Country"),
        Variable("deaths", INCIDENT, "deaths", "Deaths", ("-deaths",)),
        Variable("injured", INCIDENT, "injured", "Injured"),
        Variable("records_status", CASE, "records_status", "Requests for records"),
    )
}

# The titles of the variables that readers can choose, by name.
COLUMN_CHOICES = {name: variable.title for name, variable in VARIABLES.items()}
