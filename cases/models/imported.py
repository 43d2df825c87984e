from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from . import fields


class ImportQuerySet(models.QuerySet["Import"]):
    def applied(self) -> Self:
        """Keep the imports that were carried out; the others are uploads that wait."""
        return self.filter(applied_at__isnull=False)

    def waiting_of(self, user: Any) -> Self:
        """Keep the uploads of a user that were not imported; only this user may see them."""
        return self.filter(applied_at=None, undoes=None, imported_by=user)

    def given_up(self) -> Self:
        """Keep uploads that nobody confirmed within a day."""
        return self.filter(applied_at=None, uploaded_at__lt=timezone.now() - dt.timedelta(days=1))


class Import(models.Model):
    """One import: what was in the file, and what it did row by row; the log of imports.

    Until it is applied it is an upload that waits to be confirmed: the file is kept, and the plan
    says what the import would do. Once it is applied, the file is no longer kept.

    Undoing an import is an entry of its own, with the plan of what is taken back.
    """

    undoes = fields.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undoings",
        help_text="The import that this entry takes back.",
    )
    subject = fields.CharField(max_length=30, help_text="“bundle”, or the table that was imported.")
    file_name = fields.CharField(max_length=200)
    content = fields.BinaryField(default=bytes, help_text="The file, until it is imported.")
    content_digest = fields.CharField("SHA-256 of the file", max_length=64)
    note = fields.TextField(
        blank=True, help_text="What the public reads at each version that the import made."
    )
    summary = fields.TextField(blank=True)
    plan = fields.JSONField(
        default=list, help_text="What was done with each row that differed from the casebook."
    )
    plan_digest = fields.CharField(max_length=64, blank=True)
    versions = fields.JSONField(default=list, help_text="The versions that it made.")
    written = fields.JSONField(
        default=list,
        help_text="Each row that it wrote, with what it takes to undo that; see written_rows.py.",
    )
    row_count = fields.PositiveIntegerField("rows", default=0)
    imported_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty for an import by command.",
    )
    uploaded_at = fields.DateTimeField(default=timezone.now)
    applied_at = fields.DateTimeField("imported at", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-applied_at", "-pk"]
        constraints: ClassVar = [
            fields.UniqueConstraint(
                fields=["undoes"],
                condition=models.Q(applied_at__isnull=False),
                name="import_undone_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{'Undoing the import' if self.undoes_id else 'Import'} of {self.file_name}"

    @property
    def is_applied(self) -> bool:
        return self.applied_at is not None

    @property
    def undone_by(self) -> Import | None:
        """The entry that took this import back, without what it wrote; None if there is none."""
        return self.undoings.applied().defer("plan", "written").first()

    @property
    def keeps_what_it_wrote(self) -> bool:
        """Whether it was recorded with what it takes to undo it."""
        return bool(Import.objects.filter(pk=self.pk).exclude(written=[]).exists())

    def counts(self) -> dict[str, int]:
        """Return the number of rows by action. The plan leaves out rows that stay unchanged."""
        counts: dict[str, int] = {}
        for row in self.plan:
            counts[row["action"]] = counts.get(row["action"], 0) + 1
        return counts

    def rows(self, action: str) -> list[dict[str, Any]]:
        """Return the rows of the plan that have one action."""
        return [row for row in self.plan if row["action"] == action]
