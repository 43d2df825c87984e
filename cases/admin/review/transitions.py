"""The steps of a case from draft to withdrawn, as the admin offers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.admin.case.places import linked_to_case
from cases.models import Case
from cases.models.vocabulary import CaseStatus
from cases.review import steps
from cases.review.checks import NotPublishableError
from cases.review.second_person import needs_another


class StepRefusedError(Exception):
    """A step could not be taken; nothing changed. `reasons` are sentences."""

    def __init__(self, sentence: str, reasons: Sequence[str] = ()) -> None:
        self.sentence, self.reasons = sentence, list(reasons)
        super().__init__(" ".join([sentence, *self.reasons]))


@dataclass(frozen=True)
class Asking:
    """What a page says that asks for the reason of a step."""

    before: str
    consequence: str
    help: str
    missing: str


@dataclass(frozen=True)
class Transition:
    """One step. `act` is called with the case, the user and the reason typed, if one is asked."""

    name: str
    label: str
    participle: str
    origins: frozenset[CaseStatus]
    target: CaseStatus
    act: Callable[[Case, User, str], None]
    asks: Asking | None = None
    needs: str = ""
    """The step whose permission this one takes; its own unless given."""

    @property
    def right(self) -> str:
        return self.needs or self.name

    @property
    def permission(self) -> str:
        return f"cases.{self.right}_case"

    @property
    def slug(self) -> str:
        """Return its name in addresses."""
        return self.name.replace("_", "-")

    def is_offered(self, case: Case, user: User) -> bool:
        """Tell whether the button is shown; nobody is offered to publish their own last edit."""
        if self.target == CaseStatus.PUBLISHED and needs_another(case, user):
            return False
        return case.status in self.origins and user.has_perm(self.permission)


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            "submit",
            "Submit for review",
            "submitted for review",
            frozenset({CaseStatus.DRAFT}),
            CaseStatus.IN_REVIEW,
            lambda case, user, reason: steps.submit(case, user),
        ),
        Transition(
            "publish",
            "Publish",
            "published",
            frozenset({CaseStatus.DRAFT, CaseStatus.IN_REVIEW}),
            CaseStatus.PUBLISHED,
            lambda case, user, reason: steps.publish(case, user, reason=reason),
        ),
        Transition(
            "send_back",
            "Send back",
            "sent back",
            frozenset({CaseStatus.IN_REVIEW}),
            CaseStatus.DRAFT,
            steps.send_back,
            Asking(
                "To be sent back:",
                "The case becomes a draft again, and its page shows the reason to its editor.",
                "What is to be mended before it can be published. The public does not see it.",
                "Say why; the editor is told.",
            ),
            needs="publish",
        ),
        Transition(
            "withdraw",
            "Withdraw",
            "withdrawn",
            frozenset({CaseStatus.PUBLISHED}),
            CaseStatus.WITHDRAWN,
            steps.withdraw,
            Asking(
                "To be withdrawn:",
                "A withdrawn case leaves every page, list and download. Its number stays reserved, "
                "and its address says why.",
                "The public reads it at the address of the case, for good.",
                "Say why; the public is told.",
            ),
        ),
    )
}


IN_SPITE = Asking(
    "To be published:",
    "Weak points do not stop publication, but somebody has to weigh them.",
    "Why the case can be published as it is. Kept with its review; the public does not see it.",
    "Say why the case can be published in spite of its weak points, or mend them.",
)
"""What is asked of a reviewer who publishes a case with weak points."""


@transaction.atomic
def carry_out(transition: Transition, key: int, user: User, reason: str = "") -> Case:
    """Take one case a step further and return it.

    Raises RefusedError, or WeakRecordError if a reason is missing; then nothing changed.
    """
    case: Case | None = Case.objects.select_for_update().filter(pk=key).first()
    if case is None:
        raise StepRefusedError("The case does not exist any more.")
    if case.status not in transition.origins:
        raise StepRefusedError(_without_write_lock(transition, case))
    refusal = f"{case} was not {transition.participle}."
    try:
        transition.act(case, user, reason)
    except NotPublishableError as error:
        detail = Case.objects.for_detail().get(pk=key)
        raise StepRefusedError(refusal, linked_to_case(error.problems, detail)) from error
    except ValidationError as error:
        raise StepRefusedError(refusal, error.messages) from error
    return case


def _without_write_lock(transition: Transition, case: Case) -> str:
    status = case.get_status_display().lower()
    if case.status == transition.target:
        return f"{case} is already {status}."
    allowed = " or ".join(f"“{CaseStatus(origin).label}”" for origin in sorted(transition.origins))
    return (
        f"{case} cannot be {transition.participle}: its status is “{status}”, and only a case "
        f"with the status {allowed} can."
    )
