"""The log of imports: an upload that waits, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases.models import Import

from .importing import Importer, Permits, PlanChangedError
from .plan import Plan
from .sheets import Sheet

LONGEST_CELL = 300
"""Characters of a cell that the log keeps; the records themselves have the rest."""
LEAD = 40
"""Characters before the first difference that are kept to show where it is."""


def new_record(subject: str, file_name: str, data: bytes, user: User | None) -> Import:
    """Return the record of an import of a file, not yet stored."""
    return Import(
        subject=subject,
        file_name=file_name[:200],
        content_digest=hashlib.sha256(data).hexdigest(),
        imported_by=user,
    )


class RecordedImporter(Importer):
    """An import that leaves a record, in the same transaction; none if it changes nothing.

    `done` is called in that transaction too, once the record is stored.
    """

    def __init__(
        self,
        record: Import,
        sheets: Sequence[Sheet],
        note: str,
        *,
        dry_run: bool = False,
        permits: Permits = lambda permission: True,
        expected: str | None = None,
        done: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(
            sheets,
            note,
            record.imported_by,
            dry_run=dry_run,
            permits=permits,
            expected=expected,
        )
        self.record, self.note, self._done_as_well = record, note, done
        record.row_count = sum(len(sheet.rows) for sheet in sheets)

    def when_written(self) -> None:
        write_down(self.record, self.plan)
        self.record.note, self.record.content = self.note, b""
        self.record.applied_at = timezone.now()
        if (
            self.record.pk
            and not Import.objects.filter(pk=self.record.pk, applied_at=None).exists()
        ):
            raise PlanChangedError  # a second click was faster
        self.record.save()
        self._done_as_well()


def write_down(record: Import, plan: Plan) -> None:
    """Put into the record what a plan does, shortening long cells."""
    record.summary, record.plan_digest = plan.summary(), plan.digest()
    record.plan = [_row(asdict(row)) for row in plan.telling()]
    record.versions = list(plan.versions)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    for change in row["changes"]:
        # Two long texts are shown from where they begin to differ.
        pairs = enumerate(zip(change["old"], change["new"], strict=False))
        differing = next((place for place, (old, new) in pairs if old != new), 0)
        begin = max(0, differing - LEAD)
        for side in ("old", "new"):
            change[side] = _shortened(change[side], begin)
    return row


def _shortened(text: str, begin: int) -> str:
    if len(text) <= LONGEST_CELL:
        return text
    end = begin + LONGEST_CELL
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
