"""Types and steps shared by making and removing synthetic records."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from cases import search
from cases.models import Case, Warning
from cases.search.engine import engine_of

Recipient = Warning.recipients.through
ApplicableDirective = Case.directives.through


class SyntheticError(Exception):
    """Synthetic records were not made or removed, and nothing was changed; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """The number of records that were made or removed, and a sentence that says so."""

    sentence: str
    cases: int = 0
    warnings: int = 0
    claims: int = 0
    actors: int = 0
    sources: int = 0

    def __str__(self) -> str:
        return self.sentence


def after_bulk_write() -> None:
    """Update the search index and the database statistics, in the transaction of the write."""
    # The update on commit stops at a limit, which a bulk write exceeds. To make the whole index
    # again takes less than half the time of following each of the documents.
    with engine_of(connection).rebuilding(connection):
        search.catch_up(limit=None)
    # The query planner would otherwise go by the table sizes before the write.
    with connection.cursor() as cursor:
        for model in Case._meta.apps.get_app_config("cases").get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
