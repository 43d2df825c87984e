"""The number of a case, typed where words are searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse

from cases.models import Case
from cases.models.vocabulary import CaseStatus

_NUMBER = re.compile(r"\s*DTW[\s‐-―−-]*0*([1-9][0-9]{0,8})\s*", re.ASCII | re.IGNORECASE)
"""The number of a case as people type it: DTW-0001, dtw 1, DTW–1."""


@dataclass(frozen=True)
class CaseNumberLookup:
    """A number that was typed, in its one spelling.

    `case` is the published case that has it; `is_withdrawn` tells that one had it.
    """

    number: str
    case: Case | None
    is_withdrawn: bool

    @property
    def address(self) -> str:
        """Return where the number leads: to its case, or to the reason why there is none now."""
        if self.case is not None:
            return str(self.case.get_absolute_url())
        return reverse("case_permanent", args=[self.number]) if self.is_withdrawn else ""


def look_up_case_number(text: str) -> CaseNumberLookup | None:
    """Return the number that a text is, with its case; None if it is other words. One query."""
    typed = _NUMBER.fullmatch(text)
    if typed is None:
        return None
    number = f"DTW-{int(typed[1]):04}"
    case = Case.objects.filter(number=number).first()
    return CaseNumberLookup(
        number=number,
        case=case if case is not None and case.is_public else None,
        is_withdrawn=case is not None and case.status == CaseStatus.WITHDRAWN,
    )
