"""The steps that the admin offers: to whom, what it asks before, and taking them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from cases.admin.case.places import linked_to_case
from cases.models import Case
from cases.review import steps
from cases.review.checks import NotPublishableError
from cases.review.second_person import needs_another
from cases.review.transitions import (
    DISCARD,
    PUBLISH,
    REINSTATE,
    SEND_BACK,
    SUBMIT,
    WITHDRAW,
    Transition,
)

from .checks import check


class StepRefusedError(Exception):
    """A step was refused and nothing changed; `reasons` are sentences."""

    def __init__(self, sentence: str, reasons: Sequence[str] = ()) -> None:
        self.sentence, self.reasons = sentence, list(reasons)
        super().__init__(" ".join([sentence, *self.reasons]))


class ProblemsError(Exception):
    """A step has to be confirmed: the case cannot be published, or has open comments."""


@dataclass(frozen=True)
class ReasonPrompt:
    """The texts of a page that asks for the reason of a step, or whether to take it."""

    before: str
    consequence: str
    help: str = ""
    missing: str = ""


# What is asked before a step is taken, by the name of the step.
REASONS = {
    SEND_BACK.name: ReasonPrompt(
        "To be sent back:",
        "The case, or the correction of a public case, becomes a draft again, and its page shows "
        "the reason to its editor.",
        "What needs to be fixed before publication. Not shown to the public.",
        "Say why; the editor reads it.",
    ),
    DISCARD.name: ReasonPrompt(
        "Corrections to be discarded:",
        "Every change since the latest version is undone. Nothing that the public reads changes.",
        "Kept with the review of the case; the public does not see it.",
        "Say why; its editor reads it.",
    ),
    WITHDRAW.name: ReasonPrompt(
        "To be withdrawn:",
        "A withdrawn case and its versions leave every page, list and download. Its number "
        "stays reserved, and its address says why. It can be reinstated.",
        "The public reads it at the address of the case while it is withdrawn, and in its "
        "history if it is reinstated.",
        "Say why; the public reads it.",
    ),
    REINSTATE.name: ReasonPrompt(
        "To be reinstated:",
        "The case is public again under its number, with a new version. Its earlier versions "
        "are public again too, and its history says when and why it was withdrawn.",
        "The public reads it in the history of the case and on the page of changes.",
        "Say why; the public sees it.",
    ),
}

# The texts of the page that asks once more whether to submit a case that cannot be published, or
# that has open comments.
DESPITE_PROBLEMS = ReasonPrompt(
    "To be submitted for review:",
    "What stops publication has to be fixed before a reviewer can publish the case. "
    "Each line leads to its field. Answer open comments, or resolve them if they are settled. "
    "Submit it all the same if you need the reviewer’s advice.",
)

# The texts for a reviewer who publishes a case with weak points.
DESPITE_WEAK_POINTS = ReasonPrompt(
    "To be published:",
    "Weak points do not stop publication, but somebody has to weigh them.",
    "Why the case can be published as it is. Kept with its review; the public does not see it.",
    "Say why the case can be published despite its weak points, or fix them.",
)


def is_offered(transition: Transition, case: Case, user: User) -> bool:
    """Whether to show the button of a step to a user."""
    # A second person has to publish, so the last editor does not get the button.
    if transition in (PUBLISH, REINSTATE) and needs_another(case, user):
        return False
    if case.merged_into_id is not None:  # its way back is to undo the merge
        return False
    return transition.can_be_taken(case) and user.has_perm(transition.permission)


def merges_in_the_way(cases: Iterable[Case]) -> list[str]:
    """Return why corrections cannot be discarded, with links to the merges that are in the way."""
    return [
        format_html(
            "The correction of {} cannot be discarded: {} was merged into it, and its evidence "
            'would be lost. <a href="{}">Undo the merge</a> instead.',
            case,
            merge.merged_name,
            reverse("admin:cases_merge_change", args=[merge.pk]),
        )
        for case in cases
        if (merge := steps.unpublished_merge(case)) is not None
    ]


@transaction.atomic
def carry_out(
    transition: Transition, key: int, user: User, reason: str = "", *, is_confirmed: bool = False
) -> tuple[Case, str]:
    """Take a step with one case; return the case and a sentence that says what was done.

    Raises StepRefusedError, WeakRecordError if a reason is needed, or ProblemsError if the step
    has to be confirmed; then nothing is changed.
    """
    case: Case | None = Case.objects.select_for_update().filter(pk=key).first()
    if case is None:
        raise StepRefusedError("The case does not exist any more.")
    try:
        transition.require_origin(case)
    except ValidationError as error:
        raise StepRefusedError(*error.messages) from error
    subject = transition.subject(case)
    refusal = f"{subject} was not {transition.participle}."
    try:
        _take(transition, case, user, reason)
    except NotPublishableError as error:
        detail = Case.objects.for_detail().get(pk=key)
        raise StepRefusedError(refusal, linked_to_case(error.problems, detail)) from error
    except ValidationError as error:
        reasons = list(error.messages)
        if transition is SUBMIT:  # what has to be fixed before publication, in the same list
            reasons += check(Case.objects.for_detail().get(pk=key)).blocking
        raise StepRefusedError(refusal, reasons) from error
    # Only now, so that nobody confirms what is refused. It undoes the step.
    if transition is SUBMIT and not is_confirmed:
        detail = Case.objects.for_detail().with_comments().get(pk=key)
        if detail.open_comments or check(detail).blocking:
            raise ProblemsError
    return case, f"{subject} was {transition.participle}."


def _take(transition: Transition, case: Case, user: User, reason: str) -> None:
    if transition is SUBMIT:
        steps.submit(case, user)
    elif transition is PUBLISH:
        steps.publish(case, user, reason=reason)
    else:
        with_reason = {
            SEND_BACK: steps.send_back,
            DISCARD: steps.discard,
            WITHDRAW: steps.withdraw,
            REINSTATE: steps.reinstate,
        }
        with_reason[transition](case, user, reason)
