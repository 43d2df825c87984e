"""The list of actors, and the page of each."""

from __future__ import annotations

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.finding.list_filters import ActorFilter
from cases.index import case_index
from cases.models import Actor, Claim
from cases.models.folded import BY_FOLDED, has_words
from cases.models.vocabulary import ActorKind
from cases.presentation.roles_of_actor import PLACE, cases_having, newest_of, roles_of

from .errors import get_or_redirect
from .lists import page_of, without_empty_fields

# The kinds of actors with their labels, in the order of the list.
KINDS = {str(kind.value): str(kind.label) for kind in ActorKind}

ACTORS_A_PAGE = 100

# Passages on the page of an actor.
MAX_PASSAGES = 10

# Actors that belong to another and are named on its page at once.
MAX_CHILDREN = 12


def actor_list(request: HttpRequest) -> HttpResponse:
    """List the public actors by kind, with the number of cases of each and its descendants."""
    if address := without_empty_fields(request):
        return address
    asked = ActorFilter(request.GET)
    query = asked.query
    every = Actor.objects.public()
    typed, kinds = str(query.data.get("q", "")), query.data.getlist("kind")
    named = every.filter(has_words(typed)).select_related("parent").order_by(BY_FOLDED, "pk")
    order = {kind: place for place, kind in enumerate(KINDS)}
    found = sorted(
        (one for one in named if not kinds or one.kind in kinds), key=lambda one: order[one.kind]
    )
    page, query = page_of(Paginator(found, ACTORS_A_PAGE), query)
    counts = case_index.current().counts("actor")
    counted = [(one, counts.get(one.slug, 0)) for one in page]
    context = {
        "groups": [
            (ActorKind(kind), list(group))
            for kind, group in groupby(counted, key=lambda row: row[0].kind)
        ],
        "kinds": [
            (ActorKind(kind), count)
            for kind in KINDS
            if (count := sum(one.kind == kind for one in named)) or kind in kinds
        ],
        "total": every.count() if typed else len(named),
        "page_obj": page,
        "query": query,
        "active": asked.active,
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
    children = list(public.filter(parent=actor).order_by(BY_FOLDED, "pk"))
    roles = roles_of(actor, family, index)
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
