"""The editorial notes that the public reads: those in records of cases, and those on no case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.changelog import until_changed
from cases.index import case_index
from cases.models import Directive, DirectiveException, Note, Source
from cases.models.vocabulary import NoteKind
from cases.record.building import note_record
from cases.record.classes import NoteRecord
from cases.versions.current import CaseName, Current

from .cache_by_case import CacheByCase

KINDS = [kind.value for kind in NoteKind]
"""The kinds of notes, the most important first."""


@dataclass(frozen=True)
class PublicNote:
    """A public note and its subject: a case, a directive, an exception or its source.

    Of a case it holds only the name and `case_summary`, because all notes stay in memory.
    """

    note: NoteRecord
    subject: CaseName | Directive | DirectiveException | Source
    case_summary: str = ""

    @property
    def case(self) -> CaseName | None:
        return self.subject if isinstance(self.subject, CaseName) else None

    @property
    def words(self) -> str:
        """The texts that a search of notes reads: its own, and the names of what it mentions."""
        note, named = self.note, [self.note.source, self.note.evidence]
        texts = [note.slug, note.source_says, note.evidence_says]
        texts += [note.locator, note.evidence_locator]
        texts += [self.case.title, self.case.number, self.case_summary] if self.case else []
        for source in named:
            date = source.published
            texts += [source.title, source.publisher, source.url, source.slug]
            texts += [date.words, date.edtf]
        return "\n".join(texts)


def _notes_on(key: int, current: Current) -> Iterator[PublicNote]:
    record = current.record
    case = CaseName(key, record.number, record.title, record.slug)
    for note in record.notes:
        yield PublicNote(note, case, record.summary)


_cache = CacheByCase(_notes_on)


@until_changed
def public_notes() -> list[PublicNote]:
    """Return all public notes, by kind and then by case; sorted once for each dataset version."""
    index = case_index.current()
    with index.reading:
        noted, seen = list(index.having("has_notes").get("yes", ())), index.version
    notes = _cache.of(noted, seen)
    notes += [PublicNote(note_record(note), note.subject) for note in Note.objects.beside_cases()]
    return sorted(notes, key=_order)


@until_changed
def notes_by_source() -> dict[str, list[PublicNote]]:
    """Return the public notes by the slug of the source on which each comments."""
    return _grouped(lambda note: note.source.slug)


@until_changed
def notes_by_evidence() -> dict[str, list[PublicNote]]:
    """Return the public notes by the slug of the source that each gives as its evidence."""
    return _grouped(lambda note: note.evidence.slug)


def _grouped(slug_of: Callable[[NoteRecord], str]) -> dict[str, list[PublicNote]]:
    groups: dict[str, list[PublicNote]] = {}
    for public in public_notes():
        groups.setdefault(slug_of(public.note), []).append(public)
    return groups


def forget() -> None:
    """Drop what was read; the next call reads again."""
    _cache.forget()


def _order(public: PublicNote) -> tuple[int, int, str, str]:
    # A record may have a kind that the vocabulary has lost since.
    kind = KINDS.index(public.note.kind) if public.note.kind in KINDS else len(KINDS)
    number = public.case.number if public.case else ""
    return kind, len(number), number, public.note.slug
