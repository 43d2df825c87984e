"""Which actors and sources are public: those that something public names.

A page of any other would give a draft away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType

from cases.models import Actor, FormerSlug, Source
from cases.record.classes import ActorRef, CaseRecord, SourceRef
from cases.record.naming import named_in

from . import case_index

Named = TypeVar("Named", Actor, Source)


def public_slugs(model: type[Actor | Source]) -> Collection[str]:
    """Return the slugs of all public actors, or of all public sources."""
    index = case_index.current()
    with index.reading:
        return index.actor_choices() if model is Actor else index.public_sources()


def is_public(record: Actor | Source) -> bool:
    """Whether an actor or source has a public page."""
    return record.slug in public_slugs(type(record))


def only_public(records: Iterable[Named]) -> list[Named]:
    """Return the public ones among some actors or some sources, in their order."""
    records = list(records)
    public = public_slugs(type(records[0])) if records else ()
    return [record for record in records if record.slug in public]


def without_page(record: CaseRecord) -> frozenset[ActorRef | SourceRef]:
    """Return the actors and sources of a record, of any age, that have no page today."""
    named = named_in(record)
    linked = {
        kind: _slugs_with_pages(model, {ref.slug for ref in named if isinstance(ref, kind)})
        for kind, model in ((ActorRef, Actor), (SourceRef, Source))
    }
    return frozenset(ref for ref in named if ref.slug not in linked[type(ref)])


def _slugs_with_pages(model: type[Actor | Source], slugs: set[str]) -> set[str]:
    """Return the slugs whose address is a public page or redirects to one."""
    current = slugs.intersection(public_slugs(model))
    # The address of a former slug redirects.
    former = FormerSlug.objects.filter(
        content_type=ContentType.objects.get_for_model(model), slug__in=slugs - current
    )
    held = dict(former.values_list("slug", "object_id"))
    public = {one.pk for one in only_public(model.objects.filter(pk__in=held.values()))}
    return current | {slug for slug, key in held.items() if key in public}
