"""What versions mention: which of it has a page today, and which versions mention a record.

An old version mentions records that no published case names any more, or that were deleted since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cases.models import Actor, Case, DirectiveException, FormerSlug, Source, Version
from cases.text.batches import in_batches

from .reading_back import named_in


def link_existing_pages(case: Case) -> None:
    """Set `has_page` on each actor and source that a case read back from a version names."""
    named = named_in(case)
    for model in (Actor, Source):
        records: list[Any] = [record for record in named if isinstance(record, model)]
        reached = _reached(model, {record.slug for record in records})
        for record in records:
            record.has_page = record.slug in reached


def _reached(model: type[Any], slugs: set[str]) -> set[str]:
    """Return those of the slugs whose address leads to a public page; former ones redirect."""
    public = model.objects.public()
    reached = set(public.filter(slug__in=slugs).values_list("slug", flat=True))
    former = FormerSlug.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        slug__in=slugs - reached,
        object_id__in=public.values("pk"),
    )
    return reached | set(former.values_list("slug", flat=True))


Shared = TypeVar("Shared", Actor, Source, DirectiveException)

RECORDS_PER_PASS = 100
"""How many records are looked for in one pass over the versions."""

MAX_FOUND = 5
"""How many versions of a pass are looked at: enough to say why something is kept."""


def mentioned_in_versions(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
    """Yield records that a version mentions by a present or former slug, with that version.

    If any record is mentioned, at least one is yielded, but not all: a pass reads all versions as
    text, and this runs only before something is deleted. Actors and sources that share a slug are
    not told apart, so we may refuse a deletion that would be safe.
    """
    for batch in in_batches(shared, RECORDS_PER_PASS):
        yield from _mentioned(batch)


def _mentioned(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
    passages = _passages(shared)
    named = Q()
    for texts in passages.values():
        for text in texts:
            named |= Q(text__contains=text)
    versions = Version.objects.annotate(text=Cast("record", TextField())).filter(named)
    found = list(versions.select_related("case").defer("record").order_by("-pk")[:MAX_FOUND])
    for record in shared:
        for version in found:
            if any(text in version.text for text in passages[record.pk]):
                yield record, version
                break


def _passages(shared: Sequence[Shared]) -> dict[int, list[str]]:
    """Return for the key of each record the text, as both databases write JSON, of each slug."""
    slugs = {record.pk: [record.slug] for record in shared}
    kind = ContentType.objects.get_for_model(type(shared[0]))
    former = FormerSlug.objects.filter(content_type=kind, object_id__in=slugs)
    for key, slug in former.values_list("object_id", "slug"):
        slugs[key].append(slug)
    return {key: [f'"slug": "{slug}"' for slug in known] for key, known in slugs.items()}
