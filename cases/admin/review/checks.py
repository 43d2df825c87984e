"""The results of the record checks, as links for the pages of the admin."""

from __future__ import annotations

import hashlib
import json
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
    """A case with its blocking problems and weak points, as links to where they can be fixed."""

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
    # The checks cannot run on a stored date that is invalid, so the date is the only problem.
    except ValidationError as error:
        return Checked(case, blocking=error.messages)
    blocking, weak = (linked_to_case(problems, case) for problems in found)
    return Checked(case, blocking, weak)


def fingerprint(checked: Iterable[Checked]) -> str:
    """Return a digest of the weak points, to check that a reviewer has seen exactly these.

    The cases are fetched `with_comments()`.
    """
    seen = []
    for one in checked:
        # The weak point says only how many comments by reviewers are open.
        by_reviewers = [each.pk for each in one.case.open_comments if each.is_by_reviewer]
        seen.append([one.case.pk, *one.weak, *by_reviewers])
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
