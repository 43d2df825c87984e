"""Public versions: made when a case is published and whenever a published case changes."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from .models import Case, Revision
from .record import case_record, digest


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
