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
from django.urls import get_script_prefix

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
    # Runs several times for each page, and the ORM takes three times as long.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM cases_change")
        return cursor.fetchone()[0] or 0


_CACHE_CLEARERS: list[Callable[[], None]] = []


def until_changed(read: Callable[[], Read]) -> Callable[[], Read]:
    """Cache what a function reads from public records until one of them changes.

    The result is shared by all threads, so do not modify it. Do not call it in a transaction that
    has written: after a rollback the number of the version is used again, for other data.
    """

    # Addresses begin with the folder that the site is served in.
    @lru_cache(maxsize=1)
    def cached(version: int, prefix: str) -> Read:
        return read()

    @wraps(read)
    def current_value() -> Read:
        return cached(latest(), get_script_prefix())

    _CACHE_CLEARERS.append(cached.cache_clear)
    return current_value


def forget() -> None:
    """Clear the caches of all functions marked `until_changed`."""
    for clear in _CACHE_CLEARERS:
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
