"""Who edited a case last, and who may therefore publish it.

`updated_by` names the last editor of the record. Steps such as a submission do not change it, or
whoever presses a button would count as the editor, and the real one could publish.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, ReviewStep
from cases.models.vocabulary import CaseStatus

OWN_EDIT = _(
    "You made the last change to this case yourself, so another reviewer publishes it, or sends it "
    "back."
)


def record_edit(case: Case, editor: User | None) -> None:
    """Write down who edited the case, and when; of a change that is not saved with the case."""
    case.updated_at, case.updated_by = timezone.now(), editor
    Case.objects.filter(pk=case.pk).update(updated_at=case.updated_at, updated_by=editor)


def needs_another(case: Case, reviewer: User | None) -> bool:
    """Tell whether somebody else than `reviewer` has to publish the case.

    Without a person (fixtures, commands) there is nobody to be biased.
    """
    if not settings.REVIEW_BY_SECOND_PERSON or reviewer is None:
        return False
    return case.updated_by_id == reviewer.pk


def require_second_person(case: Case, reviewer: User | None) -> None:
    """Raise ValidationError if `reviewer` is the last editor of the case as stored."""
    if needs_another(case, reviewer):
        raise ValidationError(OWN_EDIT, code="own_edit")


def sent_back(case: Case, steps: Iterable[ReviewStep]) -> ReviewStep | None:
    """Return the newest of the `steps` of a draft by which it was sent back, if any was."""
    if case.status != CaseStatus.DRAFT:
        return None
    return next((step for step in steps if step.sent_back), None)
