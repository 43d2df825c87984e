from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from . import fields
from .actor import Actor
from .case import CASE_OF_PART, Case
from .relations import forget, preset, protect
from .sequence import SequencedInCase, unique_sequence
from .uncertain_date import Dated, date_constraints
from .vocabulary import (
    NOT_STATED,
    Basis,
    BeforeIncident,
    Channel,
    Conduit,
    FollowUp,
    IssuerAction,
    Reception,
    Relation,
    Repeated,
    Specificity,
    Vocabulary,
)


def _coded(label: str, vocabulary: type[Vocabulary], definition: str) -> fields.CharField[str, str]:
    return fields.CharField(
        label,
        max_length=30,
        vocabulary=vocabulary,
        default=NOT_STATED,
        definition=definition,
    )


def _specificity(label: str, subject: str, how: str = "by name") -> fields.CharField[str, str]:
    definition = f"How exactly the warning said {subject}: {how}, by its kind only or not at all."
    return _coded(f"how specific: {label}", Specificity, definition)


class WarningManager(models.Manager["Warning"]):
    def get_by_natural_key(self, case: str, sequence: int) -> Warning:
        return self.get(case__slug=case, sequence=sequence)


class Warning(SequencedInCase, Dated):
    """One communication of a threat, from an issuer to one or several recipients.

    An issuer or recipients that no source names are “not stated”: an empty reference. Those who
    passed it on in between are its `intermediaries`, in order; none if no source reports any.
    """

    INHERITED_DEFINITIONS: ClassVar = {
        "date_words": "When it was given, in the source’s own words: “Friday”.",
    }

    CODED_FIELDS: ClassVar = (
        "issuer",
        "intermediaries",
        "recipients",
        "date",
        "before_incident",
        "repeated",
        "channel",
        "conduit",
        "basis",
        "relation",
        "content",
        "who_specificity",
        "target_specificity",
        "place_specificity",
        "time_specificity",
        "window",
        "issuer_action",
        "reception",
        "follow_up",
    )

    case = fields.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        related_name="warnings",
        definition=CASE_OF_PART,
    )
    issuer = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="warnings_issued",
        definition=(
            "The actor that gave the warning: a state, a body or officials, as the sources name "
            "it; “not_stated” if no source says who."
        ),
    )
    recipients = fields.ManyToManyField(
        Actor,
        blank=True,
        related_name="warnings_received",
        definition=(
            "The actors that were given the warning; none if no source says who. Those it should "
            "protect but did not reach are not among them: they have the role of intended victim."
        ),
    )
    channel = _coded(
        "channel",
        Channel,
        definition="Whether the warning was given in public or to the recipients alone.",
    )
    conduit = _coded("conduit", Conduit, definition="The way by which it reached the recipients.")
    basis = _coded(
        "basis",
        Basis,
        definition="The rule or practice on which the issuer gave it, as far as sources say.",
    )
    relation = _coded(
        "relation",
        Relation,
        definition="How issuer and recipients stood to each other when it was given.",
    )
    content = fields.TextField(
        default=NOT_STATED,
        help_text="What the warning said, in our own words; “not_stated” if no source says.",
    )
    who_specificity = _specificity("who", "who was to attack")
    target_specificity = _specificity("target", "who or what was to be attacked")
    place_specificity = _specificity("place", "where the attack was expected")
    time_specificity = _specificity("time", "when the attack was expected", "by date")
    window_start = fields.DateField(
        "warned window: first day",
        null=True,
        blank=True,
        definition=(
            "The first of the days on which the warning asked people to take care, or expected "
            "the attack; empty if it named none, or no source says."
        ),
    )
    window_end = fields.DateField(
        "warned window: last day",
        null=True,
        blank=True,
        definition=(
            "The last of the days on which the warning asked people to take care, or expected "
            "the attack; empty if it named none, or no source says."
        ),
    )
    before_incident = _coded(
        "came before the incident",
        BeforeIncident,
        definition=(
            "Whether a source says that the warning came before the incident. If it does, the "
            "lead time is at least 0 days; if it denies it, at most 0."
        ),
    )
    repeated = _coded(
        "repeated",
        Repeated,
        definition="Whether the warning was given several times; its date is that of the first.",
    )
    issuer_action = _coded(
        "issuer’s action",
        IssuerAction,
        definition="What the issuer did for the recipients besides warning them.",
    )
    reception = _coded(
        "reception",
        Reception,
        definition=(
            "What the recipients said of the warning, or are said to have believed; what "
            "they did is the follow-up."
        ),
    )
    follow_up = _coded(
        "follow-up",
        FollowUp,
        definition="What the recipients did after the warning, whatever they said of it.",
    )

    objects = WarningManager()

    class Meta:
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            unique_sequence("warning"),
            *date_constraints("date", "warning"),
            Channel.constraint("channel", "warning"),
            Conduit.constraint("conduit", "warning"),
            Basis.constraint("basis", "warning"),
            Relation.constraint("relation", "warning"),
            Specificity.constraint("who_specificity", "warning"),
            Specificity.constraint("target_specificity", "warning"),
            Specificity.constraint("place_specificity", "warning"),
            Specificity.constraint("time_specificity", "warning"),
            Repeated.constraint("repeated", "warning"),
            BeforeIncident.constraint("before_incident", "warning"),
            IssuerAction.constraint("issuer_action", "warning"),
            Reception.constraint("reception", "warning"),
            FollowUp.constraint("follow_up", "warning"),
            fields.CheckConstraint(
                condition=~Q(content=""),
                name="warning_content_not_empty",
                violation_error_message="Write “not_stated” if no source gives the content.",
            ),
            fields.CheckConstraint(
                condition=Q(window_start__isnull=True)
                | Q(window_end__isnull=True)
                | Q(window_end__gte=F("window_start")),
                name="warning_window_end_gte_start",
                violation_error_message="The warned window ends before it begins.",
            ),
            fields.CheckConstraint(
                condition=Q(window_end__isnull=True)
                | Q(date_earliest__isnull=True)
                | Q(window_end__gte=F("date_earliest")),
                name="warning_window_not_over_when_given",
                violation_error_message=(
                    "The warned window ends before the earliest day of the warning itself."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Warning {self.sequence}"

    def clean(self) -> None:
        super().clean()
        if self.pk:
            check_parties(self.issuer, self.recipients.all(), self.passed_on_by)

    @property
    def passed_on_by(self) -> list[Actor]:
        """The actors that passed it on, in order: each got it from the one before."""
        return [step.actor for step in self.intermediaries.all()]

    def set_intermediaries(self, actors: Sequence[Actor]) -> None:
        """Store who passed the warning on, in this order; write nothing if nothing changes."""
        # What was preset or prefetched may not be what is stored.
        forget(self, "intermediaries")
        if self.passed_on_by == list(actors):
            return
        # Positions are unique at any time, so all rows are replaced.
        self.intermediaries.all().delete()
        for position, actor in enumerate(actors, start=1):
            self.intermediaries.create(actor=actor, position=position)

    def set_recipients(self, actors: Sequence[Actor]) -> None:
        """Store to whom the warning went."""
        forget(self, "recipients")
        self.recipients.set(actors)

    def preset_intermediaries(self, actors: Iterable[Actor]) -> None:
        """Let this instance have these intermediaries, as a prefetch would. Nothing is stored."""
        steps = [
            Intermediary(warning=self, actor=actor, position=position)
            for position, actor in enumerate(actors, start=1)
        ]
        preset(self, "intermediaries", steps)


protect(Warning.recipients.through, "actor")


class IntermediaryManager(models.Manager["Intermediary"]):
    def get_queryset(self) -> models.QuerySet[Intermediary]:
        # Nobody reads these rows without their actors.
        return super().get_queryset().select_related("actor")

    def get_by_natural_key(self, case: str, sequence: int, actor: str) -> Intermediary:
        return self.get(warning__case__slug=case, warning__sequence=sequence, actor__slug=actor)


class Intermediary(models.Model):
    """An actor that passed a warning on, between its issuer and its recipients.

    `position` is its place in the chain: the first got the warning from the issuer, the last gave
    it to the recipients.
    """

    warning = fields.ForeignKey(
        Warning,
        on_delete=models.CASCADE,
        related_name="intermediaries",
        definition="The warning that it passed on.",
    )
    actor = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="warnings_passed_on",
        definition=(
            "The actors that passed the warning on, in order: the first got it from the issuer, "
            "the last gave it to the recipients. None if no source reports any."
        ),
    )
    position = fields.PositiveSmallIntegerField(definition="Its place in the order, from 1.")

    objects = IntermediaryManager()

    class Meta:
        verbose_name_plural = "intermediaries"
        ordering: ClassVar = ["warning", "position"]
        constraints: ClassVar = [
            fields.UniqueConstraint(
                fields=["warning", "actor"],
                name="intermediary_unique_actor_in_warning",
                violation_error_message="This actor is an intermediary of this warning already.",
            ),
            fields.UniqueConstraint(
                fields=["warning", "position"],
                name="intermediary_unique_position_in_warning",
                violation_error_message="Another intermediary of this warning has this position.",
            ),
            fields.CheckConstraint(
                condition=Q(position__gte=1),
                name="intermediary_position_gte_1",
                violation_error_message="Positions begin at 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warning}, passed on by {self.actor}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.warning.natural_key(), *self.actor.natural_key())

    natural_key.dependencies = ["cases.warning", "cases.actor"]  # type: ignore[attr-defined]  # read by serializers


def check_parties(
    issuer: Actor | None, recipients: Iterable[Any], intermediaries: Iterable[Any] = ()
) -> None:
    """Raise ValidationError if an actor is more than one of issuer, intermediary and recipient."""
    told, between = list(recipients), list(intermediaries)
    errors: dict[str, Any] = {}
    if issuer is not None and issuer in told:
        errors["recipients"] = _("The issuer of a warning is not among its recipients.")
    if issuer is not None and issuer in between:
        errors["intermediaries"] = _("The issuer of a warning is not among its intermediaries.")
    elif any(actor in told for actor in between):
        errors["intermediaries"] = _("A recipient of a warning is not among its intermediaries.")
    if errors:
        raise ValidationError(errors)
