from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .querysets import ActorManager
from .slugs import Slugged, slug_constraint
from .vocabulary import ActorKind, Role

MAY_CLAIM = {ActorKind.ARMED_GROUP, ActorKind.STATE}
"""The kinds of actor that can claim responsibility for an incident."""


class Actor(Slugged):
    """A state, body, group or person that takes part in a case, or whose words are evidence."""

    name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=30, choices=ActorKind.choices, help_text=ActorKind.help_text()
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The state, body or group it belongs to; filters by the parent find it too.",
    )
    country = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nationals",
        limit_choices_to={"kind": ActorKind.STATE},
        help_text="The state it acts for, resides in or operates from, as the sources have it.",
    )
    aliases = models.JSONField(
        default=list,
        blank=True,
        help_text="Other names, one a line: they find the actor, and warn of duplicates.",
    )
    description = models.TextField(blank=True)
    wikidata_id = models.CharField("Wikidata identifier", max_length=20, blank=True)

    objects = ActorManager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            slug_constraint("actor"),
            ActorKind.constraint("kind", "actor"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="actor_not_its_own_parent",
                violation_error_message="An actor is not its own parent.",
            ),
            models.CheckConstraint(
                condition=models.Q(wikidata_id="")
                | models.Q(wikidata_id__regex=r"^Q[1-9][0-9]*\Z"),
                name="actor_wikidata_id_form",
                violation_error_message="A Wikidata identifier is a Q and a number, like Q7747.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("actor_detail", args=[self.slug])

    def clean(self) -> None:
        """Refuse cycles of parents, a country that is no state, and malformed aliases."""
        super().clean()
        errors: dict[str, object] = {}
        if self.parent_id is not None and self._is_own_ancestor():
            errors["parent"] = _("This would make the actor an ancestor of itself.")
        if self.country is not None and self.country.kind != ActorKind.STATE:
            errors["country"] = _("A country is an actor of the kind “State”.")
        if (
            not self._state.adding
            and self.kind not in MAY_CLAIM
            and self.involvements.filter(role=Role.CLAIMANT).exists()
        ):
            errors["kind"] = _("It claims responsibility in a case: an armed group or a state.")
        if (
            not self._state.adding
            and self.kind != ActorKind.STATE
            and (self.incidents.exists() or self.nationals.exists())
        ):
            errors["kind"] = _("It is the country of an incident or an actor: a state.")
        if not isinstance(self.aliases, list) or not all(
            isinstance(alias, str) and alias.strip() for alias in self.aliases
        ):
            errors["aliases"] = _("Aliases are a list of names, none of them empty.")
        if errors:
            raise ValidationError(errors)

    def _is_own_ancestor(self) -> bool:
        seen: set[int | None] = {self.pk}
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk in seen:
                return True
            seen.add(ancestor.pk)
            ancestor = ancestor.parent
        return False
