"""Translate former slugs in query strings to present ones, so that old addresses keep working."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import QueryDict

from cases.index.case_index import ACTORS
from cases.index.public_names import only_public
from cases.models import Actor, Case, Directive, DirectiveException, FormerSlug, Source
from cases.versions.current import public_names

from .address_form import MAX_VALUES
from .query_string import Choices, given_values, split_form

# The parameter that picks cases by slug for a comparison.
CASE_PARAMETER = "case"

# The parameters whose values are slugs, with the model of the records.
SLUG_PARAMETERS: dict[str, type[Model]] = dict.fromkeys(ACTORS, Actor) | {
    "directive": Directive,
    "exception": DirectiveException,
    CASE_PARAMETER: Case,
    "source": Source,
}


def _slugs(records: Iterable[Any]) -> dict[int, str]:
    return {record.pk: record.slug for record in records}


# The records that a former slug can find: for each model a function from keys to the slugs of the
# public ones, since a slug may reveal a name.
PUBLIC_SLUGS: dict[type[Model], Callable[[Collection[int]], dict[int, str]]] = {
    Actor: lambda keys: _slugs(only_public(Actor.objects.filter(pk__in=keys))),
    Source: lambda keys: _slugs(only_public(Source.objects.filter(pk__in=keys))),
    Case: lambda keys: {key: name.slug for key, name in public_names(keys).items()},
    Directive: lambda keys: _slugs(Directive.objects.published().filter(pk__in=keys)),
    DirectiveException: lambda keys: _slugs(
        DirectiveException.objects.published().filter(pk__in=keys)
    ),
}

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}\Z")


def present_slugs(given: QueryDict, known: Choices) -> dict[tuple[str, str], str]:
    """Return the present slug for each parameter and former slug in a query string.

    `known` are the choices of the parameters. No query if all values are among them.
    """
    unknown = [
        (name, value)
        for name, values in given.lists()
        for value in given_values(values)[:MAX_VALUES]
        if _model(name, known) and value not in known[split_form(name)[0]] and _SLUG.match(value)
    ]
    if not unknown:
        return {}
    present = _find_former({value for _, value in unknown})
    return {
        (name, value): present[_model(name, known), value]
        for name, value in unknown
        if (_model(name, known), value) in present
    }


def with_present_slugs(given: QueryDict, present: Mapping[tuple[str, str], str]) -> QueryDict:
    """Return a query string with former slugs replaced as `present_slugs()` found."""
    if not present:
        return given
    replaced = given.copy()
    for name, values in given.lists():
        replaced.setlist(name, [present.get((name, value), value) for value in values])
    return replaced


def former_slug_remarks(present: Mapping[tuple[str, str], str]) -> list[str]:
    """Return one sentence for each former slug that `present_slugs()` found."""
    # Two parameters may have the same former slug, but it needs only one remark.
    pairs = dict.fromkeys((former, slug) for (_, former), slug in present.items())
    return [f"In addresses “{former}” is called “{slug}” now." for former, slug in pairs]


def _model(name: str, known: Choices) -> type[Model] | None:
    base = split_form(name)[0]
    return SLUG_PARAMETERS.get(base) if base in known else None


def _find_former(former: Collection[str]) -> dict[tuple[type[Model] | None, str], str]:
    """Return the present slugs of public records by model and former slug."""
    found: dict[tuple[type[Model] | None, str], str] = {}
    models = {ContentType.objects.get_for_model(model).pk: model for model in PUBLIC_SLUGS}
    rows = FormerSlug.objects.filter(content_type__in=models, slug__in=former)
    holders = [(models[row.content_type_id], row.slug, row.object_id) for row in rows]
    for model in {model for model, _, _ in holders}:
        keys = [key for holder, _, key in holders if holder is model]
        slugs = PUBLIC_SLUGS[model](keys)
        found |= {
            (model, slug): slugs[key]
            for holder, slug, key in holders
            if holder is model and key in slugs
        }
    return found
