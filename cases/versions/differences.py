"""The differences between two versions of a case, value by value, as text.

Both records are compared by the text that readers see, so values have the same wording here as
everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Model

from cases.evidence.values import label_of, label_of_path, name_in_part, text_of
from cases.models import Case, ExceptionAssessment, Incident, Warning
from cases.models.vocabulary import (
    ActorKind,
    DateBasis,
    Modality,
    NoteKind,
    Role,
    SourceKind,
    Stance,
    label_in,
)
from cases.record.classes import (
    ActorRef,
    CaseRecord,
    ClaimRecord,
    DateRecord,
    NoteRecord,
    SourceRef,
    absence_in,
)
from cases.record.naming import named_in

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

# Longer texts (in characters) are not compared word by word, which takes quadratic time.
MAX_COMPARED = 6_000


@dataclass(frozen=True)
class FieldEntry:
    """One labelled text of a version, under the part of the case it belongs to.

    A *quiet* entry is reported only if it changes, not if it is added or removed. Absent values
    are quiet, because "Not stated in the sources" is no addition. Sources and actors are quiet,
    because they come and go with the claims that cite them. `claims` are those about a coded value.
    """

    part: str
    label: str
    text: str
    is_quiet: bool = False
    claims: tuple[str, ...] = ()


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
    `unchanged_claims` are those about a changed value that both versions have in the same words;
    they may still support the old value.
    """

    kind: str
    part: str
    label: str
    before: str = ""
    after: str = ""
    unchanged_claims: tuple[str, ...] = ()

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


def differences(before: CaseRecord, after: CaseRecord) -> list[PartDifferences]:
    """Return the differences between two records, by part in the order of the page."""
    return compare(entries(before), entries(after))


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
            kept = tuple(claim for claim in entry.claims if claim in known.claims)
            yield Difference(CHANGED, entry.part, entry.label, known.text, entry.text, kept)


def _removed(old: Entries, new: Entries) -> Iterator[Difference]:
    for path, entry in old.items():
        if path not in new and not entry.is_quiet:
            yield Difference(REMOVED, entry.part, entry.label, before=entry.text)


def entries(record: CaseRecord) -> Entries:
    """Return the entries of a record by their paths."""
    found: Entries = {
        "title": FieldEntry("The case", "Title", record.title),
        "slug": FieldEntry("The case", "Address", record.slug),
        "summary": FieldEntry("The case", "Summary", record.summary),
    }
    found |= _coded("The case", "", Case, record)
    for warning in record.warnings:
        found |= _coded(f"Warning {warning.sequence}", warning.path, Warning, warning)
    for incident in record.incidents:
        title = f"Incident {incident.sequence}"
        found |= _coded(title, incident.path, Incident, incident)
        if incident.description:
            described = FieldEntry(title, "Description", incident.description)
            found[f"{incident.path}.description"] = described
    for role in record.involvements:
        text = _with_note(role.actor.name, role.note)
        found[role.path] = FieldEntry("Roles", label_in(Role, role.role), text)
    for assessed in record.assessments:
        exception = assessed.exception
        text = text_of(ExceptionAssessment, "status", assessed.status)
        found[f"{assessed.path}.status"] = FieldEntry(
            "Exceptions",
            f"{exception.code} {exception.title}",
            _with_note(text, assessed.note),
            bool(absence_in(assessed.status)),
        )
    # Claims and notes are labelled after the value they are about, so their labels come last.
    labels = {path: name_in_part(entry.part, entry.label) for path, entry in found.items()}
    for claim in record.claims:
        label = f"Claim {claim.sequence} about {labels.get(claim.about) or _name_of(claim.about)}"
        text = _claim(claim)
        found[f"claim-{claim.sequence}"] = FieldEntry("Claims", label, text)
        if (value := found.get(claim.value_path)) is not None:
            found[claim.value_path] = replace(value, claims=(*value.claims, text))
    for note in record.notes:
        found[f"note {note.slug}"] = FieldEntry(
            "Editorial notes", _note_label(note, labels), _note(note)
        )
    return found | _shared_records(record)


def _coded(title: str, path: str, model: type[Model], part: Any) -> Entries:
    """Return the entries of the coded values of a part, in the order of the coding sheet."""
    found: Entries = {}
    for name in model.CODED_FIELDS:  # type: ignore[attr-defined]  # parts of a case have them
        value = getattr(part, name)
        text = text_of(model, name, value)
        # The printed words of a date and its coding can change while its text stays the same.
        if isinstance(value, DateRecord) and value.edtf:
            text = f"{text} ({_printed(value)})"
        found[f"{path}.{name}" if path else name] = FieldEntry(
            title, label_of(model, name), text, bool(absence_in(value))
        )
    return found


def _shared_records(record: CaseRecord) -> Entries:
    """Return the quiet entries of the sources and actors that a version names."""
    found: Entries = {}
    for ref in named_in(record):
        if isinstance(ref, SourceRef):
            found[f"source {ref.slug}"] = FieldEntry("Sources", ref.title, _source(ref), True)
        elif isinstance(ref, ActorRef):
            kind = label_in(ActorKind, ref.kind)
            found[f"actor {ref.slug}"] = FieldEntry("Actors", ref.name, kind, True)
    return found


def _source(source: SourceRef) -> str:
    published = str(source.published)
    if source.published.edtf:
        published += f" ({_printed(source.published)})"
    facts = [label_in(SourceKind, source.kind), source.publisher, published]
    facts.append(f"address: {source.url or 'not stated'}")
    facts += [f"archived at: {source.archived_url}"] if source.archived_url else []
    return ", ".join(filter(None, facts))


def _printed(date: DateRecord) -> str:
    words = f"printed as “{date.words}”, " if date.words else ""
    basis = label_in(DateBasis, date.basis)
    return f"{words}coded {date.edtf}, basis: {basis}"


def _with_note(text: str, note: str) -> str:
    return f"{text}. {note}" if note else text


def _name_of(path: str) -> str:
    """Return the name of a part as a whole, or of a value that the version does not have."""
    return label_of_path(path) if path else "the case as a whole"


def _claim(claim: ClaimRecord) -> str:
    said = f" ({_printed_date(claim.date)})" if claim.date.edtf else ""
    whose = " In the words of the source:" if claim.is_in_words_of_source else ""
    quote = f"{whose} “{claim.quote}”" if claim.quote else ""
    gist = f" {claim.gist}" if claim.gist else ""
    stance = label_in(Stance, claim.stance).lower()
    return (
        f"{label_in(Modality, claim.modality)}, {stance}: {_voice(claim)}{said}, in "
        f"{claim.source}, {claim.locator}.{quote}{gist}"
    )


def _voice(claim: ClaimRecord) -> str:
    actor, by_editors = claim.speaker.actor, claim.modality == Modality.INFERRED
    if actor is None:
        return "the editors" if by_editors else "the source in its own voice"
    return f"the editors, from what {actor.name} said" if by_editors else actor.name


def _printed_date(date: DateRecord) -> str:
    text = str(date)
    return f"{text}, printed as “{date.words}”" if date.words else text


def _note_label(note: NoteRecord, labels: dict[str, str]) -> str:
    about = f" on {labels.get(note.about) or _name_of(note.about)}" if note.about else ""
    return f"{label_in(NoteKind, note.kind)}{about}"


def _note(note: NoteRecord) -> str:
    place = f", {note.locator}" if note.locator else ""
    where = f", {note.evidence_locator}" if note.evidence_locator else ""
    return (
        f"{note.source}{place}: {note.source_says} — Other evidence, "
        f"{note.evidence}{where}: {note.evidence_says}"
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
