"""From rows to the record of a case. Nothing else turns rows into records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.db.models import Model

from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    Incident,
    Note,
    Source,
    Warning,
)
from cases.models.claim import CLAIM_PARTS, RELATED_PARTS
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, Modality, Specificity

from .classes import (
    ACTOR,
    EDITORS,
    SOURCE,
    STATED,
    ActorRef,
    AssessmentRecord,
    CaseRecord,
    ClaimRecord,
    DateRecord,
    DirectiveRef,
    ExceptionRef,
    FigureRecord,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    PartyRecord,
    SourceRef,
    SpeakerRecord,
    WarningRecord,
    WindowRecord,
)
from .columns import Ref

# Parts and values without a sequence are sorted by slug, because databases sort text differently.
# The keys work on rows and on records, which have the same attributes.
_ORDER: dict[str, Callable[[Any], Any]] = {
    "recipients": attrgetter("slug"),
    "directives": attrgetter("slug"),
    "involvements": attrgetter("role", "actor.slug"),
    "assessments": attrgetter("exception.slug"),
    "notes": attrgetter("slug"),
}


def record_of(case: Case) -> CaseRecord:
    """Return the record of a case that was fetched with `for_detail()`; no query."""
    return CaseRecord(
        number=case.number,
        slug=case.slug,
        title=case.title,
        summary=case.summary,
        status=str(case.status),
        date=date_record(case.date),
        era=case.era.value,
        involvements=tuple(
            InvolvementRecord(actor=_actor(part.actor), role=str(part.role), note=part.note)
            for part in _sorted("involvements", case.involvements.all())
        ),
        warnings=tuple(
            WarningRecord(sequence=warning.sequence, **_coded(warning))
            for warning in case.warnings.all()
        ),
        incidents=tuple(
            IncidentRecord(
                sequence=incident.sequence, description=incident.description, **_coded(incident)
            )
            for incident in case.incidents.all()
        ),
        assessments=tuple(
            AssessmentRecord(exception=_exception(part.exception), note=part.note, **_coded(part))
            for part in _sorted("assessments", case.assessments.all())
        ),
        claims=tuple(_claim(claim, claim.path_of_value) for claim in attach_parts(case)),
        notes=tuple(note_record(note) for note in _sorted("notes", case.notes.all())),
        **_coded(case),
    )


def record_of_stored(key: int) -> CaseRecord:
    """Return the record of the case with this primary key, from its stored rows."""
    return record_of(Case.objects.for_detail().get(pk=key))


def value_of(row: Any, name: str) -> Any:
    """Return one coded value of a row, as the record of its case has it.

    Several actors or directives come in the order of the row.
    """
    make: Callable[[Any, str], Any] = _VALUES.get(name, _text)
    return make(row, name)


def reason_for_absence(row: Any) -> str:
    """Return why a value of the row is absent: NOT_STATED or NOT_APPLICABLE."""
    # An incident that did not happen has no place or date that a source could state.
    if isinstance(row, Incident) and not row.is_known_to_be:
        return NOT_APPLICABLE
    return NOT_STATED


def attach_parts(case: Case) -> list[Claim]:
    """Set the part of each claim to the instance fetched with the case, which saves a query.

    Returns the claims about the case and its parts. A claim about a part of another case is no
    evidence here; record checks report it.
    """
    return [claim for claim in case.claims.all() if _attach_part(case, claim)]


def _attach_part(case: Case, claim: Claim) -> bool:
    for part_name, related in zip(CLAIM_PARTS, RELATED_PARTS, strict=True):
        key = getattr(claim, f"{part_name}_id")
        if key is not None:
            parts = getattr(case, related).all()
            part = next((part for part in parts if part.pk == key), None)
            if part is None:
                return False
            setattr(claim, part_name, part)
    return True


def date_record(date: UncertainDate, absence: str = NOT_STATED) -> DateRecord:
    """Return the record of a date; `absence` says why, if it is absent."""
    return DateRecord(
        state=STATED if date.is_stated else absence,
        words=date.words,
        edtf=date.edtf,
        basis=str(date.basis),
        earliest=date.earliest,
        latest=date.latest,
    )


def _coded(row: Any) -> dict[str, Any]:
    """Return the coded values of a row in an order that is the same in every database."""
    return in_order({name: value_of(row, name) for name in row.CODED_FIELDS})


def in_order(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of a record by their names, those without a sequence sorted by slugs."""
    return {
        name: tuple(_sorted(name, value)) if name in _ORDER else value
        for name, value in values.items()
    }


