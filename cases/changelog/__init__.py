"""The log of changes: for each public record the number of its last change.

The highest number is the version of the dataset. What is derived from the records (the index behind
facets, the search documents) follows the log: if the number rose, something may look different.
Triggers in the database write the log (`triggers.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from cases.models import Change

Read = TypeVar("Read")

CASE, ACTOR, SOURCE = "case", "actor", "source"
DIRECTIVE, EXCEPTION, NOTE = "directive", "exception", "note"
EVERYTHING = "everything"

Followed = tuple[str, str]
"""A kind of record, and the SQL that gives its key from a row of the table, called {row}."""

_PART: tuple[Followed, ...] = ((CASE, "{row}.case_id"),)

_PART_OF_WARNING: tuple[Followed, ...] = (
    (CASE, "(SELECT case_id FROM cases_warning WHERE id = {row}.warning_id)"),
)

FOLLOWED: dict[str, tuple[Followed, ...]] = {
    "cases_case": ((CASE, "{row}.id"),),
    "cases_case_directives": _PART,
    "cases_warning": _PART,
    "cases_warning_recipients": _PART_OF_WARNING,
    "cases_intermediary": _PART_OF_WARNING,
    "cases_incident": _PART,
    "cases_involvement": _PART,
    "cases_exceptionassessment": _PART,
    "cases_claim": _PART,
    "cases_note": ((CASE, "{row}.case_id"), (NOTE, "{row}.id")),
    "cases_actor": ((ACTOR, "{row}.id"),),
    "cases_source": ((SOURCE, "{row}.id"),),
    "cases_directive": ((DIRECTIVE, "{row}.id"),),
    "cases_directiveexception": ((EXCEPTION, "{row}.id"),),
    "cases_version": _PART,
}
"""For each table the records that a change in it changes."""


def latest() -> int:
    """Return the number of the last change, which is the version of the dataset; 0 without any."""
    # Several times for each page: as a query of the ORM it takes three times as long.
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        return cursor.fetchone()[0] or 0


_LATEST = "SELECT MAX(id) FROM cases_change"


def until_changed(read: Callable[[], Read]) -> Callable[[], Read]:
    """Keep what a function has read from the public records until one of them changes.

    Do not call it in a transaction that has written: what is rolled back would be kept.
    """

    @lru_cache(maxsize=1)
    def kept(version: int) -> Read:
        return read()

    @wraps(read)
    def found() -> Read:
        return kept(latest())

    _KEPT.append(kept.cache_clear)
    return found


_KEPT: list[Callable[[], None]] = []


def forget() -> None:
    """Drop everything that was kept until the next change."""
    for clear in _KEPT:
        clear()


def since(version: int, until: int | None = None) -> list[tuple[str, int]]:
    """Return kind and key of the records that changed after `version`, oldest change first.

    Changes after `until` are left out.
    """
    changes = Change.objects.filter(pk__gt=version).order_by("pk")
    if until is not None:
        changes = changes.filter(pk__lte=until)
    return list(changes.values_list("record", "object_id"))


def kind_of(model: type[Model]) -> str:
    """Return the kind under which the log holds records of a model, "" if it has no own kind."""
    kinds = FOLLOWED.get(model._meta.db_table, ())
    return next((kind for kind, key in kinds if key == "{row}.id"), "")
