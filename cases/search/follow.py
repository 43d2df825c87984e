"""The search documents follow the log of changes, whichever way the records were written.

A counter holds the last change that the documents know of. A search first brings them up to date,
if little is stale; what is written through Django is brought up to date when it is committed, so
that a reader seldom waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.signals import m2m_changed, post_delete, post_save

from cases import changelog
from cases.models import (
    Actor,
    Case,
    Change,
    Claim,
    Counter,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    SearchDocument,
    Warning,
)
from cases.models.vocabulary import CaseStatus
from cases.text.batches import in_batches

from .documents import BATCH, documents_of
from .engine import engine_of

logger = logging.getLogger(__name__)

WATERMARK = "search"
"""The counter that holds the last change that was indexed."""

MAX_AT_SEARCH, MAX_AT_COMMIT = 200, 2_000
"""How many stale documents are written before a search, and after a write; seconds at most."""

UNWRITABLE = (OperationalError, InternalError, IntegrityError, ProgrammingError)
"""What a database raises that is locked or may not be written; a case deleted meanwhile."""

_FOLLOWED = (
    Case,
    Warning,
    Incident,
    Involvement,
    ExceptionAssessment,
    Claim,
    Note,
    Actor,
    DirectiveException,
)


def catch_up(limit: int | None = MAX_AT_SEARCH) -> int:
    """Write the documents of the cases that changed, and return how many are stale after it.

    If more than `limit` are stale it writes none; None is no limit. Two queries if nothing changed.
    """
    since, latest = _watermark(), changelog.latest()
    if since == latest:
        return 0
    stale = _stale_cases(since, latest).count()
    if limit is None or stale <= limit:
        try:
            engine = engine_of(connection)
            with engine.hurried(connection), transaction.atomic():
                engine.lock(connection)
                _write_stale()
            return 0
        except UNWRITABLE as error:
            logger.warning("The search documents could not be brought up to date: %s", error)
    return stale


def _write_stale() -> None:
    # Read first, so that a change made meanwhile is taken up the next time.
    since, latest = _watermark(), changelog.latest()
    if since != latest:
        keys = list(_stale_cases(since, latest))
        for batch in in_batches(keys, BATCH):
            write_documents(batch)
        set_watermark(latest)


def write_documents(cases: Sequence[int]) -> None:
    """Write the documents of the cases that are published, and delete those of the others."""
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
    """Note that the documents know of every change up to `latest`."""
    Counter.objects.bulk_create(
        [Counter(name=WATERMARK, value=latest)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["value"],
    )


# What is stale

_Keys = QuerySet[Any, Any]


def _stale_cases(since: int, latest: int) -> _Keys:
    """Return the keys of the cases whose document a change after `since` may have made untrue.

    They are those that are published, or have a document that must go.
    """
    changed = Change.objects.alias(kind=_without_index("record")).filter(pk__gt=since)
    kinds = set(changed.values_list("record", flat=True).distinct())
    if changelog.EVERYTHING in kinds or since > latest:  # the log began again
        return superfluous().union(_published(Case, "pk"))
    parts = [
        part
        for kind, having in _HAVING.items()
        if kind in kinds
        for part in having(changed.filter(kind=kind).values("object_id"))
    ]
    return SearchDocument.objects.none().union(*parts)


def superfluous() -> _Keys:
    """Return the keys of the cases that have a document and are not published."""
    documents = SearchDocument.objects.exclude(case__status=CaseStatus.PUBLISHED)
    return documents.values_list("pk", flat=True)


def _published(model: type[Model], key: str = "case", **having: Any) -> _Keys:
    """Return the keys of the published cases of the records that have something."""
    status = _without_index("status" if model is Case else "case__status")
    records = model._default_manager.alias(now=status).filter(now=CaseStatus.PUBLISHED, **having)
    return records.order_by().values_list(key, flat=True)


def _without_index(name: str) -> Cast:
    """Return a column so that SQLite goes by what changed, not by all that is alike in it."""
    return Cast(name, TextField())


def _having_case(keys: _Keys) -> list[_Keys]:
    return [_published(Case, "pk", pk__in=keys), superfluous().filter(pk__in=keys)]


def _having_actor(changed: _Keys) -> list[_Keys]:
    # The document of a case has the names of all that its actors belong to.
    keys = Actor.objects.tree().with_descendants(changed.values_list("object_id", flat=True))
    return [
        _published(Warning, issuer__in=keys),
        _published(Warning, recipients__in=keys),
        _published(Involvement, actor__in=keys),
        _published(Incident, country__in=keys),
        _published(Claim, speaker__in=keys),
    ]


def _having_exception(keys: _Keys) -> list[_Keys]:
    return [_published(ExceptionAssessment, exception__in=keys)]


_HAVING: dict[str, Callable[[_Keys], list[_Keys]]] = {
    changelog.CASE: _having_case,
    changelog.ACTOR: _having_actor,
    changelog.EXCEPTION: _having_exception,
}


# At commit


def connect() -> None:
    """Bring the documents up to date after each transaction in which Django wrote records."""
    for model in _FOLLOWED:
        for signal in (post_save, post_delete):
            signal.connect(_schedule, sender=model, dispatch_uid="search")
    m2m_changed.connect(_schedule, sender=Warning.recipients.through, dispatch_uid="search")


def _schedule(sender: object, using: str, **kwargs: Any) -> None:
    """Have it done once in this transaction.

    Outside of one it is left to the next search: a loop that saves row by row, each in its own
    transaction, would otherwise write the same document over and over.
    """
    here = connections[using]
    if using != DEFAULT_DB_ALIAS or not here.in_atomic_block:
        return
    if all(waiting[1] is not _at_commit for waiting in here.run_on_commit):
        transaction.on_commit(_at_commit, using=using, robust=True)


def _at_commit() -> None:
    stale = catch_up(MAX_AT_COMMIT)
    if stale > MAX_AT_COMMIT:
        logger.warning("%s cases are searched as they were: run rebuild_search.", f"{stale:,}")