def _sorted(name: str, parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=_ORDER[name])


def _text(row: Any, name: str) -> str:
    return str(getattr(row, name))


def _text_of_part(row: Any, name: str) -> str:
    value = str(getattr(row, name))
    return reason_for_absence(row) if value == NOT_STATED else value


def _date_of_part(row: Any, name: str) -> DateRecord:
    return date_record(getattr(row, name), reason_for_absence(row))


def _party(row: Any, name: str) -> PartyRecord:
    actor = getattr(row, name)
    if actor is None:
        return PartyRecord(state=reason_for_absence(row))
    return PartyRecord(state=STATED, actor=_actor(actor))


def _actors(row: Any, name: str) -> tuple[ActorRef, ...]:
    return tuple(map(_actor, getattr(row, name).all()))


def _intermediaries(warning: Warning, name: str) -> tuple[ActorRef, ...]:
    return tuple(map(_actor, warning.passed_on_by))


def _directives(row: Any, name: str) -> tuple[DirectiveRef, ...]:
    return tuple(map(directive_ref, getattr(row, name).all()))


def _figure(row: Any, name: str) -> FigureRecord:
    qualifier = str(getattr(row, f"{name}_qualifier"))  # without a figure, why there is none
    return FigureRecord(figure=getattr(row, name), qualifier=qualifier)


def _window(row: Any, name: str) -> WindowRecord:
    start, end = row.window_start, row.window_end
    if start is None and end is None:
        # A warning that named no time has no window; otherwise the sources do not state it.
        named_no_time = row.time_specificity == Specificity.ABSENT
        return WindowRecord(state=NOT_APPLICABLE if named_no_time else NOT_STATED)
    return WindowRecord(state=STATED, start=start, end=end)


# How the coded values that are not a word of a vocabulary get into the record.
_VALUES: dict[str, Callable[[Any, str], Any]] = {
    "issuer": _party,
    "country": _party,
    "intermediaries": _intermediaries,
    "recipients": _actors,
    "directives": _directives,
    "date": _date_of_part,
    "content": _text_of_part,
    "place": _text_of_part,
    "target": _text_of_part,
    "window": _window,
    "deaths": _figure,
    "injured": _figure,
}


def _actor(actor: Actor) -> ActorRef:
    return ActorRef(slug=actor.slug, name=actor.name, kind=str(actor.kind))


def directive_ref(directive: Directive) -> DirectiveRef:
    """Return a directive as the records of cases mention it."""
    return DirectiveRef(
        slug=directive.slug,
        code=directive.code,
        title=directive.title,
        issued=date_record(directive.issued),
    )


def _exception(exception: DirectiveException) -> ExceptionRef:
    return ExceptionRef(slug=exception.slug, code=exception.code, title=exception.title)


def _source(source: Source) -> SourceRef:
    return SourceRef(
        slug=source.slug,
        title=source.title,
        kind=str(source.kind),
        publisher=source.publisher,
        published=date_record(source.published),
        url=source.url,
        archived_url=source.archived_url,
    )


_REFS: dict[type[Model], Callable[[Any], Ref]] = {
    Actor: _actor,
    Source: _source,
    Directive: directive_ref,
    DirectiveException: _exception,
}


def ref_of(row: Model) -> Ref:
    """Return an actor, a source, a directive or an exception as records mention it."""
    return _REFS[type(row)](row)


def _speaker(claim: Claim) -> SpeakerRecord:
    if claim.speaker is not None:
        return SpeakerRecord(kind=ACTOR, actor=_actor(claim.speaker))
    return SpeakerRecord(kind=EDITORS if claim.modality == Modality.INFERRED else SOURCE)


def _claim(claim: Claim, path: str) -> ClaimRecord:
    return ClaimRecord(
        sequence=claim.sequence,
        about=path,
        speaker=_speaker(claim),
        date=date_record(claim.date),
        stance=str(claim.stance),
        modality=str(claim.modality),
        source=_source(claim.source),
        locator=claim.locator,
        quote=claim.quote,
        gist=claim.gist,
    )


def note_record(note: Note) -> NoteRecord:
    """Return the record of a note."""
    return NoteRecord(
        slug=note.slug,
        about=note.field,
        kind=str(note.kind),
        source=_source(note.source),
        locator=note.locator,
        source_says=note.source_says,
        evidence_says=note.evidence_says,
        evidence=_source(note.evidence),
        evidence_locator=note.evidence_locator,
    )
