"""Public versions: made when a case is published and whenever a published case changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, OuterRef, Q, Subquery
from django.utils import timezone

from cases.changelog.locks import acquire_write_lock
from cases.models import Actor, Case, DirectiveException, Note, Source, Version
from cases.models.case import CaseQuerySet
from cases.text.batches import in_batches

from .record import RECORDED_FIELDS, case_record, digest

Shown = Actor | Source | DirectiveException | Note
"""What a case's record tells beside what is its own; see `cases/record.py`."""

PATHS: dict[type[Shown], tuple[str, ...]] = {
    Actor: (
        *("warnings__issuer", "warnings__recipients", "incidents__country"),
        *("involvements__actor", "claims__speaker"),
    ),
    Source: ("claims__source", "notes__source", "notes__evidence"),
    DirectiveException: ("assessments__exception",),
    Note: ("notes",),
}
"""By which relations a case shows a record of each kind."""


CASES_PER_BATCH = 200
"""How many cases are read and versioned with the same queries; what is held in memory."""


def make_version(case: Case, editor: User | None, change_note: str) -> Version | None:
    """Store the present public record of `case` as its next version.

    Returns None, and stores nothing, where the record equals the version before it.
    """
    made = make_versions(Case.objects.filter(pk=case.pk), editor, change_note)
    return made[0] if made else None


@transaction.atomic
def make_versions(cases: CaseQuerySet, editor: User | None, change_note: str) -> list[Version]:
    """Store the next version of each of several cases, skipping cases whose record is unchanged.

    Nobody else writes meanwhile: two editors at once would take the same number, or wait for each
    other for ever. About a dozen queries for every `CASES_PER_BATCH` cases.
    """
    acquire_write_lock()
    keys = list(cases.order_by("pk").values_list("pk", flat=True))
    made: list[Version] = []
    for batch in in_batches(keys, CASES_PER_BATCH):
        versions = Version.objects.bulk_create(_next_versions(batch, editor, change_note))
        for version in versions:
            del version.record  # which may be much together; asked for, it is fetched
        made += versions
    return made


def _next_versions(keys: Sequence[int], editor: User | None, change_note: str) -> Iterator[Version]:
    latest = Version.objects.filter(case=OuterRef("pk")).order_by("-number")
    cases = Case.objects.for_detail().annotate(
        latest_number=Subquery(latest.values("number")[:1]),
        latest_digest=Subquery(latest.values("digest")[:1]),
    )
    now = timezone.now()
    for case in cases.filter(pk__in=keys).order_by("pk"):
        record = case_record(case)
        fingerprint = digest(record)
        if fingerprint != case.latest_digest:
            yield Version(
                case_id=case.pk,
                number=(case.latest_number or 0) + 1,
                record=record,
                change_note=change_note,
                editor=editor,
                made_at=now,
                digest=fingerprint,
            )


def tells(model: type[Model], field: str) -> bool:
    """Tell whether the record of a case has what a column of an actor, source … holds."""
    told = RECORDED_FIELDS.get(model)
    return told is None or field in told or field.rpartition("_")[0] in told


def cases_showing(record: Shown) -> CaseQuerySet:
    """Return the published cases whose record tells of an actor, a source, an exception or a note.

    They are those of today: ask before a note is deleted or given to another case.
    """
    published = Case.objects.published().order_by()
    # A query for each relation: joined with "or" they would be read row by row.
    keys: set[int] = set()
    for path in PATHS[type(record)]:
        keys.update(published.filter(Q(**{path: record})).values_list("pk", flat=True))
    shown: CaseQuerySet = Case.objects.filter(pk__in=keys)
    return shown
