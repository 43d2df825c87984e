"""The list of actors, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.finding.query_string import read_query
from cases.index import case_index
from cases.models import Actor, Case, Claim, Incident, Intermediary, Involvement, Warning
from cases.models.vocabulary import ActorKind, CaseStatus, Role
from cases.text.folding import fold

from .errors import get_or_redirect

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

# Cases of each role, and passages, on the page of an actor.
MAX_CASES, MAX_PASSAGES = 100, 100


def by_name(actors: Iterable[Actor]) -> list[Actor]:
    """Return actors sorted by name, ignoring case and accents."""
    # In Python, because databases sort names differently.
    return sorted(actors, key=lambda actor: (fold(actor.name), actor.pk))


def actor_list(request: HttpRequest) -> HttpResponse:
    """List the public actors by kind, with the number of cases of each and its descendants."""
    actors = list(Actor.objects.public().select_related("parent"))
    counts = case_index.current().counts("actor")
    counted = [(actor, counts.get(actor.slug, 0)) for actor in by_name(actors)]
    groups = [(kind, [row for row in counted if row[0].kind == kind]) for kind in ActorKind]
    context = {
        "groups": [(kind, members) for kind, members in groups if members],
        "total": len(actors),
        "query": read_query(request.GET, {}, {}),
    }
    return render(request, "actors/list.html", context)


def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an actor with its published cases by role, including those of its descendants."""
    public = Actor.objects.public()
    actor: Actor = get_or_redirect(public.select_related("parent", "country"), slug)
    family = Actor.objects.get_queryset().with_descendants([actor.slug])
    claims, has_more_claims = _said_by(family)
    roles = _cases_by_role(family)
    for role in roles:
        role["query"] = _query_of(role["label"], actor)
    context = {
        "actor": actor,
        "children": by_name(public.filter(parent=actor)),
        "roles": roles,
        "has_role": any(role["label"] != PLACE for role in roles),
        "place": next((role for role in roles if role["label"] == PLACE), None),
        "claims": claims,
        "has_more_claims": has_more_claims,
    }
    return render(request, "actors/detail.html", context)


def _query_of(label: str, actor: Actor) -> str:
    """Return the query string of the case list for one role of an actor; "" if there is none."""
    # Only states can be chosen as a country. A place may belong to an actor that is no state.
    if label == PLACE and actor.kind != ActorKind.STATE:
        return ""
    if label in PARAMETERS:
        return urlencode({PARAMETERS[label]: actor.slug})
    return urlencode({"actor": actor.slug, "role": ROLE_VALUES[label]})


def _said_by(actors: set[int]) -> tuple[list[Claim], bool]:
    """Return a public claim for each passage that the actors say, and whether there are more."""
    claims = (
        Claim.objects.filter(speaker__in=actors, case__status=CaseStatus.PUBLISHED)
        .select_related("case", "source", "speaker")
        .order_by("case", "sequence")
    )
    passages: dict[tuple[object, ...], Claim] = {}
    for claim in claims.iterator(500):
        # A passage that supports several values is the quote of as many claims.
        key = (claim.case_id, claim.source_id, claim.locator, claim.quote or claim.gist)
        if key not in passages and len(passages) == MAX_PASSAGES:
            return list(passages.values()), True
        passages.setdefault(key, claim)
    return list(passages.values()), False


# For each role, by label, the keys of its cases, each with the keys of the actors that have it.
ActorsByCase = dict[str, dict[int, set[int]]]


def _cases_by_role(actors: set[int]) -> list[dict[str, Any]]:
    """Return for each role its label, definition, first cases with their actors, and their number.

    Takes seven queries for any number of cases.
    """
    having = _having_roles(actors)
    first = {label: sorted(cases)[:MAX_CASES] for label, cases in having.items()}
    found = Case.objects.published().in_bulk({case for cases in first.values() for case in cases})
    names = Actor.objects.in_bulk(
        {pk for label, cases in first.items() for case in cases for pk in having[label][case]}
    )

    def shown(label: str, case: int) -> dict[str, Any]:
        named = by_name(names[pk] for pk in having[label][case] if pk in names)
        return {"case": found[case], "actors": named}

    return [
        {
            "label": label,
            "definition": ROLES[label],
            "cases": [shown(label, case) for case in first[label] if case in found],
            "total": len(cases),
        }
        for label, cases in having.items()
        if cases
    ]


def _having_roles(actors: set[int]) -> ActorsByCase:
    """Return the roles of some actors in published cases; five queries."""
    # The parties of warnings have no row in Involvement; they are read from the warnings, and the
    # places from the incidents.
    public = {"case__status": CaseStatus.PUBLISHED}
    issued = Warning.objects.filter(issuer__in=actors, **public).order_by()
    passed_on: Any = Intermediary.objects.filter(
        actor__in=actors, warning__case__status=CaseStatus.PUBLISHED
    ).order_by()
    received = Warning.recipients.through.objects.filter(
        actor__in=actors, warning__case__status=CaseStatus.PUBLISHED
    )
    involved = Involvement.objects.filter(actor__in=actors, **public).order_by()
    happened: Any = Incident.objects.filter(country__in=actors, **public).order_by()
    having: ActorsByCase = {label: {} for label in ROLES}
    for label, pairs in (
        (ISSUER, issued.values_list("case", "issuer")),
        (INTERMEDIARY, passed_on.values_list("warning__case", "actor")),
        (RECIPIENT, received.values_list("warning__case", "actor")),
        (PLACE, happened.values_list("case", "country")),
    ):
        for case, actor in pairs:
            having[label].setdefault(case, set()).add(actor)
    for role, case, actor in involved.values_list("role", "case", "actor"):
        having[str(Role(role).label)].setdefault(case, set()).add(actor)
    return having
