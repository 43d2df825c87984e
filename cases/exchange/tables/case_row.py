"""A public case with everything that its rows are written from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from cases.evidence.case_evidence import CaseEvidence, path_of
from cases.evidence.lead_time import LeadTime, lead_time
from cases.models.vocabulary import NOT_STATED
from cases.record.classes import CasePart, CaseRecord
from cases.versions.current import made_of_records

T = TypeVar("T")


@dataclass
class CaseRow:
    """A public case, its evidence, and the number of its version."""

    evidence: CaseEvidence
    version: int

    @property
    def record(self) -> CaseRecord:
        return self.evidence.record

    @cached_property
    def lead_times(self) -> dict[int, LeadTime]:
        """The lead time of each warning, by its number within the case."""
        occurrence = self.evidence.occurrence
        return {one.sequence: lead_time(one, occurrence) for one in self.record.warnings}

    def modality(self, part: CasePart, field: str) -> str:
        """Return how certain a value of a part is; “not_stated” if no claim asserts it."""
        return self.evidence.modality(path_of(part, field)) or NOT_STATED

    @cached_property
    def parts(self) -> dict[str, CasePart]:
        """The case and its parts by their paths; the path of the case is empty."""
        record = self.record
        parts = (record.involvements, record.warnings, record.incidents, record.assessments)
        return {"": record} | {part.path: part for group in parts for part in group}

    def about(self, path: str) -> tuple[CasePart | None, str]:
        """Return the part and the field that a path names; None if the part no longer exists."""
        if part := self.parts.get(path):
            return part, ""
        name, _, field = path.rpartition(".")
        return self.parts.get(name), field

    def is_contested(self, part: CasePart) -> bool:
        """Whether a value of a part, or the part as a whole, is contested."""
        return any(is_of(part, path) for path in self.evidence.contested)

    def notes_on(self, part: CasePart) -> int:
        """Return how many notes are about a part as a whole or one of its values."""
        return sum(is_of(part, note.about) for note in self.record.notes)


def is_of(part: CasePart, path: str) -> bool:
    """Whether a path names a part or one of its values."""
    return path == part.path or path.startswith(f"{part.path}.")


def made_of_cases(keys: Collection[int], make: Callable[[CaseRow], T]) -> list[T]:
    """Return what is made of the public cases among `keys`, in that order; one query."""
    return made_of_records(
        keys, lambda record, version: make(CaseRow(CaseEvidence(record), version))
    )


def case_rows(keys: Collection[int]) -> list[CaseRow]:
    """Return the public cases among `keys`, in that order; one query."""
    return made_of_cases(keys, lambda case: case)
