"""Which records are synthetic: made up, in bulk, for tests of scale."""

from __future__ import annotations

from typing import Any

from django.db import models

from .actor import Actor
from .case import Case
from .source import Source
from .vocabulary import SourceKind

FIRST_NUMBER = 900_000_001
LAST_NUMBER = 999_999_999
"""The range of case numbers set aside for synthetic cases."""

SIGNS: dict[type[models.Model], dict[str, Any]] = {
    Case: {
        "number__range": (f"DTW-{FIRST_NUMBER}", f"DTW-{LAST_NUMBER}"),
        "slug__startswith": "synthetic-",
    },
    Actor: {"slug__startswith": "synthetic-", "name__startswith": "Synthetic "},
    Source: {"slug__startswith": "synthetic-", "kind": SourceKind.SYNTHETIC},
}
"""Two signs each, so that a real record, say of a case about a synthetic poison, is not mistaken.

An index on the case numbers answers quickly whether there are any.
"""


def synthetic_records(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return the synthetic cases, actors or sources, in no order."""
    return model._default_manager.filter(**SIGNS[model]).order_by()


def is_synthetic(number: str, slug: str) -> bool:
    """Return whether the case with this number and slug is synthetic, by the same two signs."""
    is_set_aside = FIRST_NUMBER <= int(number.removeprefix("DTW-")) <= LAST_NUMBER
    return is_set_aside and slug.startswith("synthetic-")


def synthetic_cases_are_public() -> bool:
    """Return whether any published case is synthetic. One query, answered by an index."""
    return synthetic_records(Case).published().exists()  # type: ignore[attr-defined,no-any-return]  # a CaseQuerySet
