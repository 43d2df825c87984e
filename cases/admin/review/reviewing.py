"""The state of a case's review, for its editors and reviewers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from cases.models import Case, ReviewStep
from cases.models.vocabulary import CaseStatus
from cases.review.second_person import OWN_EDIT, needs_another, sent_back

UNPUBLISHED = (CaseStatus.DRAFT, CaseStatus.IN_REVIEW)


@dataclass(frozen=True)
class Review:
    """The steps taken with a case, newest first, and messages for its editor or reviewer."""

    steps: list[ReviewStep]
    sent_back: ReviewStep | None
    own_edit: str


def review_of(case: Case, user: User) -> Review:
    """Return the review of a case, as its page shows it to `user`; one query."""
    steps = list(case.review_steps.select_related("taken_by"))
    may_publish = user.has_perm("cases.publish_case") and case.status in UNPUBLISHED
    return Review(
        steps=steps,
        sent_back=sent_back(case, steps),
        own_edit=str(OWN_EDIT) if may_publish and needs_another(case, user) else "",
    )


def is_edit(form: Any, formsets: Iterable[Any]) -> bool:
    """Whether a save changes the record; saving an unchanged form makes nobody its editor."""
    typed = set(form.changed_data) - {"change_note"}
    return bool(typed) or any(formset.has_changed() for formset in formsets)
