"""Addresses that outlive a change of slug: what has a former name is found by that of today."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import QueryDict

from cases.index.case_index import ACTORS
from cases.models import Actor, Case, DirectiveException, FormerSlug, Source

from .query_string import MAX_VALUES, Choices, given_values, split_form

CASE_PARAMETER = "case"
"""The parameter that picks cases by name, where they are compared."""

NAMED: dict[str, type[Model]] = dict.fromkeys(ACTORS, Actor) | {
    "exception": DirectiveException,
    CASE_PARAMETER: Case,
    "source": Source,
}
"""The parameters whose values are slugs of records."""

RECORDS: dict[type[Model], Callable[[], QuerySet[Any]]] = {
    Actor: Actor.objects.public,
    DirectiveException: DirectiveException.objects.all,
    Case: Case.objects.published,
    Source: Source.objects.public,
}
"""The records that are found by a former slug: public ones, for a slug may give a name away."""

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}\Z")


def renamed(given: QueryDict, known: Choices) -> dict[tuple[str, str], str]:
    """Return for each parameter of `known` with a value that is a former slug the present one.

    Only what is not among its known values is looked up.
    """
    strange = [
        (name, value)
        for name, values in given.lists()
        for value in given_values(values)[:MAX_VALUES]
        if _model(name, known) and value not in known[split_form(name)[0]] and _SLUG.match(value)
    ]
    if not strange:
        return {}
    present = _present_slugs({value for _, value in strange})
    return {
        (name, value): present[_model(name, known), value]
        for name, value in strange
        if (_model(name, known), value) in present
    }


def with_names_of_today(given: QueryDict, found: Mapping[tuple[str, str], str]) -> QueryDict:
    """Return an address with the present slugs in place of the former ones that were `found`."""
    if not found:
        return given
    today = given.copy()
    for name, values in given.lists():
        today.setlist(name, [found.get((name, value), value) for value in values])
    return today


def remarks_on(found: Mapping[tuple[str, str], str]) -> list[str]:
    """Say once of each former slug that was `found` what it is now."""
    told = ((former, slug) for (_, former), slug in found.items())
    return [
        f"In addresses “{former}” is called “{slug}” now." for former, slug in dict.fromkeys(told)
    ]


def _model(name: str, known: Choices) -> type[Model] | None:
    base = split_form(name)[0]
    return NAMED.get(base) if base in known else None


def _present_slugs(former: Collection[str]) -> dict[tuple[type[Model] | None, str], str]:
    """Return the present slugs of the records that once had one of `former`, by model and slug."""
    found: dict[tuple[type[Model] | None, str], str] = {}
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in RECORDS}
    rows = FormerSlug.objects.filter(content_type__in=kinds, slug__in=former)
    holders = [(kinds[row.content_type_id], row.slug, row.object_id) for row in rows]
    for model in {model for model, _, _ in holders}:
        keys = [key for kind, _, key in holders if kind is model]
        slugs = dict(RECORDS[model]().filter(pk__in=keys).values_list("pk", "slug"))
        found |= {
            (model, slug): slugs[key]
            for kind, slug, key in holders
            if kind is model and key in slugs
        }
    return found
