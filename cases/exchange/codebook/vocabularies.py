"""The vocabularies of all fields, and the fields that are derived."""

from __future__ import annotations

from typing import Any

from cases.evidence.values import VOCABULARIES
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    Incident,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.vocabulary import (
    ActorKind,
    Archiving,
    CaseStatus,
    Certainty,
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
    Claim: (
        (
            "certainty",
            "Certainty of a value",
            "How certain the most certain claim is that asserts a value; of a lead time or a "
            "covered window, the least certain value that it rests on.",
            Certainty,
        ),
    ),
}


def vocabulary_at(model: type[Any], name: str) -> type[Vocabulary] | None:
    """Return the vocabulary of a field, whether it is coded or not; None without one."""
    derived = {field: words for field, _, _, words in DERIVED.get(model, ())}
    coded = VOCABULARIES.get(model, {}).get(name)
    return OTHER_VOCABULARIES.get((model, name)) or coded or derived.get(name)
