"""Public versions: made when a case is published and whenever a published case changes."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from .models import Actor, Case, DirectiveException, Note, Revision, Source
from .querysets import CaseQuerySet
from .record import case_record, digest

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


@transaction.atomic
def make_revision(case: Case, editor: User | None, change_note: str) -> Revision | None:
    """Store the present public record of `case` as its next version.

    Returns None, and stores nothing, where the record equals the version before it.
    """
    # Two at once would otherwise take the same number; the second waits here.
    Case.objects.select_for_update().get(pk=case.pk)
    record = case_record(Case.objects.for_detail().get(pk=case.pk))
    fingerprint = digest(record)
    latest = Revision.objects.filter(case=case).order_by("-number").first()
    if latest is not None and latest.digest == fingerprint:
        return None
    version: Revision = Revision.objects.create(
        case=case,
        number=latest.number + 1 if latest else 1,
        record=record,
        change_note=change_note,
        editor=editor,
        digest=fingerprint,
    )
    return version


def cases_showing(record: Shown) -> CaseQuerySet:
    """Return the published cases whose record tells of an actor, a source, an exception or a note.

    They are those of today: ask before a note is deleted or given to another case.
    """
    published = Case.objects.published()
    # A query for each relation: joined with "or" they would be read row by row.
    keys: set[int] = set()
    for path in PATHS[type(record)]:
        keys.update(published.filter(Q(**{path: record})).values_list("pk", flat=True))
    shown: CaseQuerySet = Case.objects.filter(pk__in=keys)
    return shown


@transaction.atomic
def make_revisions(cases: CaseQuerySet, editor: User | None, change_note: str) -> list[Revision]:
    """Store the next version of each of several cases that something else has changed.

    Locked in one order, so that two editors who change what the same cases show do not wait for
    each other for ever.
    """
    made = (make_revision(case, editor, change_note) for case in cases.order_by("pk"))
    return [version for version in made if version is not None]
