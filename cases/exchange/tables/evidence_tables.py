"""The tables of evidence: claims, and editorial notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.evidence.values import label_of_path, read
from cases.finding.claim_filter import value_named
from cases.models import Claim, Note
from cases.models.vocabulary import Modality, NoteKind, Stance
from cases.record.classes import (
    ACTOR,
    EDITORS,
    SOURCE,
    ClaimRecord,
    IncidentRecord,
    NoteRecord,
    SourceRef,
    WarningRecord,
)
from cases.record.columns import coded_fields

from .case_row import CaseRow
from .coded import actor, dates
from .head import address, sequence, table
from .table import INTEGER, Column, Value, words_of, yes_or_no

_SPEAKERS = (
    (SOURCE, "The source in its own voice"),
    (ACTOR, "An actor whose words the source gives"),
    (EDITORS, "The editors, who infer it"),
)


def _number_in(part: type[WarningRecord] | type[IncidentRecord]) -> Callable[..., Value]:
    def number(case: CaseRow, unit: ClaimRecord | NoteRecord) -> Value:
        about, _ = case.about(unit.about)
        return about.sequence if isinstance(about, part) else None

    return number


def _value(case: CaseRow, claim: ClaimRecord | NoteRecord) -> Value:
    """Return the text of the value that a claim is about, as pages have it; "" for a part."""
    part, field = case.about(claim.about)
    return read(part, field).text if part and field in coded_fields(part) else ""


# What a claim or a note is about.
_ABOUT = (
    Column(
        "about",
        "About",
        "The path of what it is about within the case, such as “warning-1.channel”; "
        "empty for the case as a whole.",
        lambda case, unit: unit.about,
    ),
    Column(
        "warning",
        "Warning",
        "The number of the warning that it is about; empty if it is about none.",
        _number_in(WarningRecord),
        INTEGER,
    ),
    Column(
        "incident",
        "Incident",
        "The number of the incident that it is about; empty if it is about none.",
        _number_in(IncidentRecord),
        INTEGER,
    ),
    Column(
        "field",
        "Field",
        "What it is about, as the JSON of a case names it: “warning.channel”. A date, a figure and "
        "a window are one each (“warning.date”, in the codebook warning.date_edtf). “case”, "
        "“warning” and “incident” are for one as a whole, “involvement” for a role, “assessment” "
        "for the status of an exception (exceptionassessment.status).",
        lambda case, unit: value_named(unit.about),
        is_required=True,
    ),
    Column(
        "label",
        "Label",
        "What it is about in words, such as “Warning 1, channel”.",
        lambda case, unit: label_of_path(unit.about) if unit.about else "The case as a whole",
        is_required=True,
    ),
    Column(
        "value",
        "Value",
        "What the casebook has there, in the words of its page: a label such as “Private” and not "
        "the code “private”, which the table of the part has. Empty for a part as a whole and for "
        "a role.",
        _value,
    ),
)


def _source(
    name: str, label: str, meaning: str, source: Callable[[Any], SourceRef]
) -> tuple[Column, ...]:
    return (
        Column(
            name,
            label,
            f"{meaning} By its slug.",
            lambda case, unit: source(unit).slug,
            refers_to="sources",
            is_required=True,
        ),
        Column(
            f"{name}_title",
            f"{label}, title",
            "Its title.",
            lambda case, unit: source(unit).title,
            is_required=True,
        ),
    )


def _text(model: Any, name: str, label: str) -> Column:
    definition = model._meta.get_field(name).definition
    return Column(name, label, definition, lambda case, unit: getattr(unit, name))


def _word(model: Any, name: str, label: str, vocabulary: Any) -> Column:
    return Column(
        name,
        label,
        model._meta.get_field(name).definition,
        lambda case, unit: getattr(unit, name),
        words=words_of(vocabulary),
        defined_at=f"{model._meta.model_name}.{name}",
        is_required=True,
    )


CLAIM_TABLE = table(
    "claims",
    "claim",
    "A row for each claim: who says what about which value, where it is printed, how certain.",
    ("claim",),
    (
        sequence("claim", "Claim"),
        *_ABOUT,
        _word(Claim, "stance", "Stance", Stance),
        _word(Claim, "modality", "Certainty", Modality),
        Column(
            "speaker_kind",
            "Kind of speaker",
            "Whether an actor says it, the source itself, or nobody: the editors infer it.",
            lambda case, claim: claim.speaker.kind,
            words=_SPEAKERS,
            meanings={
                SOURCE: "The source says it itself, and nobody else is named as saying it.",
                ACTOR: "“speaker” names who says it.",
                EDITORS: "No source says it; the editors infer it.",
            },
            is_required=True,
        ),
        *actor(
            "speaker",
            "Speaker",
            "The actor that says it; “not_stated” for the voice of the source and of the editors.",
            lambda claim: claim.speaker.actor,
        ),
        *dates("date", "Date of the statement"),
        yes_or_no(
            "contested",
            "Contested",
            "Whether the value or the part that it is about is contested: one claim disputes it, "
            "and another asserts it, or a value of the part.",
            lambda case, claim: claim.value_path in case.evidence.contested,
            yes="It is contested.",
            no="It is not contested.",
        ),
        *_source("source", "Source", "The publication it was read in.", lambda unit: unit.source),
        _text(Claim, "locator", "Locator"),
        _text(Claim, "quote", "Quote"),
        _text(Claim, "gist", "Gist"),
        address(lambda claim: f"#claim-{claim.sequence}"),
    ),
    lambda case: case.record.claims,
)

NOTE_TABLE = table(
    "notes",
    "editorial note",
    "A row for each editorial note on a case: other evidence where a source errs, is silent or is "
    "contradicted. Notes on a directive, an exception or a source, which are on no case, are not "
    "here but on /notes/, in notes.csv of bundle.zip and in notes_on_no_case of casebook.sqlite.",
    ("note",),
    (
        Column(
            "note",
            "Note",
            "The note, by its slug.",
            lambda case, note: note.slug,
            is_required=True,
        ),
        *_ABOUT,
        _word(Note, "kind", "Kind", NoteKind),
        *_source("source", "Source", "Whose words it comments on.", lambda note: note.source),
        _text(Note, "locator", "Locator"),
        _text(Note, "source_says", "The source says"),
        _text(Note, "evidence_says", "Other evidence says"),
        *_source("evidence", "Evidence", "The other evidence.", lambda note: note.evidence),
        _text(Note, "evidence_locator", "Locator of the evidence"),
        address(lambda note: f"#{note.slug}"),
    ),
    lambda case: case.record.notes,
)
