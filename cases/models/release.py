from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from . import fields
from .version import Version

NAME_FORM = r"^[0-9A-Za-z][0-9A-Za-z.\-]{0,39}\Z"


class Release(models.Model):
    """A named state of the public dataset: each public case in the version that it had then."""

    name = fields.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                NAME_FORM,
                "A name has letters, digits, dots and hyphens only, 40 at most, and begins with a "
                "letter or a digit: 2026.12.",
            )
        ],
        error_messages={
            "unique": "There is already a release of this name.",
            "blank": "A release needs a name.",
            "max_length": "A name has 40 characters at most.",
        },
        help_text="Its name in addresses, such as 2026.12.",
    )
    note = fields.TextField(
        help_text="What is new in it, for the public.",
        error_messages={"blank": "A release needs a note (--note) that says what is new in it."},
    )
    made_at = fields.DateTimeField(default=timezone.now)
    site = fields.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="The address of the site when it was made, which all its files hold.",
    )
    checksums = fields.JSONField(
        default=dict,
        blank=True,
        help_text="The SHA-256 of each of its files by name, as they were first made.",
    )
    versions = fields.ManyToManyField(
        Version, related_name="releases", help_text="The version of each case that was public."
    )

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            fields.CheckConstraint(
                condition=~Q(note="") & ~Q(name=""), name="release_named_and_noted"
            ),
        ]

    def __str__(self) -> str:
        return f"Release {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("release", args=[self.name])

    @property
    def day(self) -> dt.date:
        return self.made_at.date()

    @property
    def before(self) -> Any:
        """The release before this one; None for the first."""
        return Release.objects.filter(pk__lt=self.pk).order_by("pk").last()
