"""Actors, sources, directives and exceptions that versions of any age mention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cases.models import Actor, Directive, DirectiveException, FormerSlug, Source, Version
from cases.text.batches import in_batches

Shared = TypeVar("Shared", Actor, Source, Directive, DirectiveException)

# Records that one pass over all versions looks for.
RECORDS_PER_PASS = 100

# Versions that one pass returns: enough to explain why a record cannot be deleted.
MAX_FOUND = 5


def mentioned_in_versions(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
    """Yield records that a version mentions by a present or former slug, with that version.

    If any record is mentioned, at least one is yielded, but maybe not all of them. Actors and
    sources that share a slug are not distinguished, so we may refuse a deletion that is safe.
    """
    # Each pass reads all versions as text; that is acceptable because only deletions need it.
    for batch in in_batches(shared, RECORDS_PER_PASS):
        yield from _mentioned(batch)


def _mentioned(shared: Sequence[Shared]) -> Iterator[tuple[Shared, Version]]:
    snippets = _json_snippets(shared)
    mentions_any = Q()
    for texts in snippets.values():
        for text in texts:
            mentions_any |= Q(text__contains=text)
    versions = Version.objects.annotate(text=Cast("record", TextField())).filter(mentions_any)
    found = list(versions.select_related("case").defer("record").order_by("-pk")[:MAX_FOUND])
    for record in shared:
        for version in found:
            if any(text in version.text for text in snippets[record.pk]):
                yield record, version
                break


def _json_snippets(shared: Sequence[Shared]) -> dict[int, list[str]]:
    """Return the JSON text of each present and former slug, by the key of the record."""
    slugs = {record.pk: [record.slug] for record in shared}
    kind = ContentType.objects.get_for_model(type(shared[0]))
    former = FormerSlug.objects.filter(content_type=kind, object_id__in=slugs)
    for key, slug in former.values_list("object_id", "slug"):
        slugs[key].append(slug)
    # Both databases write JSON with a space after the colon.
    return {key: [f'"slug": "{slug}"' for slug in known] for key, known in slugs.items()}


def slugs_mentioned_since(moment: dt.datetime) -> dict[str, Version]:
    """Return each slug in the versions made since, with one that mentions it."""
    found: dict[str, Version] = {}
    versions = Version.objects.filter(made_at__gte=moment).select_related("case").order_by("pk")
    for version in versions.iterator(50):
        found |= dict.fromkeys(_slugs_in(version.record), version)
        del version.record  # frees memory
    return found


def _slugs_in(record: Any) -> Iterator[str]:
    """Yield the slugs in the nested record of a case, its own too."""
    if isinstance(record, dict):
        if isinstance(record.get("slug"), str):
            yield record["slug"]
        record = list(record.values())
    if isinstance(record, list):
        for part in record:
            yield from _slugs_in(part)
