"""Check all stored records of the casebook.

Records are validated on entry. These checks find records that bypassed validation, that a later
change elsewhere made invalid, or that keep a draft from being published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from cases.evidence.values import label_of, label_of_path, name_in_part
from cases.models import Actor, Case, Directive, DirectiveException, Note, Source
from cases.models.case_date import DATE_COLUMNS, NO_DATE
from cases.models.edtf import parse
from cases.models.uncertain_date import BoundField
from cases.models.vocabulary import CaseStatus
from cases.versions.making import CASES_PER_BATCH

from .checks import problems_of, validate
from .weaknesses import unarchived, weaknesses_of

# Models shared between cases. All of their rows are public, except directives and exceptions in
# draft.
SHARED: tuple[type[models.Model], ...] = (Actor, Source, Directive, DirectiveException, Note)


@dataclass(frozen=True)
class Finding:
    """A problem of one record; `is_public` says whether the record is public.

    With `is_weak` it is a weak point, which does not prevent publication.
    """

    record: str
    message: str
    is_public: bool
    is_weak: bool = False

    def __str__(self) -> str:
        return f"{self.record}: {'weak: ' if self.is_weak else ''}{self.message}"


def findings_in_cases(cases: models.QuerySet[Case]) -> Iterator[Finding]:
    """Yield the problems, weak points and outdated dates of each case."""
    detailed = cases.for_detail().with_comments()  # type: ignore[attr-defined]  # a CaseQuerySet
    for case in detailed.iterator(chunk_size=CASES_PER_BATCH):
        # Validation recalculates the bounds of dates, so the stored ones are checked first.
        messages = [
            *_stale_bounds(case),
            *_stale_date(case),
            *_without_version(case),
            *_problems(case),
        ]
        # What is wrong with a correction is not public.
        is_public = case.stage == CaseStatus.PUBLISHED
        for message in messages:
            yield Finding(f"{case.number} {case.slug}", message, is_public)
        for message in _weak_points(case):
            yield Finding(f"{case.number} {case.slug}", message, is_public, is_weak=True)


def findings_in_shared_records() -> Iterator[Finding]:
    """Yield the problems and weak points of the models in `SHARED`."""
    for model in SHARED:
        for record in model._default_manager.all():
            name = f"{model._meta.verbose_name} {getattr(record, 'slug', record.pk)}"
            is_public = getattr(record, "is_published", True)
            for message in [*_stale_bounds_of(record), *_invalid(record)]:
                yield Finding(name, message, is_public)
            for weakness in unarchived(record) if isinstance(record, Source) else ():
                yield Finding(name, weakness.message, is_public=True, is_weak=True)


def _without_version(case: Case) -> Iterator[str]:
    """Report a public case without a version; pages are made from versions."""
    if case.is_public and not case.versions.exists():
        yield "It is published without a version, so the public does not see it."


def _problems(case: Case) -> list[str]:
    try:
        return [str(problem) for problem in problems_of(case)]
    except ValidationError as error:  # a stored date that cannot be parsed
        return error.messages


def _weak_points(case: Case) -> Iterator[str]:
    """Yield the weak points of a case, except those of its sources."""
    try:
        weaknesses = weaknesses_of(case)
    except ValidationError:  # reported by `_problems()`
        return
    # Many cases share a source, so sources are reported once, with the shared records.
    yield from (str(weakness) for weakness in weaknesses if weakness.record is None)


def _invalid(record: models.Model) -> Iterator[str]:
    try:
        validate(record)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            name = "" if field == NON_FIELD_ERRORS else f"{label_of(record, field)}: "
            yield from (f"{name}{message}" for message in messages)


def _stale_bounds(case: Case) -> Iterator[str]:
    yield from _stale_bounds_of(case)
    for related in ("warnings", "incidents", "claims"):
        for part in getattr(case, related).all():
            name = label_of_path(part.path)
            yield from (name_in_part(name, message) for message in _stale_bounds_of(part))


def _stale_bounds_of(record: models.Model) -> Iterator[str]:
    """Report stored bounds that differ from those of their EDTF expression."""
    for field in record._meta.concrete_fields:
        if isinstance(field, BoundField):
            stored, expression = getattr(record, field.attname), getattr(record, field.edtf)
            derived = _bound(expression, field.bound)
            if stored != derived:
                yield (
                    f"{label_of(record, field.name)}: {_day(stored)} is stored, but "
                    f"“{expression}” gives {_day(derived)}; save the record again."
                )


def _bound(expression: str, bound: str) -> Any:
    """Return the earliest or latest day of an EDTF expression, or None."""
    try:
        return getattr(parse(expression), bound) if expression else None
    except ValidationError:  # validation reports it
        return None


def _day(day: Any) -> str:
    return day.isoformat() if day else "no day"


def _stale_date(case: Case) -> Iterator[str]:
    """Report a date of the case that differs from that of its warnings and incidents."""
    derived = case.derive_date() or NO_DATE
    for column in DATE_COLUMNS:
        if getattr(case, column) != getattr(derived, column.removeprefix("date_")):
            yield "Date: it is not that of its incidents and warnings; save the case again."
            return
