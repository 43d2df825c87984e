from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.text.bidi import isolated

from . import fields
from .actor import MAY_CLAIM, Actor
from .case import CASE_OF_PART, Case
from .vocabulary import Role


def path_of_role(role: str, actor: str) -> str:
    """Return the path of the role of an actor, which is named by its slug, within its case."""
    return f"{role.replace('_', '-')}-{actor}"


class InvolvementManager(models.Manager["Involvement"]):
    def get_by_natural_key(self, case: str, actor: str, role: str) -> Involvement:
        return self.get(case__slug=case, actor__slug=actor, role=role)


class Involvement(models.Model):
    """An actor's role in a case. The parties of warnings come from the warnings instead."""

    CODED_FIELDS: ClassVar = ()

    case = fields.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        related_name="involvements",
        definition=CASE_OF_PART,
    )
    actor = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="involvements",
        definition="The actor that has the role.",
    )
    role = fields.CharField(
        max_length=30,
        choices=Role.choices,
        help_text=Role.help_text(),
        definition="The part that the actor has in the case.",
    )
    note = fields.TextField(
        blank=True, definition="What the editors remark on the role; never evidence for it."
    )

    objects = InvolvementManager()

    class Meta:
        verbose_name = "role"
        ordering: ClassVar = ["case", "role", "actor__name", "pk"]
        constraints: ClassVar = [
            Role.constraint("role", "involvement"),
            fields.UniqueConstraint(
                fields=["case", "actor", "role"],
                name="involvement_unique_role_of_actor_in_case",
                violation_error_message="This actor already has this role in this case.",
            ),
        ]

    def __str__(self) -> str:
        return f"{isolated(str(self.actor))} ({self.get_role_display()})"

    @property
    def path(self) -> str:
        return path_of_role(self.role, self.actor.slug)

    def natural_key(self) -> tuple[str, ...]:
        return (*self.case.natural_key(), *self.actor.natural_key(), self.role)

    natural_key.dependencies = ["cases.case", "cases.actor"]  # type: ignore[attr-defined]  # read by serializers

    def clean(self) -> None:
        super().clean()
        if self.role == Role.CLAIMANT and self.actor_id and self.actor.kind not in MAY_CLAIM:
            raise ValidationError(
                {"actor": _("Only an armed group or a state can claim responsibility.")}
            )
