"""What is wrong with the records as they are stored, over the whole casebook.

Records are checked when they are entered; this finds what came in past those checks, what a later
change elsewhere made wrong, and what keeps drafts from being published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cases.evidence.sheet import CodingSheet
from cases.models import Actor, Case, Directive, DirectiveException, Note, Source
from cases.models.derived_dates import DATE_COLUMNS, NO_DATE
from cases.models.uncertain_date import BoundField, parse
from cases.versions.making import CASES_PER_BATCH

from .checks import problems_of, validate
from .weaknesses import unarchived, weaknesses_of

SHARED: tuple[type[models.Model], ...] = (Actor, Source, Directive, DirectiveException, Note)
"""What cases have in common, or what stands beside them; the public sees all of it."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: with which record, in words, and whether the public sees it.

    A weak one keeps nothing from being public.
    """

    record: str
    message: str
    is_public: bool
    is_weak: bool = False

    def __str__(self) -> str:
        return f"{self.record}: {'weak: ' if self.is_weak else ''}{self.message}"


def findings_in_cases(cases: models.QuerySet[Case]) -> Iterator[Finding]:
    """Yield what keeps each case from being public or weakens it, and stored dates gone wrong."""
    detailed = cases.for_detail()  # type: ignore[attr-defined]  # a CaseQuerySet
    for case in detailed.iterator(chunk_size=CASES_PER_BATCH):
        # Validation derives the bounds anew, so the stored ones are looked at before it.
        messages = [*_stale_bounds(case), *_stale_date(case), *_problems(case)]
        for message in messages:
            yield Finding(f"{case.number} {case.slug}", message, case.is_public)
        for message in _weak_points(case):
            yield Finding(f"{case.number} {case.slug}", message, case.is_public, is_weak=True)


def findings_in_shared_records() -> Iterator[Finding]:
    """Yield what is wrong with actors, sources, directives, exceptions and notes."""
    for model in SHARED:
        for record in model._default_manager.all():
            name = f"{model._meta.verbose_name} {getattr(record, 'slug', record.pk)}"
            for message in [*_stale_bounds_of(record), *_invalid(record)]:
                yield Finding(name, message, is_public=True)
            for weakness in unarchived(record) if isinstance(record, Source) else ():
                yield Finding(name, weakness.message, is_public=True, is_weak=True)


def _problems(case: Case) -> list[str]:
    try:
        return [*(str(problem) for problem in problems_of(case)), *_notes_about_nothing(case)]
    except ValidationError as error:  # a stored date that cannot be read cannot be worded either
        return error.messages


def _weak_points(case: Case) -> Iterator[str]:
    """Word what weakens a case, but for its sources, which many cases share."""
    try:
        found = weaknesses_of(case)
    except ValidationError:  # told as a problem
        return
    yield from (str(weakness) for weakness in found if weakness.source is None)


def _notes_about_nothing(case: Case) -> Iterator[str]:
    """Tell which notes are about a value that the case does not have, or has no longer."""
    paths = {"", *CodingSheet(case).paths()}
    for note in case.notes.all():
        if note.field not in paths:
            yield f"note {note.slug}: there is no value “{note.field}” here."


def _invalid(record: models.Model) -> Iterator[str]:
    try:
        validate(record)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            yield from (f"{field}: {message}" for message in messages)


def _stale_bounds(case: Case) -> Iterator[str]:
    yield from _stale_bounds_of(case)
    for related in ("warnings", "incidents", "claims"):
        for part in getattr(case, related).all():
            yield from (f"{part.path}.{message}" for message in _stale_bounds_of(part))


def _stale_bounds_of(record: models.Model) -> Iterator[str]:
    """Name the stored bounds that are not those of their expression."""
    for field in record._meta.concrete_fields:
        if isinstance(field, BoundField):
            stored, expression = getattr(record, field.attname), getattr(record, field.edtf)
            derived = _bound(expression, field.bound)
            if stored != derived:
                yield (
                    f"{field.name}: {_day(stored)} is stored, but “{expression}” gives "
                    f"{_day(derived)}; save the record again."
                )


def _bound(expression: str, bound: str) -> Any:
    """Return a bound of an expression; None for one that cannot be read (told elsewhere)."""
    try:
        return getattr(parse(expression), bound) if expression else None
    except ValidationError:
        return None


def _day(day: Any) -> str:
    return day.isoformat() if day else "no day"


def _stale_date(case: Case) -> Iterator[str]:
    """Tell whether the date of the case is that of its warnings and incidents."""
    derived = case.derive_date() or NO_DATE
    for column in DATE_COLUMNS:
        if getattr(case, column) != getattr(derived, column.removeprefix("date_")):
            yield "date: it is not that of its incidents and warnings; save the case again."
            return
