"""The steps of a case from draft to withdrawn, with the requirements of each."""

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
    """Raised if a case with weak points would be published without a reason."""

    def __init__(self, weaknesses: list[Problem]) -> None:
        self.weaknesses = weaknesses
        super().__init__(" ".join(map(str, weaknesses)))


# The statuses from which a case can reach each status.
ORIGINS = {
    CaseStatus.DRAFT: {CaseStatus.IN_REVIEW},
    CaseStatus.IN_REVIEW: {CaseStatus.DRAFT},
    CaseStatus.PUBLISHED: {CaseStatus.DRAFT, CaseStatus.IN_REVIEW},
    CaseStatus.WITHDRAWN: {CaseStatus.PUBLISHED},
}

REFUSALS = {
    CaseStatus.DRAFT: _("Only a case in review can be sent back."),
    CaseStatus.IN_REVIEW: _("Only a draft can be submitted for review."),
    CaseStatus.PUBLISHED: _("Only a draft or a case in review can be published."),
    CaseStatus.WITHDRAWN: _("Only a published case can be withdrawn."),
}


@transaction.atomic
def submit(case: Case, editor: User | None) -> None:
    """Submit a draft for review; raises ValidationError for a case that is not a draft."""
    _step(case, CaseStatus.IN_REVIEW, editor)


@transaction.atomic
def send_back(case: Case, reviewer: User | None, reason: str) -> None:
    """Return a case in review to draft; its editor sees the reason.

    Raises ValidationError without a reason, or for a case that is not in review.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is sent back; its editor is told."))
    _step(case, CaseStatus.DRAFT, reviewer, reason)


@transaction.atomic
def publish(
    case: Case, reviewer: User | None, change_note: str = "First published.", reason: str = ""
) -> None:
    """Make a case public and store its first version.

    Raises ValidationError if the case is already public or withdrawn or `reviewer` edited it last,
    NotPublishableError if the record checks find a problem, and WeakRecordError if a reviewer
    gives no `reason` for publishing it despite its weak points.
    """
    require_second_person(_locked(case, CaseStatus.PUBLISHED), reviewer)
    step = _step(
        case,
        CaseStatus.PUBLISHED,
        reviewer,
        reason,
        published_at=case.published_at or timezone.now(),  # an imported case may have one
        published_by=reviewer,
    )
    weaknesses = weaknesses_of(get_publishable(case))
    # Fixtures and commands have no reviewer who could weigh the weak points.
    if weaknesses and reviewer is not None and not reason.strip():
        raise WeakRecordError(weaknesses)
    step.concerns = [str(weakness) for weakness in weaknesses]
    step.save(update_fields=["concerns"])
    make_version(case, reviewer, change_note)


@transaction.atomic
def withdraw(case: Case, reviewer: User | None, reason: str) -> None:
    """Withdraw a published case; its number stays reserved, and its page gives the reason.

    Raises ValidationError without a reason, or for a case that is not published.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is withdrawn; the public is told."))
    _step(case, CaseStatus.WITHDRAWN, reviewer, reason, withdrawn_reason=reason)


def _locked(case: Case, target: CaseStatus) -> Case:
    """Lock the case and return it as stored; raises ValidationError if it cannot reach `target`."""
    # The write lock comes before the row lock, as in every writer, so that none deadlock.
    acquire_write_lock()
    # With the row locked, the second of two simultaneous steps sees the new status and is refused.
    current: Case = Case.objects.select_for_update().get(pk=case.pk)
    if current.status not in ORIGINS[target]:
        raise ValidationError(REFUSALS[target], code="wrong_status")
    return current


def _step(
    case: Case, target: CaseStatus, user: User | None, reason: str = "", **columns: Any
) -> ReviewStep:
    """Set the status of a case, and return the review step that records it."""
    # Only the columns of the step are saved, because a step is not an edit of the record.
    _locked(case, target)
    columns |= {"status": target, "updated_at": timezone.now()}
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))
    step: ReviewStep = case.review_steps.create(status=target, reason=reason, taken_by=user)
    return step
