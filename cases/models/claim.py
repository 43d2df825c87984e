from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.text.quoting import count_words, without_marks

from . import fields
from .actor import Actor
from .case import CASE_OF_PART, Case
from .directive import ExceptionAssessment
from .incident import Incident
from .involvement import Involvement
from .sequence import SequencedInCase, unique_sequence
from .source import Source
from .uncertain_date import Dated, date_constraints
from .vocabulary import Modality, Stance
from .warning import Warning

# Labels of coded fields that span several columns or read better than the column's own name.
READING_LABELS = {
    "intermediaries": "Intermediaries",
    "recipients": "Recipients",
    "date": "Date",
    "window": "Warned window",
    "content": "What it said",
}

CLAIM_PARTS = ("warning", "incident", "involvement", "assessment")
"""The parts of a case a claim can be about; without any of them it is about the case itself."""
RELATED_PARTS = ("warnings", "incidents", "involvements", "assessments")
"""The relations of a case to these parts, in the same order."""


MAX_WORDS_QUOTED = 15
"""A fragment that shows the words, not a copy of the text."""


def _part(model: type[models.Model], definition: str) -> fields.ForeignKey[Any, Any]:
    # RESTRICT: a part cannot be deleted from under its evidence, but a whole case can go at once.
    return fields.ForeignKey(
        model,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="claims",
        definition=definition,
    )


def _at_most_one_part() -> Q:
    condition = Q(**{f"{part}__isnull": True for part in CLAIM_PARTS})
    for part in CLAIM_PARTS:
        condition |= Q(**{f"{other}__isnull": other != part for other in CLAIM_PARTS})
    return condition


def anchor_of(path: str) -> str:
    """Return the path of a value as an identifier in the page that selectors need not escape."""
    return path.replace(".", "-").replace("_", "-")


class QuoteField(fields.CharField[str, str]):
    """A quote; validation removes quotation marks around it."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(without_marks(str(value)), model_instance)


class ClaimManager(models.Manager["Claim"]):
    def get_by_natural_key(self, case: str, sequence: int) -> Claim:
        return self.get(case__slug=case, sequence=sequence)


class Claim(SequencedInCase, Dated):
    """Evidence: who says what about which coded value, where it is printed, how certain.

    Its `date` is when the speaker said it, if a source says so; dated statements appear in the
    chain of events. Several claims about one value are kept; none overwrites another.
    """

    INHERITED_DEFINITIONS: ClassVar = {
        "date_words": "When the speaker said it, in the source’s own words: “Friday”.",
    }

    case = fields.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="claims", definition=CASE_OF_PART
    )
    warning = _part(Warning, definition="The warning it is about, if it is about one.")
    incident = _part(Incident, definition="The incident it is about, if it is about one.")
    involvement = _part(
        Involvement, definition="The role of an actor that it is about, if it is about one."
    )
    assessment = _part(
        ExceptionAssessment,
        definition=(
            "The exception in the case that it is about, if it is about one. Without any of"
            " these four it is about the case itself."
        ),
    )
    field = fields.CharField(
        "value",
        max_length=40,
        blank=True,
        help_text="The coded value it is about; empty for the record as a whole.",
    )
    speaker = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_made",
        help_text="Who says it; empty for the source’s own voice.",
    )
    stance = fields.CharField(
        max_length=20,
        choices=Stance.choices,
        default=Stance.ASSERTS,
        help_text=Stance.help_text(),
        definition=(
            "Whether the speaker asserts the value. One that is asserted and disputed is contested."
            " A warning, an incident or a case that is disputed as a whole is contested if any"
            " claim asserts it or one of its values; this makes none of the values contested."
        ),
    )
    modality = fields.CharField(
        "certainty",
        max_length=20,
        choices=Modality.choices,
        help_text=Modality.help_text(),
        definition="How certain it is, from the most to the least certain.",
    )
    source = fields.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="claims",
        definition="The publication it was read in.",
    )
    locator = fields.CharField(
        max_length=40, help_text="Where in the source: ¶9, H for the headline, p. 12."
    )
    quote = QuoteField(
        max_length=300,
        blank=True,
        help_text="A verbatim fragment of 15 words at most, without quotation marks.",
    )
    gist = fields.TextField(blank=True, help_text="What it says, in our own words.")

    objects = ClaimManager()

    class Meta:
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            unique_sequence("claim"),
            *date_constraints("date", "claim"),
            Stance.constraint("stance", "claim"),
            Modality.constraint("modality", "claim"),
            fields.CheckConstraint(
                condition=_at_most_one_part(),
                name="claim_about_one_part",
                violation_error_message="A claim is about one part of the case, not several.",
            ),
            fields.CheckConstraint(
                condition=~Q(locator=""),
                name="claim_has_locator",
                violation_error_message="Say where in the source the claim stands.",
            ),
            fields.CheckConstraint(
                condition=~Q(quote="") | ~Q(gist=""),
                name="claim_has_words",
                violation_error_message="Give the words of the source, or their gist, or both.",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.sequence}: {self._about}"

    @property
    def _about(self) -> str:
        """Name what it is about: "Warning 1, channel"."""
        part = self.part
        named = [] if part is self.case else [str(part)]
        if self.field in READING_LABELS:
            named.append(READING_LABELS[self.field].lower())
        elif self.field in part.CODED_FIELDS:
            named.append(str(part._meta.get_field(self.field).verbose_name))
        return ", ".join(named) or "the case"

    @property
    def part(self) -> Any:
        """Return the record the claim is about: a part of the case, or the case itself."""
        for name in CLAIM_PARTS:
            # A part that is saved together with its claim has no key yet.
            if getattr(self, f"{name}_id") is not None or self._is_given(name):
                return getattr(self, name)
        return self.case

    def _is_given(self, name: str) -> bool:
        field: Any = self._meta.get_field(name)
        return field.get_cached_value(self, default=None) is not None

    @property
    def path_of_value(self) -> str:
        """Name the value within the case: `warning-1.channel`, `kind`, `incident-1`."""
        path = getattr(self.part, "path", "")
        return ".".join(step for step in (path, self.field) if step)

    @property
    def anchor(self) -> str:
        """Return the identifier in the page of the case under which the claim is shown."""
        if self.assessment_id is not None:
            return anchor_of(f"{self.part.path}.status")
        return anchor_of(self.path_of_value) or "case-as-a-whole"

    def clean(self) -> None:
        """Refuse a claim about another case's part, or a value that the part does not have."""
        super().clean()
        words = count_words(self.quote)
        if words > MAX_WORDS_QUOTED:
            text = _("A quote has %(most)s words at most; this one has %(words)s.")
            raise ValidationError({"quote": text % {"most": MAX_WORDS_QUOTED, "words": words}})
        if self.case_id is None:
            return
        part = self.part
        if part is not self.case and part.case_id != self.case_id:
            raise ValidationError(_("The claim is about a part of another case."))
        if self.field and self.field not in part.CODED_FIELDS:
            raise ValidationError(
                {
                    "field": _("%(part)s has no coded value “%(field)s”; it has: %(known)s.")
                    % {
                        "part": part,
                        "field": self.field,
                        "known": ", ".join(part.CODED_FIELDS) or "none",
                    }
                }
            )
