"""From a part of a record to its model, its coded fields and the columns of its row."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED

from .classes import (
    ActorRef,
    AssessmentRecord,
    CasePart,
    CaseRecord,
    ClaimRecord,
    DateRecord,
    DirectiveRef,
    ExceptionRef,
    FigureRecord,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    RecordPart,
    SourceRef,
    WarningRecord,
    WindowRecord,
)

Ref = ActorRef | SourceRef | DirectiveRef | ExceptionRef

# The model of what a record mentions by slug and name.
MENTIONED: dict[type[RecordPart], type[Model]] = {
    ActorRef: Actor,
    SourceRef: Source,
    DirectiveRef: Directive,
    ExceptionRef: DirectiveException,
}

# The model of a case, of each of its parts, and of what they mention.
MODELS: dict[type[RecordPart], type[Model]] = {
    CaseRecord: Case,
    InvolvementRecord: Involvement,
    WarningRecord: Warning,
    IncidentRecord: Incident,
    AssessmentRecord: ExceptionAssessment,
    ClaimRecord: Claim,
    NoteRecord: Note,
    **MENTIONED,
}


def coded_fields(part: CasePart) -> tuple[str, ...]:
    """Return the names of the coded fields of a case or of one of its parts."""
    fields: tuple[str, ...] = MODELS[type(part)].CODED_FIELDS  # type: ignore[attr-defined]  # parts of a case have them
    return fields


# Texts of an incident that did not happen are “not applicable” in the record. Their columns say
# “not stated”; the rest follows from the kind of the incident.
WORDED_BY_KIND = {"place", "target"}


def columns_of(part: RecordPart, model: type[Model]) -> dict[str, Any]:
    """Return the columns of a row of `model` that a part of a record determines, by name.

    What is a row of its own (an actor, a source, a warning) is left out.
    """
    # A field of the record may have lost its column since.
    known = {column.name for column in model._meta.concrete_fields if not column.is_relation}
    columns: dict[str, Any] = {}
    for name in part.__struct_fields__:
        columns |= _columns(name, getattr(part, name))
    return {name: value for name, value in columns.items() if name in known}


def _columns(name: str, value: Any) -> dict[str, Any]:
    match value:
        case DateRecord():
            return {
                f"{name}_words": value.words,
                f"{name}_edtf": value.edtf,
                f"{name}_basis": value.basis,
                f"{name}_earliest": value.earliest,
                f"{name}_latest": value.latest,
            }
        case WindowRecord():
            return {f"{name}_start": value.start, f"{name}_end": value.end}
        case FigureRecord():
            return {name: value.figure, f"{name}_qualifier": value.qualifier}
        case str() if name in WORDED_BY_KIND and value == NOT_APPLICABLE:
            return {name: NOT_STATED}
    return {name: value}
