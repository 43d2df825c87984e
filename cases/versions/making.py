"""Store versions: when a case is published and whenever a published case changes.

A version is made from the rows of its case. While a case has a correction that waits for a second
person, its rows are ahead of what the public may read. If a shared record changes then, such as the
name of an actor, the next version is the last one with the new name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, OuterRef, Q, Subquery
from django.utils import timezone
from msgspec.structs import replace

from cases.changelog.locks import acquire_write_lock
from cases.models import Actor, Case, Directive, DirectiveException, Note, Source, Version
from cases.models.case import CaseQuerySet
from cases.models.synthetic_label import is_synthetic
from cases.record.building import record_of
from cases.record.classes import (
    ActorRef,
    CaseRecord,
    DirectiveRef,
    ExceptionRef,
    SourceRef,
)
from cases.record.columns import MENTIONED
from cases.record.present_names import refs_in, with_present_names
from cases.record.stored import as_json, digest, read_record
from cases.text.batches import in_batches

from .current import current_cases, current_records, latest_versions

# Rows outside the case that its record includes; see `RECORDED_FIELDS`.
MentionedRecord = Actor | Source | Directive | DirectiveException | Note

# What the record of a case includes of rows that cases share.
RECORDED_FIELDS: dict[type[Model], tuple[str, ...]] = {
    Actor: ActorRef.__struct_fields__,
    Source: SourceRef.__struct_fields__,
    Directive: DirectiveRef.__struct_fields__,
    DirectiveException: ExceptionRef.__struct_fields__,
}

# The relations by which a case mentions records of each kind.
RELATIONS: dict[type[MentionedRecord], tuple[str, ...]] = {
    Actor: (
        *("warnings__issuer", "warnings__intermediaries__actor", "warnings__recipients"),
        *("incidents__country", "involvements__actor", "claims__speaker"),
    ),
    Source: ("claims__source", "notes__source", "notes__evidence"),
    Directive: ("directives",),
    DirectiveException: ("assessments__exception",),
    Note: ("notes",),
}

# Cases that are read with the same queries and held in memory together.
CASES_PER_BATCH = 200


@dataclass(frozen=True)
class Withdrawal:
    """When a case was withdrawn, and the public reason; kept with the version that ended it."""

    at: dt.datetime
    reason: str


def make_version(case: Case, editor: User | None, change_note: str) -> Version | None:
    """Store the present record of `case` as its next version.

    Returns None and stores nothing if the record equals the latest version.
    """
    made = make_versions(Case.objects.filter(pk=case.pk), editor, change_note)
    return made[0] if made else None


@transaction.atomic
def make_version_regardless(
    case: Case, editor: User | None, change_note: str, ended: Withdrawal | None = None
) -> Version:
    """Store the present public record of `case` as its next version, even if nothing changed.

    For an event that the history of the case has to show. `ended` is the withdrawal that the
    version ends, if it reinstates the case.
    """
    acquire_write_lock()
    (version,) = _next_versions([case.pk], editor, change_note, unchanged_too=True)
    if ended is not None:
        version.withdrawn_at, version.withdrawn_reason = ended.at, ended.reason
    version.save()
    return version


@transaction.atomic
def make_versions(cases: CaseQuerySet, editor: User | None, change_note: str) -> list[Version]:
    """Store the next version of each of several cases, skipping cases whose record is unchanged.

    About a dozen queries for every `CASES_PER_BATCH` cases.
    """
    # Without the lock two editors could take the same version number, or deadlock.
    acquire_write_lock()
    keys = list(cases.order_by("pk").values_list("pk", flat=True))
    made: list[Version] = []
    for batch in in_batches(keys, CASES_PER_BATCH):
        versions = Version.objects.bulk_create(_next_versions(batch, editor, change_note))
        for version in versions:
            del version.record  # frees memory; Django fetches it again if it is read
        made += versions
    return made


def _next_versions(
    keys: Sequence[int], editor: User | None, change_note: str, *, unchanged_too: bool = False
) -> list[Version]:
    """Return an unsaved version of each case whose record differs from its latest version.

    With `unchanged_too`, return one of every case.
    """
    latest = Version.objects.filter(case=OuterRef("pk")).order_by("-number")
    cases = Case.objects.for_detail().annotate(
        latest_version=Subquery(latest.values("pk")[:1]),
        latest_number=Subquery(latest.values("number")[:1]),
        latest_digest=Subquery(latest.values("digest")[:1]),
    )
    now = timezone.now()
    made: dict[int, Version] = {}  # by the key of the latest version
    found = list(cases.filter(pk__in=keys).order_by("pk"))
    records = next_records(found)
    for case in found:
        stored = as_json(records[case.pk])
        fingerprint = digest(stored)
        if unchanged_too or fingerprint != case.latest_digest:
            made[case.latest_version or -case.pk] = Version(
                case_id=case.pk,
                number=(case.latest_number or 0) + 1,
                record=stored,
                change_note=change_note,
                editor=editor,
                made_at=now,
                digest=fingerprint,
                is_announced=not is_synthetic(case.number, case.slug),
            )
    if not unchanged_too:
        latest_records = Version.objects.filter(pk__in=made).values_list("pk", "record")
        for key, stored in latest_records:
            # A case without a change gets no version only because records have a new format or a
            # new field. The digest is of the JSON as it was, so it does not say.
            if as_json(read_record(stored)) == made[key].record:
                del made[key]
    return list(made.values())


def next_records(cases: Iterable[Case]) -> dict[int, CaseRecord]:
    """Return what the next version of each case holds, if its correction is not published now.

    The cases are fetched `for_detail()`; the records are by their keys.
    """
    public = current_records([case.pk for case in cases if case.correction])
    return {
        case.pk: with_present_names(public[case.pk]) if case.pk in public else record_of(case)
        for case in cases
    }


def cases_ahead(keys: Collection[int]) -> set[int]:
    """Return those of some cases whose rows say something else than their latest version."""
    ahead: set[int] = set()
    for batch in in_batches(sorted(keys), CASES_PER_BATCH):
        latest = latest_versions(batch)
        for case in Case.objects.for_detail().filter(pk__in=latest):
            public = public_again(case, latest[case.pk].record)
            if replace(record_of(case), status=public.status) != public:
                ahead.add(case.pk)
    return ahead


def public_again(case: Case, latest: CaseRecord) -> CaseRecord:
    """Return what the latest version of a case says to readers now, or once it is reinstated."""
    # What cases share may have been renamed while it was withdrawn, which made no version of it.
    return latest if case.is_public else with_present_names(latest)


def is_recorded(model: type[Model], field: str) -> bool:
    """Return whether nested records include a column of a model such as Actor or Source."""
    included = RECORDED_FIELDS.get(model)
    # A date is one recorded field with several columns: `published_edtf` belongs to `published`.
    return included is None or field in included or field.rpartition("_")[0] in included


def cases_mentioning(record: MentionedRecord) -> CaseQuerySet:
    """Return the published cases whose rows or latest version mention the given record.

    Call it before a note is deleted or moved to another case: afterwards the case is not found.
    """
    published = Case.objects.published().order_by()
    # One query for each relation: combined with OR, the database would scan row by row.
    keys: set[int] = set()
    for relation in RELATIONS[type(record)]:
        keys.update(published.filter(Q(**{relation: record})).values_list("pk", flat=True))
    # A correction may have removed it from the rows.
    corrected = published.corrected().exclude(pk__in=keys)
    for key, current in current_cases(list(corrected.values_list("pk", flat=True))):
        if any(
            MENTIONED[type(ref)] is type(record) and ref.slug == record.slug
            for ref in refs_in(current.record)
        ):
            keys.add(key)
    cases: CaseQuerySet = Case.objects.filter(pk__in=keys)
    return cases
