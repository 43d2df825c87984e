from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from . import fields
from .actor import Actor
from .case import CASE_OF_PART, Case
from .folded import FoldedField
from .relations import protect
from .slugs import Slugged, slug_constraint
from .source import Source
from .uncertain_date import (
    BoundField,
    UncertainDateDescriptor,
    basis_field,
    date_constraints,
    derive_bounds,
    edtf_field,
    words_field,
)
from .vocabulary import AssessmentStatus, RuleStatus, TextStatus


class Reviewed(models.Model):
    """Mixin: a status, and the person who changed the record last, who may not publish it."""

    status = fields.CharField(
        max_length=20,
        choices=RuleStatus.choices,
        default=RuleStatus.DRAFT,
        help_text=RuleStatus.help_text(),
        definition="Whether the public sees it.",
    )
    updated_by = fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="last edited by",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == RuleStatus.PUBLISHED


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def published(self) -> Self:
        """Keep what the public may see."""
        return self.filter(status=RuleStatus.PUBLISHED)


class DirectiveManager(models.Manager.from_queryset(DirectiveQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> Directive:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class Directive(Reviewed, Slugged):
    """A rule that obliges agencies to warn, such as Intelligence Community Directive 191.

    It allows silence in named exceptions, or within limits that it states in general, or never.
    """

    code = fields.CharField(max_length=40, unique=True, help_text="Its short name: ICD 191.")
    title = fields.CharField(max_length=300, definition="Its full title.")
    jurisdiction = fields.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        help_text="The state, or the council of states, whose agencies it binds.",
        definition="The state, or the council of states, whose agencies it binds; empty if none.",
    )
    authority = fields.CharField(
        "issuing authority", max_length=200, definition="Who issued it: an office, a court, a body."
    )
    issued_words = words_field("date of issue")
    issued_edtf = edtf_field("date of issue")
    issued_basis = basis_field("date of issue")
    issued_earliest = BoundField(edtf="issued_edtf", bound="earliest")
    issued_latest = BoundField(edtf="issued_edtf", bound="latest")
    statement = fields.TextField(help_text="What it obliges to, in our own words.")
    limits = fields.TextField(
        blank=True,
        help_text=(
            "How far the duty goes, in our own words, if the rule states that in general. Leave "
            "empty if it lists exceptions instead."
        ),
        definition="The general limits of the duty, for a rule that lists no exceptions.",
    )
    source = fields.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="directives",
        help_text="Where its text, or a quotation of it, was read.",
    )

    folded = FoldedField(of=("code", "title"))

    issued = UncertainDateDescriptor("issued")
    objects = DirectiveManager()

    class Meta:
        # The databases sort NULL at different ends.
        ordering: ClassVar = [models.F("issued_earliest").asc(nulls_last=True), "pk"]
        permissions: ClassVar = [
            ("publish_directive", "Can publish a directive or an exception"),
        ]
        constraints: ClassVar = [
            slug_constraint("directive"),
            RuleStatus.constraint("status", "directive"),
            *date_constraints("issued", "directive"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{reverse('exception_list')}#{self.slug}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Derive the bounds before constraints are validated."""
        super().clean_fields(exclude=exclude)
        derive_bounds(self)


protect(Case.directives.through, "directive")


class ExceptionQuerySet(models.QuerySet["DirectiveException"]):
    def published(self) -> Self:
        """Keep what the public may see: published exceptions of published directives."""
        return self.filter(status=RuleStatus.PUBLISHED, directive__status=RuleStatus.PUBLISHED)


class ExceptionManager(models.Manager.from_queryset(ExceptionQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> DirectiveException:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class DirectiveException(Reviewed, Slugged):
    """A ground on which the directive lets agencies waive the warning."""

    directive = fields.ForeignKey(
        Directive,
        on_delete=models.PROTECT,
        related_name="exceptions",
        definition="The directive that allows it.",
    )
    code = fields.CharField(max_length=20, help_text="Where it stands in the directive: E.3.a.")
    order = fields.PositiveSmallIntegerField(help_text="Its place in the directive, from 1.")
    title = fields.CharField(max_length=200, definition="What the ground is called here.")
    statement = fields.TextField(help_text="The ground, in our own words.")
    text_status = fields.CharField(
        max_length=20,
        choices=TextStatus.choices,
        default=TextStatus.UNVERIFIED,
        help_text=TextStatus.help_text(),
        definition="Whether the editors read its words in the directive.",
    )
    article_wording = fields.CharField(
        "wording in the article",
        max_length=300,
        blank=True,
        help_text=(
            "How the Daily True News article puts this ground: a short quote. Empty if it does not."
        ),
    )
    article_locator = fields.CharField(
        "paragraph of the article",
        max_length=20,
        blank=True,
        help_text="For example ¶13.",
        definition="The paragraph of the Daily True News article that names it; ¶13.",
    )
    folded = FoldedField(of=("code", "title", "statement"))

    objects = ExceptionManager()

    class Meta:
        ordering: ClassVar = ["directive", "order"]
        constraints: ClassVar = [
            slug_constraint("exception"),
            RuleStatus.constraint("status", "exception"),
            TextStatus.constraint("text_status", "exception"),
            fields.UniqueConstraint(
                fields=["directive", "code"], name="exception_unique_code_per_directive"
            ),
            fields.UniqueConstraint(
                fields=["directive", "order"], name="exception_unique_order_per_directive"
            ),
            fields.CheckConstraint(
                condition=models.Q(article_wording="", article_locator="")
                | ~models.Q(article_wording="") & ~models.Q(article_locator=""),
                name="exception_article_wording_has_locator",
                violation_error_message="Give the article’s wording and its paragraph, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("exception_detail", args=[self.slug])


class AssessmentManager(models.Manager["ExceptionAssessment"]):
    def get_by_natural_key(self, case: str, exception: str) -> ExceptionAssessment:
        return self.get(case__slug=case, exception__slug=exception)


class ExceptionAssessment(models.Model):
    """What is known about one exception in one case."""

    CODED_FIELDS: ClassVar = ("status",)

    case = fields.ForeignKey(
        Case,
        on_delete=models.CASCADE,
        related_name="assessments",
        definition=CASE_OF_PART,
    )
    exception = fields.ForeignKey(
        DirectiveException,
        on_delete=models.PROTECT,
        related_name="assessments",
        definition="The exception that is assessed.",
    )
    status = fields.CharField(
        max_length=20,
        vocabulary=AssessmentStatus,
        default=AssessmentStatus.NOT_REPORTED,
        definition="What is known about it in the case.",
    )
    note = fields.TextField(
        blank=True, definition="What the editors remark on it; never evidence for it."
    )

    objects = AssessmentManager()

    class Meta:
        ordering: ClassVar = ["case", "exception__order"]
        constraints: ClassVar = [
            AssessmentStatus.constraint("status", "assessment"),
            fields.UniqueConstraint(
                fields=["case", "exception"],
                name="assessment_unique_per_case_and_exception",
                violation_error_message="This case already has an assessment of this exception.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exception.code}: {self.get_status_display()}"

    @property
    def path(self) -> str:
        return f"exception-{self.exception.slug}"

    def natural_key(self) -> tuple[str, ...]:
        return (*self.case.natural_key(), *self.exception.natural_key())

    natural_key.dependencies = ["cases.case", "cases.directiveexception"]  # type: ignore[attr-defined]  # read by serializers
