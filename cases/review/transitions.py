"""The table of steps between the statuses of a case.

The buttons, list actions and pages of the admin follow it, and so do imports and the table of the
editor guide. What a step requires besides is in steps.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from cases.models import Case
from cases.models.review import DISCARDED, WORDS
from cases.models.vocabulary import CaseStatus


@dataclass(frozen=True)
class Transition:
    """A step, the statuses from which it can be taken, and the status that it leads to.

    A step that leads a draft to publication leads the correction of a public case there too; see
    `Case.stage`. `codename` is that of the permission that it takes: `publish_case`.
    """

    name: str
    label: str
    participle: str
    origins: tuple[CaseStatus, ...]
    target: CaseStatus
    codename: str

    @property
    def permission(self) -> str:
        return f"cases.{self.codename}"

    @property
    def slug(self) -> str:
        """Return the name of the step in addresses, with hyphens."""
        return self.name.replace("_", "-")

    def can_be_taken(self, case: Case) -> bool:
        return self.is_of_correction(case) or case.status in self.origins

    def is_of_correction(self, case: Case) -> bool:
        """Whether it is a step of the correction of a case, rather than of the case."""
        return case.stage != case.status and case.stage in self.origins

    def subject(self, case: Case) -> str:
        """Name what the step is taken with: the case, or its correction."""
        return f"The correction of {case}" if self.is_of_correction(case) else str(case)

    def require_origin(self, case: Case) -> None:
        """Raise ValidationError if the step cannot be taken from the status of a case."""
        if not self.can_be_taken(case):
            raise ValidationError(self._refusal(case), code="wrong_status")

    def _refusal(self, case: Case) -> str:
        status = case.stage_words
        if self.target in (case.status, case.stage):
            return f"{case} already has the status “{status}”."
        allowed = " or ".join(f"“{origin.label}”" for origin in self.origins)
        refusal = (
            f"{case} cannot be {self.participle}: its status is “{status}”, and only a case "
            f"with the status {allowed} can."
        )
        if case.can_be_reinstated and self.target == CaseStatus.PUBLISHED:
            return f"{refusal} Reinstate it instead."
        return refusal


class CorrectionStep(Transition):
    """A step that only a correction can take, also while its case is withdrawn."""

    def can_be_taken(self, case: Case) -> bool:
        return self.is_of_correction(case)

    def is_of_correction(self, case: Case) -> bool:
        return case.is_corrected

    def _refusal(self, case: Case) -> str:
        return f"{case} has no correction that could be {self.participle}."


SUBMIT = Transition(
    "submit",
    "Submit for review",
    WORDS[CaseStatus.IN_REVIEW],
    (CaseStatus.DRAFT,),
    CaseStatus.IN_REVIEW,
    "submit_case",
)
PUBLISH = Transition(
    "publish",
    "Publish",
    WORDS[CaseStatus.PUBLISHED],
    (CaseStatus.DRAFT, CaseStatus.IN_REVIEW),
    CaseStatus.PUBLISHED,
    "publish_case",
)
SEND_BACK = Transition(
    "send_back",
    "Send back",
    WORDS[CaseStatus.DRAFT],
    (CaseStatus.IN_REVIEW,),
    CaseStatus.DRAFT,
    "publish_case",
)
WITHDRAW = Transition(
    "withdraw",
    "Withdraw",
    WORDS[CaseStatus.WITHDRAWN],
    (CaseStatus.PUBLISHED,),
    CaseStatus.WITHDRAWN,
    "withdraw_case",
)
REINSTATE = Transition(
    "reinstate",
    "Reinstate",
    "reinstated",
    (CaseStatus.WITHDRAWN,),
    CaseStatus.PUBLISHED,
    "withdraw_case",
)
# Its origins are those of a correction alone; a draft of a case is deleted instead.
DISCARD = CorrectionStep(
    "discard",
    "Discard correction",
    WORDS[DISCARDED],
    (CaseStatus.DRAFT, CaseStatus.IN_REVIEW),
    CaseStatus.PUBLISHED,
    "submit_case",
)

TRANSITIONS = {
    step.name: step for step in (SUBMIT, PUBLISH, SEND_BACK, DISCARD, WITHDRAW, REINSTATE)
}

# The steps that the row of a case in an import can ask for, by the status that it gives.
OF_IMPORTS = {step.target: step for step in (SUBMIT, PUBLISH, WITHDRAW)}


def step_to_public(case: Case) -> Transition | None:
    """Return the step that would make a case or its correction public, None if nothing waits."""
    return next((step for step in (PUBLISH, REINSTATE) if step.can_be_taken(case)), None)
