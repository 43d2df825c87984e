from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from . import fields
from .case import Case
from .vocabulary import CaseStatus

DISCARDED = "discarded"
"""What a step says in place of a status if it discarded a correction."""

WORDS: dict[str, str] = {
    CaseStatus.DRAFT: "sent back",
    CaseStatus.IN_REVIEW: "submitted for review",
    CaseStatus.PUBLISHED: "published",
    CaseStatus.WITHDRAWN: "withdrawn",
    DISCARDED: "discarded",
}
"""What a step did with a case or its correction, by the status that the step gave it."""


class ReviewStep(models.Model):
    """One step that somebody took with a case, and why; editors see it, the public does not."""

    case = fields.ForeignKey(Case, on_delete=models.CASCADE, related_name="review_steps")
    status = fields.CharField(
        max_length=20, help_text="The status that the case, or its correction, got by it."
    )
    reason = fields.TextField(blank=True)
    concerns = fields.JSONField(
        default=list,
        blank=True,
        help_text="The weak points despite which the case was published, in words.",
    )
    taken_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    taken_at = fields.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-taken_at", "-pk"]
        constraints: ClassVar = [
            fields.CheckConstraint(
                condition=~Q(status=CaseStatus.DRAFT) | ~Q(reason=""),
                name="reviewstep_sent_back_with_reason",
                violation_error_message="Say why the case is sent back; its editor sees it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.words}"

    @property
    def words(self) -> str:
        """Say what was done with the case: “sent back”."""
        return WORDS[self.status]

    @property
    def sent_back(self) -> bool:
        return self.status == CaseStatus.DRAFT
