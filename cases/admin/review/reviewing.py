"""The state of a case's review, for its editors and reviewers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from cases.models import Case, ReviewStep
from cases.review.second_person import needs_another, own_edit, sent_back
from cases.review.transitions import step_to_public


@dataclass(frozen=True)
class Review:
    """The steps taken with a case, newest first, and messages for its editor or reviewer."""

    steps: list[ReviewStep]
    sent_back: ReviewStep | None
    own_edit: str


def review_of(case: Case, user: User) -> Review:
    """Return the review of a case, as its page shows it to `user`; one query."""
    steps = list(case.review_steps.select_related("taken_by"))
    step = step_to_public(case)
    may_publish = step and user.has_perm(step.permission) and case.merged_into_id is None
    return Review(
        steps=steps,
        sent_back=sent_back(case, steps),
        own_edit=str(own_edit(case)) if may_publish and needs_another(case, user) else "",
    )


def is_edit(form: Any, formsets: Iterable[Any]) -> bool:
    """Whether a save changes the record; saving an unchanged form makes nobody its editor."""
    typed = set(form.changed_data) - {"change_note"}
    return bool(typed) or any(formset.has_changed() for formset in formsets)
