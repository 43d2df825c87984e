"""The list of actors, and the page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.finding.query_string import read_query
from cases.index import case_index
from cases.models import Actor, Claim
from cases.models.vocabulary import ActorKind
from cases.presentation.roles_of_actor import PLACE, by_name, cases_having, newest_of, roles_of

from .errors import get_or_redirect

# Passages on the page of an actor.
MAX_PASSAGES = 10

# Actors that belong to another and are named on its page at once.
MAX_CHILDREN = 12


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
    index = case_index.current()
    quoted_in = cases_having(index, "speaker", actor.slug)
    claims, has_more_claims = _said_by(family, newest_of(index, quoted_in, MAX_PASSAGES))
    children, roles = by_name(public.filter(parent=actor)), roles_of(actor, family, index)
    context = {
        "actor": actor,
        "children": children[:MAX_CHILDREN],
        "more_children": children[MAX_CHILDREN:],
        "roles": roles,
        "place": next((role for role in roles if role.label == PLACE), None),
        "in_any_role": len(cases_having(index, "actor", actor.slug)),
        "claims": claims,
        "has_more_claims": has_more_claims or len(quoted_in) > MAX_PASSAGES,
        "quoted_in": len(quoted_in),
    }
    return render(request, "actors/detail.html", context)


def _said_by(actors: set[int], cases: list[int]) -> tuple[list[Claim], bool]:
    """Return a public claim for each passage that the actors say, and whether there are more.

    The passages are of the given cases and in their order.
    """
    claims = Claim.objects.filter(speaker__in=actors, case__in=cases).select_related(
        "case", "source", "speaker"
    )
    order = {case: place for place, case in enumerate(cases)}
    passages: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(claims, key=lambda claim: (order[claim.case_id], claim.sequence)):
        # A passage that supports several values is the quote of as many claims.
        key = (claim.case_id, claim.source_id, claim.locator, claim.quote or claim.gist)
        passages.setdefault(key, claim)
    shown = list(passages.values())
    return shown[:MAX_PASSAGES], len(shown) > MAX_PASSAGES
