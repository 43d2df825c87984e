"""The editorial notes that the public reads: those in records of cases, and those on no case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cases import changelog
from cases.index import case_index
from cases.models import Directive, DirectiveException, Note, Source
from cases.models.vocabulary import NoteKind
from cases.record.building import note_record
from cases.record.classes import CaseRecord, NoteRecord
from cases.versions.current import current_cases

KINDS = [kind.value for kind in NoteKind]
"""The kinds of notes, the most important first."""


@dataclass(frozen=True)
class PublicNote:
    """A note, and what it is about: a case, a directive, an exception, or its source."""

    note: NoteRecord
    subject: CaseRecord | Directive | DirectiveException | Source

    @property
    def case(self) -> CaseRecord | None:
        return self.subject if isinstance(self.subject, CaseRecord) else None

    @property
    def words(self) -> str:
        """The texts that a search of notes reads: its own, and the names of what it mentions."""
        note, named = self.note, [self.note.source, self.note.evidence]
        texts = [note.slug, note.source_says, note.evidence_says]
        texts += [note.locator, note.evidence_locator]
        texts += [self.case.title, self.case.number, self.case.summary] if self.case else []
        for source in named:
            date = source.published
            texts += [source.title, source.publisher, source.url, source.slug]
            texts += [date.words, date.edtf]
        return "\n".join(texts)


def public_notes() -> list[PublicNote]:
    """Return all public notes, by kind and then by case; read once for each dataset version."""
    return _notes(changelog.latest())


@lru_cache(maxsize=1)
def _notes(version: int) -> list[PublicNote]:
    index = case_index.current()
    with index.reading:
        noted = list(index.having("has_notes").get("yes", ()))
    notes = [
        PublicNote(note, current.record)
        for _, current in current_cases(noted)
        for note in current.record.notes
    ]
    notes += [PublicNote(note_record(note), note.subject) for note in Note.objects.beside_cases()]
    return sorted(notes, key=_order)


def forget() -> None:
    """Drop what was read; the next call reads again."""
    _notes.cache_clear()


def _order(public: PublicNote) -> tuple[int, int, str, str]:
    # A record may have a kind that the vocabulary has lost since.
    kind = KINDS.index(public.note.kind) if public.note.kind in KINDS else len(KINDS)
    number = public.case.number if public.case else ""
    return kind, len(number), number, public.note.slug
