"""The list of actors, and the page of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.finding.list_filters import ActorFilter
from cases.finding.rows import Rows
from cases.index import case_index
from cases.index.case_index import CaseIndex
from cases.index.public_names import only_public, public_slugs
from cases.models import Actor
from cases.models.folded import BY_FOLDED, has_words
from cases.models.vocabulary import ActorKind, Modality
from cases.presentation.charts.chains.in_page import InPage, chains_in_page
from cases.presentation.roles_of_actor import (
    ISSUER,
    PLACE,
    RECIPIENT,
    cases_having,
    newest_of,
    roles_of,
)
from cases.record.classes import CaseRecord, ClaimRecord
from cases.text.plurals import counted
from cases.versions.current import current_records

from .errors import get_public
from .lists import page_of, without_empty_fields

# The kinds of actors with their labels, in the order of the list.
KINDS = {str(kind.value): str(kind.label) for kind in ActorKind}

ACTORS_A_PAGE = 100

# Passages on the page of an actor.
MAX_PASSAGES = 10

# What an actor did with a warning, by the roles that say so.
WITH_WARNING = {ISSUER: "gave", RECIPIENT: "received"}

# Cases on the page of an actor whose chains are drawn.
MAX_CHAINS = 15

# Actors that belong to another and are named on its page at once.
MAX_CHILDREN = 12


@dataclass(frozen=True)
class Statement:
    """A claim that an actor makes, and its case."""

    case: CaseRecord
    claim: ClaimRecord


@require_safe
def actor_list(request: HttpRequest) -> HttpResponse:
    """List the public actors by kind, with the number of cases of each and its descendants."""
    if address := without_empty_fields(request):
        return address
    asked = ActorFilter(request.GET)
    query = asked.query
    typed, kinds = str(query.data.get("q", "")), query.data.getlist("kind")
    public, order = public_slugs(Actor), {kind: place for place, kind in enumerate(KINDS)}
    by_name = Actor.objects.filter(has_words(typed)).order_by(BY_FOLDED, "pk")
    named = [
        (key, kind)
        for key, slug, kind in by_name.values_list("pk", "slug", "kind")
        if slug in public
    ]
    found = sorted(
        (one for one in named if not kinds or one[1] in kinds), key=lambda one: order[one[1]]
    )
    shown = Rows([key for key, _ in found], Actor.objects.select_related("parent"))
    page, query = page_of(Paginator(shown, ACTORS_A_PAGE), query)
    of_kind = Counter(kind for _, kind in named)
    counts = case_index.current().counts("actor")
    counted = [(one, counts.get(one.slug, 0)) for one in page]
    context = {
        "groups": [
            (ActorKind(kind), list(group))
            for kind, group in groupby(counted, key=lambda row: row[0].kind)
        ],
        "kinds": [
            (ActorKind(kind), of_kind[kind]) for kind in KINDS if of_kind[kind] or kind in kinds
        ],
        "total": len(public),
        "page_obj": page,
        "query": query,
        "active": asked.active,
    }
    return render(request, "actors/list.html", context)


@require_safe
def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an actor with its published cases by role, including those of its descendants."""
    actor: Actor = get_public(Actor.objects.select_related("parent", "country"), slug)
    index = case_index.current()
    family = index.actors.family(actor.slug)
    quoted_in = cases_having(index, "speaker", actor.slug)
    statements, has_more_statements = _said_by(family, newest_of(index, quoted_in, MAX_PASSAGES))
    children = only_public(Actor.objects.filter(parent=actor).order_by(BY_FOLDED, "pk"))
    roles = roles_of(actor, family, index)
    warned = [(role, WITH_WARNING[role.label]) for role in roles if role.label in WITH_WARNING]
    context = {
        "actor": actor,
        "children": children[:MAX_CHILDREN],
        "more_children": children[MAX_CHILDREN:],
        "roles": roles,
        "place": next((role for role in roles if role.label == PLACE), None),
        "in_any_role": len(cases_having(index, "actor", actor.slug)),
        "statements": statements,
        "has_more_statements": has_more_statements or len(quoted_in) > MAX_PASSAGES,
        "quoted_in": len(quoted_in),
        "warned": warned,
        "chains": _chains(actor, index) if warned else None,
    }
    return render(request, "actors/detail.html", context)


def _chains(actor: Actor, index: CaseIndex) -> InPage | None:
    """Return the chains of the newest cases in which an actor gave or received a warning."""
    given, received = (cases_having(index, name, actor.slug) for name in ("issuer", "recipient"))
    warned = given | received
    newest = newest_of(index, warned, MAX_CHAINS)
    of = counted(len(warned), "case")
    if len(warned) > MAX_CHAINS:
        of = f"the {MAX_CHAINS} newest of {of}"
    return chains_in_page(current_records(newest).values(), of)


def _said_by(actors: set[str], cases: list[int]) -> tuple[list[Statement], bool]:
    """Return a public claim for each passage that the actors say, and whether there are more.

    The passages are of the given cases and in their order. What editors infer from the words of an
    actor is no statement of the actor.
    """
    passages: dict[tuple[str, ...], Statement] = {}
    for record in current_records(cases).values():
        for claim in record.claims:
            actor, is_inferred = claim.speaker.actor, claim.modality == Modality.INFERRED
            if actor is not None and actor.slug in actors and not is_inferred:
                # A passage that supports several values is the quote of as many claims.
                said = claim.quote or claim.gist
                key = (record.number, claim.source.slug, claim.locator, said)
                passages.setdefault(key, Statement(record, claim))
    shown = list(passages.values())
    return shown[:MAX_PASSAGES], len(shown) > MAX_PASSAGES
