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
from cases.models import Case, ReviewStep, Version
from cases.versions.announcements import withdrawn_at
from cases.versions.making import Withdrawal, make_version, make_version_regardless

from .checks import get_publishable
from .second_person import require_second_person
from .transitions import PUBLISH, REINSTATE, SEND_BACK, SUBMIT, WITHDRAW, Transition
from .weaknesses import weaknesses_of


class WeakRecordError(Exception):
    """Raised if a case with weak points would be published without a reason."""

    def __init__(self, weaknesses: list[Problem]) -> None:
        self.weaknesses = weaknesses
        super().__init__(" ".join(map(str, weaknesses)))


@transaction.atomic
def submit(case: Case, editor: User | None) -> None:
    """Submit a draft for review; raises ValidationError for a case that is not a draft."""
    _step(case, SUBMIT, editor)


@transaction.atomic
def send_back(case: Case, reviewer: User | None, reason: str) -> None:
    """Return a case in review to draft; its editor sees the reason.

    Raises ValidationError without a reason, or for a case that is not in review.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is sent back; its editor sees it."))
    _step(case, SEND_BACK, reviewer, reason)


@transaction.atomic
def publish(
    case: Case, reviewer: User | None, change_note: str = "First published.", reason: str = ""
) -> None:
    """Make a case public and store its first version.

    Raises ValidationError if the case is already public or withdrawn or `reviewer` edited it last,
    NotPublishableError if the record checks find a problem, and WeakRecordError if a reviewer
    gives no `reason` for publishing it despite its weak points.
    """
    require_second_person(_locked(case, PUBLISH), reviewer)
    step = _step(
        case,
        PUBLISH,
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
        raise ValidationError(_("Say why the case is withdrawn; the public sees it."))
    _step(case, WITHDRAW, reviewer, reason, withdrawn_reason=reason)


@transaction.atomic
def reinstate(case: Case, reviewer: User | None, reason: str) -> Version:
    """Make a withdrawn case public again, and return the version that this makes.

    There is always a new version, also if the record equals the last one: it says when and why the
    case was withdrawn, and why it is back. The earlier versions are public again under their
    numbers. Raises ValidationError if there is no reason, if the case is not withdrawn or was
    merged, or if `reviewer` edited it last; and NotPublishableError if the record checks find a
    problem. Weak points need no second reason: they are kept with this one.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is reinstated; the public sees it."))
    stored = _locked_withdrawn(case)
    require_second_person(stored, reviewer)
    ended = Withdrawal(stored.withdrawn_since, stored.withdrawn_reason)
    step = _move(
        case,
        REINSTATE,
        reviewer,
        reason,
        withdrawn_reason="",
        published_at=stored.published_at or timezone.now(),
        published_by=reviewer,
    )
    step.concerns = [str(weakness) for weakness in weaknesses_of(get_publishable(case))]
    step.save(update_fields=["concerns"])
    return make_version_regardless(case, reviewer, f"Reinstated: {reason.strip()}", ended)


def _locked_withdrawn(case: Case) -> Any:
    """Lock the row of a case that can be reinstated, and return it with `withdrawn_since`."""
    acquire_write_lock()  # before the row is locked, as every other writer does
    Case.objects.select_for_update().get(pk=case.pk)
    current = Case.objects.annotate(withdrawn_since=withdrawn_at()).get(pk=case.pk)
    REINSTATE.require_origin(current)
    if current.merged_into_id is not None:
        raise ValidationError(
            _("The case was merged into another. Undo the merge instead."), code="merged"
        )
    return current


def _locked(case: Case, transition: Transition) -> Case:
    """Lock the case and return it as stored; raises ValidationError if its status is wrong."""
    # The write lock comes before the row lock, as in every writer, so that none deadlock.
    acquire_write_lock()
    # With the row locked, the second of two simultaneous steps sees the new status and is refused.
    current: Case = Case.objects.select_for_update().get(pk=case.pk)
    transition.require_origin(current)
    return current


def _step(
    case: Case, transition: Transition, user: User | None, reason: str = "", **columns: Any
) -> ReviewStep:
    """Take a step, and return the review step that records it."""
    _locked(case, transition)
    return _move(case, transition, user, reason, **columns)


def _move(
    case: Case, transition: Transition, user: User | None, reason: str, **columns: Any
) -> ReviewStep:
    """Move a case on, writing only what the step changes; a step is no edit of the record."""
    target = transition.target
    columns |= {"status": target, "updated_at": timezone.now()}
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))
    step: ReviewStep = case.review_steps.create(status=target, reason=reason, taken_by=user)
    return step
