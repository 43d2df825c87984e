from __future__ import annotations

from typing import Any

from django.db import models

from . import fields
from .case import Case


class SequencedInCase(models.Model):
    """Mixin: a record of a case that is named by its place among the others of its kind."""

    case: fields.ForeignKey[Any, Any]
    sequence = fields.PositiveSmallIntegerField(
        blank=True,
        help_text="Its number within the case, from 1; the next one if left empty.",
        definition="Its number within the case, from 1.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.sequence is None:
            self.sequence = self._next_sequence(self.case)
        super().save(*args, **kwargs)

    @property
    def path(self) -> str:
        """Name the record within its case, in addresses and evidence: `warning-1`."""
        return f"{self._meta.model_name}-{self.sequence}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.case.natural_key(), self.sequence)

    natural_key.dependencies = ["cases.case"]  # type: ignore[attr-defined]  # read by serializers

    def _next_sequence(self, case: Case) -> int:
        siblings = type(self)._base_manager.filter(**{"case": case})
        last: int | None = siblings.aggregate(last=models.Max("sequence"))["last"]
        return (last or 0) + 1


def unique_sequence(model: str) -> fields.UniqueConstraint:
    """Return the constraint that numbers the records of a case apart."""
    return fields.UniqueConstraint(
        fields=["case", "sequence"],
        name=f"{model}_unique_sequence_in_case",
        violation_error_message=f"This case already has a {model} with this number.",
    )
