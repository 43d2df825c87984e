"""The table of steps between the statuses of a case.

The buttons, list actions and pages of the admin follow it, and so do imports and the table of the
editor guide. What a step requires besides is in steps.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from cases.models import Case
from cases.models.review import WORDS
from cases.models.vocabulary import CaseStatus


@dataclass(frozen=True)
class Transition:
    """A step, the statuses from which it can be taken, and the status that it leads to.

    `right` is the permission on cases that it takes: “publish” for `cases.publish_case`.
    """

    name: str
    label: str
    participle: str
    origins: tuple[CaseStatus, ...]
    target: CaseStatus
    right: str

    @property
    def permission(self) -> str:
        return f"cases.{self.right}_case"

    @property
    def slug(self) -> str:
        """Return the name of the step in addresses, with hyphens."""
        return self.name.replace("_", "-")

    def require_origin(self, case: Case) -> None:
        """Raise ValidationError if the step cannot be taken from the status of a case."""
        if case.status not in self.origins:
            allowed = " or ".join(_NAMES[origin] for origin in self.origins)
            raise ValidationError(f"Only {allowed} can be {self.participle}.", code="wrong_status")


_NAMES = {
    CaseStatus.DRAFT: "a draft",
    CaseStatus.IN_REVIEW: "a case in review",
    CaseStatus.PUBLISHED: "a published case",
    CaseStatus.WITHDRAWN: "a withdrawn case",
}

SUBMIT = Transition(
    "submit",
    "Submit for review",
    WORDS[CaseStatus.IN_REVIEW],
    (CaseStatus.DRAFT,),
    CaseStatus.IN_REVIEW,
    "submit",
)
PUBLISH = Transition(
    "publish",
    "Publish",
    WORDS[CaseStatus.PUBLISHED],
    (CaseStatus.DRAFT, CaseStatus.IN_REVIEW),
    CaseStatus.PUBLISHED,
    "publish",
)
SEND_BACK = Transition(
    "send_back",
    "Send back",
    WORDS[CaseStatus.DRAFT],
    (CaseStatus.IN_REVIEW,),
    CaseStatus.DRAFT,
    "publish",
)
WITHDRAW = Transition(
    "withdraw",
    "Withdraw",
    WORDS[CaseStatus.WITHDRAWN],
    (CaseStatus.PUBLISHED,),
    CaseStatus.WITHDRAWN,
    "withdraw",
)
REINSTATE = Transition(
    "reinstate",
    "Reinstate",
    "reinstated",
    (CaseStatus.WITHDRAWN,),
    CaseStatus.PUBLISHED,
    "withdraw",
)

TRANSITIONS = {step.name: step for step in (SUBMIT, PUBLISH, SEND_BACK, WITHDRAW, REINSTATE)}

# The steps that the row of a case in an import can ask for, by the status that it gives.
OF_IMPORTS = {step.target: step for step in (SUBMIT, PUBLISH, WITHDRAW)}


def step_to_public(case: Case) -> Transition | None:
    """Return the step that would make a case public, None if it is public."""
    return next(
        (
            step
            for step in TRANSITIONS.values()
            if step.target == CaseStatus.PUBLISHED and case.status in step.origins
        ),
        None,
    )
