"""What a case must hold before the public sees it, and the steps from draft to withdrawn.

One set of record checks stands behind the admin, imports, the fixtures and `check_records`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain as joined
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.changelog import acquire_write_lock
from cases.evidence.problem import Problem
from cases.evidence.sheet import CodingSheet
from cases.models import Case, Claim, ReviewStep
from cases.models.querysets import CaseQuerySet
from cases.models.vocabulary import AssessmentStatus, CaseKind, CaseStatus, Role, SourceKind, Stance
from cases.models.warning import check_parties
from cases.versions.making import CASES_PER_BATCH, make_version

from .second_person import require_second_person
from .weaknesses import weaknesses_of

OFFICIAL_SOURCES = {SourceKind.OFFICIAL, SourceKind.DIRECTIVE, SourceKind.COURT}
WITHOUT_WARNINGS = {CaseKind.ALLEGED_FAILURE_TO_WARN, CaseKind.POLICY_ORIGIN}

MAX_NAMED = 5
"""Of how many cases it is told what is wrong with them, or only that there are such."""


class NotPublishableError(Exception):
    """A case was about to be published, or kept public, with problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


class WeakRecordError(Exception):
    """A case with weak points was about to be published without a reason."""

    def __init__(self, weaknesses: list[Problem]) -> None:
        self.weaknesses = weaknesses
        super().__init__(" ".join(map(str, weaknesses)))


def problems_of(case: Case) -> list[Problem]:
    """Return everything that keeps `case` (fetched with `for_detail()`) from being public."""
    sheet = CodingSheet(case)
    return list(
        joined(
            _invalid_records(case),
            _missing_or_surplus_parts(case),
            _claimant_without_incident(case),
            _unsupported_values(sheet),
            _unofficial_invocations(case),
        )
    )


def problems_among(cases: CaseQuerySet) -> Iterator[str]:
    """Yield what keeps published cases from staying public, of the first few that have such."""
    found = 0
    for case in cases.for_detail().iterator(chunk_size=CASES_PER_BATCH):
        problems = problems_of(case)
        found += bool(problems)
        if found > MAX_NAMED:
            yield "Other published cases could not stay public either."
            return
        yield from (f"{case.number} could not stay public: {problem}" for problem in problems)


def validate(record: Model) -> None:
    """Raise ValidationError unless a record keeps the rules that the database cannot state.

    What it can, such as uniqueness and that a reference leads somewhere, costs a query each to ask.
    """
    references = {field.name for field in record._meta.concrete_fields if field.is_relation}
    record.full_clean(exclude=references, validate_unique=False, validate_constraints=False)


def _records(case: Case) -> Iterator[Any]:
    yield case
    for related in ("warnings", "incidents", "involvements", "assessments", "claims"):
        yield from getattr(case, related).all()


def _invalid_records(case: Case) -> Iterator[Problem]:
    """Hold every record of the case against the rules of its own model."""
    for record in _records(case):
        path = getattr(record, "path", "")
        try:
            validate(record)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                place = ".".join(step for step in (path, field.strip("_")) if step != "all")
                yield from (Problem(place, message) for message in messages)
    for warning in case.warnings.all():
        if not warning.recipients.all():
            yield Problem(f"{warning.path}.recipients", "A warning has at least one recipient.")
        try:
            check_parties(warning.issuer, warning.recipients.all())
        except ValidationError as error:
            yield Problem(f"{warning.path}.recipients", error.messages[0])


def _missing_or_surplus_parts(case: Case) -> Iterator[Problem]:
    """Hold the kind of the case against its warnings and roles."""
    warned = bool(case.warnings.all())
    if case.kind == CaseKind.WARNING_GIVEN and not warned:
        yield Problem("kind", "A case in which a warning was given has at least one warning.")
    if case.kind in WITHOUT_WARNINGS and warned:
        yield Problem("kind", f"A case of the kind “{case.get_kind_display()}” has no warnings.")
    if case.kind == CaseKind.ALLEGED_FAILURE_TO_WARN:
        roles = {involvement.role for involvement in case.involvements.all()}
        for role in (Role.ACCUSED, Role.INTENDED_VICTIM):
            if role not in roles:
                yield Problem("kind", f"An alleged failure to warn has a role “{role.label}”.")


def _claimant_without_incident(case: Case) -> Iterator[Problem]:
    """A claimant claims something that happened: refuse one where nothing did."""
    if not any(incident.occurred for incident in case.incidents.all()):
        for involvement in case.involvements.all():
            if involvement.role == Role.CLAIMANT:
                yield Problem(
                    involvement.path, "Nobody claims responsibility for what did not happen."
                )


