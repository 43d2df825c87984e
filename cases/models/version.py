from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from . import fields
from .case import IN_PUBLISHED_CASE, Case
from .synthetic_label import is_synthetic


class ImmutableError(Exception):
    """A published version was about to be changed or deleted."""


class VersionQuerySet(models.QuerySet["Version"]):
    def of_public_cases(self) -> Self:
        """Keep the versions of cases that are public today."""
        return self.filter(IN_PUBLISHED_CASE)

    def current(self, cases: Collection[int] | None = None) -> Self:
        """Keep the latest version of each public case, or of those among some cases."""
        current = self.filter(IN_PUBLISHED_CASE).latest_of_each()
        return current if cases is None else current.filter(case__in=cases)

    def latest_of_each(self) -> Self:
        """Keep the latest version of each case, also of withdrawn ones."""
        of_case = self.model._base_manager.filter(case=OuterRef("case")).order_by()
        latest = of_case.values("case").annotate(number=Max("number")).values("number")
        return self.filter(number=Subquery(latest))

    def with_text(self) -> Self:
        """Fetch the record as a text, in `text`, and not as JSON that is decoded already."""
        return self.annotate(text=Cast("record", models.TextField())).defer("record")

    def update(self, **kwargs: Any) -> int:
        """Refuse: a published version is never changed."""
        raise ImmutableError("Published versions cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a published version is never deleted."""
        raise ImmutableError("Published versions cannot be deleted.")


class VersionManager(models.Manager.from_queryset(VersionQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, case: str, number: int) -> Version:
        return self.get(case__slug=case, number=number)  # type: ignore[no-any-return]


class Version(models.Model):
    """One immutable public version of a case: its nested record as it was, and why it changed.

    Only a redaction changes a version: it strikes a text and says so. See
    `cases/versions/striking.py`.
    """

    case = fields.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    number = fields.PositiveIntegerField(help_text="The version, from 1.")
    record = fields.JSONField(help_text="The nested record of the case, as cases.record gives it.")
    change_note = fields.TextField(help_text="What changed and why, for the public.")
    editor = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = fields.DateTimeField(default=timezone.now)
    digest = fields.CharField(max_length=64, help_text="SHA-256 of the record in canonical JSON.")
    withdrawn_at = fields.DateTimeField(
        null=True,
        blank=True,
        help_text="If this version reinstated the case: when it had been withdrawn.",
    )
    withdrawn_reason = fields.TextField(
        blank=True, help_text="If this version reinstated the case: why it had been withdrawn."
    )
    redacted_at = fields.DateTimeField(
        null=True, blank=True, help_text="When a text was last struck from this version."
    )
    redaction_reason = fields.TextField(
        blank=True, help_text="Why it was redacted; the public reads it."
    )

    is_announced = fields.BooleanField(
        default=True,
        help_text="Whether it is among the changes; those of synthetic cases would hide others.",
    )

    objects = VersionManager()

    class Meta:
        ordering: ClassVar = ["case", "number"]
        indexes: ClassVar = [
            models.Index(
                fields=["made_at"], condition=Q(is_announced=True), name="version_announced"
            ),
            models.Index(
                fields=["withdrawn_at"],
                condition=Q(withdrawn_at__isnull=False),
                name="version_withdrawn_at",
            ),
        ]
        constraints: ClassVar = [
            fields.UniqueConstraint(
                fields=["case", "number"], name="version_unique_number_in_case"
            ),
            fields.CheckConstraint(
                condition=~Q(change_note="") & Q(number__gte=1), name="version_numbered_and_noted"
            ),
            fields.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="version_withdrawal_has_time_and_reason",
            ),
            fields.CheckConstraint(
                condition=Q(redacted_at=None, redaction_reason="")
                | Q(redacted_at__isnull=False) & ~Q(redaction_reason=""),
                name="version_redaction_has_time_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError(f"{self} is published and cannot be changed.")
        self.is_announced = not is_synthetic(self.case.number, self.case.slug)
        # Without it Django would update the row of another version that has the same key.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError(f"{self} is published and cannot be deleted.")

    @property
    def changed_at(self) -> dt.datetime:
        """When what the public reads last changed: when it was made, or redacted since."""
        return self.redacted_at or self.made_at

    @property
    def is_reinstatement(self) -> bool:
        """Whether this version ended a withdrawal of the case."""
        return self.withdrawn_at is not None

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.case.natural_key(), self.number)

    natural_key.dependencies = ["cases.case"]  # type: ignore[attr-defined]  # read by serializers
