"""Build the search document of each public case: its texts, their anchors, encoded words.

The texts are those of its public record. Only the aliases of actors, and what they belong to, are
read beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.evidence.sheet import assessments_of, roles_of
from cases.evidence.values import VOCABULARIES, by_name, label_of, oldest_first
from cases.models import Actor, Case, SearchDocument
from cases.models.claim import anchor_of
from cases.models.vocabulary import (
    ABSENT_VALUES,
    AssessmentStatus,
    Modality,
    NoteKind,
    Role,
    label_in,
)
from cases.record.classes import ActorRef, CasePart, CaseRecord, SourceRef
from cases.record.columns import MODELS
from cases.record.naming import named_in
from cases.text.folding import encode_texts
from cases.versions.current import current_records

# Cases that are read and written at a time.
BATCH = 500

# The columns of a document; each includes the texts of the column before it.
TITLE, NAMES, TEXT = range(3)


class Passage(NamedTuple):
    """A text as displayed, its label, and its anchor on the page of the case."""

    label: str
    text: str
    fragment: str


class _Names(NamedTuple):
    """The other names of an actor, and the slug of the actor that it belongs to."""

    name: str
    aliases: list[str]
    parent: str | None


@dataclass
class _Document:
    """The texts of one case by column, in display order.

    `texts` are indexed and `tiers` displayed. `actors` were added already. `sources` has the place
    of the first passage from each source. `coded` comes after the texts, so that a snippet is
    rather one of the texts on which a value rests, and `cited` last: the titles of the sources.
    """

    names: dict[str, _Names]
    """Those of all actors that the case names, and of what they belong to, by slug."""
    tiers: tuple[list[Passage], ...] = field(default_factory=lambda: ([], [], []))
    texts: tuple[list[str], ...] = field(default_factory=lambda: ([], [], []))
    actors: set[str] = field(default_factory=set)
    sources: dict[SourceRef, str] = field(default_factory=dict)
    coded: list[Passage] = field(default_factory=list)

    def add(
        self, tier: int, label: str, text: str, fragment: str = "", also: Sequence[str] = ()
    ) -> None:
        """Add a text with its aliases (`also`), unless it is empty or absent."""
        if not text or text in ABSENT_VALUES:
            return
        self.texts[tier].extend([text, *also])
        displayed = f"{text} ({'; '.join(also)})" if also else text
        self.tiers[tier].append(Passage(label, displayed, fragment))

    def add_actor(self, actor: ActorRef | None, label: str, fragment: str) -> None:
        """Add the names of an actor, and of all that it belongs to, at the first mention."""
        slug = actor.slug if actor else None
        while slug in self.names and slug not in self.actors:
            self.actors.add(slug)
            name, aliases, slug = self.names[slug]
            self.add(NAMES, label, name, fragment, aliases)
            label = f"{label}, part of"

    def add_coded(self, label: str, part: CasePart, fragment: str) -> None:
        """Add the labels of the coded values of a part, unless they are absent."""
        model = MODELS[type(part)]
        values = {name: getattr(part, name) for name in VOCABULARIES[model]}
        labels = {
            label_of(model, name): str(vocabulary(values[name]).label)
            for name, vocabulary in VOCABULARIES[model].items()
            if values[name] in vocabulary.values and values[name] not in ABSENT_VALUES
        }
        # The names of the fields are shown, but not indexed: every case has them.
        self.texts[TEXT].extend(labels.values())
        shown = "; ".join(f"{name}: {value}" for name, value in labels.items())
        if shown:
            self.coded.append(Passage(label, shown, fragment))

    def as_search_document(self, case: int) -> SearchDocument:
        title, names, text = self.texts
        cited = [Passage("Source cited", str(one), at) for one, at in self.sources.items()]
        shown = (*self.tiers, self.coded, cited)
        return SearchDocument(
            case_id=case,
            title=encode_texts(title),
            names=encode_texts(title + names),
            text=encode_texts(title + names + text, [source.text for source in cited]),
            passages=[list(passage) for passages in shown for passage in passages],
        )


def documents_of(cases: Collection[int]) -> list[SearchDocument]:
    """Return the unsaved documents of the public ones among `cases`.

    One query for their records, and one for each level of actors that belong to others.
    """
    records = current_records(cases)
    names = _names(records.values())
    documents = []
    for key, record in records.items():
        document = _Document(names)
        _add_case(document, record)
        documents.append(document.as_search_document(key))
    return documents


def _names(records: Collection[CaseRecord]) -> dict[str, _Names]:
    """Return the names of the actors of some records, and of all that they belong to, by slug."""
    names: dict[str, _Names] = {}
    named = {ref for record in records for ref in named_in(record)}
    wanted = {ref.slug for ref in named if isinstance(ref, ActorRef)}
    columns = ("slug", "name", "aliases", "parent__slug")
    while wanted:
        found = Actor.objects.filter(slug__in=wanted).values_list(*columns)
        for slug, name, aliases, parent in found:
            names[slug] = _Names(name, _texts(aliases), parent)
        parents = {names[slug].parent for slug in wanted & names.keys()}
        wanted = {parent for parent in parents if parent is not None} - names.keys()
    return names


def _texts(aliases: object) -> list[str]:
    # The database accepts any JSON as aliases, and the search must not fail on it.
    known = aliases if isinstance(aliases, list) else []
    return [alias for alias in known if isinstance(alias, str)]


def _add_case(document: _Document, record: CaseRecord) -> None:
    document.add(TITLE, "Title", record.title)
    document.add(TITLE, "Number", record.number)
    document.add(TEXT, "Summary", record.summary)
    document.add_coded("The case, coded", record, "kind")
    for directive in oldest_first(record.directives):
        words = f"{directive.code}: {directive.title}"
        document.add(NAMES, "Applicable directive", words, "directives")
    # An actor's names are added at its first mention, so this order decides where it links to.
    _add_warnings(document, record)
    _add_incidents(document, record)
    _add_roles(document, record)
    _add_assessments(document, record)
    _add_claims(document, record)
    _add_notes(document, record)


def _add_warnings(document: _Document, record: CaseRecord) -> None:
    for warning in record.warnings:
        title, path = str(warning), warning.path
        document.add_actor(warning.issuer.actor, f"{title}, issuer", f"{path}-issuer")
        for actor in warning.intermediaries:
            document.add_actor(actor, f"{title}, intermediary", f"{path}-intermediaries")
        for actor in by_name(warning.recipients):
            document.add_actor(actor, f"{title}, recipient", f"{path}-recipients")
        document.add(TEXT, f"{title}, what it said", warning.content, f"{path}-content")
        document.add_coded(f"{title}, coded", warning, path)


def _add_incidents(document: _Document, record: CaseRecord) -> None:
    for incident in record.incidents:
        title, path = str(incident), incident.path
        document.add_actor(incident.country.actor, f"{title}, country", f"{path}-country")
        document.add(TEXT, f"{title}, place", incident.place, f"{path}-place")
        document.add(TEXT, f"{title}, target", incident.target, f"{path}-target")
        document.add(TEXT, title, incident.description, path)
        document.add_coded(f"{title}, coded", incident, path)


def _add_roles(document: _Document, record: CaseRecord) -> None:
    for part in roles_of(record):
        label, fragment = label_in(Role, part.role), anchor_of(part.path)
        document.add_actor(part.actor, label, fragment)
        document.add(TEXT, "Role", label, fragment)
        document.add(TEXT, f"{label}, note", part.note, fragment)


def _add_assessments(document: _Document, record: CaseRecord) -> None:
    for part in assessments_of(record):
        fragment = anchor_of(f"{part.path}.status")
        if part.status != AssessmentStatus.NOT_REPORTED:
            document.add(NAMES, "Exception", str(part.exception), fragment)
            document.add_coded("Exception, coded", part, fragment)
        document.add(TEXT, "Exception, note", part.note, fragment)


def _add_claims(document: _Document, record: CaseRecord) -> None:
    for claim in record.claims:
        document.add_actor(claim.speaker.actor, "Speaker", claim.anchor)
        whose = "quoted" if claim.modality == Modality.QUOTED else "words of the source"
        document.add(TEXT, f"Claim, {claim.locator}, {whose}", claim.quote, claim.anchor)
        document.add(TEXT, f"Claim, {claim.locator}", claim.gist, claim.anchor)
        document.sources.setdefault(claim.source, claim.anchor)


def _add_notes(document: _Document, record: CaseRecord) -> None:
    for note in record.notes:
        label = f"Editorial note, {label_in(NoteKind, note.kind).lower()}"
        document.add(TEXT, f"{label}, the source says", note.source_says, note.slug)
        document.add(TEXT, f"{label}, other evidence says", note.evidence_says, note.slug)
        for source in (note.source, note.evidence):
            document.sources.setdefault(source, note.slug)


# All published cases


def batches() -> Iterator[list[int]]:
    """Yield the keys of all published cases in ascending order, in batches of `BATCH`."""
    keys = Case.objects.published().order_by("pk").values_list("pk", flat=True)
    last = 0
    # Each batch is its own query, because cases may be published or withdrawn in between.
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]
