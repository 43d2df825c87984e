"""Check or rebuild all search documents, and report how many were out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from cases import changelog
from cases.models import SearchDocument
from cases.models.folded import fold_again

from .documents import batches, documents_of
from .engine import engine_of
from .follow import set_watermark, superfluous, write_documents

_WRITTEN = ("title", "names", "text", "passages")


@dataclass
class Rebuilt:
    """The number of documents, and how many of them were wrong.

    `differing` documents were out of date, `missing` ones did not exist, and `superfluous` ones
    belonged to no published case. `index_was_intact` is about the index of the database, and
    `unfolded` counts the records whose words for the admin's search were wrong.
    """

    documents: int = 0
    differing: int = 0
    missing: int = 0
    superfluous: int = 0
    index_was_intact: bool = True
    unfolded: int = 0

    @property
    def wrong(self) -> int:
        return self.differing + self.missing + self.superfluous

    @property
    def was_right(self) -> bool:
        return not (self.wrong or self.unfolded) and self.index_was_intact


def check() -> Rebuilt:
    """Compare every document with what it should be, without changing anything."""
    checked = Rebuilt(index_was_intact=engine_of(connection).is_intact(connection))
    for batch in batches():
        _count_wrong(batch, checked)
    checked.superfluous = superfluous().count()
    checked.unfolded = sum(fold_again(model, only_check=True) for model in _models())
    return checked


def rebuild() -> Rebuilt:
    """Update every wrong document and rebuild the index of the database."""
    # Changes that are made during the rebuild come after this and are found by the next search.
    latest = changelog.latest()
    engine = engine_of(connection)
    rebuilt = Rebuilt(index_was_intact=engine.is_intact(connection))
    with engine.rebuilding(connection):
        for batch in batches():
            with transaction.atomic():
                engine.lock(connection)
                write_documents(_count_wrong(batch, rebuilt))
        with transaction.atomic():
            engine.lock(connection)
            unpublished = list(superfluous())
            rebuilt.superfluous = len(unpublished)
            write_documents(unpublished)  # which deletes the documents of unpublished cases
            set_watermark(latest)
    rebuilt.unfolded = sum(map(fold_again, _models()))
    return rebuilt


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("cases").get_models())


def _count_wrong(batch: Sequence[int], rebuilt: Rebuilt) -> list[int]:
    """Count the documents of a batch in `rebuilt`; return the cases whose document is wrong."""
    stored = SearchDocument.objects.in_bulk(batch)
    wrong = []
    for document in documents_of(batch):
        rebuilt.documents += 1
        known = stored.get(document.case_id)
        if known is None:
            rebuilt.missing += 1
        elif any(getattr(known, name) != getattr(document, name) for name in _WRITTEN):
            rebuilt.differing += 1
        else:
            continue
        wrong.append(document.case_id)
    return wrong
