"""Making synthetic records, and storing them in bulk."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Value

from cases.models import (
    Actor,
    Case,
    Claim,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.synthetic_label import synthetic_records
from cases.record.building import record_of
from cases.record.stored import as_json, digest
from cases.text.plurals import counted

from .cast import Cast, make_actors, make_sources
from .dates import Calendar
from .evidence import code_case
from .parts import CodedCase, World
from .records import ApplicableDirective, Outcome, Recipient, SyntheticError, after_bulk_write

MAX_CASES = 1_000_000
CASES_PER_BATCH = 1_000

CHANGE_NOTE = "Made up, to test the casebook with many cases."

# The models of the parts in a CodedCase, by attribute, in an order in which they can be stored.
PART_MODELS: dict[str, type[models.Model]] = {
    "warnings": Warning,
    "incidents": Incident,
    "involvements": Involvement,
    "assessments": ExceptionAssessment,
    "claims": Claim,
    "notes": Note,
}


def make(cases: int, seed: int = 1) -> Outcome:
    """Make synthetic cases with all their parts, all or none; raises SyntheticError.

    The records depend only on `seed` and on the stored exceptions of the directive. A smaller
    number of cases gives the first of a larger number. Each published case gets its first version.
    The counter of case numbers is not changed.
    """
    if not 1 <= cases <= MAX_CASES:
        raise SyntheticError(f"The number of cases is from 1 to {MAX_CASES:,}, not {cases:,}.")
    try:
        with transaction.atomic():
            _require_none()
            outcome = _make(cases, seed)
            after_bulk_write()
    except IntegrityError as error:
        raise SyntheticError(f"The synthetic records cannot be stored here: {error}") from error
    return outcome


def _require_none() -> None:
    found = synthetic_records(Case).count()
    if found or synthetic_records(Actor).exists() or synthetic_records(Source).exists():
        existing = counted(found, "synthetic case") if found else "synthetic actors or sources"
        be, them = ("is", "it") if found == 1 else ("are", "them")
        raise SyntheticError(
            f"There {be} already {existing} here; remove {them} first with make_synthetic --remove."
        )


def _make(cases: int, seed: int) -> Outcome:
    calendar = Calendar(seed)
    published = DirectiveException.objects.published().select_related("directive")
    exceptions = list(published.order_by("directive__slug", "order"))
    cast = Cast(make_actors(seed, cases), make_sources(seed, cases, calendar))
    _store_by_rank(Actor, cast.actors, ("parent", "country"))
    _store_by_rank(Source, cast.sources, ("derived_from",))
    world = World(seed, calendar, cast, exceptions)
    made: Tally[str] = Tally()
    for first in range(1, cases + 1, CASES_PER_BATCH):
        indexes = range(first, min(first + CASES_PER_BATCH, cases + 1))
        made += _store([code_case(world, index) for index in indexes])
    return Outcome(
        f"Made {counted(cases, 'synthetic case')} ({counted(made['warnings'], 'warning')}, "
        f"{counted(made['claims'], 'claim')}) with seed {seed}.",
        cases=cases,
        warnings=made["warnings"],
        claims=made["claims"],
        actors=len(cast.actors),
        sources=len(cast.sources),
    )


def _store_by_rank(
    model: type[models.Model], records: Sequence[models.Model], references: Sequence[str]
) -> None:
    """Store records that refer to one another, each after those it refers to."""
    waiting = list(records)
    while waiting:
        ready = [
            record
            for record in waiting
            if all(
                target is None or target.pk
                for target in (getattr(record, reference) for reference in references)
            )
        ]
        model._default_manager.bulk_create(ready)
        waiting = [record for record in waiting if record.pk is None]


def _store(batch: list[CodedCase]) -> Tally[str]:
    """Store cases with their parts, and return the number of parts of each kind."""
    # Bulk writes send no signals, so the cases already have the dates that receivers would derive.
    Case.objects.bulk_create([coded.case for coded in batch])
    stored: Tally[str] = Tally()
    for name, model in PART_MODELS.items():
        records = list(chain.from_iterable(getattr(coded, name) for coded in batch))
        stored[name] = len(model._default_manager.bulk_create(records))
    intermediaries = chain.from_iterable(_intermediaries(coded) for coded in batch)
    Intermediary.objects.bulk_create(intermediaries)
    recipients = chain.from_iterable(_recipients(coded) for coded in batch)
    Recipient._default_manager.bulk_create(recipients)
    directives = chain.from_iterable(_directives(coded) for coded in batch)
    ApplicableDirective._default_manager.bulk_create(directives)
    Version.objects.bulk_create(_version(coded) for coded in batch if coded.case.is_public)
    return stored


def _version(coded: CodedCase) -> Version:
    """Return the first version of a stored case, as `make_versions()` would make it, unsaved."""
    record = as_json(record_of(coded.as_fetched()))
    return Version(
        case=coded.case,
        number=1,
        record=record,
        digest=digest(record),
        # Django sends plain values to PostgreSQL as arrays, in which psycopg would escape every
        # quotation mark of the record in Python: a third of the time to make a version.
        change_note=Value(CHANGE_NOTE),
        made_at=coded.case.updated_at,
        is_announced=False,
    )


def _intermediaries(coded: CodedCase) -> Iterator[Intermediary]:
    for warning, actors in zip(coded.warnings, coded.intermediaries, strict=True):
        for position, actor in enumerate(actors, start=1):
            yield Intermediary(warning_id=warning.pk, actor_id=actor.pk, position=position)


def _recipients(coded: CodedCase) -> Iterator[Any]:
    for warning, actors in zip(coded.warnings, coded.recipients, strict=True):
        for actor in actors:
            yield Recipient(warning_id=warning.pk, actor_id=actor.pk)


def _directives(coded: CodedCase) -> Iterator[Any]:
    for directive in coded.directives:
        yield ApplicableDirective(case_id=coded.case.pk, directive_id=directive.pk)
