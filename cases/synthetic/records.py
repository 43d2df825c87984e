"""What making and removing synthetic records share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from cases import search
from cases.models import Case, Warning

Recipient = Warning.recipients.through


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


def after_bulk_write() -> None:
    """Bring up to date what neither signals nor triggers do, within the transaction of the write.

    The planner of the database would go on by the sizes of before, and a search would leave so many
    texts to be indexed by hand.
    """
    search.catch_up(limit=None)
    with connection.cursor() as cursor:
        for model in Case._meta.apps.get_app_config("cases").get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
