"""The log of imports: uploads that wait for confirmation, imports that were done or undone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases.models import Import

from ..files.sheets import Sheet
from .importer import Importer, count_rows
from .plan import MAX_CELL_LENGTH, Plan
from .planned import Permits, PlanChangedError, PlannedWork, Progress
from .undoing import Undoing

# Characters kept before the first difference, as context.
LEAD = 40


def new_record(subject: str, file_name: str, data: bytes, user: User | None) -> Import:
    """Return an unsaved record of an import of a file."""
    return Import(
        subject=subject,
        file_name=file_name[:200],
        content_digest=hashlib.sha256(data).hexdigest(),
        imported_by=user,
    )


class _Recorded(PlannedWork):
    """Work that stores a record in the same transaction, if it changes anything.

    `on_recorded` is called in that transaction, after the record is stored.
    """

    record: Import
    on_recorded: Callable[[], object]

    def when_written(self) -> None:
        record_plan(self.record, self.plan)
        self.record.note, self.record.content = self.note, b""
        self.record.applied_at = timezone.now()
        if (
            self.record.pk
            and not Import.objects.filter(pk=self.record.pk, applied_at=None).exists()
        ):
            # A second click on the same button was faster and did it already.
            raise PlanChangedError
        self.record.save()
        self.on_recorded()


class RecordedImporter(_Recorded, Importer):
    """An importer that stores a record of the import, with what it takes to undo it."""

    def __init__(
        self,
        record: Import,
        sheets: Sequence[Sheet],
        note: str,
        *,
        dry_run: bool = False,
        permits: Permits = lambda permission: True,
        expected: str | None = None,
        on_recorded: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(
            sheets,
            note,
            record.imported_by,
            dry_run=dry_run,
            permits=permits,
            expected=expected,
        )
        self.record, self.on_recorded = record, on_recorded
        record.row_count = count_rows(sheets)

    def when_written(self) -> None:
        self.record.written = list(self.written_rows.entries(self.case_steps.by_case))
        super().when_written()


def new_undoing(undone: Import, user: User | None) -> Import:
    """Return an unsaved record of undoing an import."""
    return Import(
        undoes=undone,
        subject=undone.subject,
        file_name=undone.file_name,
        content_digest=undone.content_digest,
        imported_by=user,
    )


class RecordedUndoing(_Recorded, Undoing):
    """Undoes an import, and stores a record of that."""

    def __init__(
        self,
        undone: Import,
        record: Import,
        note: str,
        *,
        dry_run: bool = False,
        permits: Permits = lambda permission: True,
        expected: str | None = None,
        on_recorded: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(
            undone,
            note,
            record.imported_by,
            dry_run=dry_run,
            permits=permits,
            expected=expected,
        )
        self.record, self.on_recorded = record, on_recorded
        record.row_count = self.total

    def rows(self) -> Iterator[Progress]:
        # Asked under the write lock: of two who confirm at once, the second finds it undone.
        if self.undone.undone_by is not None:
            raise PlanChangedError
        yield from super().rows()


def record_plan(record: Import, plan: Plan) -> None:
    """Copy a plan into the record of its import, with long cells shortened."""
    record.summary, record.plan_digest = plan.summary(), plan.digest()
    record.plan = [_row(asdict(row)) for row in plan.reported_rows()]
    record.versions = list(plan.versions)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    for change in row["changes"]:
        # Two long texts are cut to start shortly before they begin to differ.
        pairs = enumerate(zip(change["old"], change["new"], strict=False))
        differing = next((place for place, (old, new) in pairs if old != new), 0)
        begin = max(0, differing - LEAD)
        for side in ("old", "new"):
            change[side] = _shortened(change[side], begin)
    return row


def _shortened(text: str, begin: int) -> str:
    if len(text) <= MAX_CELL_LENGTH:
        return text
    end = begin + MAX_CELL_LENGTH
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
