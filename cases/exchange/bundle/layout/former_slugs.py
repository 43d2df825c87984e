"""Columns of the table of former addresses: slugs that records had before and that still work."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from cases.models import Actor, Case, Directive, DirectiveException, FormerSlug, Note, Source

from .columns import BundleColumn, CellError, Slug
from .lookup import Lookup
from .references import find_record

# The models with a slug, by their names in the table.
KINDS: dict[str, type[Any]] = {
    "source": Source,
    "actor": Actor,
    "directive": Directive,
    "exception": DirectiveException,
    "case": Case,
    "note": Note,
}

NAMES = {model._meta.model_name: name for name, model in KINDS.items()}


class Kind(BundleColumn):
    """The kind of record that had the slug."""

    key_field = "content_type_id"
    sort_path = "content_type__model"

    def terms(self) -> list[tuple[str, str]]:
        return [
            (name, f"{model._meta.verbose_name}.".capitalize()) for name, model in KINDS.items()
        ]

    def write(self, record: Any) -> str:
        return NAMES[record.content_type.model]

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if text.strip() not in KINDS:
            raise CellError(f"“{text[:60]}” is not one of: {', '.join(KINDS)}.")
        record.content_type = ContentType.objects.get_for_model(KINDS[text.strip()])


class Former(Slug):
    """The slug that the record had."""

    field = "slug"


class LeadsTo(BundleColumn):
    """The slug that the record has now."""

    def write(self, record: Any) -> str:
        return present_slug(record)

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        model = KINDS[NAMES[record.content_type.model]]
        record.object_id = find_record(lookup, model, text.strip()).pk


def present_slug(former: FormerSlug) -> str:
    """Return the present slug of the record; "" if it no longer exists."""
    if not former.object_id or former.content_type.model not in NAMES:
        return ""
    holders = KINDS[NAMES[former.content_type.model]]._base_manager.filter(pk=former.object_id)
    return holders.values_list("slug", flat=True).first() or ""


def is_present(former: FormerSlug) -> bool:
    """Whether some record has the slug today, so that its address must not redirect."""
    model = KINDS[NAMES[former.content_type.model]]
    return bool(model._base_manager.filter(slug=former.slug).exists())
