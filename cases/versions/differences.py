"""The differences between two versions of a case, value by value, as text.

Both versions are read back as cases (`reading_back.py`) and compared by the text that readers see,
so values have the same wording here as everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.text import capfirst

from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet
from cases.evidence.values import date_value
from cases.models import Case, Claim, Note, Source
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import Modality

from .reading_back import case_as_of, named_in

Json = dict[str, Any]

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

# Longer texts (in characters) are not compared word by word, which takes quadratic time.
MAX_COMPARED = 6_000


@dataclass(frozen=True)
class FieldEntry:
    """One labelled text of a version, under the part of the case it belongs to.

    A *quiet* entry is reported only if it changes, not if it is added or removed. Absent values
    are quiet, because "Not stated in the sources" is no addition. Sources and actors are quiet,
    because they come and go with the claims that cite them.
    """

    part: str
    label: str
    text: str
    is_quiet: bool = False


# All entries of a version, by a path that is stable across versions.
Entries = dict[str, FieldEntry]


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have (`kind` is ""), or only one (ADDED or REMOVED)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One difference; `kind` is ADDED, CHANGED or REMOVED.

    `before` and `after` are the texts of the two versions, "" in a version without the entry.
    """

    kind: str
    part: str
    label: str
    before: str = ""
    after: str = ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The runs of words of both texts, in reading order."""
        return list(_pieces(self.before, self.after))

    @property
    def is_long(self) -> bool:
        """Whether the two texts read better as one text with its changes marked."""
        if self.kind != CHANGED or max(len(self.before), len(self.after)) > MAX_COMPARED:
            return False
        # Marking changes helps only if more than half of the text is unchanged.
        shared = sum(len(piece.text) for piece in self.pieces if not piece.kind)
        return shared > max(len(self.before), len(self.after)) / 2


@dataclass(frozen=True)
class PartDifferences:
    """The differences of one part of a case: the case itself, a warning, the claims …"""

    title: str
    differences: list[Difference]


def differences(before: Json, after: Json) -> list[PartDifferences]:
    """Return the differences between two nested records, by part in the order of the page."""
    return compare(entries(case_as_of(before)), entries(case_as_of(after)))


def compare(old: Entries, new: Entries) -> list[PartDifferences]:
    """Return the differences between the entries of two versions, by part."""
    found = [*_added_or_changed(old, new), *_removed(old, new)]
    # Parts of the newer version come first; parts that only the older one has follow.
    order = list(dict.fromkeys(entry.part for entry in [*new.values(), *old.values()]))
    found.sort(key=lambda difference: order.index(difference.part))
    return [
        PartDifferences(title, list(group))
        for title, group in groupby(found, lambda found: found.part)
    ]


def _added_or_changed(old: Entries, new: Entries) -> Iterator[Difference]:
    for path, entry in new.items():
        known = old.get(path)
        if known is None:
            if not entry.is_quiet:
                yield Difference(ADDED, entry.part, entry.label, after=entry.text)
        elif known.label != entry.label:  # now a claim about another value or another kind of note
            before, after = f"{known.label}: {known.text}", f"{entry.label}: {entry.text}"
            yield Difference(CHANGED, entry.part, entry.label, before, after)
        elif known.text != entry.text:
            yield Difference(CHANGED, entry.part, entry.label, known.text, entry.text)


def _removed(old: Entries, new: Entries) -> Iterator[Difference]:
    for path, entry in old.items():
        if path not in new and not entry.is_quiet:
            yield Difference(REMOVED, entry.part, entry.label, before=entry.text)


def entries(case: Case) -> Entries:
    """Return the entries of a case by their paths."""
    sheet = CodingSheet(case)
    found: Entries = {
        "title": FieldEntry("The case", "Title", case.title),
        "slug": FieldEntry("The case", "Address", case.slug),
        "summary": FieldEntry("The case", "Summary", case.summary),
    }
    for section in sheet.sections:
        for value in section.values:
            found[value.path] = FieldEntry(
                section.title, value.label, _value_text(value), value.is_absent
            )
        description = getattr(section.record, "description", "")
        if description:
            found[f"{section.path}.description"] = FieldEntry(
                section.title, "Description", description
            )
    for role, value in zip(case.involvements.all(), sheet.roles, strict=True):
        found[value.path] = FieldEntry("Roles", value.label, _with_note(value.text, role.note))
    for assessed, value in zip(case.assessments.all(), sheet.assessments, strict=True):
        text = _with_note(value.text, assessed.note)
        found[value.path] = FieldEntry("Exceptions", str(assessed.exception), text, value.is_absent)
    # Claims and notes are labelled after the value they are about, so their labels come last.
    labels = {path: f"{entry.part}, {entry.label}" for path, entry in found.items()}
    for path, claim in sheet.claims_with_paths():
        label = f"Claim {claim.sequence} about {labels.get(path) or _part_named(path)}"
        found[f"claim-{claim.sequence}"] = FieldEntry("Claims", label, _claim(claim))
    for note in case.notes.all():
        found[f"note {note.slug}"] = FieldEntry(
            "Editorial notes", _note_label(note, labels), _note(note)
        )
    return found | _shared_records(case)


def _shared_records(case: Case) -> Entries:
    """Return the quiet entries of the sources and actors that a version names."""
    found: Entries = {}
    for record in named_in(case):
        if isinstance(record, Source):
            found[f"source {record.slug}"] = FieldEntry(
                "Sources", record.title, _source(record), True
            )
        else:
            kind = record.get_kind_display()
            found[f"actor {record.slug}"] = FieldEntry("Actors", record.name, kind, True)
    return found


def _source(source: Source) -> str:
    published = str(source.published)
    if source.published.is_stated:
        published += f" ({_printed(date_value(source.published))})"
    facts = [source.get_kind_display(), source.publisher, published]
    facts.append(f"address: {source.url or 'not stated'}")
    facts += [f"archived at: {source.archived_url}"] if source.archived_url else []
    return ", ".join(filter(None, facts))


def _value_text(value: CodedValue) -> str:
    # The printed words of a date and its coding can change while its text stays the same.
    if isinstance(value.value, dict) and value.value.get("edtf"):
        return f"{value.text} ({_printed(value.value)})"
    return value.text


def _printed(date: Json) -> str:
    words = f"printed as “{date['words']}”, " if date.get("words") else ""
    return f"{words}coded {date['edtf']}, basis: {date['basis']}"


def _with_note(text: str, note: str) -> str:
    return f"{text}. {note}" if note else text


def _part_named(path: str) -> str:
    return capfirst(path.replace("-", " ")) or "the case as a whole"


def _claim(claim: Claim) -> str:
    inferred = claim.modality == Modality.INFERRED
    unnamed = "the editors" if inferred else "the source in its own voice"
    voice = claim.speaker.name if claim.speaker else unnamed
    said = f" ({_printed_date(claim.date)})" if claim.date.is_stated else ""
    quote = f" “{claim.quote}”" if claim.quote else ""
    gist = f" {claim.gist}" if claim.gist else ""
    return (
        f"{claim.get_modality_display()}, {claim.get_stance_display().lower()}: {voice}{said}, in "
        f"{claim.source}, {claim.locator}.{quote}{gist}"
    )


def _printed_date(date: UncertainDate) -> str:
    return f"{date}, printed as “{date.words}”" if date.words else str(date)


def _note_label(note: Note, labels: dict[str, str]) -> str:
    about = f" on {labels.get(note.field) or _part_named(note.field)}" if note.field else ""
    return f"{note.get_kind_display()}{about}"


def _note(note: Note) -> str:
    place = f", {note.locator}" if note.locator else ""
    where = f", {note.evidence_locator}" if note.evidence_locator else ""
    return (
        f"{note.source}{place}: {note.source_says} — Other evidence, {note.evidence}{where}: "
        f"{note.evidence_says}"
    )


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _split(before), _split(after)
    for kind, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first, last, start, end = places
        if kind == "equal":
            yield Piece("", "".join(old[first:last]))
            continue
        if last > first:
            yield Piece(REMOVED, "".join(old[first:last]))
        if end > start:
            yield Piece(ADDED, "".join(new[start:end]))


def _split(text: str) -> list[str]:
    """Return the words of a text, each with the whitespace after it."""
    return re.findall(r"\S+\s*|\s+", text)
