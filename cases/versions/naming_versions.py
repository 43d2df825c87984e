"""Which public versions name an actor, a source or an exception."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cases.models import Actor, DirectiveException, FormerSlug, Source, Version
from cases.text.batches import in_batches

Shared = TypeVar("Shared", Actor, Source, DirectiveException)

RECORDS_PER_PASS = 100
"""How many records are looked for in one pass over the versions."""

MAX_FOUND = 5
"""How many versions of a pass are looked at: enough to say why something is kept."""


def naming(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
    """Yield records that a version names by the slug that they have or had, with that version.

    If any of them is named, at least one is told; not all are, for each pass reads all versions as
    text: this is asked when something is about to be deleted. An actor and a source of one slug are
    taken for each other, so that rather too much is kept.
    """
    for batch in in_batches(shared, RECORDS_PER_PASS):
        yield from _naming(batch)


def _naming(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
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
