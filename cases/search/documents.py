"""Build the search document of each published case: its texts, their anchors, encoded words.

Cases are read in batches with one query for each table. Rows are plain dicts and tuples, because
building model instances for 100,000 cases would take too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models

from cases.evidence.values import VOCABULARIES, label_of
from cases.models import (
    Actor,
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    SearchDocument,
    Source,
    Warning,
)
from cases.models.claim import anchor_of
from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED, AssessmentStatus, NoteKind, Role
from cases.text.folding import encode_texts

# Cases that are read and written at a time.
BATCH = 500

# The columns of a document; each includes the texts of the column before it.
TITLE, NAMES, TEXT = range(3)


class Passage(NamedTuple):
    """A text as displayed, its label, and its anchor on the page of the case."""

    label: str
    text: str
    fragment: str


@dataclass
class _Document:
    """The texts of one case by column, in display order.

    `texts` are indexed and `tiers` displayed. `parts` are the paths of the parts that claims can
    be about, by model name and primary key. `actors` were added already. `sources` has the place
    of the first passage from each source. `coded` comes after the texts, so that a snippet is
    rather one of the texts on which a value rests, and `cited` last: the titles of the sources.
    """

    tiers: tuple[list[Passage], ...] = field(default_factory=lambda: ([], [], []))
    texts: tuple[list[str], ...] = field(default_factory=lambda: ([], [], []))
    actors: set[int] = field(default_factory=set)
    sources: dict[int, str] = field(default_factory=dict)
    coded: list[Passage] = field(default_factory=list)
    cited: list[Passage] = field(default_factory=list)
    parts: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(
        self, tier: int, label: str, text: str, fragment: str = "", also: Sequence[str] = ()
    ) -> None:
        """Add a text with its aliases (`also`), unless it is empty or not stated."""
        if text in ("", NOT_STATED):
            return
        self.texts[tier].extend([text, *also])
        displayed = f"{text} ({'; '.join(also)})" if also else text
        self.tiers[tier].append(Passage(label, displayed, fragment))

    def add_coded(self, label: str, row: dict[str, Any], model: type[Any], fragment: str) -> None:
        """Add the labels of the coded values of a part, unless they are absent."""
        labels = {
            label_of(model, name): str(vocabulary(row[name]).label)
            for name, vocabulary in VOCABULARIES[model].items()
            if row[name] in vocabulary.values and row[name] not in ABSENT_VALUES
        }
        # The names of the fields are shown, but not indexed: every case has them.
        self.texts[TEXT].extend(labels.values())
        shown = "; ".join(f"{name}: {value}" for name, value in labels.items())
        if shown:
            self.coded.append(Passage(label, shown, fragment))

    def as_search_document(self, case: int) -> SearchDocument:
        title, names, text = self.texts
        shown = (*self.tiers, self.coded, self.cited)
        return SearchDocument(
            case_id=case,
            title=encode_texts(title),
            names=encode_texts(title + names),
            text=encode_texts(title + names + text, [cited.text for cited in self.cited]),
            passages=[list(passage) for passages in shown for passage in passages],
        )


_Documents = dict[int, _Document]
_Names = dict[int, tuple[str, list[str], int | None]]


def documents_of(cases: Iterable[int]) -> list[SearchDocument]:
    """Return the unsaved documents of the published ones among `cases`; 14 queries or more."""
    documents = _cases(cases)
    warnings, incidents = _warnings(documents), _incidents(documents)
    intermediaries, recipients = _intermediaries(documents), _recipients(documents)
    involvements = _involvements(documents)
    assessments, claims = _assessments(documents), _claims(documents)
    speakers = {row["speaker_id"] for row in claims}
    names = _names(
        {row["issuer_id"] for row in warnings}
        | {row["actor_id"] for row in (*intermediaries, *recipients, *involvements)}
        | {row["country_id"] for row in incidents}
        | speakers
    )
    _add_directives(documents)
    # An actor's names are added at its first mention, so this order decides where it links to.
    _add_warnings(documents, names, warnings, intermediaries, recipients)
    _add_incidents(documents, names, incidents)
    _add_involvements(documents, names, involvements)
    _add_assessments(documents, assessments)
    _add_claims(documents, names, claims)
    _add_notes(documents)
    _add_sources(documents)
    return [document.as_search_document(case) for case, document in documents.items()]


# Reading

_Rows = list[dict[str, Any]]


def _rows(model: type[models.Model], documents: _Documents, order: str, *names: str) -> _Rows:
    """Return the named columns of a model's rows that belong to the documents' cases."""
    parts = model._default_manager.filter(case__in=list(documents)).order_by("case", order, "pk")
    return list(parts.values("pk", "case_id", *names))


def _cases(keys: Iterable[int]) -> _Documents:
    documents = {}
    cases = Case.objects.published().filter(pk__in=list(keys)).order_by("pk")
    for row in cases.values("pk", "number", "title", "summary", *VOCABULARIES[Case]):
        document = documents[row["pk"]] = _Document()
        document.add(TITLE, "Title", row["title"])
        document.add(TITLE, "Number", row["number"])
        document.add(TEXT, "Summary", row["summary"])
        document.add_coded("The case, coded", row, Case, "kind")
    return documents


def _warnings(documents: _Documents) -> _Rows:
    names = ("sequence", "issuer_id", "content", *VOCABULARIES[Warning])
    return _rows(Warning, documents, "sequence", *names)


def _intermediaries(documents: _Documents) -> _Rows:
    rows: Any = Intermediary.objects.filter(warning__case__in=list(documents))
    return list(rows.order_by("position", "pk").values("warning_id", "actor_id"))


def _recipients(documents: _Documents) -> _Rows:
    through = Warning.recipients.through._default_manager
    recipients: Any = through.filter(warning__case__in=list(documents))
    return list(recipients.order_by("actor__name", "pk").values("warning_id", "actor_id"))


def _incidents(documents: _Documents) -> _Rows:
    names = ("sequence", "kind", "place", "target", "description", "country_id")
    return _rows(Incident, documents, "sequence", *names)


def _involvements(documents: _Documents) -> _Rows:
    return _rows(Involvement, documents, "role", "role", "actor_id", "actor__slug", "note")


def _assessments(documents: _Documents) -> _Rows:
    names = ("status", "note", "exception__slug", "exception__code", "exception__title")
    return _rows(ExceptionAssessment, documents, "exception__order", *names)


def _claims(documents: _Documents) -> _Rows:
    parts = ("warning_id", "incident_id", "involvement_id", "assessment_id")
    names = (*parts, "field", "speaker_id", "source_id", "locator", "quote", "gist")
    return _rows(Claim, documents, "sequence", *names)


def _names(actors: set[int]) -> _Names:
    """Return name, aliases and parent of the actors and all their ancestors, by key.

    One query for each level of ancestors.
    """
    names: _Names = {}
    wanted = actors - {None}
    while wanted:
        rows = Actor.objects.filter(pk__in=wanted).values_list("pk", "name", "aliases", "parent_id")
        found = {key: (name, _texts(aliases), parent) for key, name, aliases, parent in rows}
        names |= found
        wanted = {parent for *_, parent in found.values() if parent is not None} - names.keys()
    return names


def _texts(aliases: object) -> list[str]:
    # The database accepts any JSON as aliases, and the search must not fail on it.
    known = aliases if isinstance(aliases, list) else []
    return [alias for alias in known if isinstance(alias, str)]


# Gathering


def _add_actor(
    document: _Document, names: _Names, actor: int | None, label: str, fragment: str
) -> None:
    """Add the names of an actor and its ancestors at their first mention in the case."""
    if actor in names and actor not in document.actors:
        document.actors.add(actor)
        name, aliases, parent = names[actor]
        document.add(NAMES, label, name, fragment, aliases)
        _add_actor(document, names, parent, f"{label}, part of", fragment)


def _by_warning(parties: _Rows) -> dict[int, list[int]]:
    """Return the keys of the actors in rows of intermediaries or recipients, by warning."""
    actors: dict[int, list[int]] = {}
    for row in parties:
        actors.setdefault(row["warning_id"], []).append(row["actor_id"])
    return actors


def _add_directives(documents: _Documents) -> None:
    through = Case.directives.through._default_manager
    rows: Any = through.filter(case__in=list(documents)).order_by("case", "directive")
    for case, code, title in rows.values_list("case", "directive__code", "directive__title"):
        documents[case].add(NAMES, "Applicable directive", f"{code}: {title}", "directives")


def _add_warnings(
    documents: _Documents,
    names: _Names,
    warnings: _Rows,
    intermediaries: _Rows,
    recipients: _Rows,
) -> None:
    intermediaries_of, recipients_of = _by_warning(intermediaries), _by_warning(recipients)
    for row in warnings:
        document, path = documents[row["case_id"]], f"warning-{row['sequence']}"
        title = f"Warning {row['sequence']}"
        document.parts["warning", row["pk"]] = path
        _add_actor(document, names, row["issuer_id"], f"{title}, issuer", f"{path}-issuer")
        for actor in intermediaries_of.get(row["pk"], ()):
            _add_actor(document, names, actor, f"{title}, intermediary", f"{path}-intermediaries")
        for actor in recipients_of.get(row["pk"], ()):
            _add_actor(document, names, actor, f"{title}, recipient", f"{path}-recipients")
        document.add(TEXT, f"{title}, what it said", row["content"], f"{path}-content")
        document.add_coded(f"{title}, coded", row, Warning, path)


def _add_incidents(documents: _Documents, names: _Names, incidents: _Rows) -> None:
    for row in incidents:
        document, path = documents[row["case_id"]], f"incident-{row['sequence']}"
        title = f"Incident {row['sequence']}"
        document.parts["incident", row["pk"]] = path
        _add_actor(document, names, row["country_id"], f"{title}, country", f"{path}-country")
        document.add(TEXT, f"{title}, place", row["place"], f"{path}-place")
        document.add(TEXT, f"{title}, target", row["target"], f"{path}-target")
        document.add(TEXT, title, row["description"], path)
        document.add_coded(f"{title}, coded", row, Incident, path)


def _add_involvements(documents: _Documents, names: _Names, involvements: _Rows) -> None:
    labels = dict(Role.choices)
    for row in involvements:
        document = documents[row["case_id"]]
        path = f"{row['role'].replace('_', '-')}-{row['actor__slug']}"
        label = str(labels.get(row["role"], "Role"))
        document.parts["involvement", row["pk"]] = path
        _add_actor(document, names, row["actor_id"], label, anchor_of(path))
        document.add(TEXT, "Role", label, anchor_of(path))
        document.add(TEXT, f"{label}, note", row["note"], anchor_of(path))


def _add_assessments(documents: _Documents, assessments: _Rows) -> None:
    for row in assessments:
        document, path = documents[row["case_id"]], f"exception-{row['exception__slug']}"
        fragment = anchor_of(f"{path}.status")
        document.parts["assessment", row["pk"]] = path
        if row["status"] != AssessmentStatus.NOT_REPORTED:
            name = f"{row['exception__code']} {row['exception__title']}"
            document.add(NAMES, "Exception", name, fragment)
            document.add_coded("Exception, coded", row, ExceptionAssessment, fragment)
        document.add(TEXT, "Exception, note", row["note"], fragment)


def _add_claims(documents: _Documents, names: _Names, claims: _Rows) -> None:
    for row in claims:
        document = documents[row["case_id"]]
        anchor = _anchor(document, row)
        if anchor is not None:  # a claim about a part of another case is not on the page
            _add_actor(document, names, row["speaker_id"], "Speaker", anchor)
            document.add(TEXT, f"Claim, {row['locator']}, quoted", row["quote"], anchor)
            document.add(TEXT, f"Claim, {row['locator']}", row["gist"], anchor)
            document.sources.setdefault(row["source_id"], anchor)


def _anchor(document: _Document, claim: dict[str, Any]) -> str | None:
    """Return what `Claim.anchor` returns; None for a claim about a part of another case."""
    for kind in ("warning", "incident", "involvement", "assessment"):
        key = claim[f"{kind}_id"]
        if key is not None:
            path = document.parts.get((kind, key))
            # A claim about an assessment as a whole is about its status, its only value.
            value = "status" if kind == "assessment" else claim["field"]
            return path and anchor_of(".".join(filter(None, [path, value])))
    return anchor_of(claim["field"]) or "case-as-a-whole"


def _add_notes(documents: _Documents) -> None:
    kinds = dict(NoteKind.choices)
    names = ("slug", "kind", "source_says", "evidence_says", "source_id", "evidence_id")
    for row in _rows(Note, documents, "slug", *names):
        document = documents[row["case_id"]]
        label = f"Editorial note, {str(kinds.get(row['kind'], '')).lower()}"
        document.add(TEXT, f"{label}, the source says", row["source_says"], row["slug"])
        document.add(TEXT, f"{label}, other evidence says", row["evidence_says"], row["slug"])
        for key in (row["source_id"], row["evidence_id"]):
            document.sources.setdefault(key, row["slug"])


def _add_sources(documents: _Documents) -> None:
    wanted = {key for document in documents.values() for key in document.sources}
    sources = {source.pk: str(source) for source in Source.objects.filter(pk__in=wanted - {None})}
    for document in documents.values():
        for key, fragment in document.sources.items():
            if key in sources:
                document.cited.append(Passage("Source cited", sources[key], fragment))


# All published cases


def batches() -> Iterator[list[int]]:
    """Yield the keys of all published cases in ascending order, in batches of `BATCH`."""
    keys = Case.objects.published().order_by("pk").values_list("pk", flat=True)
    last = 0
    # Each batch is its own query, because cases may be published or withdrawn in between.
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]
