"""The variables of a case that tables show side by side, each under one name and title."""

from __future__ import annotations

from dataclasses import dataclass

CASE, WARNING, INCIDENT = "case", "warning", "incident"

DERIVED = {"lead_time": "Lead time", "window_covered": "Window covered the incident"}
"""The variables that are worked out, with their labels in the coding sheet."""


@dataclass(frozen=True)
class Variable:
    """A variable: its name in addresses, the part of the case it belongs to, its coded field.

    `sorts` are the orders of a list that it can be sorted by: the first asked for comes first.
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
        Variable("era", CASE, "era", "Era"),
        Variable("issuer", WARNING, "issuer", "Issuer"),
        Variable("recipient", WARNING, "recipients", "Recipients"),
        Variable("warned_on", WARNING, "date", "Warned on"),
        Variable("repeated", WARNING, "repeated", "Repeated"),
        Variable("channel", WARNING, "channel", "Channel"),
        Variable("conduit", WARNING, "conduit", "Conduit"),
        Variable("basis", WARNING, "basis", "Basis"),
        Variable("relation", WARNING, "relation", "Relation"),
        Variable("issuer_action", WARNING, "issuer_action", "Issuer’s action"),
        Variable("reception", WARNING, "reception", "Reception"),
        Variable("follow_up", WARNING, "follow_up", "Follow-up"),
        Variable("lead_time", WARNING, "lead_time", "Lead time", ("lead_time", "-lead_time")),
        Variable("window_covered", WARNING, "window_covered", "Window covered"),
        Variable("incident", INCIDENT, "kind", "Incident"),
        Variable("happened_on", INCIDENT, "date", "Happened on"),
        Variable("place", INCIDENT, "place", "Place"),
        Variable("deaths", INCIDENT, "deaths", "Deaths", ("-deaths",)),
        Variable("injured", INCIDENT, "injured", "Injured"),
        Variable("records_status", CASE, "records_status", "Requests for records"),
    )
}

COLUMN_CHOICES = {name: variable.title for name, variable in VARIABLES.items()}
"""The variables that a reader can choose among, by name with their titles."""
