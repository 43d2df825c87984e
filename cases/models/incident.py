from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import fields
from .actor import Actor
from .case import CASE_OF_PART, Case
from .sequence import SequencedInCase, unique_sequence
from .uncertain_date import Dated, date_constraints
from .vocabulary import NOT_APPLICABLE, NOT_STATED, ActorKind, IncidentKind, Qualifier

NOTHING_HAPPENED = (IncidentKind.NONE_REPORTED, IncidentKind.AVERTED)
# The kinds of incident that no days are counted to.
UNMEASURED = (*NOTHING_HAPPENED, IncidentKind.NOT_STATED)
MAX_PEOPLE = 1_000_000
UNCOUNTED = (NOT_STATED, NOT_APPLICABLE)


def _figure(label: str, definition: str) -> fields.PositiveIntegerField[int | None, int | None]:
    return fields.PositiveIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_PEOPLE)],
        help_text="The figure as the source gives it: for “over 130” write 130 and “Over”.",
        definition=definition,
    )


def _qualifier(label: str, definition: str) -> fields.CharField[str, str]:
    return fields.CharField(
        label,
        max_length=20,
        choices=Qualifier.choices,
        default=NOT_STATED,
        help_text=Qualifier.help_text(),
        definition=definition,
    )


def _figure_constraint(field: str) -> fields.CheckConstraint:
    return fields.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True, f"{field}_qualifier__in": UNCOUNTED})
        # Without `isnull` a missing figure makes the comparison NULL, which a check lets pass.
        | Q(**{f"{field}__isnull": False, f"{field}__gte": 0})
        & ~Q(**{f"{field}_qualifier__in": UNCOUNTED}),
        name=f"incident_{field}_iff_qualified",
        violation_error_message=(
            f"Give a figure of {field} with its qualifier, or no figure and “Not stated” or "
            "“Does not apply”."
        ),
    )


class IncidentManager(models.Manager["Incident"]):
    def get_by_natural_key(self, case: str, sequence: int) -> Incident:
        return self.get(case__slug=case, sequence=sequence)


class Happening:
    """Mixin: what the kind of an incident says about it."""

    __slots__ = ()

    kind: Any

    @property
    def is_known_to_be(self) -> bool:
        """Whether this stands for an event at all, carried out or averted."""
        return bool(self.kind != IncidentKind.NONE_REPORTED)

    @property
    def occurred(self) -> bool:
        """Whether something happened, though sources may not say what."""
        return self.kind not in NOTHING_HAPPENED

    @property
    def is_told(self) -> bool:
        """Whether a source says what happened; otherwise no lead time is computed."""
        return bool(self.kind != IncidentKind.NOT_STATED)


class Incident(Happening, SequencedInCase, Dated):
    """What happened, or is reported not to have happened."""

    INHERITED_DEFINITIONS: ClassVar = {
        "date_words": "When it happened, in the source’s own words: “Friday”.",
    }

    CODED_FIELDS: ClassVar = ("kind", "date", "place", "country", "target", "deaths", "injured")

    case = fields.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        related_name="incidents",
        definition=CASE_OF_PART,
    )
    kind = fields.CharField(
        max_length=20,
        vocabulary=IncidentKind,
        default=NOT_STATED,
        definition="What kind of event it was, or that none is reported.",
    )
    place = fields.CharField(
        max_length=200,
        default=NOT_STATED,
        help_text="“not_stated” if no source says.",
        definition=(
            "Where it happened, as exactly as sources say; “not_stated” if none does, "
            "“not_applicable” if nothing is reported to have happened."
        ),
    )
    country = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        limit_choices_to={"kind": ActorKind.STATE},
        definition=(
            "The state where it happened; “not_stated” if no source says, “not_applicable” if "
            "nothing is reported to have happened."
        ),
    )
    target = fields.CharField(
        max_length=200,
        default=NOT_STATED,
        help_text="“not_stated” if no source says.",
        definition=(
            "Who or what was attacked; “not_stated” if no source says, “not_applicable” if nothing "
            "is reported to have happened."
        ),
    )
    deaths = _figure(
        "deaths",
        definition=(
            "How many people died: a whole number, which means what its qualifier says, so "
            "that “over 130” is 130 with “Over”. Empty without a figure."
        ),
    )
    deaths_qualifier = _qualifier(
        "qualifier of deaths", definition="How the number of deaths is meant, or why there is none."
    )
    injured = _figure(
        "injured",
        definition=(
            "How many people were injured, with its qualifier like the deaths. Empty "
            "without a figure."
        ),
    )
    injured_qualifier = _qualifier(
        "qualifier of injured",
        definition="How the number of injured is meant, or why there is none.",
    )
    description = fields.TextField(
        blank=True,
        help_text="In our own words.",
        definition="What happened, in the editors' own words.",
    )

    objects = IncidentManager()

    class Meta:
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            unique_sequence("incident"),
            *date_constraints("date", "incident"),
            IncidentKind.constraint("kind", "incident"),
            Qualifier.constraint("deaths_qualifier", "incident"),
            Qualifier.constraint("injured_qualifier", "incident"),
            _figure_constraint("deaths"),
            _figure_constraint("injured"),
            fields.CheckConstraint(
                condition=~Q(place="") & ~Q(target=""),
                name="incident_place_and_target_not_empty",
                violation_error_message="Write “not_stated” for a place or target not given.",
            ),
            fields.CheckConstraint(
                condition=~Q(kind__in=NOTHING_HAPPENED) | Q(deaths__isnull=True),
                name="incident_without_event_has_no_deaths",
                violation_error_message=(
                    "An incident that was averted or not reported has no deaths."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Incident {self.sequence}"

    def clean(self) -> None:
        super().clean()
        if self.country is not None and self.country.kind != ActorKind.STATE:
            raise ValidationError({"country": _("A country is an actor of the kind “State”.")})


def lower_bound(figure: int | None, qualifier: str) -> int | None:
    """Return the least whole number a qualified figure allows; "about" gives no firm bound."""
    if figure is None or qualifier == Qualifier.ABOUT:
        return None
    return figure + 1 if qualifier == Qualifier.MORE_THAN else figure
