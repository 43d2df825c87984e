"""Look up a case by its number, which readers type into the search box or the address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse

from cases.models import Case
from cases.models.vocabulary import CaseStatus
from cases.versions.current import CaseName, public_name_of

# The spellings of a case number that people type: DTW-0001, dtw 1, DTW–1.
_NUMBER = re.compile(r"\s*DTW[\s‐-―−-]*0*([1-9][0-9]{0,8})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class CaseNumberLookup:
    """A typed case number in its standard spelling, with the published case that has it.

    `is_withdrawn` is true if the case with this number was withdrawn.
    """

    number: str
    case: CaseName | None
    is_withdrawn: bool

    @property
    def address(self) -> str:
        """The address of the case, or the page that explains a withdrawal; empty if unknown."""
        if self.case is not None:
            return self.case.get_absolute_url()
        return reverse("case_permanent", args=[self.number]) if self.is_withdrawn else ""


def standard_number(text: str) -> str | None:
    """Return a typed case number in its standard spelling, or None for any other text."""
    match = _NUMBER.fullmatch(text)
    return f"DTW-{int(match[1]):04}" if match else None


def look_up_case_number(text: str) -> CaseNumberLookup | None:
    """Return the lookup for a text that is a case number, or None for any other.

    One query if the case is public, two otherwise.
    """
    number = standard_number(text)
    if number is None:
        return None
    name = public_name_of(number)
    withdrawn = Case.objects.filter(number=number, status=CaseStatus.WITHDRAWN)
    return CaseNumberLookup(number, name, is_withdrawn=name is None and withdrawn.exists())
