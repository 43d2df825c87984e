from __future__ import annotations

from django.db import models

from . import fields


class IndexSnapshot(models.Model):
    """A part of what the index of cases holds, so that a process need not read all when it starts.

    Derived, see `cases/index/snapshots.py`. The keys from 1 are the order of the parts.
    """

    version = fields.PositiveBigIntegerField(help_text="The number of the last change in it.")
    build = fields.CharField(
        max_length=64, help_text="The digest of the code that made it: other code does not read it."
    )
    contents = fields.BinaryField()

    def __str__(self) -> str:
        return f"Index of cases at change {self.version}"
