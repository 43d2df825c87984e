"""The list of actors, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.finding.query_string import read_query
from cases.index import case_index
from cases.models import Actor, Case, Claim, Involvement, Warning
from cases.models.vocabulary import ActorKind, CaseStatus, Role
from cases.text.folding import fold

from .errors import get_or_redirect

ISSUER, RECIPIENT = "Issuer of a warning", "Recipient of a warning"
# Every role with its definition.
ROLES = {
    ISSUER: "It communicated a threat.",
    RECIPIENT: "A threat was communicated to it.",
} | {str(role.label): role.definition for role in Role}

# The parameter of the case list that filters by a role; other roles use `actor`.
PARAMETERS = {ISSUER: "issuer", RECIPIENT: "recipient"}

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
    context = {
        "actor": actor,
        "children": by_name(public.filter(parent=actor)),
        "roles": _cases_by_role(family),
        "claims": claims,
        "has_more_claims": has_more_claims,
    }
    return render(request, "actors/detail.html", context)


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

    Takes five queries for any number of cases.
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
            "parameter": PARAMETERS.get(label, "actor"),
        }
        for label, cases in having.items()
        if cases
    ]


def _having_roles(actors: set[int]) -> ActorsByCase:
    """Return the roles of some actors in published cases; three queries."""
    # Issuers and recipients have no row in Involvement; they are read from the warnings.
    public = {"case__status": CaseStatus.PUBLISHED}
    issued = Warning.objects.filter(issuer__in=actors, **public).order_by()
    received = Warning.recipients.through.objects.filter(
        actor__in=actors, warning__case__status=CaseStatus.PUBLISHED
    )
    involved = Involvement.objects.filter(actor__in=actors, **public).order_by()
    having: ActorsByCase = {label: {} for label in ROLES}
    for label, pairs in (
        (ISSUER, issued.values_list("case", "issuer")),
        (RECIPIENT, received.values_list("warning__case", "actor")),
    ):
        for case, actor in pairs:
            having[label].setdefault(case, set()).add(actor)
    for role, case, actor in involved.values_list("role", "case", "actor"):
        having[str(Role(role).label)].setdefault(case, set()).add(actor)
    return having
