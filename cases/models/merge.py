from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from . import fields


class Merge(models.Model):
    """One merge of a record into another, with all that it takes to undo it.

    Actors and sources that were merged are gone and cases are withdrawn, so the names are kept
    here; `steps` holds what was written, in the order of writing. See `cases/merging/journal.py`.
    """

    class Kind(models.TextChoices):
        ACTOR = "actor", "Actor"
        SOURCE = "source", "Source"
        CASE = "case", "Case"

    kind = fields.CharField(max_length=10, choices=Kind.choices)
    kept_key = fields.BigIntegerField(help_text="No foreign key: it may be merged on, and be gone.")
    kept_name = fields.CharField("into", max_length=550)
    merged_key = fields.BigIntegerField()
    merged_name = fields.CharField("merged", max_length=550)
    merged_slug = fields.SlugField(max_length=100)
    reason = fields.TextField()
    steps = fields.JSONField(default=list)
    made_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = fields.DateTimeField(default=timezone.now)
    undone_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = fields.DateTimeField(null=True, blank=True)
    undone_reason = fields.TextField("reason for undoing", blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            fields.CheckConstraint(
                condition=Q(kind__in=("actor", "source", "case")), name="merge_kind_known"
            ),
            fields.CheckConstraint(
                condition=~Q(kept_key=models.F("merged_key")), name="merge_of_two_records"
            ),
            fields.CheckConstraint(condition=~Q(reason=""), name="merge_with_reason"),
            fields.CheckConstraint(
                condition=Q(undone_at=None, undone_reason="")
                | Q(undone_at__isnull=False) & ~Q(undone_reason=""),
                name="merge_undone_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_name} into {self.kept_name}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
