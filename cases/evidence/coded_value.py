"""One coded value of a case with its evidence: whether it is supported, contested, challenged.

The index and the lists restate "contested" over columns, because they cannot afford whole cases:
`_contested` in cases/index/loading.py and `weigh_claims` in evidence_status.py. For the work queue,
cases/review/checks_in_sql.py restates "supported".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.models import Claim, Note
from cases.models.claim import anchor_of
from cases.models.vocabulary import NOT_STATED, Modality, NoteKind, Stance
from cases.record.classes import DateRecord
from cases.text.excerpt import excerpt

from .evidence_status import CHALLENGES, EDITORIAL_BASES, EvidenceStatus
from .values import Reading


def challenging_notes(notes: Iterable[Note]) -> list[Note]:
    """Return the notes by which other evidence corrects or contradicts a source."""
    return [note for note in notes if note.kind in CHALLENGES]


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


@dataclass(frozen=True)
class CodedValue:
    """One coded value of a case with the claims and notes about it.

    `path` names the value within the case: `warning-1.channel`.
    """

    path: str
    field: str
    label: str
    reading: Reading
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    codebook: str = ""
    """The codebook entry that defines the field: `warning.channel`."""

    @property
    def value(self) -> Any:
        return self.reading.value

    @property
    def text(self) -> str:
        return self.reading.text

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
    def supporting(self) -> tuple[Claim, ...]:
        """The claims that assert the value."""
        return tuple(claim for claim in self.claims if claim.stance == Stance.ASSERTS)

    @property
    def is_supported(self) -> bool:
        return bool(self.supporting)

    @property
    def is_contested(self) -> bool:
        """Whether some claim asserts the value and another disputes it."""
        return self.is_supported and any(claim.stance == Stance.DISPUTES for claim in self.claims)

    @property
    def lacks_evidence(self) -> bool:
        """Whether the value states something that no claim asserts; an absence needs no claim."""
        return not self.is_absent and not self.is_supported

    @property
    def modality(self) -> Modality | None:
        """The most certain modality of the claims that assert the value; None without any."""
        modalities = {claim.modality for claim in self.supporting}
        return next((modality for modality in Modality if modality in modalities), None)

    @property
    def challenged_by(self) -> tuple[Note, ...]:
        """The notes by which other evidence corrects or contradicts the value."""
        return tuple(challenging_notes(self.notes))

    @property
    def evidence_status(self) -> EvidenceStatus:
        """The evidence status of the value, as its badges show it."""
        modalities = {claim.modality for claim in self.supporting}
        basis = self.value.basis if isinstance(self.value, DateRecord) else ""
        return EvidenceStatus(
            # A version may have only modalities that were removed from the vocabulary since.
            modality=str(self.modality or min(modalities, default="")),
            is_contested=self.is_contested,
            notes=tuple(sorted(note.kind for note in self.notes)),
            basis=basis if basis in EDITORIAL_BASES else "",
        )

    @property
    def note_effects(self) -> list[tuple[str, str]]:
        """What the notes do to the value, "Contradicted by 2 notes", each with what that means."""
        return self.evidence_status.note_effects

    @property
    def noted_fact(self) -> NotedFact | None:
        """What the first note that completes the value gives, where the sources do not state it."""
        if self.absence != NOT_STATED:
            return None
        facts = (
            NotedFact.of(note.slug, note.evidence_says)
            for note in sorted(self.notes, key=lambda note: note.slug)
            if note.kind == NoteKind.COMPLETION
        )
        return next(facts, None)

    @property
    def has_several_speakers(self) -> bool:
        """Whether the claims have different speakers, sources or stances."""
        voices = {(claim.speaker_id, claim.source_id) for claim in self.claims}
        return len(voices) > 1 or len({claim.stance for claim in self.claims}) > 1
