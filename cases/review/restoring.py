"""Restore an earlier version of a case: its rows say again what that version says.

The address and the status of the case stay as they are, and so do the records that it shares with
other cases: actors, sources, directives and exceptions.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Version,
    Warning,
)
from cases.models.claim import RELATED_PARTS
from cases.models.fields import Derived
from cases.record.building import record_of_stored
from cases.record.classes import (
    ActorRef,
    AssessmentRecord,
    CaseRecord,
    ClaimRecord,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    WarningRecord,
)
from cases.record.columns import MENTIONED, Ref, columns_of
from cases.record.present_names import rows_mentioned
from cases.record.stored import read_record
from cases.versions.current import latest_versions
from cases.versions.differences import PartDifferences, differences

from .checks import require_publishable
from .corrections import Settled, settle
from .second_person import record_edit

# The columns of the case itself that are restored.
CASE_FIELDS = ("title", "kind", "summary", "records_status")
# What a claim can be about, by the name of its reference.
_ABOUT: tuple[tuple[str, type[Model]], ...] = (
    ("warning", Warning),
    ("incident", Incident),
    ("involvement", Involvement),
    ("assessment", ExceptionAssessment),
)


@transaction.atomic
def restore(case: Case, version: Version, editor: User | None, reason: str) -> Settled:
    """Overwrite the rows of a case with `version`; the change is public or waits, as any other.

    Raises ValidationError if the reason is empty, the version is of another case, the case is not
    published, or the version needs an actor or source that was deleted. Raises
    NotPublishableError if the restored case does not pass today's record checks.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the version is restored; the public sees it."))
    _overwrite(case, version)
    settled = settle([case.pk], editor, f"Version {version.number} restored: {reason.strip()}")
    if settled.versions or settled.waiting:
        record_edit(case, editor)
    return settled


def write_back(case: Case) -> None:
    """Overwrite the rows of a case, its slug too, with its latest version.

    Raises ValidationError if something that the version names is not in the casebook any more.
    """
    record = latest_versions([case.pk])[case.pk].record
    detail = Case.objects.for_detail().get(pk=case.pk)
    detail.slug = record.slug
    _Restoring(detail, record).write()


def preview(case: Case, version: Version) -> list[PartDifferences]:
    """Return what restoring `version` would change; raises the errors that `restore` raises."""
    # Restore for real and roll back, so that the preview cannot differ from the result.
    with transaction.atomic():
        before = record_of_stored(case.pk)
        _overwrite(case, version)
        after = record_of_stored(case.pk)
        transaction.set_rollback(True)
    return differences(before, after)


def _overwrite(case: Case, version: Version) -> None:
    """Write the contents of `version` over the case and check the result."""
    # The write lock comes before the row lock, as in every writer, so that none deadlock.
    acquire_write_lock()
    current = Case.objects.select_for_update().get(pk=case.pk)
    if version.case_id != current.pk:
        raise ValidationError(_("This is a version of another case."))
    if not current.is_public:
        raise ValidationError(_("Only a published case has further versions."))
    _Restoring(Case.objects.for_detail().get(pk=current.pk), read_record(version.record)).write()
    require_publishable(current)


