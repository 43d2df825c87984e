"""Where a field appears: as a column of tables, a key of JSON, a parameter of addresses."""

from __future__ import annotations

from functools import cache
from typing import Any

from cases.evidence.variables import VARIABLES
from cases.exchange.tables.registry import TABLES as TIDY_TABLES
from cases.exchange.tables.table import Column
from cases.finding.case_filter import MODEL_OF_PART, ComparisonFilter
from cases.finding.filters import Choice
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
from cases.record.classes import (
    ActorRef,
    AssessmentRecord,
    CaseRecord,
    ClaimRecord,
    DirectiveRef,
    ExceptionRef,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    RecordPart,
    SourceRef,
    WarningRecord,
)

# The tidy table that has a row for each record of an entity, or for each place that names one; the
# class of the record, and where the JSON of a case has it.
TABLE_AND_KEYS: dict[type[Any], tuple[str, type[RecordPart], str]] = {
    Case: ("cases", CaseRecord, ""),
    Involvement: ("involvements", InvolvementRecord, "involvements[]."),
    Warning: ("warnings", WarningRecord, "warnings[]."),
    Incident: ("incidents", IncidentRecord, "incidents[]."),
    Claim: ("claims", ClaimRecord, "claims[]."),
    Note: ("notes", NoteRecord, "notes[]."),
    Actor: ("involvements", ActorRef, "involvements[].actor."),
    Source: ("claims", SourceRef, "claims[].source."),
    Directive: ("applied_directives", DirectiveRef, "directives[]."),
    DirectiveException: ("assessments", ExceptionRef, "assessments[].exception."),
    ExceptionAssessment: ("assessments", AssessmentRecord, "assessments[]."),
}

# The columns of fields that have none of their own name.
COLUMNS: dict[type[Any], dict[str, tuple[str, ...]]] = {
    Case: {
        "slug": ("case",),
        "directives": ("directive_count", "directives_modality"),
        "precision": ("date_precision",),
    },
    Warning: {
        "sequence": ("warning",),
        "recipients": (
            *("recipient_count", "first_recipient", "first_recipient_name"),
            "recipients_modality",
        ),
        "intermediaries": (
            *("intermediary_count", "first_intermediary", "first_intermediary_name"),
            "intermediaries_modality",
        ),
        "window_start": ("window_state", "window_start", "window_modality"),
        "lead_time": (
            *("lead_time_status", "lead_time_minimum", "lead_time_maximum"),
            "lead_time_modality",
        ),
    },
    Incident: {"sequence": ("incident",)},
    Claim: {
        "sequence": ("claim",),
        "field": ("about", "field", "label", "value"),
        "involvement": ("about",),
        "assessment": ("about",),
        "speaker": ("speaker", "speaker_name", "speaker_kind"),
    },
    Note: {"slug": ("note",), "field": ("about", "field", "label", "value")},
    Actor: {"slug": ("actor",), "name": ("actor_name",), "kind": ("actor_kind",)},
    Source: {"slug": ("source",), "title": ("source_title",)}
    | dict.fromkeys(
        ("kind", "published_words", "published_edtf", "published_basis", "url", "archived_url"), ()
    ),
    Directive: {
        "slug": ("directive", "directive_modality"),
        "code": ("directive_code",),
        "title": ("directive_title",),
    },
    DirectiveException: {
        "slug": ("exception",),
        "code": ("exception_code",),
        "title": ("exception_title",),
        "status": (),
    },
}

# What a column is called after the field that it is of.
SUFFIXES = ("", "_name", "_title", "_lower_bound", "_modality")

# Keys of fields that have none of their own name, after the place of the entity.
KEYS: dict[type[Any], dict[str, str]] = {
    model: dict.fromkeys(
        ("field", "warning", "incident", "involvement", "assessment"), f"{place}about"
    )
    for model, place in ((Claim, "claims[]."), (Note, "notes[]."))
} | {
    Warning: {
        "lead_time": "derived.warnings[].lead_time",
        "window_covered": "derived.warnings[].window_covered",
    },
}

# Parameters that filter by a field without a vocabulary, beside the variables.
PARAMETERS: dict[tuple[type[Any], str], str] = {
    (Involvement, "actor"): "actor",
    (Claim, "speaker"): "speaker",
    (Claim, "source"): "source",
    (ExceptionAssessment, "exception"): "exception",
    (Case, "date_edtf"): "date_from",
}


def columns_of(model: type[Any], name: str) -> dict[str, Column]:
    """Return the columns that show a field, by the name of the table and their own."""
    table = TIDY_TABLES[TABLE_AND_KEYS[model][0]]
    named = COLUMNS.get(model, {}).get(name)
    if named is None:
        base = name.replace("_words", "_printed")
        # How certain a date is has the name of the date as a whole.
        whole = (f"{name.removesuffix('_edtf')}_modality",) if name.endswith("_edtf") else ()
        named = (*(f"{base}{suffix}" for suffix in SUFFIXES), *whole)
    return {f"{table.name}.{one}": table.by_name[one] for one in named if one in table.by_name}


def key_of(model: type[Any], name: str) -> str:
    """Return where the JSON of a case has a field, such as “warnings[].date.edtf”."""
    _, record, place = TABLE_AND_KEYS[model]
    if key := KEYS.get(model, {}).get(name):
        return key
    if name in record.__struct_fields__:
        return f"{place}{name}"
    group, _, rest = name.rpartition("_")
    of_object = {"words", "edtf", "basis", "earliest", "latest", "start", "end", "qualifier"}
    if group in record.__struct_fields__ and rest in of_object:
        return f"{place}{group}.{rest}"
    return ""


@cache
def parameters_by_field() -> dict[tuple[type[Any], str], str]:
    """Return the parameter that filters by each field, by its model and name."""
    filters = ComparisonFilter.declared_filters
    found: dict[tuple[type[Any], str], str] = {
        (MODEL_OF_PART[one.part], one.field): name
        for name, one in VARIABLES.items()
        if name in filters
    }
    for name, filter_ in filters.items():
        if isinstance(filter_, Choice) and filter_.coded:
            found[filter_.coded] = name
    return found | PARAMETERS
