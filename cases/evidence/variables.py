"""The variables of a case: columns of the table and the comparison, and filters by coded words.

The list, its filters, the index and the comparison are all made from `VARIABLES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from cases.models.vocabulary import NOT_STATED

CASE, WARNING, INCIDENT = "case", "warning", "incident"

# The derived variables of a warning, with their labels in the coding sheet.
DERIVED = {"lead_time": "Lead time", "window_covered": "Window covered the incident"}


class FilterGroup(Enum):
    """The groups of filters by coded words. A list of cases has those of a group side by side."""

    KIND = auto()
    RECORDS = auto()
    OCCASION = auto()
    MANNER = auto()
    SPECIFICITY = auto()
    ACTION = auto()
    RESPONSE = auto()
    EVENT = auto()


@dataclass(frozen=True)
class WordFilter:
    """How readers filter by the words of a variable.

    `noun`, `plural` and `clauses` word a value in a sentence, as those of a `Choice` do.
    """

    group: FilterGroup
    label: str
    noun: str = ""
    plural: str = ""
    clauses: dict[str, str] | None = None


@dataclass(frozen=True)
class Variable:
    """A column of the table: its name in addresses, its part of the case, its coded field.

    `sorts` are the sort orders that its column heading offers, the first one first. The comparison
    shows it only `on_request` if a page has no room for it. A `filter` has the same name.
    """

    name: str
    part: str
    field: str
    title: str
    sorts: tuple[str, ...] = ()
    on_request: bool = False
    filter: WordFilter | None = None


def _specificity(subject: str) -> Variable:
    """Return the variable of how specific a warning was about one subject."""
    name, title = f"specificity_{subject}", f"How specific: {subject}"
    about = "who attacks" if subject == "who" else f"the {subject}"
    words = f"specificity about {about}", f"specificities about {about}"
    filter_ = WordFilter(FilterGroup.SPECIFICITY, title, *words)
    field = f"{subject}_specificity"
    return Variable(name, WARNING, field, title, on_request=True, filter=filter_)


VARIABLES: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable(
            "kind",
            CASE,
            "kind",
            "Kind",
            filter=WordFilter(FilterGroup.KIND, "Kind of case", "kind"),
        ),
        Variable("directive", CASE, "directives", "Directives"),
        Variable("era", CASE, "era", "Era", on_request=True),
        Variable("issuer", WARNING, "issuer", "Issuer"),
        Variable("intermediary", WARNING, "intermediaries", "Intermediaries", on_request=True),
        Variable("recipient", WARNING, "recipients", "Recipients"),
        Variable("warned_on", WARNING, "date", "Warned on"),
        Variable(
            "before_incident",
            WARNING,
            "before_incident",
            "Before the incident",
            on_request=True,
            filter=WordFilter(
                FilterGroup.OCCASION,
                "Warning before the incident",
                clauses={
                    "yes": "a source says that the warning came before the incident",
                    "no": "a source denies that the warning came before the incident",
                    NOT_STATED: "no source says whether the warning came before the incident",
                },
            ),
        ),
        Variable(
            "repeated",
            WARNING,
            "repeated",
            "Repeated",
            on_request=True,
            filter=WordFilter(
                FilterGroup.OCCASION,
                "Repeated warning",
                clauses={
                    "yes": "the warning was repeated",
                    "no": "the warning was given once",
                    NOT_STATED: "no source says whether the warning was repeated",
                },
            ),
        ),
        Variable(
            "channel",
            WARNING,
            "channel",
            "Channel",
            filter=WordFilter(FilterGroup.MANNER, "Channel", "channel", "channels"),
        ),
        Variable(
            "conduit",
            WARNING,
            "conduit",
            "Conduit",
            on_request=True,
            filter=WordFilter(FilterGroup.MANNER, "Conduit", "conduit", "conduits"),
        ),
        Variable(
            "basis",
            WARNING,
            "basis",
            "Basis",
            filter=WordFilter(FilterGroup.MANNER, "Basis", "basis", "bases"),
        ),
        Variable(
            "relation",
            WARNING,
            "relation",
            "Relation",
            filter=WordFilter(
                FilterGroup.MANNER,
                "Relation to the issuer",
                "relation to the issuer",
                "relations to the issuer",
            ),
        ),
        *map(_specificity, ("who", "target", "place", "time")),
        Variable(
            "issuer_action",
            WARNING,
            "issuer_action",
            "Issuer’s action",
            on_request=True,
            filter=WordFilter(
                FilterGroup.ACTION, "What the issuer did", "issuer’s action", "issuer’s actions"
            ),
        ),
        Variable(
            "reception",
            WARNING,
            "reception",
            "Reception",
            filter=WordFilter(FilterGroup.RESPONSE, "Reception", "reception", "receptions"),
        ),
        Variable(
            "follow_up",
            WARNING,
            "follow_up",
            "Follow-up",
            filter=WordFilter(FilterGroup.RESPONSE, "Follow-up", "follow-up", "follow-ups"),
        ),
        Variable("lead_time", WARNING, "lead_time", "Lead time", ("lead_time", "-lead_time")),
        Variable("window_covered", WARNING, "window_covered", "Window covered"),
        Variable(
            "incident",
            INCIDENT,
            "kind",
            "Incident",
            filter=WordFilter(FilterGroup.EVENT, "Incident", "incident", "incidents"),
        ),
        Variable("happened_on", INCIDENT, "date", "Happened on"),
        Variable("place", INCIDENT, "place", "Place"),
        Variable("country", INCIDENT, "country", "Country", on_request=True),
        Variable("deaths", INCIDENT, "deaths", "Deaths", ("-deaths",)),
        Variable("injured", INCIDENT, "injured", "Injured", on_request=True),
        Variable(
            "records_status",
            CASE,
            "records_status",
            "Requests for records",
            filter=WordFilter(
                FilterGroup.RECORDS, "Requests for records", "state of requests for records"
            ),
        ),
    )
}

# The titles of the variables that readers can choose, by name.
COLUMN_CHOICES = {name: variable.title for name, variable in VARIABLES.items()}


def filtered(*groups: FilterGroup) -> list[tuple[Variable, WordFilter]]:
    """Return the variables whose filters are in the groups, with the filters, group by group."""
    return [
        (variable, variable.filter)
        for group in groups
        for variable in VARIABLES.values()
        if variable.filter and variable.filter.group is group
    ]


def words_of(part: str) -> dict[str, str]:
    """Return the field of each variable of a part by whose words readers filter, by name."""
    return {one.name: one.field for one in VARIABLES.values() if one.part == part and one.filter}
