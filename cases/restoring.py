"""Bringing a case back to what one of its versions holds, which makes its next version.

What belongs to others stays as it is today: the names of actors, sources and exceptions, the
address of the case, and its status.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from .coding import PARTS
from .models import Case, ExceptionAssessment, Involvement, Note, Revision
from .models.slugs import Slugged
from .models.vocabulary import CaseStatus
from .publishing import require_publishable
from .review import note_edit
from .revisions import make_revision
from .snapshot import case_as_of

OF_THE_CASE = ("title", "kind", "summary", "records_status")
NOT_IN_A_VERSION = {"id", "case", "author", "noted_on"}


@transaction.atomic
def restore(case: Case, version: Revision, editor: User | None, reason: str) -> Revision | None:
    """Write what `version` holds over the case, and return the version that this makes.

    None if the case holds it already. Raises ValidationError, and changes nothing, if the case
    belongs to another version, is withdrawn, or needs an actor or a source that is gone; and
    NotPublishableError if a public case would not pass today's record checks.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the version is restored; the public is told."))
    current = Case.objects.select_for_update().get(pk=case.pk)
    if version.case_id != current.pk:
        raise ValidationError(_("This is a version of another case."))
    if current.status == CaseStatus.WITHDRAWN:
        raise ValidationError(_("A withdrawn case has no further versions."))
    _Restoring(Case.objects.for_detail().get(pk=current.pk), case_as_of(version.record)).write()
    note_edit(current, editor)
    if not current.is_public:
        return None
    require_publishable(current)
    return make_revision(current, editor, f"Version {version.number} restored: {reason}")


class _Restoring:
    """Writes the records of `then`, which were never saved, over those of `case`."""

    def __init__(self, case: Case, then: Case) -> None:
        self.case, self.then = case, then
        self._parts: dict[int, Any] = {}
        self._others: dict[tuple[type[Model], str], Model] = {}

    def write(self) -> None:
        for name in OF_THE_CASE:
            setattr(self.case, name, getattr(self.then, name))
        self.case.full_clean()
        self.case.save()
        surplus = [self._write_all(related) for related in (*PARTS, "claims", "notes")]
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
        for field in then._meta.concrete_fields:
            if field.name in NOT_IN_A_VERSION:
                continue
            value = getattr(then, field.name)
            setattr(record, field.name, self._today(value) if field.is_relation else value)
        record.full_clean()
        record.save()
        for field in then._meta.many_to_many:
            others = getattr(then, field.name).all()
            getattr(record, field.name).set([self._today(other) for other in others])
        return record

    def _today(self, then: Any) -> Any:
        """Return the record that `then` was: a part of this case, or what has its slug."""
        if then is None or not isinstance(then, Slugged):
            return then and self._parts[id(then)]
        key = type(then), then.slug
        if key not in self._others:
            self._others[key] = _find(then)
        return self._others[key]


def _find(then: Any) -> Model:
    """Return the actor, source or exception that has the slug, or has had it."""
    model: Any = type(then)
    slugs = (then.slug, model.current_slug(then.slug))
    known = (model.objects.filter(slug=slug).first() for slug in slugs)
    found: Model | None = next(filter(None, known), None)
    if found is None:
        raise ValidationError(
            _("%(kind)s “%(name)s” (%(slug)s) of this version is not in the casebook any more."),
            params={
                "kind": str(model._meta.verbose_name).capitalize(),
                "name": getattr(then, "name", "") or getattr(then, "title", ""),
                "slug": then.slug,
            },
        )
    return found
