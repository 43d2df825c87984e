"""The steps of a case from draft to withdrawn, and what each requires."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.evidence.problem import Problem
from cases.models import Case, ReviewStep
from cases.models.vocabulary import CaseStatus
from cases.versions.making import make_version

from .checks import get_publishable
from .second_person import require_second_person
from .weaknesses import weaknesses_of


class WeakRecordError(Exception):
    """A case with weak points was about to be published without a reason."""

    def __init__(self, weaknesses: list[Problem]) -> None:
        self.weaknesses = weaknesses
        super().__init__(" ".join(map(str, weaknesses)))


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