class _Restoring:
    """Writes the record of a version over the rows of its case."""

    def __init__(self, case: Case, record: CaseRecord) -> None:
        self.case, self.record = case, record
        self._parts: dict[str, Any] = {}  # the row that stands for each part, by its old path
        self._shared = rows_mentioned(record)

    def write(self) -> None:
        for name in CASE_FIELDS:
            setattr(self.case, name, getattr(self.record, name))
        _save(self.case)
        applicable = {self._row(ref) for ref in self.record.directives}
        if set(self.case.directives.all()) != applicable:
            self.case.directives.set(applicable)
        surplus = [
            self._write_all(Warning, "warnings"),
            self._write_all(Incident, "incidents"),
            self._write_all(Involvement, "involvements"),
            self._write_all(ExceptionAssessment, "assessments"),
            self._write_all(Claim, "claims"),
            self._write_all(Note, "notes"),
        ]
        # Claims and notes are deleted before the parts that they are about.
        for row in chain.from_iterable(reversed(surplus)):
            row.delete()

    def _write_all(self, model: type[Any], related: str) -> list[Any]:
        """Write the parts of one kind; return the rows of that kind that the version lacks."""
        rows = {_key_of(row): row for row in getattr(self.case, related).all()}
        for part in getattr(self.record, related):
            row = rows.pop(self._key(part), None) or model(case=self.case)
            self._write(part, row)
            if related in RELATED_PARTS:
                self._parts[part.path] = row
        return list(rows.values())

    def _key(self, part: Any) -> Any:
        """Return the key that identifies a part within its case in every version."""
        if isinstance(part, InvolvementRecord):
            return part.role, self._row(part.actor)
        if isinstance(part, AssessmentRecord):
            return self._row(part.exception)
        return part.slug if isinstance(part, NoteRecord) else part.sequence

    def _write(self, part: Any, row: Any) -> None:
        """Copy the values of a part to its row, and save the row if that changes anything."""
        is_changed = row.pk is None
        if isinstance(part, WarningRecord):
            between = [self._row(actor) for actor in part.intermediaries]
            # Removed before the row is validated: the old issuer may be among them today.
            if row.pk is not None and row.passed_on_by != between:
                row.set_intermediaries([])
        columns = columns_of(part, type(row)) | self._references(part)
        for name, value in columns.items():
            field = row._meta.get_field(name)
            if isinstance(field, Derived):
                continue
            # A reference is compared by its key: reading what it leads to may need a query.
            key = value.pk if isinstance(value, Model) else value
            if is_changed or getattr(row, field.attname) != key:
                setattr(row, name, value)
                is_changed = True
        if is_changed:
            _save(row)
        # Relations to several need a saved row.
        if isinstance(part, WarningRecord):
            recipients = {self._row(actor) for actor in part.recipients}
            if set(row.recipients.all()) != recipients:
                row.recipients.set(recipients)
            row.set_intermediaries(between)

    def _references(self, part: Any) -> dict[str, Any]:
        """Return the references of a part to other rows, by the name of their column."""
        match part:
            case WarningRecord():
                return {"issuer": self._row(part.issuer.actor)}
            case IncidentRecord():
                return {"country": self._row(part.country.actor)}
            case InvolvementRecord():
                return {"actor": self._row(part.actor)}
            case AssessmentRecord():
                return {"exception": self._row(part.exception)}
            case ClaimRecord():
                return self._subject(part) | {
                    "speaker": self._row(part.speaker.actor),
                    "source": self._row(part.source),
                }
        return {
            "field": part.about,
            "source": self._row(part.source),
            "evidence": self._row(part.evidence),
        }

    def _subject(self, claim: ClaimRecord) -> dict[str, Any]:
        """Return what a claim is about: a part of the case, or the case itself, and its field."""
        path, _, field = claim.about.partition(".")
        subject = self._parts.get(path)
        about = {name: subject if isinstance(subject, model) else None for name, model in _ABOUT}
        return about | {"field": field if subject else claim.about}

    def _row(self, ref: Ref | None) -> Any:
        """Return the row that an actor, a source, … of the version has today."""
        if ref is None:
            return None
        row = self._shared.get((type(ref), ref.slug))
        if row is None:
            raise ValidationError(
                _(
                    "%(kind)s “%(name)s” (%(slug)s) of this version is not in the casebook any "
                    "more."
                ),
                params={
                    "kind": str(MENTIONED[type(ref)]._meta.verbose_name).capitalize(),
                    "name": ref.name if isinstance(ref, ActorRef) else ref.title,
                    "slug": ref.slug,
                },
            )
        return row


def _key_of(row: Any) -> Any:
    """Return the key of a row; see `_Restoring._key()`."""
    if isinstance(row, Involvement):
        return row.role, row.actor
    if isinstance(row, ExceptionAssessment):
        return row.exception
    return row.slug if isinstance(row, Note) else row.sequence


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
