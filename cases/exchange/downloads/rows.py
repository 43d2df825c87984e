"""The data behind a row of the CSV file: the evidence of a case, summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cases.evidence.case_evidence import CaseEvidence
from cases.models.vocabulary import NOT_STATED, Modality
from cases.record.classes import CaseRecord
from cases.versions.current import current_versions


@dataclass
class CaseRow:
    """A case with everything that its row is written from, and the number of its version."""

    evidence: CaseEvidence
    version: int

    @property
    def record(self) -> CaseRecord:
        return self.evidence.record

    @cached_property
    def modalities(self) -> Counter[str]:
        """The number of claims with each modality."""
        return Counter(claim.modality for claim in self.record.claims)

    @property
    def speakers(self) -> set[str]:
        """The slugs of the actors that make its claims; “not_stated” for a source itself."""
        actors = (claim.speaker.actor for claim in self.record.claims)
        return {NOT_STATED if actor is None else actor.slug for actor in actors}

    @property
    def sources(self) -> set[str]:
        """The slugs of the publications that its claims are drawn from."""
        return {claim.source.slug for claim in self.record.claims}


def rows(keys: Sequence[int]) -> list[CaseRow]:
    """Return rows for the public cases among `keys`, in that order."""
    return [
        CaseRow(CaseEvidence(current.record), current.version.number)
        for current in current_versions(keys).values()
    ]


def in_order(modalities: Counter[str]) -> list[str]:
    """Return the modalities that occur, the firmest first."""
    return [modality.value for modality in Modality if modalities[modality]]
