from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case as Choose
from django.db.models import IntegerField, Q, When
from django.utils import timezone

from . import fields
from .case import Case
from .directive import Directive, DirectiveException
from .folded import FoldedField
from .slugs import Slugged
from .source import Source
from .vocabulary import NoteKind, RuleStatus

SUBJECTS = ("case", "directive", "exception")


def _at_most_one_subject() -> Q:
    condition = Q(**{f"{subject}__isnull": True for subject in SUBJECTS})
    for subject in SUBJECTS:
        condition |= Q(**{f"{other}__isnull": other != subject for other in SUBJECTS})
    return condition


PUBLIC_BESIDE_CASES = Q(case=None) & (
    (Q(directive=None) | Q(directive__status=RuleStatus.PUBLISHED))
    & (
        Q(exception=None)
        | Q(
            exception__status=RuleStatus.PUBLISHED,
            exception__directive__status=RuleStatus.PUBLISHED,
        )
    )
)
"""The condition under which a note about no case is public: its rule is, or it is on a source."""


class NoteQuerySet(models.QuerySet["Note"]):
    def beside_cases(self) -> Self:
        """Keep the public notes about no case; those about cases are in the records of these."""
        return self.filter(PUBLIC_BESIDE_CASES).select_related(
            "directive", "exception", "source", "evidence"
        )

    def on_passages(self, passages: Iterable[tuple[str, str]]) -> Self:
        """Keep notes about no case that comment on passages: each a source's slug and a locator.

        Such a note is about the directive, say, but a reader of a case meets the same words. An
        empty locator keeps the notes on a source as a whole. The most important kinds come first.
        """
        locators: dict[str, list[str]] = defaultdict(list)
        for source, locator in passages:
            locators[source].append(locator)
        cited = Q(pk__in=())
        for source, places in locators.items():
            cited |= Q(source__slug=source, locator__in=places)
        weight = Choose(
            *(When(kind=kind, then=place) for place, kind in enumerate(NoteKind)),
            output_field=IntegerField(),
        )
        return self.beside_cases().filter(cited).order_by(weight, "slug")


class NoteManager(models.Manager.from_queryset(NoteQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> Note:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class Note(Slugged):
    """An editorial note: other evidence where a source errs, is silent or is contradicted.

    A note never changes a coded value. It is about a value of a case, about the directive, about an
    exception, or about the source itself.
    """

    case = fields.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        definition="The case whose value it is about, if it is about one.",
    )
    directive = fields.ForeignKey(
        Directive,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        definition="The directive it is about, if it is about one.",
    )
    exception = fields.ForeignKey(
        DirectiveException,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        definition=(
            "The exception it is about, if it is about one. Without any of these three it "
            "is about the source itself."
        ),
    )
    field = fields.CharField(
        "value",
        max_length=250,
        blank=True,
        help_text="The value of the case it is about, such as warning-1.date or incident-1.deaths.",
    )
    kind = fields.CharField(
        max_length=20,
        choices=NoteKind.choices,
        help_text=NoteKind.help_text(),
        definition="What the other evidence does to the words of the source.",
    )
    source = fields.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="notes",
        help_text="The source whose words it comments on.",
    )
    locator = fields.CharField(
        max_length=40, blank=True, help_text="Where those words stand in the source; ¶9."
    )
    source_says = fields.TextField(help_text="What the source says, or leaves out.")
    evidence_says = fields.TextField(help_text="What the other evidence says, in our own words.")
    evidence = fields.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="notes_resting_on_it",
        help_text="The other evidence.",
    )
    evidence_locator = fields.CharField(
        max_length=40,
        blank=True,
        definition="Where the other evidence stands in its source; p. 12.",
    )
    author = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    noted_on = fields.DateField(
        default=timezone.localdate, definition="The day on which the editors wrote it."
    )
    folded = FoldedField(of=("slug", "source_says", "evidence_says", "locator", "evidence_locator"))

    objects = NoteManager()

    class Meta:
        ordering: ClassVar = ["source", "case__number", "field", "slug"]
        constraints: ClassVar = [
            NoteKind.constraint("kind", "note"),
            fields.CheckConstraint(
                condition=_at_most_one_subject(),
                name="note_about_one_subject",
                violation_error_message=(
                    "A note is about one case, directive or exception, not several."
                ),
            ),
            fields.CheckConstraint(
                condition=~Q(source_says="") & ~Q(evidence_says=""),
                name="note_says_both_sides",
                violation_error_message="Say both what the source has and what the evidence has.",
            ),
            fields.CheckConstraint(
                condition=Q(field="") | Q(case__isnull=False),
                name="note_about_value_has_case",
                violation_error_message="Only a note about a case names one of its values.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.slug}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of what it is about; the list of notes has several pages."""
        return f"{self.subject.get_absolute_url().partition('#')[0]}#{self.slug}"

    @property
    def path(self) -> str:
        """Name the note within its case, in links to its row in the form."""
        return f"note-{self.slug}"

    @property
    def subject(self) -> Case | Directive | DirectiveException | Source:
        """Return what the note is about."""
        return self.case or self.directive or self.exception or self.source
