from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q, Value
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import fields
from .counter import Counter
from .era import Span, icd_191_era_of, span_of
from .folded import FoldedField
from .relations import leads_in_a_circle, rows_of
from .slugs import Slugged
from .uncertain_date import Dated, PossibleDays, UncertainDate, date_constraints
from .vocabulary import (
    CaseKind,
    CaseStatus,
    Era,
    RecordsStatus,
)

NUMBER_FORM = r"^DTW-([0-9]{4}|[1-9][0-9]{4,8})\Z"
"""At least four digits and no more zeros than that takes: one number has one spelling."""

CASE_OF_PART = "The case it belongs to."
"""The definition of the reference of a part to its case."""
PUBLIC_STATUS = CaseStatus.PUBLISHED
"""The status of a public case. Use `CaseStatus.PUBLISHED` where a step of the review is meant."""
IN_PUBLISHED_CASE = Q(case__status=PUBLIC_STATUS)
"""The condition under which a part of a case is public."""
IS_PUBLIC_WITH_CORRECTION = Q(status=PUBLIC_STATUS) & ~Q(correction="")
"""The condition under which the steps of a case are those of its correction."""
CAN_BE_REINSTATED = Q(status=CaseStatus.WITHDRAWN, merged_into=None)
"""The condition under which a withdrawn case can be public again."""


def dated_by(incidents: Iterable[Any], warnings: Iterable[Any]) -> Any:
    """Return the part of a case whose date is that of the case; None if it has no such part."""
    parts = [incident for incident in incidents if incident.is_known_to_be] or list(warnings)
    return min(parts, key=lambda part: part.date.sort_key, default=None)


def dates_of(incidents: Iterable[Any], warnings: Iterable[Any]) -> list[PossibleDays]:
    """Return the dates of the warnings of a case, and of the incidents that are known to be."""
    known = [incident for incident in incidents if incident.is_known_to_be]
    return [part.date for part in (*known, *warnings)]


_Stamp = fields.ForeignKey[Any, Any]


def _by(verb: str) -> _Stamp:
    return fields.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=f"{verb} by",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )


