"""The roles of an actor: in how many published cases it has each, and the newest of these."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from pyroaring import BitMap

from cases.evidence.values import by_name
from cases.finding.selection import NEWEST_FIRST
from cases.index.case_index import CaseIndex
from cases.index.loading import WHOLE, Layer
from cases.models import Actor
from cases.models.vocabulary import ActorKind, Role
from cases.record.classes import ActorRef, CaseRecord
from cases.versions.current import current_records

ISSUER, RECIPIENT = "Issuer of a warning", "Recipient of a warning"
INTERMEDIARY = "Passed on a warning"
PLACE = "Place of an incident"

# Every role with its definition. The place is not a role of the actor, but leads to cases too.
ROLES = (
    {
        ISSUER: "Gave the warning.",
        INTERMEDIARY: "Received the warning from another actor and passed it on.",
        RECIPIENT: "Received the warning.",
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

    case: CaseRecord
    actors: list[ActorRef]


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


def roles_of(actor: Actor, family: Set[str], index: CaseIndex) -> list[ActorRole]:
    """Return the roles that an actor has in published cases, itself or through its descendants.

    `family` has the slugs of the actor and its descendants. The index counts the cases; one query
    reads those that are shown.
    """
    having = {label: _cases(index, actor.slug, label) for label in ROLES}
    totals = {label: len(cases) for label, cases in having.items() if cases}
    newest = {label: newest_of(index, having[label], MAX_CASES) for label in totals}
    records = current_records({case for cases in newest.values() for case in cases})

    def one(label: str, record: CaseRecord) -> ShownCase:
        holders = {actor.slug: actor for actor in _having(record, label) if actor.slug in family}
        return ShownCase(record, by_name(holders.values()))

    return [
        ActorRole(
            label,
            ROLES[label],
            total,
            [one(label, records[case]) for case in newest[label] if case in records],
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


def _having(record: CaseRecord, label: str) -> list[ActorRef]:
    """Return the actors that have a role in a case, which may name one of them several times."""
    if label == ISSUER:
        parties = [warning.issuer.actor for warning in record.warnings]
    elif label == PLACE:
        parties = [incident.country.actor for incident in record.incidents]
    elif label == INTERMEDIARY:
        return [actor for warning in record.warnings for actor in warning.intermediaries]
    elif label == RECIPIENT:
        return [actor for warning in record.warnings for actor in warning.recipients]
    else:
        return [part.actor for part in record.involvements if part.role == ROLE_VALUES[label]]
    return [party for party in parties if party is not None]
