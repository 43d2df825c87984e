"""What readers get when a withdrawn case is reinstated, as the page of that step says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from cases.models import Case, Version
from cases.record.building import record_of
from cases.versions.current import latest_versions
from cases.versions.differences import PartDifferences, differences
from cases.versions.making import public_again


@dataclass(frozen=True)
class Reinstatement:
    """A withdrawn case with its last public name, and its edits since its latest version."""

    case: Case
    name: str
    version: Version | None
    """The latest version; None if the case came here withdrawn and without versions."""

    parts: list[PartDifferences]

    @property
    def waits(self) -> bool:
        """Whether readers get the latest version, and the edits since wait as a correction."""
        return settings.REVIEW_BY_SECOND_PERSON and self.version is not None


def reinstatements_of(cases: Iterable[Case]) -> list[Reinstatement]:
    """Return what reinstating each of some cases makes public; they are fetched `for_detail()`."""
    cases = list(cases)
    latest = latest_versions([case.pk for case in cases])
    found = []
    for case in cases:
        if (last := latest.get(case.pk)) is None:
            found.append(Reinstatement(case, str(case), None, []))
            continue
        name = f"{case.number} {last.record.title}"
        parts = differences(public_again(case, last.record), record_of(case))
        found.append(Reinstatement(case, name, last.version, parts))
    return found
