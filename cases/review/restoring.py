"""Bringing a case back to what one of its versions holds, which makes its next version.

What belongs to others stays as it is today: the names of actors, sources and exceptions, the
address of the case, and its status.
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
    DirectiveException,
    ExceptionAssessment,
    Involvement,
    Note,
    Source,
    Version,
)
from cases.models.slugs import Slugged
from cases.models.vocabulary import CaseStatus
from cases.versions.differences import PartDifferences, differences
from cases.versions.making import make_version
from cases.versions.reading_back import case_as_of, named_in
from cases.versions.record import case_record

from .checks import require_publishable
from .second_person import record_edit

OF_THE_CASE = ("title", "kind", "summary", "records_status")
NOT_IN_A_VERSION = {"id", "case", "author", "noted_on"}


@transaction.atomic
def restore(case: Case, version: Version, editor: User | None, reason: str) -> Version | None:
    """Write what `version` holds over the case, and return the version that this makes.

    None, and nothing is changed, if the case holds it already. Raises ValidationError if the
    version is of another case, the case is not public, or it needs an actor or a source that is
    gone; and NotPublishableError if the case would not pass today's record checks.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the version is restored; the public is told."))
    _bring_back(case, version)
    made = make_version(case, editor, f"Version {version.number} restored: {reason.strip()}")
    if made is not None:
        record_edit(case, editor)
    return made


def outcome(case: Case, version: Version) -> list[PartDifferences]:
    """Return what restoring `version` would change; raises what `restore` would.

    It is tried, and rolled back.
    """
    with transaction.atomic():
        before = case_record(Case.objects.for_detail().get(pk=case.pk))
        _bring_back(case, version)
        after = case_record(Case.objects.for_detail().get(pk=case.pk))
        transaction.set_rollback(True)
    return differences(before, after)


def _bring_back(case: Case, version: Version) -> None:
    """Write what `version` holds over the case, as the models and today's record checks allow."""
    acquire_write_lock()  # before the row is locked, as every other writer does
    current = Case.objects.select_for_update().get(pk=case.pk)
    if version.case_id != current.pk:
        raise ValidationError(_("This is a version of another case."))
    if current.status != CaseStatus.PUBLISHED:
        raise ValidationError(_("Only a published case has further versions."))
    _Restoring(Case.objects.for_detail().get(pk=current.pk), case_as_of(version.record)).write()
    require_publishable(current)


class _Restoring:
    """Writes the records of `then`, which were never saved, over those of `case`."""

    def __init__(self, case: Case, then: Case) -> None:
        self.case, self.then = case, then
        self._parts: dict[int, Any] = {}
        self._others: dict[tuple[type[Model], str], Model] = dict(_evidence_status(then))

    def write(self) -> None:
        for name in OF_THE_CASE:
            setattr(self.case, name, getattr(self.then, name))
        _save(self.case)
        surplus = [self._write_all(related) for related in (*RELATED_PARTS, "claims", "notes")]
        # Those written last go first: a part is not deleted from under its evidence.
        for record in chain.from_iterable(reversed(surplus)):
            record.delete()

    def _write_all(self, related: str) -> list[Any]:
        """Write the records of one kind, and return those of today that the version has not."""
        known = {self._key(record): record for record in getattr(self.case, related).all()}
        for then in getattr(self.then, related).all():
            record = known.pop(self._key(then), None) or type(then)(case=self.case)
            self._parts[id(then)] = self._write(then, record)
        return list(known.values())

    def _key(self, record: Any) -> Any:
        """Return what a record of the case is the same by, in each version."""
        if isinstance(record, Involvement):
            return record.role, self._today(record.actor)
        if isinstance(record, ExceptionAssessment):
            return self._today(record.exception)
        return record.slug if isinstance(record, Note) else record.sequence

    def _write(self, then: Any, record: Any) -> Any:
        """Make `record` what it was; one that is it already is not written."""
        differs = record.pk is None
        for field in then._meta.concrete_fields:
            if field.name in NOT_IN_A_VERSION:
                continue
            value = getattr(then, field.name)
            stored = value
            if field.is_relation:
                value = self._today(value)
                stored = value and value.pk
            if differs or getattr(record, field.attname) != stored:
                setattr(record, field.name, value)
                differs = True
        if differs:
            _save(record)
        for field in then._meta.many_to_many:
            others = {self._today(other) for other in getattr(then, field.name).all()}
            if set(getattr(record, field.name).all()) != others:
                getattr(record, field.name).set(others)
        return record

    def _today(self, then: Any) -> Any:
        """Return the record that `then` was: a part of this case, or what has its slug."""
        if then is None or not isinstance(then, Slugged):
            return then and self._parts[id(then)]
        if not then._state.adding:
            return then  # one of today's
        key = type(then), then.slug
        if key not in self._others:
            self._others[key] = _renamed(then)
        return self._others[key]


def _save(record: Any) -> None:
    """Save a record that keeps the rules of its model; raises ValidationError naming it if not."""
    try:
        record.full_clean()
    except ValidationError as error:
        whose = record._meta.verbose_name if isinstance(record, Note) else record
        told = [f"{capfirst(str(whose))}: {text}" for text in error.messages]
        raise ValidationError(told) from error
    record.save()


def _evidence_status(then: Case) -> Iterator[tuple[tuple[type[Model], str], Model]]:
    """Yield the actors, sources and exceptions of a version that still have their slug."""
    named: list[Any] = [*named_in(then), *(part.exception for part in then.assessments.all())]
    for model in (Actor, Source, DirectiveException):
        slugs = {record.slug for record in named if isinstance(record, model)}
        for record in model._default_manager.filter(slug__in=slugs):
            yield (model, record.slug), record


def _renamed(then: Any) -> Model:
    """Return the actor, source or exception that had the slug once."""
    model: Any = type(then)
    current = model.current_slug(then.slug)
    if current is None:
        raise ValidationError(
            _("%(kind)s “%(name)s” (%(slug)s) of this version is not in the casebook any more."),
            params={
                "kind": str(model._meta.verbose_name).capitalize(),
                "name": getattr(then, "name", "") or getattr(then, "title", ""),
                "slug": then.slug,
            },
        )
    found: Model = model.objects.get(slug=current)
    return found
