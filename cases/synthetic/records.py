"""What synthetic records are told by, and what follows when they were written in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from cases import search
from cases.models import Actor, Case, Source, Warning
from cases.models.vocabulary import SourceKind

FIRST_NUMBER = 900_000_001
LAST_NUMBER = 999_999_999
"""The range of case numbers set aside for synthetic cases."""

Recipient = Warning.recipients.through

SIGNS: dict[type[models.Model], dict[str, Any]] = {
    Case: {
        "number__range": (f"DTW-{FIRST_NUMBER}", f"DTW-{LAST_NUMBER}"),
        "slug__startswith": "synthetic-",
    },
    Actor: {"slug__startswith": "synthetic-", "name__startswith": "Synthetic "},
    Source: {"slug__startswith": "synthetic-", "kind": SourceKind.SYNTHETIC},
}
"""Two signs each, lest a real record, of a case about a synthetic poison say, be taken for one.

An index on the numbers finds at once whether there are any cases.
"""


class SyntheticError(Exception):
    """Synthetic records were not made, or not removed, and nothing was changed; says why."""


@dataclass(frozen=True)
class Outcome:
    """How many records were made or removed, and the same in a sentence."""

    sentence: str
    cases: int = 0
    warnings: int = 0
    claims: int = 0
    actors: int = 0
    sources: int = 0

    def __str__(self) -> str:
        return self.sentence


def synthetic(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return the synthetic cases, actors or sources, in no order."""
    return model._default_manager.filter(**SIGNS[model]).order_by()


def is_synthetic(case: Case) -> bool:
    """Whether a case is one of them, by the same two signs."""
    number = int(case.number.removeprefix("DTW-"))
    is_set_aside = FIRST_NUMBER <= number <= LAST_NUMBER
    return is_set_aside and case.slug.startswith("synthetic-")


def is_there() -> bool:
    """Whether the public sees synthetic cases; one query, which an index answers."""
    return synthetic(Case).published().exists()  # type: ignore[attr-defined,no-any-return]  # a CaseQuerySet


def after_bulk_write() -> None:
    """Bring up to date what neither signals nor triggers do, within the transaction of the write.

    The planner of the database would go on by the sizes of before, and a search would leave so many
    texts to be indexed by hand.
    """
    search.catch_up(limit=None)
    with connection.cursor() as cursor:
        for model in Case._meta.apps.get_app_config("cases").get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
