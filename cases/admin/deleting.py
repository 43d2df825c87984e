"""What the pages of the admin that delete records list: what would go, and what keeps a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import NestedObjects
from django.db import DEFAULT_DB_ALIAS, models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models.rows import name_of, owner_of

# Rows that keep a record from being deleted and that are named; a source may have thousands.
MAX_NAMED = 50


def without_connecting_rows(
    names: list[Any], counts: dict[str, int], kinds: set[str]
) -> tuple[list[Any], dict[str, int], set[str]]:
    """Leave rows that only connect two records out of what Django lists: they have no name.

    The arguments are the first three that `get_deleted_objects()` returns.
    """
    connecting = [
        model._meta
        for model in apps.get_app_config("cases").get_models(include_auto_created=True)
        if model._meta.auto_created
    ]
    beginnings = tuple(f"{capfirst(str(options.verbose_name))}: " for options in connecting)
    plurals = {options.verbose_name_plural for options in connecting}
    return (
        _without(names, beginnings),
        {name: count for name, count in counts.items() if name not in plurals},
        kinds - {str(options.verbose_name) for options in connecting},
    )


def _without(names: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """Return a nested list without the texts that begin so."""
    return [
        _without(name, beginnings) if isinstance(name, list) else name
        for name in names
        if isinstance(name, list) or not name.startswith(beginnings)
    ]


def rows_that_refer_to(records: Sequence[models.Model]) -> list[SafeString | str]:
    """Return the rows that keep records from being deleted, as links to the pages that show them.

    A row of a case has the number of the case in its name.
    """
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=records)
    collector.collect(records)
    rows = sorted(collector.protected, key=lambda row: (row._meta.model_name or "", row.pk))
    # A warning may name a record twice: as its issuer, and among its recipients.
    named = {name_of(row): owner_of(row) for row in rows[:MAX_NAMED]}
    links: list[SafeString | str] = [
        format_html('<a href="{}">{}</a>', _address_of(owner), name)
        for name, owner in named.items()
    ]
    return [*links, f"{len(rows) - MAX_NAMED:,} more"] if len(rows) > MAX_NAMED else links


def _address_of(record: models.Model) -> str:
    return reverse(f"admin:cases_{record._meta.model_name}_change", args=[record.pk])
