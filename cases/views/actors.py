from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Actor, Claim, Involvement, Warning
from ..models.vocabulary import ActorKind, CaseStatus, Role
from ..querysets import cases_of_actors
from .errors import find


def by_name(actors: Iterable[Actor]) -> list[Actor]:
    """Order actors as a reader looks for them, on every database alike."""
    return sorted(actors, key=lambda actor: (actor.name.casefold(), actor.pk))


def actor_list(request: HttpRequest) -> HttpResponse:
    """List the public actors by kind, each with the number of cases in which it has a role."""
    actors = list(Actor.objects.public().select_related("parent"))
    counts = Counter(key for key, _ in cases_of_actors())
    groups = [
        (kind, [(actor, counts[actor.pk]) for actor in by_name(actors) if actor.kind == kind])
        for kind in ActorKind
    ]
    context = {
        "groups": [(kind, members) for kind, members in groups if members],
        "total": len(actors),
    }
    return render(request, "actors/list.html", context)


def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one actor with its published cases by role, those of its descendants included."""
    actor = find(Actor.objects.public().select_related("parent", "country"), slug)
    if isinstance(actor, HttpResponse):
        return actor
    family = Actor.objects.get_queryset().with_descendants([actor.slug])
    context = {
        "actor": actor,
        "children": by_name(Actor.objects.public().filter(parent=actor)),
        "roles": _cases_by_role(family),
        "claims": _said_by(family),
    }
    return render(request, "actors/detail.html", context)


def _said_by(actors: set[int]) -> list[Claim]:
    """Return what public claims let the actors say, each passage once.

    One passage supports several values, and so is the quote of several claims.
    """
    claims = (
        Claim.objects.filter(speaker__in=actors, case__status=CaseStatus.PUBLISHED)
        .select_related("case", "source", "speaker")
        .order_by("case__number", "sequence")
    )
    passages: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.case_id, claim.source_id, claim.locator, claim.quote or claim.gist)
        passages.setdefault(key, claim)
    return list(passages.values())


def _cases_by_role(actors: set[int]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return for each role its label, its definition, and its cases with the actors that have it.

    Issuers and recipients come from the warnings. Three queries, whatever the number of cases.
    """
    public = {"case__status": CaseStatus.PUBLISHED}
    warnings = Warning.objects.filter(**public).select_related("case")
    issued = warnings.filter(issuer__in=actors).select_related("issuer")
    received = Warning.recipients.through.objects.filter(
        actor__in=actors, warning__case__status=CaseStatus.PUBLISHED
    ).select_related("warning__case", "actor")
    involved = Involvement.objects.filter(actor__in=actors, **public).select_related(
        "case", "actor"
    )
    rows = [("Issuer of a warning", warning.case, warning.issuer) for warning in issued]
    rows += [("Recipient of a warning", row.warning.case, row.actor) for row in received]
    rows += [(str(Role(part.role).label), part.case, part.actor) for part in involved]
    definitions = {
        "Issuer of a warning": "It communicated a threat.",
        "Recipient of a warning": "A threat was communicated to it.",
    } | {str(role.label): role.definition for role in Role}
    result = []
    for label, definition in definitions.items():
        cases: dict[Any, dict[str, Any]] = {}
        for row_label, case, actor in rows:
            if row_label == label:
                entry = cases.setdefault(case.pk, {"case": case, "actors": []})
                if actor not in entry["actors"]:
                    entry["actors"].append(actor)
        if cases:
            ordered = sorted(cases.values(), key=lambda entry: entry["case"].number)
            result.append((label, definition, ordered))
    return result
