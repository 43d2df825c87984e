"""Keep the search documents up to date with the changelog.

A counter stores the last change that the documents include. Each search first updates stale
documents if there are few. Writes through Django also update them on commit, so that a reader
seldom has to wait. Writes by SQL are found in the changelog like all others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.signals import post_delete, post_save

from cases import changelog
from cases.models import (
    Actor,
    Case,
    Change,
    Claim,
    Counter,
    Directive,
    DirectiveException,
    Incident,
    Involvement,
    Note,
    SearchDocument,
    Source,
    Version,
    Warning,
)
from cases.models.case import IN_PUBLISHED_CASE, PUBLIC_STATUS
from cases.text.batches import in_batches

from .documents import BATCH, documents_of
from .engine import engine_of

logger = logging.getLogger(__name__)

# The name of the counter that stores the last change in the documents.
WATERMARK = "search"

# Stale documents that are updated before a search and after a commit; takes seconds at most.
MAX_AT_SEARCH, MAX_AT_COMMIT = 200, 2_000

# Saving any of these through Django schedules an update of the documents: a case, or what the
# versions of several cases mention.
_FOLLOWED = (Case, Version, Note, Actor, Source, Directive, DirectiveException)


def catch_up(limit: int | None = MAX_AT_SEARCH) -> int:
    """Update the documents of the cases that changed; return how many are still stale.

    If more than `limit` are stale, none is updated; None means no limit. Two queries if nothing
    changed.
    """
    since, latest = _watermark(), changelog.latest()
    if since == latest:
        return 0
    stale = _stale_cases(since, latest).count()
    if limit is None or stale <= limit:
        try:
            engine = engine_of(connection)
            with engine.short_wait(connection), transaction.atomic():
                engine.lock(connection)
                _write_stale()
            return 0
        # The database is locked or read-only, its index is damaged, or a case was just deleted.
        # A search on a read-only database still works, only with earlier states of some cases.
        except DatabaseError as error:
            logger.warning("The search documents could not be brought up to date: %s", error)
    return stale


def _write_stale() -> None:
    # Read the changelog first, so that a change made meanwhile is found the next time.
    since, latest = _watermark(), changelog.latest()
    if since != latest:
        keys = list(_stale_cases(since, latest))
        for batch in in_batches(keys, BATCH):
            write_documents(batch)
        set_watermark(latest)


def write_documents(cases: Sequence[int]) -> None:
    """Write the documents of the published ones among `cases`; delete those of the others."""
    documents = documents_of(cases)
    SearchDocument.objects.filter(
        case__in=set(cases) - {document.case_id for document in documents}
    ).delete()
    SearchDocument.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["title", "names", "text", "passages"],
    )


def _watermark() -> int:
    found = Counter.objects.filter(name=WATERMARK).values_list("value", flat=True).first()
    return found or 0


def set_watermark(latest: int) -> None:
    """Store that the documents include every change up to `latest`."""
    Counter.objects.bulk_create(
        [Counter(name=WATERMARK, value=latest)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["value"],
    )


# What is stale

_Keys = QuerySet[Any, Any]


def _stale_cases(since: int, latest: int) -> _Keys:
    """Return the keys of the cases whose documents a change after `since` may affect.

    These are published cases, and cases with a document that has to be deleted.
    """
    changed = Change.objects.alias(kind=_without_index("record")).filter(pk__gt=since)
    kinds = set(changed.values_list("record", flat=True).distinct())
    # `since` is ahead of the changelog if the changelog was emptied.
    if changelog.EVERYTHING in kinds or since > latest:
        return superfluous().union(_published(Case, "pk"))
    affected = [
        cases
        for kind, affected_by in _AFFECTED_BY.items()
        if kind in kinds
        for cases in affected_by(changed.filter(kind=kind).values("object_id"))
    ]
    return SearchDocument.objects.none().union(*affected)


def superfluous() -> _Keys:
    """Return the keys of cases that have a document but are not published."""
    documents = SearchDocument.objects.exclude(IN_PUBLISHED_CASE)
    return documents.values_list("pk", flat=True)


def _published(model: type[Model], key: str = "case", **filters: Any) -> _Keys:
    """Return the keys of the published cases of a model's records that match the filters."""
    status = _without_index("status" if model is Case else "case__status")
    records = model._default_manager.alias(now=status).filter(now=PUBLIC_STATUS, **filters)
    return records.order_by().values_list(key, flat=True)


def _without_index(name: str) -> Cast:
    """Return a column in a form for which SQLite cannot use an index."""
    # Most rows share the same value of it. SQLite should start from the few changed keys instead.
    return Cast(name, TextField())


def _affected_by_case(keys: _Keys) -> list[_Keys]:
    return [_published(Case, "pk", pk__in=keys), superfluous().filter(pk__in=keys)]


def _affected_by_actor(changed: _Keys) -> list[_Keys]:
    # Other names of actors, and what they belong to, are in documents and not in records. The names
    # of ancestors are in them too, so descendants are affected.
    keys = Actor.objects.tree().with_descendants(changed.values_list("object_id", flat=True))
    return [
        _published(Warning, issuer__in=keys),
        _published(Warning, intermediaries__actor__in=keys),
        _published(Warning, recipients__in=keys),
        _published(Involvement, actor__in=keys),
        _published(Incident, country__in=keys),
        _published(Claim, speaker__in=keys),
    ]


# The queries for the affected cases, by the kind of record in the changelog. What else a document
# has comes from the version of its case, and a new version is a change of the case.
_AFFECTED_BY: dict[str, Callable[[_Keys], list[_Keys]]] = {
    changelog.CASE: _affected_by_case,
    changelog.ACTOR: _affected_by_actor,
}


# At commit


def connect() -> None:
    """Update the documents after each transaction in which Django wrote records."""
    for model in _FOLLOWED:
        for signal in (post_save, post_delete):
            signal.connect(_schedule, sender=model, dispatch_uid="search")


def _schedule(sender: object, using: str, **kwargs: Any) -> None:
    """Schedule one update for the end of the current transaction."""
    here = connections[using]
    # Outside a transaction the next search updates the documents: a loop that saves row by row
    # would otherwise write the same document again for each row.
    if using != DEFAULT_DB_ALIAS or not here.in_atomic_block:
        return
    # Django has no public way to ask what is scheduled already.
    if all(scheduled[1] is not _at_commit for scheduled in here.run_on_commit):
        transaction.on_commit(_at_commit, using=using, robust=True)


def _at_commit() -> None:
    stale = catch_up(MAX_AT_COMMIT)
    if stale > MAX_AT_COMMIT:
        logger.warning("%s cases are searched as they were: run rebuild_search.", f"{stale:,}")
