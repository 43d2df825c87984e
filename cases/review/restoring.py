"""Restore an earlier version of a case, which stores the result as its next version.

The address and the status of the case stay as they are, and so do the records that it shares with
other cases: actors, sources, directives and exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.evidence.sheet import RELATED_PARTS
from cases.models import (
    Actor,
    Case,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Involvement,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.fields import Derived
from cases.models.slugs import Slugged
from cases.models.vocabulary import CaseStatus
from cases.versions.differences import PartDifferences, differences
from cases.versions.making import make_version
from cases.versions.reading_back import case_as_of, named_in
from cases.versions.record import case_record

from .checks import require_publishable
from .second_person import record_edit

# The columns of the case itself that are restored.
CASE_FIELDS = ("title", "kind", "summary", "records_status")
# The columns of its parts that versions do not record.
UNRECORDED_FIELDS = {"id", "case", "author", "noted_on"}


@transaction.atomic
def restore(case: Case, version: Version, editor: User | None, reason: str) -> Version | None:
    """Overwrite the case with `version` and return the new version; None if nothing differs.

    Raises ValidationError if the reason is empty, the version is of another case, the case is not
    published, or the version needs an actor or source that was deleted. Raises
    NotPublishableError if the restored case does not pass today's record checks.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the version is restored; the public sees it."))
    _overwrite(case, version)
    restored = make_version(case, editor, f"Version {version.number} restored: {reason.strip()}")
    if restored is not None:
        record_edit(case, editor)
    return restored


def preview(case: Case, version: Version) -> list[PartDifferences]:
    """Return what restoring `version` would change; raises the errors that `restore` raises."""
    # Restore for real and roll back, so that the preview cannot differ from the result.
    with transaction.atomic():
        before = case_record(Case.objects.for_detail().get(pk=case.pk))
        _overwrite(case, version)
        after = case_record(Case.objects.for_detail().get(pk=case.pk))
        transaction.set_rollback(True)
    return differences(before, after)


def _overwrite(case: Case, version: Version) -> None:
    """Write the contents of `version` over the case and check the result."""
    # The write lock comes before the row lock, as in every writer, so that none deadlock.
    acquire_write_lock()
    current = Case.objects.select_for_update().get(pk=case.pk)
    if version.case_id != current.pk:
        raise ValidationError(_("This is a version of another case."))
    if current.status != CaseStatus.PUBLISHED:
        raise ValidationError(_("Only a published case has further versions."))
    _Restoring(Case.objects.for_detail().get(pk=current.pk), case_as_of(version.record)).write()
    require_publishable(current)


class _Restoring:
    """Writes an old state of a case, whose instances are unsaved, over the stored case."""

    def __init__(self, case: Case, old_case: Case) -> None:
        self.case, self.old_case = case, old_case
        self._parts: dict[int, Any] = {}  # the stored part by the id() of the old instance
        self._shared: dict[tuple[type[Model], str], Model] = dict(_records_by_slug(old_case))

    def write(self) -> None:
        for name in CASE_FIELDS:
            setattr(self.case, name, getattr(self.old_case, name))
        _save(self.case)
        applicable = {self._stored(one) for one in self.old_case.directives.all()}
        if set(self.case.directives.all()) != applicable:
            self.case.directives.set(applicable)
        surplus = [self._write_all(related) for related in (*RELATED_PARTS, "claims", "notes")]
        # Claims and notes are deleted before the parts that they are about.
        for record in chain.from_iterable(reversed(surplus)):
            record.delete()

    def _write_all(self, related: str) -> list[Any]:
        """Write the old records of one kind; return the stored ones that the version lacks."""
        stored = {self._key(record): record for record in getattr(self.case, related).all()}
        for old in getattr(self.old_case, related).all():
            record = stored.pop(self._key(old), None) or type(old)(case=self.case)
            self._parts[id(old)] = self._write(old, record)
        return list(stored.values())

    def _key(self, record: Any) -> Any:
        """Return the key that identifies a record within its case in every version."""
        if isinstance(record, Involvement):
            return record.role, self._stored(record.actor)
        if isinstance(record, ExceptionAssessment):
            return self._stored(record.exception)
        return record.slug if isinstance(record, Note) else record.sequence

    def _write(self, old: Any, record: Any) -> Any:
        """Copy the values of `old` to `record` and save it if that changes anything."""
        is_changed = record.pk is None
        between: list[Any] | None = None
        if isinstance(old, Warning):
            between = [self._stored(actor) for actor in old.passed_on_by]
            # Removed before the record is validated: the old issuer may be among them today.
            if record.pk is not None and record.passed_on_by != between:
                record.set_intermediaries([])
        for field in old._meta.concrete_fields:
            if field.name in UNRECORDED_FIELDS or isinstance(field, Derived):
                continue
            value = getattr(old, field.name)
            column = value
            if field.is_relation:
                value = self._stored(value)
                column = value and value.pk
            if is_changed or getattr(record, field.attname) != column:
                setattr(record, field.name, value)
                is_changed = True
        if is_changed:
            _save(record)
        # Many-to-many relations need a saved record.
        for field in old._meta.many_to_many:
            others = {self._stored(other) for other in getattr(old, field.name).all()}
            if set(getattr(record, field.name).all()) != others:
                getattr(record, field.name).set(others)
        if between is not None:
            record.set_intermediaries(between)
        return record

    def _stored(self, old: Any) -> Any:
        """Return the stored record for an old one: a part of this case, or one with its slug."""
        if old is None or not isinstance(old, Slugged):
            return old and self._parts[id(old)]
        if not old._state.adding:
            return old  # it is a stored record already
        key = type(old), old.slug
        if key not in self._shared:
            self._shared[key] = _by_former_slug(old)
        return self._shared[key]


def _save(record: Any) -> None:
    """Save a valid record; raises ValidationError with messages that name the record."""
    try:
        record.full_clean()
    except ValidationError as error:
        # A note has no short name of its own.
        name = record._meta.verbose_name if isinstance(record, Note) else record
        messages = [f"{capfirst(str(name))}: {text}" for text in error.messages]
        raise ValidationError(messages) from error
    record.save()


def _records_by_slug(old_case: Case) -> Iterator[tuple[tuple[type[Model], str], Model]]:
    """Yield the stored shared records that have the slugs of those that the old case names."""
    assessed = (part.exception for part in old_case.assessments.all())
    named: list[Any] = [*named_in(old_case), *old_case.directives.all(), *assessed]
    for model in (Actor, Source, Directive, DirectiveException):
        slugs = {record.slug for record in named if isinstance(record, model)}
        for record in model._default_manager.filter(slug__in=slugs):
            yield (model, record.slug), record


def _by_former_slug(old: Any) -> Model:
    """Return the record that once had the slug of `old`; raises ValidationError without one."""
    model: Any = type(old)
    current = model.current_slug(old.slug)
    if current is None:
        raise ValidationError(
            _("%(kind)s “%(name)s” (%(slug)s) of this version is not in the casebook any more."),
            params={
                "kind": str(model._meta.verbose_name).capitalize(),
                "name": getattr(old, "name", "") or getattr(old, "title", ""),
                "slug": old.slug,
            },
        )
    found: Model = model.objects.get(slug=current)
    return found
