from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from . import fields
from .case import Case


class Redaction(models.Model):
    """One redaction: who struck texts from a case and all its versions, when, why and where.

    The private log of redactions. It never holds what was struck, only the SHA-256 of it.
    """

    case = fields.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="redactions"
    )
    case_number = fields.CharField(max_length=13)
    reason = fields.TextField(help_text="The public reads it at each version that was redacted.")
    replacement = fields.CharField("printed instead", max_length=100)
    text_digests = fields.JSONField(
        "SHA-256 of each text",
        default=list,
        help_text="Of the text as typed, in UTF-8: it confirms a text that one already knows.",
    )
    is_loose = fields.BooleanField("case and accents ignored", default=False)
    is_everywhere = fields.BooleanField("in other cases too", default=False)
    places = fields.JSONField(default=list, help_text="The fields from which it was struck.")
    made_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = fields.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            fields.CheckConstraint(condition=~Q(reason=""), name="redaction_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Redaction of {self.case_number}"
