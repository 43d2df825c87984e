"""The steps of a case from draft to withdrawn, and of its corrections, with their requirements."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.evidence.problem import Problem
from cases.models import Case, Merge, ReviewStep, Version
from cases.models.review import DISCARDED
from cases.models.vocabulary import CaseStatus
from cases.versions.announcements import withdrawn_at
from cases.versions.making import Withdrawal, make_version, make_version_regardless

from .checks import get_publishable
from .corrections import NO_CORRECTION, joined, keep
from .restoring import write_back
from .second_person import require_second_person
from .transitions import DISCARD, PUBLISH, REINSTATE, SEND_BACK, SUBMIT, WITHDRAW, Transition
from .weaknesses import weaknesses_of


class WeakRecordError(Exception):
    """Raised if a case with weak points would be published without a reason."""

    def __init__(self, weaknesses: list[Problem]) -> None:
        self.weaknesses = weaknesses
        super().__init__(" ".join(map(str, weaknesses)))


@transaction.atomic
def submit(case: Case, editor: User | None) -> None:
    """Submit a draft, or a correction in draft, for review.

    Raises ValidationError if there is none, or if nobody said what a correction changes.
    """
    current = _locked(case, SUBMIT)
    if SUBMIT.is_of_correction(current):
        _require_note(current)
    _move(case, SUBMIT, editor, "")


@transaction.atomic
def send_back(case: Case, reviewer: User | None, reason: str) -> None:
    """Return a case, or a correction, from review to draft; its editor sees the reason.

    Raises ValidationError without a reason, or if nothing is in review.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is sent back; its editor sees it."))
    _step(case, SEND_BACK, reviewer, reason)


@transaction.atomic
def publish(
    case: Case, reviewer: User | None, change_note: str = "First published.", reason: str = ""
) -> None:
    """Make a case, or the correction of a public case, public; store its version.

    The version of a correction has the note of the correction. Raises ValidationError if there is
    nothing to publish or `reviewer` edited it last, NotPublishableError if the record checks find
    a problem, and WeakRecordError if a reviewer gives no `reason` for publishing it despite its
    weak points.
    """
    current = _locked(case, PUBLISH)
    require_second_person(current, reviewer)
    columns: dict[str, Any] = {}
    if PUBLISH.is_of_correction(current):
        change_note = _require_note(current)
    else:
        # An imported case may have a time.
        columns = {"published_at": case.published_at or timezone.now(), "published_by": reviewer}
    step = _move(case, PUBLISH, reviewer, reason, **columns)
    weaknesses = weaknesses_of(get_publishable(case))
    # Fixtures and commands have no reviewer who could weigh the weak points.
    if weaknesses and reviewer is not None and not reason.strip():
        raise WeakRecordError(weaknesses)
    step.concerns = [str(weakness) for weakness in weaknesses]
    step.save(update_fields=["concerns"])
    make_version(case, reviewer, change_note)


@transaction.atomic
def discard(case: Case, editor: User | None, reason: str) -> None:
    """Discard the correction of a case: its rows say what its latest version says again.

    Raises ValidationError without a reason, if there is no correction, or if something that the
    version names is not in the casebook any more.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the correction is discarded; its editor sees it."))
    _locked(case, DISCARD)
    merge = unpublished_merge(case)
    if merge is not None:
        raise ValidationError(
            _("%(merged)s was merged into it, and its evidence would be lost. Undo the merge."),
            params={"merged": merge.merged_name},
        )
    write_back(case)
    _move(case, DISCARD, editor, reason)


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
    numbers. What was edited since the latest version is a correction; a team of one publishes it.
    Raises ValidationError if there is no reason, if the case is not withdrawn or was merged, or if
    `reviewer` edited it last; and NotPublishableError if the record checks find a problem in what
    becomes public of the rows. Weak points need no second reason: they are kept with this one.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the case is reinstated; the public sees it."))
    stored = _locked_withdrawn(case)
    require_second_person(stored, reviewer)
    ended = withdrawal_of(stored.pk)
    note = f"Reinstated: {reason.strip()}"
    columns: dict[str, Any] = {}
    if settings.REVIEW_BY_SECOND_PERSON:
        keep([case], "")  # also what a command changed
    else:
        note, columns = joined(note, stored.correction_note), NO_CORRECTION
    step = _move(
        case,
        REINSTATE,
        reviewer,
        reason,
        withdrawn_reason="",
        published_at=stored.published_at or timezone.now(),
        published_by=reviewer,
        **columns,
    )
    if not case.is_corrected:  # its latest version was checked when it was published
        step.concerns = [str(weakness) for weakness in weaknesses_of(get_publishable(case))]
        step.save(update_fields=["concerns"])
    return make_version_regardless(case, reviewer, note, ended)


def withdrawal_of(key: int) -> Withdrawal:
    """Return when and why a withdrawn case was withdrawn."""
    columns = Case.objects.values_list(withdrawn_at(), "withdrawn_reason")
    return Withdrawal(*columns.get(pk=key))


def _locked_withdrawn(case: Case) -> Case:
    """Lock the row of a case that can be reinstated, and return it."""
    acquire_write_lock()  # before the row is locked, as every other writer does
    current: Case = Case.objects.select_for_update().get(pk=case.pk)
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
    case.status, case.correction = current.status, current.correction
    return current


def unpublished_merge(case: Case) -> Merge | None:
    """Return the last merge of another case into the correction of a case, if there is one."""
    latest = Version.objects.filter(case=case).order_by("-number").values("made_at")[:1]
    merges = Merge.objects.filter(kind=Merge.Kind.CASE, kept_key=case.pk, undone_at=None)
    return merges.filter(made_at__gt=latest).first()


def _require_note(case: Case) -> str:
    """Return the note of a correction; raises ValidationError if it has none."""
    note: str = case.correction_note
    if not note:
        raise ValidationError(
            _("This correction has no reason yet. Write on the case page what it changes, and why.")
        )
    return note


def _step(
    case: Case, transition: Transition, user: User | None, reason: str = "", **columns: Any
) -> ReviewStep:
    """Take a step, and return the review step that records it."""
    _locked(case, transition)
    return _move(case, transition, user, reason, **columns)


def _move(
    case: Case, transition: Transition, user: User | None, reason: str, **columns: Any
) -> ReviewStep:
    """Move a case or its correction on; writes only what the step changes, for it is no edit."""
    target = transition.target
    if not transition.is_of_correction(case):
        columns["status"] = target
    elif target == CaseStatus.PUBLISHED:
        columns |= NO_CORRECTION
    else:
        columns["correction"] = target
    columns["updated_at"] = timezone.now()
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))
    status = DISCARDED if transition is DISCARD else target
    step: ReviewStep = case.review_steps.create(status=status, reason=reason, taken_by=user)
    return step
