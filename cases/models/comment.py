from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from . import fields
from .case import Case

PARTS = {
    "warning": "warnings",
    "incident": "incidents",
    "involvement": "involvements",
    "assessment": "assessments",
    "claim": "claims",
    "note": "notes",
}
"""The kinds of part of a case that can be commented on, each with its related name."""

MAX_LENGTH = 2000
"""Characters of a comment."""


@dataclass(frozen=True)
class CommentPlace:
    """What a comment is about: a field of a part, a part as a whole (no field), or the case."""

    part: str = ""
    key: int | None = None
    field: str = ""

    def __str__(self) -> str:
        """Return the place as in addresses and pages: `warning:12:channel`, `::title`."""
        return f"{self.part}:{'' if self.key is None else self.key}:{self.field}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the place that a text of this form names.

        Malformed text gives a place that matches nothing.
        """
        part, _, rest = text.partition(":")
        key, _, field = rest.partition(":")
        return cls(part, int(key) if re.fullmatch(r"[0-9]{1,18}", key) else None, field)


class CommentQuerySet(models.QuerySet["Comment"]):
    def open(self) -> Self:
        """Keep the comments that nobody has resolved; answers are neither open nor resolved."""
        return self.filter(answer_to=None, resolved_at=None)


class CommentManager(models.Manager.from_queryset(CommentQuerySet)): ...  # type: ignore[misc]  # built by Django


class Comment(models.Model):
    """What an editor or a reviewer says about a value of a case, or in answer to such a comment.

    It is internal, and no edit of the case: versions, files, search and public pages have none of
    it. A part is named by its kind and its key, without a foreign key: a comment keeps no part from
    being deleted, and outlives it.
    """

    case = fields.ForeignKey(Case, on_delete=models.CASCADE, related_name="comments")
    answer_to = fields.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    part = fields.CharField(max_length=20, blank=True)
    part_key = fields.BigIntegerField(null=True, blank=True)
    field = fields.CharField(max_length=40, blank=True)
    value_then = fields.TextField(
        "value at that time",
        blank=True,
        help_text="What it was about, as it was when the comment was written; one line per value.",
    )
    text = fields.TextField(
        validators=[MaxLengthValidator(MAX_LENGTH)],
        error_messages={"blank": "Write what you want to say."},
    )
    author = fields.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_by_reviewer = fields.BooleanField(
        default=False, help_text="Whether its author was a reviewer when it was written."
    )
    made_at = fields.DateTimeField(default=timezone.now)
    resolved_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resolved_at = fields.DateTimeField(null=True, blank=True)

    objects = CommentManager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            fields.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
            fields.CheckConstraint(
                condition=Q(part="", part_key=None) | ~Q(part="") & Q(part_key__isnull=False),
                name="comment_part_has_key",
            ),
            fields.CheckConstraint(
                condition=Q(answer_to=None)
                | Q(part="", field="", value_then="", resolved_at=None, resolved_by=None),
                name="comment_answer_has_place_of_its_comment",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment of {timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"

    @property
    def place(self) -> CommentPlace:
        return CommentPlace(self.part, self.part_key, self.field)

    @property
    def is_open(self) -> bool:
        return self.answer_to_id is None and self.resolved_at is None
