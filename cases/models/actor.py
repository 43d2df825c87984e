from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Substr
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import fields
from .actor_tree import ActorTree
from .folded import FoldedField
from .relations import leads_in_a_circle, rows_of
from .slugs import Slugged, slug_constraint
from .vocabulary import ActorKind, Role

MAY_CLAIM = {ActorKind.ARMED_GROUP, ActorKind.STATE}
"""The kinds of actor that can claim responsibility for an incident."""

NAMED_BY = {
    "warnings_issued": ("issuer", "case"),
    "warnings_passed_on": ("actor", "warning__case"),
    "warnings_received": ("recipients", "case"),
    "involvements": ("actor", "case"),
    "incidents": ("country", "case"),
    "claims_made": ("speaker", "case"),
}
"""The relations by which a part of a case names an actor: its field, and the way to its case."""


class ActorQuerySet(models.QuerySet["Actor"]):
    def cases(self) -> models.QuerySet[Any, Any]:
        """Return the keys of the cases that name any of these actors, in any way."""
        named = [
            rows_of(self.model, relation)
            .filter(**{f"{field}__in": self.order_by().values("pk")})
            .order_by()
            .values_list(case)
            for relation, (field, case) in NAMED_BY.items()
        ]
        return named[0].union(*named[1:])

    def tree(self) -> ActorTree:
        """Return the tree of all actors, whatever this queryset keeps. One query."""
        actors = self.model._default_manager.order_by()
        return ActorTree(actors.values_list(*ActorTree.COLUMNS))


class ActorManager(models.Manager.from_queryset(ActorQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> Actor:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class Actor(Slugged):
    """A state, body, group or person that takes part in a case, or whose words are evidence."""

    name = fields.CharField(max_length=200, definition="The name under which it stands here.")
    kind = fields.CharField(
        max_length=30,
        choices=ActorKind.choices,
        help_text=ActorKind.help_text(),
        definition="What it is: a state, a body, a group, a person.",
    )
    parent = fields.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The state, body or group it belongs to; filters by the parent find it too.",
    )
    country = fields.ForeignKey(
        "self",
        verbose_name="acts for, resides in or operates from",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nationals",
        limit_choices_to={"kind": ActorKind.STATE},
        help_text="A state, as the sources have it. It says nothing of nationality.",
    )
    aliases = fields.NamesField(
        default=list,
        blank=True,
        help_text="Other names, one a line: they find the actor, and warn of duplicates.",
        definition="Other names, by which a search finds it too.",
    )
    description = fields.TextField(
        blank=True, definition="Who or what it is, in the editors' own words."
    )
    wikidata_id = fields.CharField(
        "Wikidata identifier",
        max_length=20,
        blank=True,
        definition="Its item in Wikidata, to distinguish it from others of the name: Q7747.",
    )
    folded = FoldedField(of=("name", "aliases"))

    objects = ActorManager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            slug_constraint("actor"),
            ActorKind.constraint("kind", "actor"),
            fields.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="actor_not_its_own_parent",
                violation_error_message="An actor is not its own parent.",
            ),
            fields.CheckConstraint(
                condition=models.Q(wikidata_id="")
                | models.Q(Exact(Substr("wikidata_id", 1, 1), models.Value("Q")))
                & fields.only_digits_from("wikidata_id", 2)
                & ~models.Q(Exact(Substr("wikidata_id", 2, 1), models.Value("0")))
                & ~models.Q(wikidata_id="Q"),
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
        if self.parent_id is not None and leads_in_a_circle(self, "parent"):
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
            isinstance(alias, str) for alias in self.aliases
        ):
            errors["aliases"] = _("Aliases are a list of names.")
        if errors:
            raise ValidationError(errors)
