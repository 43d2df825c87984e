"""The record checks as pages show them: what stops publication, and what weakens a case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from cases.admin.case.places import linked_to_case
from cases.evidence.problem import Problem
from cases.models import Case
from cases.review.checks import problems_of
from cases.review.weaknesses import weaknesses_of


@dataclass(frozen=True)
class Checked:
    """A case with what the checks found, each as a link to where it is mended."""

    case: Case
    blocking: Sequence[str] = ()
    weak: Sequence[str] = ()

    @property
    def is_clean(self) -> bool:
        return not self.blocking and not self.weak


def check(case: Case) -> Checked:
    """Run the record checks of a case fetched with `for_detail()`."""
    try:
        found: tuple[list[Problem], ...] = (problems_of(case), weaknesses_of(case))
    except ValidationError as error:  # a stored date that cannot be read cannot be worded either
        return Checked(case, blocking=error.messages)
    blocking, weak = (linked_to_case(problems, case) for problems in found)
    return Checked(case, blocking, weak)


def fingerprint(checked: Iterable[Checked]) -> str:
    """Return what tells whether the weak points are those that somebody has seen."""
    text = "\n".join(f"{one.case.pk}: {weak}" for one in checked for weak in one.weak)
    return hashlib.sha256(text.encode()).hexdigest()
