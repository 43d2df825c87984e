"""One coded value of a case with its evidence: whether it is supported, contested, challenged.

For the work queue, cases/review/checks_in_sql.py restates "supported" over columns, because it
cannot afford whole cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.models.claim import anchor_of
from cases.models.vocabulary import NOT_STATED, NoteKind, Stance
from cases.record.classes import ClaimRecord, DateRecord, NoteRecord
from cases.text.excerpt import excerpt

from .evidence_status import EvidenceStatus, status_of
from .values import Reading


@dataclass(frozen=True)
class NotedFact:
    """A fact that a note supplies where the sources are silent, and the slug of the note."""

    fact: str
    slug: str

    @classmethod
    def of(cls, slug: str, evidence_says: str) -> NotedFact:
        """Return the fact in the first sentence of a note, cut if it is long."""
        first = re.split(r"(?<=[.!?])\s", evidence_says.strip(), maxsplit=1)[0]
        return cls(excerpt(first.rstrip(".")), slug)


def noted_fact(notes: Iterable[NoteRecord]) -> NotedFact | None:
    """Return what the first note that completes a value gives in its place; None without any."""
    completing = [note for note in notes if note.kind == NoteKind.COMPLETION]
    note = min(completing, key=lambda note: note.slug, default=None)
    return None if note is None else NotedFact.of(note.slug, note.evidence_says)


@dataclass(frozen=True)
class CodedValue:
    """One coded value of a case with the claims and notes about it.

    `path` names the value within the case: `warning-1.channel`.
    """

    path: str
    field: str
    label: str
    reading: Reading
    claims: tuple[ClaimRecord, ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    codebook: str = ""
    """The codebook entry that defines the field: `warning.channel`."""

    remark: str = ""
    """What editors remark on a role or an exception."""

    @property
    def value(self) -> Any:
        return self.reading.value

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def date(self) -> DateRecord | None:
        """The date that the value is; None for other values, and if no date is stated."""
        return self.value if isinstance(self.value, DateRecord) and not self.is_absent else None

    @property
    def anchor(self) -> str:
        """The id of the value's element on the page of the case."""
        return anchor_of(self.path)

    @property
    def absence(self) -> str:
        return self.reading.absence

    @property
    def is_absent(self) -> bool:
        return self.reading.is_absent

    @property
    def form(self) -> str:
        return self.reading.form

    @property
    def supporting(self) -> tuple[ClaimRecord, ...]:
        """The claims that assert the value."""
        return tuple(claim for claim in self.claims if claim.stance == Stance.ASSERTS)

    @property
    def is_supported(self) -> bool:
        return bool(self.supporting)

    @property
    def is_contested(self) -> bool:
        """Whether some claim asserts the value and another disputes it."""
        return self.evidence_status.is_contested

    @property
    def lacks_evidence(self) -> bool:
        """Whether the value states something that no claim asserts; an absence needs no claim."""
        return not self.is_absent and not self.is_supported

    @cached_property
    def evidence_status(self) -> EvidenceStatus:
        """The evidence status of the value, as its badges show it."""
        return status_of(self.claims, self.notes, self.value)

    @property
    def modality(self) -> str:
        """The most certain modality of the claims that assert the value; "" without any."""
        return self.evidence_status.modality

    @property
    def note_effects(self) -> list[tuple[NoteKind, str]]:
        """What the notes of each kind do to the value: "Contradicted by 2 notes"."""
        return self.evidence_status.note_effects

    @property
    def noted_fact(self) -> NotedFact | None:
        """What the first note that completes the value gives, where the sources do not state it."""
        return noted_fact(self.notes) if self.absence == NOT_STATED else None

    @property
    def sides(self) -> list[tuple[str, list[ClaimRecord]]]:
        """The claims by stance, those that assert first; empty unless there are several stances."""
        stances = sorted({claim.stance for claim in self.claims})
        if len(stances) < 2:
            return []
        return [
            (stance, [claim for claim in self.claims if claim.stance == stance])
            for stance in stances
        ]

    @property
    def has_several_speakers(self) -> bool:
        """Whether the claims have different speakers, sources or stances."""
        voices = {(claim.speaker.actor, claim.source.slug) for claim in self.claims}
        return len(voices) > 1 or len({claim.stance for claim in self.claims}) > 1
