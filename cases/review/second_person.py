"""The second-person rule: the last editor of a record may not publish it.

It holds for cases, for the corrections of public cases, and for directives and exceptions.

`updated_by` is the last editor. Steps such as a submission do not change it: otherwise the person
who submits a case would count as its editor, and the real editor could publish it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Directive, DirectiveException, ReviewStep
from cases.models.vocabulary import CaseStatus

Published = Case | Directive | DirectiveException

OWN_EDIT = _("You made the last change, so a different reviewer has to publish it or send it back.")

OWN_EDIT_OF_WITHDRAWN = _(
    "You made the last change to this case, so a different reviewer has to reinstate it."
)


def record_edit(case: Case, editor: User | None) -> None:
    """Store who edited the case and when, for an edit that does not save the case itself."""
    case.updated_at, case.updated_by = timezone.now(), editor
    Case.objects.filter(pk=case.pk).update(updated_at=case.updated_at, updated_by=editor)


def needs_another(record: Published, reviewer: User | None) -> bool:
    """Return whether a person other than `reviewer` has to publish the record."""
    # Fixtures and commands publish without a person, so the rule cannot apply to them.
    if not settings.REVIEW_BY_SECOND_PERSON or reviewer is None:
        return False
    return record.updated_by_id == reviewer.pk


def not_needing_another(cases: QuerySet[Case], reviewer: User) -> QuerySet[Case]:
    """Return the cases that `reviewer` may publish, as `needs_another` says of one."""
    if not settings.REVIEW_BY_SECOND_PERSON:
        return cases
    return cases.exclude(updated_by=reviewer)


def require_second_person(record: Published, reviewer: User | None) -> None:
    """Raise ValidationError if `reviewer` edited the record last; `record` must be as stored."""
    if needs_another(record, reviewer):
        raise ValidationError(own_edit(record), code="own_edit")


def own_edit(record: Published) -> Any:
    """Return the sentence that leaves the publication of `record` to somebody else."""
    return OWN_EDIT_OF_WITHDRAWN if record.status == CaseStatus.WITHDRAWN else OWN_EDIT


def sent_back(case: Case, steps: Iterable[ReviewStep]) -> ReviewStep | None:
    """Return the step that sent a draft back, if it was the last; `steps` are newest first."""
    if case.stage != CaseStatus.DRAFT:
        return None
    last = next(iter(steps), None)
    return last if last is not None and last.sent_back else None
