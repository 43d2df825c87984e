from __future__ import annotations

from typing import ClassVar

from django.db import models

from . import fields


class Change(models.Model):
    """The last change of one record that the public may see, written by the database itself.

    The log has one row for each record: a later change replaces an earlier one and takes the next
    number, so whatever follows the log reads `pk > n`. See `cases/changelog/`.
    """

    record = fields.CharField(
        max_length=20, help_text="What changed: a case with all its parts, an actor, a source …"
    )
    object_id = fields.BigIntegerField(help_text="Its key; no foreign key, since it may be gone.")

    class Meta:
        constraints: ClassVar = [
            fields.UniqueConstraint(fields=["record", "object_id"], name="change_unique_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.record} {self.object_id}"