class CaseQuerySet(models.QuerySet["Case"]):
    """Named reads of cases. Public pages ask the index or start at `Version.objects.current()`."""

    def published(self) -> Self:
        """Keep the cases that are public. What the public sees of them is in their versions."""
        return self.filter(status=PUBLIC_STATUS)

    def corrected(self) -> Self:
        """Keep the cases with a correction; see `Case.is_corrected`."""
        return self.exclude(correction="")

    def correctable(self) -> Self:
        """Keep the public cases, and the withdrawn ones that may be public again."""
        return self.filter(Q(status=PUBLIC_STATUS) | CAN_BE_REINSTATED)

    def at(self, *stages: CaseStatus) -> Self:
        """Keep the cases that are at one of some stages of review; see `Case.stage`."""
        return self.filter(
            IS_PUBLIC_WITH_CORRECTION & Q(correction__in=stages)
            | ~IS_PUBLIC_WITH_CORRECTION & Q(status__in=stages)
        )

    def for_detail(self) -> Self:
        """Fetch with each case everything that its page, its record and its checks read."""
        return self.select_related("merged_into").prefetch_related(
            "directives",
            self._warnings(),
            self._parts("incidents", "country"),
            self._parts("involvements", "actor"),
            self._parts("assessments", "exception__directive"),
            self._parts("claims", "source", "speaker"),
            self._parts("notes", "source", "evidence"),
        )

    def with_comments(self) -> Self:
        """Fetch with each case the comments of its editors and reviewers, answers included."""
        return self.prefetch_related(self._parts("comments", "author", "resolved_by"))

    def _warnings(self) -> Prefetch[str]:
        rows = rows_of(self.model, "warnings")
        warnings = rows.select_related("issuer").prefetch_related("intermediaries", "recipients")
        return Prefetch("warnings", warnings)

    def _parts(self, relation: str, *joined: str) -> Prefetch[str]:
        return Prefetch(relation, rows_of(self.model, relation).select_related(*joined))


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> Case:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class Case(Slugged, Dated):
    """An occasion on which somebody was warned of an attack, or is said not to have been.

    Its `date` is derived: that of its earliest incident; without one, of its earliest warning.
    """

    INHERITED_DEFINITIONS: ClassVar = {
        "date_words": (
            "The words for the date of its earliest incident; without an incident, of its "
            "earliest warning."
        ),
    }
    CODED_FIELDS: ClassVar = ("kind", "directives", "records_status")

    number = fields.CharField(
        max_length=13,
        unique=True,
        blank=True,
        validators=[RegexValidator(NUMBER_FORM, "A number looks like DTW-0001.")],
        help_text="Permanent; assigned when the case is first saved and never used again.",
    )
    title = fields.CharField(max_length=200, definition="What the case is called here.")
    kind = fields.CharField(
        max_length=30,
        vocabulary=CaseKind,
        definition="What makes the occasion a case.",
    )
    summary = fields.TextField(help_text="What happened, in our own words, in a few sentences.")
    directives: models.ManyToManyField[Any, Any] = fields.ManyToManyField(
        "Directive",
        verbose_name="applicable directives",
        blank=True,
        related_name="cases",
        help_text=(
            "The rules whose duty to warn applies to this case, whether or not anybody named them. "
            "Name the directive of each exception that you assess below."
        ),
        definition=(
            "The directives whose duty to warn applies to the case, whether or not it was met; "
            "none if the sources do not show that one does."
        ),
    )
    records_status = fields.CharField(
        "requests for records",
        max_length=30,
        vocabulary=RecordsStatus,
        default=RecordsStatus.NONE_REPORTED,
        definition=(
            "Whether anybody asked agencies for their records of the case, as laws on "
            "freedom of information allow, and what the agencies answered."
        ),
    )
    status = fields.CharField(
        max_length=20,
        choices=CaseStatus.choices,
        default=CaseStatus.DRAFT,
        help_text=CaseStatus.help_text(),
        definition=(
            "Where the case stands between coding and publication. Readers see published "
            "cases, and of a withdrawn one the reason."
        ),
    )
    correction = fields.CharField(
        max_length=20,
        blank=True,
        editable=False,
        help_text="Where a change of a public case stands that the public does not see yet.",
    )
    correction_note = fields.TextField(
        blank=True,
        editable=False,
        help_text="What the correction changes, and why; its version shows this to the public.",
    )
    withdrawn_reason = fields.TextField(
        blank=True, help_text="Shown to the public at the address of a withdrawn case."
    )
    merged_into = fields.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        definition="The case that a withdrawn one was merged into, where the two were the same.",
    )
    created_at = fields.DateTimeField(
        default=timezone.now,
        editable=False,
        definition="When it was added to the casebook, in UTC.",
    )
    updated_at = fields.DateTimeField(
        default=timezone.now, editable=False, definition="When it was last changed, in UTC."
    )
    published_at = fields.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        definition="When it first became public, in UTC; empty if it never was.",
    )
    created_by = _by("created")
    updated_by = _by("last edited")
    published_by = _by("published")
    """`updated_at` moves with every step too; `updated_by` is who edited the record last."""
    folded = FoldedField(of=("title", "number", "summary"))

    objects = CaseManager()

    class Meta:
        ordering: ClassVar = [Length("number"), "number"]  # DTW-10000 after DTW-2000
        permissions: ClassVar = [
            ("submit_case", "Can submit a case for review"),
            ("publish_case", "Can publish a case"),
            ("withdraw_case", "Can withdraw a case"),
            ("redact_case", "Can redact a case and its versions"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["status", "date_earliest", "date_latest"], name="case_status_and_date"
            ),
            models.Index(fields=["-updated_at"], name="case_updated_at"),
        ]
        constraints: ClassVar = [
            CaseKind.constraint("kind", "case"),
            RecordsStatus.constraint("records_status", "case"),
            CaseStatus.constraint("status", "case"),
            *date_constraints("date", "case"),
            fields.CheckConstraint(
                # NUMBER_FORM
                condition=Q(Exact(Substr("number", 1, 4), Value("DTW-")))
                & fields.only_digits_from("number", 5)
                & Q(GreaterThanOrEqual(Length("number"), 8))
                & Q(LessThanOrEqual(Length("number"), 13))
                & (Q(Exact(Length("number"), 8)) | ~Q(Exact(Substr("number", 5, 1), Value("0")))),
                name="case_number_form",
                violation_error_message="A number looks like DTW-0001.",
            ),
            fields.CheckConstraint(
                condition=~Q(status=CaseStatus.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="case_withdrawn_with_reason",
                violation_error_message="Say why the case is withdrawn; the public sees it.",
            ),
            fields.CheckConstraint(
                condition=Q(merged_into=None)
                | Q(status=CaseStatus.WITHDRAWN) & ~Q(merged_into=F("pk")),
                name="case_merged_is_withdrawn",
                violation_error_message=(
                    "A case that was merged into another is withdrawn, and not its own target."
                ),
            ),
            fields.CheckConstraint(
                condition=Q(correction="")
                | Q(
                    correction__in=[CaseStatus.DRAFT, CaseStatus.IN_REVIEW],
                    status__in=[PUBLIC_STATUS, CaseStatus.WITHDRAWN],
                ),
                name="case_correction_of_public",
                violation_error_message="Only a case that was published has a correction.",
            ),
            fields.CheckConstraint(
                condition=~Q(status=PUBLIC_STATUS) | Q(published_at__isnull=False),
                name="case_published_has_time",
                violation_error_message="A published case has the time of its publication.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address for editors, which for readers redirects to that of the version.

        In public pages use that of a record, or of a `CaseName`: editors may have changed the slug
        since the latest version.
        """
        return reverse("case_detail", args=[self.slug])

    def get_permanent_url(self) -> str:
        """Return the address to cite, which never changes."""
        return reverse("case_permanent", args=[self.number])

    def clean(self) -> None:
        """Refuse a changed number, and merged cases whose addresses redirect in a circle."""
        super().clean()
        if self.pk and self.number:
            before = Case.objects.filter(pk=self.pk).values_list("number", flat=True).first()
            if before and before != self.number:
                raise ValidationError({"number": _("A number is permanent.")})
        if leads_in_a_circle(self, "merged_into"):
            raise ValidationError(
                {"merged_into": _("The two cases would each have gone into the other.")}
            )

    def clean_fields(self, exclude: Any = None) -> None:
        """Take a number before validation, for constraints to see."""
        if not self.number:
            exclude = {*(exclude or ()), "number"}
        super().clean_fields(exclude=exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Leave the number's form out while it is still to be assigned."""
        if not self.number:
            exclude = {*(exclude or ()), "number"}
        super().validate_constraints(exclude=exclude)

    def assign_number(self) -> None:
        """Give a new case the next number, or put a given one beyond reuse.

        A malformed one is left for the database to refuse.
        """
        if re.match(NUMBER_FORM, self.number):
            Counter.objects.raise_to("case_number", int(self.number.removeprefix("DTW-")))
        elif not self.number:
            self.number = f"DTW-{Counter.objects.take('case_number'):04d}"

    def derive_date(self) -> UncertainDate | None:
        """Return the date of the earliest incident or, without one, of the earliest warning."""
        # order_by() asks the database even where a prefetch, older than a change, is at hand.
        part = dated_by(self.incidents.order_by("sequence"), self.warnings.order_by("sequence"))
        return None if part is None else part.date

    @property
    def is_public(self) -> bool:
        return self.status == PUBLIC_STATUS

    @property
    def is_corrected(self) -> bool:
        """Whether its rows are ahead of its latest version, with a correction that waits.

        The correction of a withdrawn case takes no step but to be discarded: it waits until the
        case is reinstated.
        """
        return bool(self.correction)

    @property
    def can_be_reinstated(self) -> bool:
        return self.status == CaseStatus.WITHDRAWN and self.merged_into_id is None

    @property
    def stage(self) -> str:
        """Where it stands in review: its status, or that of its correction if it is public."""
        return self.correction if self.is_public and self.is_corrected else self.status

    @property
    def stage_words(self) -> str:
        """Say the status, and where a correction stands: “Published, correction in review”."""
        status: str = self.get_status_display()
        if not self.correction:
            return status
        words = {CaseStatus.DRAFT: "in draft", CaseStatus.IN_REVIEW: "in review"}
        return f"{status}, correction {words[CaseStatus(self.correction)]}"

    @property
    def open_comments(self) -> list[Any]:
        """The comments that nobody has resolved, oldest first; no query after `with_comments()`."""
        return [comment for comment in self.comments.all() if comment.is_open]

    @property
    def span(self) -> Span:
        """The first and the last day that the case can date from; None is unbounded.

        The dates of its other warnings and incidents close the open ends of its own date.
        """
        if not self.date.is_stated or None not in (self.date_earliest, self.date_latest):
            return self.date_earliest, self.date_latest
        return span_of(self.date, dates_of(self.incidents.all(), self.warnings.all()))

    @property
    def era(self) -> Era:
        """Whether the case lies before or after ICD 191 was issued."""
        return icd_191_era_of(self.span)
