"""The codebook: every entity, field and value, derived from the models."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import capfirst

from cases.evidence.values import VOCABULARIES, label_of
from cases.exchange.bundle.layout.tables import TABLES, Table
from cases.finding.case_filter import ComparisonFilter
from cases.finding.facets import codebook_of
from cases.finding.filters import Choice
from cases.finding.former_slugs import CASE_PARAMETER
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

# Fields of an entity that are kept in rows of their own, with the column that defines them.
IN_ROWS: dict[type[Any], dict[str, Any]] = {
    Warning: {"intermediaries": Intermediary._meta.get_field("actor")}
}

TABLE_OF: dict[type[Any], Table] = {table.model: table for table in TABLES}


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    description: str
    vocabulary: type[Vocabulary] | None
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
    """A query parameter of the list of cases.

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
    return [
        Parameter(name, LABELS.get(name, str(filter_.label)), filter_.meaning, *_terms(filter_))
        for name, filter_ in ComparisonFilter.declared_filters.items()
    ]


def _terms(filter_: Any) -> tuple[tuple[str, ...], str]:
    """Return the terms of a coded filter, and the fragment of the codebook that defines them."""
    if not isinstance(filter_, Choice) or not filter_.coded:
        return (), ""
    return tuple(value for value, _ in filter_.extra["choices"]), codebook_of(filter_)


def entities() -> list[Entity]:
    """Return every entity of the data model, with its fields and their vocabularies."""
    return [_entity(model) for model in ENTITIES]


def _entity(model: type[Any]) -> Entity:
    fields = [
        _field(model, column)
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if column.name not in INTERNAL and column.related_model is not User
    ]
    fields += [
        Field(name, label_of(model, name), column.definition, None)
        for name, column in IN_ROWS.get(model, {}).items()
    ]
    fields += [Field(*derived, is_derived=True) for derived in DERIVED.get(model, ())]
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


def _field(model: type[Any], column: Any) -> Field:
    return Field(
        name=column.name,
        label=label_of(model, column.name),
        description=column.definition,
        vocabulary=vocabulary_at(model, column.name),
        # Bounds are computed from the date; the date of a case is that of one of its parts.
        is_derived=column.name.endswith(("_earliest", "_latest"))
        or (model is Case and column.name.startswith("date_")),
    )