def _unsupported_values(sheet: CodingSheet) -> Iterator[Problem]:
    for value in sheet.values():
        if value.lacks_evidence:
            yield Problem(
                value.path, f"“{value.label}: {value.text}” has no claim that asserts it."
            )


def _unofficial_invocations(case: Case) -> Iterator[Problem]:
    """An exception is officially invoked only on the word of an official, directive or court."""
    for assessment in case.assessments.all():
        if assessment.status == AssessmentStatus.OFFICIALLY_INVOKED and not any(
            _is_official(claim)
            for claim in case.claims.all()
            if claim.assessment_id == assessment.pk
        ):
            yield Problem(
                f"{assessment.path}.status",
                "“Officially invoked” needs a claim from an official, directive or court source.",
            )


def _is_official(claim: Claim) -> bool:
    return claim.stance == Stance.ASSERTS and claim.source.kind in OFFICIAL_SOURCES


def require_publishable(case: Case) -> None:
    """Raise NotPublishableError, naming every problem, unless the case may be public."""
    get_publishable(case)


def get_publishable(case: Case) -> Case:
    """Return the case as stored, with its details; raises as above."""
    stored: Case = Case.objects.for_detail().get(pk=case.pk)
    problems = problems_of(stored)
    if problems:
        raise NotPublishableError(problems)
    return stored


ORIGINS = {
    CaseStatus.DRAFT: {CaseStatus.IN_REVIEW},
    CaseStatus.IN_REVIEW: {CaseStatus.DRAFT},
    CaseStatus.PUBLISHED: {CaseStatus.DRAFT, CaseStatus.IN_REVIEW},
    CaseStatus.WITHDRAWN: {CaseStatus.PUBLISHED},
}
"""For each status, those from which a case may step to it."""

REFUSALS = {
    CaseStatus.DRAFT: _("Only a case in review can be sent back."),
    CaseStatus.IN_REVIEW: _("Only a draft can be submitted for review."),
    CaseStatus.PUBLISHED: _("Only a draft or a case in review can be published."),
    CaseStatus.WITHDRAWN: _("Only a published case can be withdrawn."),
}


@transaction.atomic
def submit(case: Case, editor: User | None) -> None:
    """Hand a draft to the reviewers; raises ValidationError for a case that is not a draft."""
    _step(case, CaseStatus.IN_REVIEW, editor)


@transaction.atomic
def send_back(case: Case, reviewer: User | None, reason: str) -> None:
    """Make a case in review a draft again, and tell its editor why."""
    if not reason.strip():
        raise ValidationError(_("Say why the case is sent back; its editor is told."))
    _step(case, CaseStatus.DRAFT, reviewer, reason)


@transaction.atomic
def publish(
    case: Case, reviewer: User | None, change_note: str = "First published.", reason: str = ""
) -> None:
    """Make a case public and keep its first version.

    Raises NotPublishableError if the record checks find a problem, ValidationError if the case is
    already public or withdrawn, or `reviewer` edited it last; and WeakRecordError if a reviewer
    gives no `reason` to publish it in spite of its weak points. Without a person none weighs them.
    """
    require_second_person(_locked(case, CaseStatus.PUBLISHED), reviewer)
    step = _step(
        case,
        CaseStatus.PUBLISHED,
        reviewer,
        reason,
        published_at=case.published_at or timezone.now(),
        published_by=reviewer,
    )
    weaknesses = weaknesses_of(get_publishable(case))
    if weaknesses and reviewer is not None and not reason.strip():
        raise WeakRecordError(weaknesses)
    step.concerns = [str(weakness) for weakness in weaknesses]
    step.save(update_fields=["concerns"])
    make_version(case, reviewer, change_note)


@transaction.atomic
def withdraw(case: Case, reviewer: User | None, reason: str) -> None:
    """Take a public case out of the collection; its number stays reserved and tells the reason."""
    if not reason.strip():
        raise ValidationError(_("Say why the case is withdrawn; the public is told."))
    _step(case, CaseStatus.WITHDRAWN, reviewer, reason, withdrawn_reason=reason)


def _locked(case: Case, target: CaseStatus) -> Case:
    """Lock the row and return the case as stored: of two that step at once, one is refused."""
    acquire_write_lock()  # before the row is locked, as every other writer does
    current: Case = Case.objects.select_for_update().get(pk=case.pk)
    if current.status not in ORIGINS[target]:
        raise ValidationError(REFUSALS[target], code="wrong_status")
    return current


def _step(
    case: Case, target: CaseStatus, user: User | None, reason: str = "", **columns: Any
) -> ReviewStep:
    """Move a case on, writing only what the step changes; a step is no edit of the record."""
    _locked(case, target)
    columns |= {"status": target, "updated_at": timezone.now()}
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))
    step: ReviewStep = case.review_steps.create(status=target, reason=reason, taken_by=user)
    return step
