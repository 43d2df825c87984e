"""From records to rows of the bundle's tables: instances that are made, written out, never saved.

So the columns of the bundle write what is public with the code that writes the rows of editors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model

from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Warning,
)
from cases.models.fields import Derived
from cases.record.classes import RecordPart
from cases.record.columns import Ref, columns_of

from .published import PublicCase

Named = Callable[[Ref], Any]
"""Returns the row of an actor, a source, a directive or an exception that a record mentions."""

ABOUT: tuple[tuple[str, type[Model]], ...] = (
    ("warning", Warning),
    ("incident", Incident),
    ("involvement", Involvement),
    ("assessment", ExceptionAssessment),
)


def rows_of_case(public: PublicCase, named: Named) -> Iterator[tuple[str, Iterable[Any]]]:
    """Yield the names of tables, each with the rows that a case has there, in order of their key.

    Those of notes are in no order, because notes of all cases are sorted together.
    """
    record = public.record
    case = _row(Case, record, published_at=public.published_at)
    case.directives_to_be = [named(each) for each in record.directives]
    warnings = [_warning(case, part, named) for part in record.warnings]
    incidents = [
        _row(
            Incident,
            part,
            case=case,
            country=named(part.country.actor) if part.country.actor else None,
        )
        for part in record.incidents
    ]
    involvements = [
        _row(Involvement, part, case=case, actor=named(part.actor))
        for part in sorted(record.involvements, key=lambda one: (one.actor.slug, one.role))
    ]
    assessments = [
        _row(
            ExceptionAssessment,
            part,
            case=case,
            exception=named(part.exception),
        )
        for part in record.assessments
    ]
    parts = {row.path: row for row in (*warnings, *incidents, *involvements, *assessments)}
    yield "cases", [case]
    yield "involvements", involvements
    yield "warnings", warnings
    yield "incidents", incidents
    yield "assessments", assessments
    yield "claims", [_claim(case, part, parts, named) for part in record.claims]
    yield "notes", [_note(case, part, named) for part in record.notes]
    for version in public.versions:
        version.case = case
    yield "versions", public.versions


def _row(model: type[Any], part: RecordPart, **references: Any) -> Any:
    columns = {
        name: value
        for name, value in columns_of(part, model).items()
        if not isinstance(model._meta.get_field(name), Derived)
    }
    return model(**columns, **references)


def _warning(case: Case, part: Any, named: Named) -> Warning:
    issuer = part.issuer.actor
    row: Any = _row(Warning, part, case=case, issuer=named(issuer) if issuer else None)
    row.recipients_to_be = [named(each) for each in part.recipients]
    row.intermediaries_to_be = [named(each) for each in part.intermediaries]
    return row  # type: ignore[no-any-return]


def _claim(case: Case, part: Any, parts: dict[str, Any], named: Named) -> Claim:
    path, _, field = part.about.partition(".")
    subject = parts.get(path)
    about = {name: subject for name, model in ABOUT if isinstance(subject, model)}
    return _row(  # type: ignore[no-any-return]
        Claim,
        part,
        case=case,
        field=field if subject else part.about,
        speaker=named(part.speaker.actor) if part.speaker.actor else None,
        source=named(part.source),
        **about,
    )


def _note(case: Case, part: Any, named: Named) -> Note:
    return _row(  # type: ignore[no-any-return]
        Note,
        part,
        case=case,
        field=part.about,
        source=named(part.source),
        evidence=named(part.evidence),
    )
