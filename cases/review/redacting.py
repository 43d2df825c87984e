"""Redaction: striking a name or another text from a case, from all its versions, and from the logs.

A person who is threatened may ask not to be named. A redaction replaces the text wherever the
casebook keeps it: in the rows of the case, in its versions, in the actors and sources that it
names, and in private logs. `redaction_finder.py` finds the places; this writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.models import (
    Actor,
    Case,
    Directive,
    DirectiveException,
    FormerSlug,
    Import,
    IndexSnapshot,
    Redaction,
    Source,
    Version,
)
from cases.models.folded import fold_again
from cases.record.classes import CaseRecord
from cases.versions.making import cases_mentioning, make_version_regardless, next_records
from cases.versions.striking import redact_version

from .redaction_finder import PARTS, preview
from .redaction_plan import RedactionOrder, RedactionPlan


class RedactionChangedError(Exception):
    """The casebook changed between the preview and the confirmation; nothing was written."""


@transaction.atomic
def redact(case: Case, reviewer: User | None, order: RedactionOrder, seen: str) -> Redaction:
    """Strike texts from a case, its versions and the logs, and keep a log of it without the texts.

    `seen` is the digest of the plan that the reviewer confirmed. Each published case whose record
    changes gets a new version, which announces the redaction. Raises ValidationError if the text
    is nowhere or would not fit, and RedactionChangedError if the plan is not the one seen; nothing
    is written then. The record checks are not run: a redaction must not wait for other problems.
    """
    acquire_write_lock()
    plan = preview(case, order)
    if plan.refusals:
        raise ValidationError(plan.refusals)
    if not plan.places:
        raise ValidationError(_("The text is nowhere in this case, so nothing was redacted."))
    if plan.digest() != seen:
        raise RedactionChangedError
    affected = _cases_affected(case, plan)
    before = _public_records(affected)
    _write(plan, order.reason)
    _announce(affected, before, reviewer, order.reason)
    made: Redaction = Redaction.objects.create(
        case=case,
        case_number=case.number,
        reason=order.reason,
        replacement=order.replacement,
        text_digests=order.striker.digests,
        is_loose=order.is_loose,
        is_everywhere=order.is_everywhere,
        places=[place.key for place in plan.places],
        made_by=reviewer,
    )
    return made


def _write(plan: RedactionPlan, reason: str) -> None:
    now = timezone.now()
    for row, columns in plan.rows:
        if isinstance(row, Version):
            redact_version(row, columns, now, reason)
        else:  # not save(): it would remember a slug that is to be forgotten
            type(row)._base_manager.filter(pk=row.pk).update(**columns)
            fold_again(type(row), [row.pk])
    FormerSlug.objects.filter(pk__in=[former.pk for former in plan.former_slugs]).delete()
    Import.objects.filter(pk__in=[upload.pk for upload in plan.uploads]).delete()
    IndexSnapshot.objects.all().delete()  # it has titles


def _cases_affected(case: Case, plan: RedactionPlan) -> set[int]:
    """Return the cases whose record the plan changes, or may change."""
    keys = {case.pk}
    for row, _columns in plan.rows:
        if isinstance(row, Case):
            keys.add(row.pk)
        elif isinstance(row, PARTS) and row.case_id is not None:
            keys.add(row.case_id)
        elif isinstance(row, Actor | Source | Directive | DirectiveException):
            keys.update(cases_mentioning(row).values_list("pk", flat=True))
    return keys


def _public_records(keys: Iterable[int]) -> dict[int, CaseRecord]:
    return next_records(Case.objects.published().filter(pk__in=keys).for_detail())


def _announce(
    affected: set[int], before: dict[int, CaseRecord], reviewer: User | None, reason: str
) -> None:
    """Make a version of each published case whose record changed, and move its time of change."""
    after = _public_records(affected)
    for key in sorted(affected):
        changed: Case = Case.objects.get(pk=key)
        changed.updated_at = timezone.now()
        changed.save(update_fields=["updated_at"])  # which has the search documents follow
        if after.get(key) != before.get(key):
            make_version_regardless(changed, reviewer, f"Redacted: {reason}")
