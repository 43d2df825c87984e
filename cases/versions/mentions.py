"""Which of the actors and sources that a version names have a page today.

An old version goes on naming what no published case names any more, and what was deleted since.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from cases.models import Actor, Case, FormerSlug, Source

from .reading_back import named_in


def mark_pages(case: Case) -> None:
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
