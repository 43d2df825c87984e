from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Actor, Claim, Involvement, Warning
from ..models.vocabulary import ActorKind, CaseStatus, Role
from .errors import find


def actor_list(request: HttpRequest) -> HttpResponse:
    """List the actors by kind, each with the number of published cases it takes part in."""
    actors = Actor.objects.with_case_count().select_related("parent").order_by("kind", "name")
    by_kind = {kind: list(group) for kind, group in groupby(actors, key=lambda actor: actor.kind)}
    groups = [(kind, by_kind[kind]) for kind in ActorKind if kind in by_kind]
    return render(
        request, "actors/list.html", {"groups": groups, "total": sum(map(len, by_kind.values()))}
    )


def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one actor with its published cases by role, those of its descendants included."""
    actor = find(Actor.objects.select_related("parent", "country"), slug)
    if isinstance(actor, HttpResponse):
        return actor
    family = Actor.objects.get_queryset().with_descendants([actor.slug])
    context = {
        "actor": actor,
        "children": actor.children.order_by("name"),
        "roles": _cases_by_role(family),
        "claims": Claim.objects.filter(speaker__in=family, case__status=CaseStatus.PUBLISHED)
        .select_related("case", "source", "speaker")
        .order_by("case__number", "sequence"),
    }
    return render(request, "actors/detail.html", context)


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
