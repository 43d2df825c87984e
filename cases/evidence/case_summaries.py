"""Case summaries: what lists show of a case, and which notes challenge its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cases.changelog import until_changed
from cases.models import Note
from cases.record.building import note_record, ref_of
from cases.record.classes import CaseRecord, NoteRecord
from cases.record.columns import Ref

from .case_evidence import CaseEvidence
from .evidence_status import CHALLENGES

# A source, by its slug, and a place in it; "" is the source as a whole.
Passage = tuple[str, str]


@dataclass(frozen=True)
class CaseSummary:
    """A case as lists show it; `key` is its primary key.

    `challenges` counts the notes that correct or contradict the sources of the case, including
    notes on these sources and on passages that its claims cite.
    """

    key: int
    evidence: CaseEvidence
    challenges: int

    @property
    def record(self) -> CaseRecord:
        return self.evidence.record


def summaries_of(records: Mapping[int, CaseRecord]) -> list[CaseSummary]:
    """Return a summary of each record, which are given by the keys of their cases; one query."""
    challenged = _challenged_passages()
    return [
        CaseSummary(key, evidence, len(evidence.challenges) + _count(record, challenged))
        for key, record in records.items()
        for evidence in [CaseEvidence(record)]
    ]


def _count(record: CaseRecord, challenged: Counter[Passage]) -> int:
    """Count the challenging notes on passages that the claims of a case cite."""
    return sum(challenged[passage] for passage in cited_passages(record))


def cited_passages(record: CaseRecord) -> set[Passage]:
    """Return the sources and the passages in them from which the claims of a case are drawn."""
    return {
        (claim.source.slug, locator) for claim in record.claims for locator in (claim.locator, "")
    }


@dataclass(frozen=True)
class PassageNote:
    """A note on no case, but on a source or a passage that a case cites; both as they are today."""

    note: NoteRecord
    subject: Ref


def passage_notes_of(record: CaseRecord) -> tuple[PassageNote, ...]:
    """Return the notes on the sources and passages that this case cites; one query."""
    notes = Note.objects.on_passages(cited_passages(record))
    return tuple(PassageNote(note_record(note), ref_of(note.subject)) for note in notes)


@until_changed
def _challenged_passages() -> Counter[Passage]:
    """Count the public challenging notes that are about no case, by the passage they comment on.

    For a single case `NoteQuerySet.on_passages()` finds the same notes.
    """
    notes = Note.objects.beside_cases().filter(kind__in=CHALLENGES).order_by()
    return Counter(notes.values_list("source__slug", "locator"))
