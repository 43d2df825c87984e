"""The codebook: every entity, field and value, derived from the models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import capfirst

from cases.evidence.values import VOCABULARIES, label_of
from cases.evidence.variables import VARIABLES
from cases.exchange.bundle.layout.tables import Table
from cases.exchange.dataset.public_bundle import TABLES
from cases.exchange.tables.registry import TABLES as TIDY_TABLES
from cases.exchange.tables.table import Column
from cases.finding.address_filter import AddressFilter
from cases.finding.case_filter import MODEL_OF_PART, ComparisonFilter
from cases.finding.change_filter import ChangeFilter
from cases.finding.facets import codebook_of
from cases.finding.filters import Choice
from cases.finding.former_slugs import CASE_PARAMETER
from cases.index import case_index
from cases.index.case_index import CaseIndex
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    ActorKind,
    Archiving,
    CaseStatus,
    DateBasis,
    DatePrecision,
    Era,
    Modality,
    NoteKind,
    Qualifier,
    Role,
    RuleStatus,
    SourceKind,
    Stance,
    TextStatus,
    Vocabulary,
    WindowCovered,
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

ENTITIES = (
    Case,
    Involvement,
    Warning,
    Incident,
    Claim,
    Note,
    Actor,
    Source,
    Directive,
    DirectiveException,
    ExceptionAssessment,
)

OTHER_VOCABULARIES: dict[tuple[type[Any], str], type[Vocabulary]] = {
    (Case, "status"): CaseStatus,
    (Case, "date_basis"): DateBasis,
    (Involvement, "role"): Role,
    (Warning, "date_basis"): DateBasis,
    (Incident, "date_basis"): DateBasis,
    (Incident, "deaths_qualifier"): Qualifier,
    (Incident, "injured_qualifier"): Qualifier,
    (Claim, "date_basis"): DateBasis,
    (Claim, "stance"): Stance,
    (Claim, "modality"): Modality,
    (Note, "kind"): NoteKind,
    (Actor, "kind"): ActorKind,
    (Source, "kind"): SourceKind,
    (Source, "archiving"): Archiving,
    (Source, "published_basis"): DateBasis,
    (Directive, "issued_basis"): DateBasis,
    (Directive, "status"): RuleStatus,
    (DirectiveException, "status"): RuleStatus,
    (DirectiveException, "text_status"): TextStatus,
}

DERIVED: dict[type[Any], tuple[tuple[str, str, str, type[Vocabulary] | None], ...]] = {
    Case: (
        ("era", "Era", "The case’s date against the date of ICD 191, 21 July 2015.", Era),
        (
            "precision",
            "Precision of the date",
            "How exactly the date of the case is known.",
            DatePrecision,
        ),
    ),
    Warning: (
        (
            "lead_time",
            "Lead time",
            "Days from the warning to the earliest incident that was carried out, as an interval: "
            "first possible day of the incident less last possible day of the warning, to last "
            "possible day less first. It begins at 0 if a source says that the warning came first, "
            "and ends at 0 if a source denies that. Without such a source, the order is unknown if "
            "the interval begins below 0 and ends at 0 or above. Not computable if a date is "
            "missing or has an open end, if no source says what happened, or if the dates "
            "contradict the source.",
            None,
        ),
        (
            "window_covered",
            "Window covered",
            "Whether the warned window contained that incident.",
            WindowCovered,
        ),
    ),
}

INTERNAL = {"id", "folded"}

# Fields whose absence the field of their qualifier states.
FIGURES = ("deaths", "injured")

# Fields of an entity that are kept in rows of their own, with the column that defines them.
IN_ROWS: dict[type[Any], dict[str, Any]] = {
    Warning: {"intermediaries": Intermediary._meta.get_field("actor")}
}

TABLE_OF: dict[type[Any], Table] = {table.model: table for table in TABLES}


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

# The type of a value by Django’s name for its column, in the words of Frictionless Table Schema and
# two of our own: a reference is the slug of a record.
TYPES = {
    "ForeignKey": "reference",
    "OneToOneField": "reference",
    "ManyToManyField": "references",
    "DateField": "date",
    "DateTimeField": "datetime",
    "BooleanField": "boolean",
    "JSONField": "array",
    "NamesField": "array",
}

EMPTY = "empty"


@dataclass(frozen=True)
class Value:
    """A value of a vocabulary. `cases` is the number of public cases that have it somewhere.

    It is None if that is not counted, because records of cases do not have the field.
    """

    value: str
    label: str
    definition: str
    cases: int | None


@dataclass(frozen=True)
class Field:
    """A field of an entity, with its values and where it appears.

    `missing` are the codes of an absent value; “empty” is an empty cell, and null in JSON.
    `parameter` filters the list of cases by it. `columns` are those of the tidy tables, such as
    “warnings.channel”, and `key` is where the JSON of a case has it.
    """

    name: str
    label: str
    description: str
    type: str
    unit: str
    values: tuple[Value, ...]
    missing: tuple[str, ...]
    parameter: str
    columns: tuple[str, ...]
    key: str
    is_derived: bool = False


@dataclass(frozen=True)
class Entity:
    name: str
    label: str
    description: str
    fields: tuple[Field, ...]
    # The table of the data bundle that holds these records, if there is one.
    table: Table | None


# The label of a parameter that differs from that of its values.
LABELS = {CASE_PARAMETER: "Cases picked"}


@dataclass(frozen=True)
class Parameter:
    """A query parameter of a list.

    `values` lists its terms if they come from a vocabulary; `defined` is then the fragment of the
    codebook that defines them.
    """

    name: str
    label: str
    meaning: str
    values: tuple[str, ...] = ()
    defined: str = ""


def parameters() -> list[Parameter]:
    """Return all parameters that filter, sort or lay out the list of cases."""
    return _parameters(ComparisonFilter)


def change_parameters() -> list[Parameter]:
    """Return all parameters of the list of changes, its files and its feeds."""
    return _parameters(ChangeFilter)


def _parameters(filterset: type[AddressFilter]) -> list[Parameter]:
    return [
        Parameter(name, LABELS.get(name, str(filter_.label)), filter_.meaning, *_terms(filter_))
        for name, filter_ in filterset.declared_filters.items()
    ]


def _terms(filter_: Any) -> tuple[tuple[str, ...], str]:
    """Return the terms of a coded filter, and the fragment of the codebook that defines them."""
    if not isinstance(filter_, Choice) or not filter_.coded:
        return (), ""
    return tuple(value for value, _ in filter_.extra["choices"]), codebook_of(filter_)


def entities() -> list[Entity]:
    """Return every entity of the data model, with its fields and their vocabularies."""
    index = case_index.current()
    return [_entity(model, index) for model in ENTITIES]


def _entity(model: type[Any], index: CaseIndex) -> Entity:
    fields = [
        _field(
            model,
            index,
            column.name,
            column.definition,
            vocabulary_at(model, column.name),
            column,
            # Bounds are computed from the date; the date of a case is that of one of its parts.
            is_derived=column.name.endswith(("_earliest", "_latest"))
            or (model is Case and column.name.startswith("date_")),
        )
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if column.name not in INTERNAL and column.related_model is not User
    ]
    fields += [
        _field(model, index, name, column.definition, None, None, type_="references")
        for name, column in IN_ROWS.get(model, {}).items()
    ]
    fields += [
        _field(
            model,
            index,
            name,
            description,
            vocabulary,
            None,
            label=label,
            type_="string" if vocabulary else "integer",
            is_derived=True,
        )
        for name, label, description, vocabulary in DERIVED.get(model, ())
    ]
    return Entity(
        name=model._meta.model_name,
        label=capfirst(str(model._meta.verbose_name)),
        description=(getdoc(model) or "").partition("\n\n")[0].replace("\n", " "),
        fields=tuple(fields),
        table=TABLE_OF.get(model),
    )


def vocabulary_at(model: type[Any], name: str) -> type[Vocabulary] | None:
    """Return the vocabulary of a field, whether it is coded or not; None without one."""
    derived = {field: words for field, _, _, words in DERIVED.get(model, ())}
    coded = VOCABULARIES.get(model, {}).get(name)
    return OTHER_VOCABULARIES.get((model, name)) or coded or derived.get(name)


def _field(
    model: type[Any],
    index: CaseIndex,
    name: str,
    description: str,
    vocabulary: type[Vocabulary] | None,
    column: Any,
    *,
    label: str = "",
    type_: str = "",
    is_derived: bool = False,
) -> Field:
    columns, key = _columns(model, name), _key(model, name)
    parameter = _parameters_by_field().get((model, name), "")
    return Field(
        name=name,
        label=label or label_of(model, name),
        description=description,
        type=type_ or _type(column),
        unit=next((found.unit for found in columns.values() if found.unit), ""),
        values=_values(
            vocabulary,
            index,
            # The index has what filters count under their names, other words as the codebook does.
            parameter or f"{model._meta.model_name}.{name}",
            # Every public case is published.
            is_counted=bool(columns or key) and vocabulary is not CaseStatus,
        ),
        missing=_missing(model, name, vocabulary, column, columns),
        parameter=parameter,
        columns=tuple(columns),
        key=key,
        is_derived=is_derived,
    )


def _type(column: Any) -> str:
    kind = column.get_internal_type()
    return TYPES.get(kind, "integer" if "Integer" in kind else "string")


def _columns(model: type[Any], name: str) -> dict[str, Column]:
    """Return the columns that show a field, by the name of the table and their own."""
    table = TIDY_TABLES[TABLE_AND_KEYS[model][0]]
    named = COLUMNS.get(model, {}).get(name)
    if named is None:
        base = name.replace("_words", "_printed")
        # How certain a date is has the name of the date as a whole.
        whole = (f"{name.removesuffix('_edtf')}_modality",) if name.endswith("_edtf") else ()
        named = (*(f"{base}{suffix}" for suffix in SUFFIXES), *whole)
    return {f"{table.name}.{one}": table.by_name[one] for one in named if one in table.by_name}


def _key(model: type[Any], name: str) -> str:
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
def _parameters_by_field() -> dict[tuple[type[Any], str], str]:
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


def _values(
    vocabulary: type[Vocabulary] | None, index: CaseIndex, dimension: str, *, is_counted: bool
) -> tuple[Value, ...]:
    if vocabulary is None:
        return ()
    found = index.counts(dimension) if is_counted else {}
    return tuple(
        Value(
            member.value,
            str(member.label),
            str(member.definition),
            found.get(member.value, 0) if is_counted else None,
        )
        for member in vocabulary
    )


def _missing(
    model: type[Any],
    name: str,
    vocabulary: type[Vocabulary] | None,
    column: Any,
    columns: dict[str, Column],
) -> tuple[str, ...]:
    """Return the codes of an absent value of a field; “empty” if it is empty then."""
    if vocabulary is not None:
        return tuple(value for value in vocabulary.values if value in ABSENT_VALUES)
    coded = name in getattr(model, "CODED_FIELDS", ())
    if name.endswith("_edtf") or (coded and model is Incident and not name.startswith(FIGURES)):
        return (NOT_STATED, NOT_APPLICABLE)
    if coded and not name.startswith(FIGURES):
        return (NOT_STATED,)
    if column is None:
        return (EMPTY,)
    if next((shown.is_required for shown in columns.values()), False):
        return (NOT_STATED,) if column.null else ()
    return (EMPTY,) if column.blank or column.null else ()
