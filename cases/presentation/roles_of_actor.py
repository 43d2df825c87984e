"""The roles of an actor: in how many published cases it has each, and the newest of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from pyroaring import BitMap

from cases.finding.selection import NEWEST_FIRST
from cases.index.case_index import CaseIndex
from cases.index.loading import WHOLE, Layer
from cases.models import Actor, Case, Incident, Intermediary, Involvement, Warning
from cases.models.folded import in_folded_order
from cases.models.vocabulary import ActorKind, Role

ISSUER, RECIPIENT = "Issuer of a warning", "Recipient of a warning"
INTERMEDIARY = "Passed on a warning"
PLACE = "Place of an incident"

# Every role with its definition. The place is not a role of the actor, but leads to cases too.
ROLES = (
    {
        ISSUER: "It communicated a threat.",
        INTERMEDIARY: "It received a warning from another actor and passed it on.",
        RECIPIENT: "A threat was communicated to it.",
    }
    | {str(role.label): role.definition for role in Role}
    | {PLACE: "An incident took place there, or was to take place there."}
)

# The parameter of the case list that filters by a role; other roles use `actor` with `role`.
PARAMETERS = {
    ISSUER: "issuer",
    INTERMEDIARY: "intermediary",
    RECIPIENT: "recipient",
    PLACE: "country",
}
ROLE_VALUES = {str(role.label): str(role.value) for role in Role}

# Cases that are shown for each role.
MAX_CASES = 3


@dataclass(frozen=True)
class ShownCase:
    """A case, with those who have the role in it: the actor itself or its descendants."""

    case: Case
    actors: list[Actor]


@dataclass(frozen=True)
class ActorRole:
    """One role of an actor.

    `total` is the number of its cases, `cases` are the newest of them. `query` is the query string
    of the list with all of them, empty if no filter finds them.
    """

    label: str
    definition: str
    total: int
    cases: list[ShownCase]
    query: str


def roles_of(actor: Actor, family: set[int], index: CaseIndex) -> list[ActorRole]:
    """Return the roles that an actor has in published cases, itself or through its descendants.

    `family` has the keys of the actor and its descendants. The index counts the cases; seven
    queries at most read those that are shown.
    """
    having = {label: _cases(index, actor.slug, label) for label in ROLES}
    totals = {label: len(cases) for label, cases in having.items() if cases}
    newest = {label: newest_of(index, having[label], MAX_CASES) for label in totals}
    shown = {case for cases in newest.values() for case in cases}
    found = Case.objects.published().in_bulk(shown)
    # Without descendants it is always the actor itself.
    holders = _holders(family, shown) if len(family) > 1 else {}
    names = Actor.objects.in_bulk({key for keys in holders.values() for key in keys})

    def one(label: str, case: int) -> ShownCase:
        keys = holders.get((label, case), set())
        return ShownCase(found[case], in_folded_order(names[key] for key in keys if key in names))

    return [
        ActorRole(
            label,
            ROLES[label],
            total,
            [one(label, case) for case in newest[label] if case in found],
            _query(label, actor),
        )
        for label, total in totals.items()
    ]


def newest_of(index: CaseIndex, cases: BitMap, most: int) -> list[int]:
    """Return the keys of the newest of some cases, at most as many as given."""
    with index.reading:
        return list(islice(index.ordered(cases, NEWEST_FIRST), most))


def cases_having(index: CaseIndex, dimension: str, slug: str, layer: Layer = WHOLE) -> BitMap:
    """Return the published cases in which an actor, or a descendant, has a place in a dimension."""
    with index.reading:
        return BitMap(index.having(dimension, layer).get(slug, BitMap()))


def _cases(index: CaseIndex, slug: str, label: str) -> BitMap:
    if label in PARAMETERS:
        return cases_having(index, PARAMETERS[label], slug)
    return cases_having(index, "actor", slug, ROLE_VALUES[label])


def _query(label: str, actor: Actor) -> str:
    # Only states can be chosen as a country. A place may belong to an actor that is no state.
    if label == PLACE and actor.kind != ActorKind.STATE:
        return ""
    if label in PARAMETERS:
        return urlencode({PARAMETERS[label]: actor.slug})
    return urlencode({"actor": actor.slug, "role": ROLE_VALUES[label]})


def _holders(family: set[int], cases: Collection[int]) -> dict[tuple[str, int], set[int]]:
    """Return who of the family has each role in each of the cases; five queries."""
    # The parties of warnings have no row in Involvement; they are read from the warnings, and the
    # places from the incidents.
    issued = Warning.objects.filter(issuer__in=family, case__in=cases).order_by()
    passed_on: Any = Intermediary.objects.filter(
        actor__in=family, warning__case__in=cases
    ).order_by()
    received = Warning.recipients.through.objects.filter(actor__in=family, warning__case__in=cases)
    happened: Any = Incident.objects.filter(country__in=family, case__in=cases).order_by()
    involved = Involvement.objects.filter(actor__in=family, case__in=cases).order_by()
    holders: dict[tuple[str, int], set[int]] = defaultdict(set)
    for label, pairs in (
        (ISSUER, issued.values_list("case", "issuer")),
        (INTERMEDIARY, passed_on.values_list("warning__case", "actor")),
        (RECIPIENT, received.values_list("warning__case", "actor")),
        (PLACE, happened.values_list("case", "country")),
    ):
        for case, actor in pairs:
            holders[label, case].add(actor)
    for role, case, actor in involved.values_list("role", "case", "actor"):
        holders[str(Role(role).label), case].add(actor)
    return holders
