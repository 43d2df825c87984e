"""The evidence of one case: its claims and notes by the value that they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import TypeVar

from msgspec import structs

from cases.models import Note
from cases.models.case import dated_by
from cases.record.classes import (
    CasePart,
    CaseRecord,
    ClaimRecord,
    IncidentRecord,
    NoteRecord,
    WarningRecord,
)
from cases.record.columns import coded_fields

from .coded_value import NotedFact, noted_fact
from .evidence_status import (
    CHALLENGES,
    DISPUTES,
    EvidenceStatus,
    combined_status,
    derived_status,
    inputs_of,
    least_certain,
    most_certain,
    status_of,
)
from .lead_time import first_occurrence
from .variables import DERIVED

AnyNote = TypeVar("AnyNote", Note, NoteRecord)


def challenging_notes(notes: Iterable[AnyNote]) -> list[AnyNote]:
    """Return the notes by which other evidence corrects or contradicts a source."""
    return [note for note in notes if note.kind in CHALLENGES]


class CaseEvidence:
    """The claims and notes of a record, and what they say of each of its values.

    A value is named by its path within the case: `warning-1.channel`, `kind`.
    """

    def __init__(self, record: CaseRecord) -> None:
        self.record = record
        self._claims: dict[str, list[ClaimRecord]] = defaultdict(list)
        self._notes: dict[str, list[NoteRecord]] = defaultdict(list)
        for claim in record.claims:
            self._claims[claim.value_path].append(claim)
        for note in record.notes:
            self._notes[note.about].append(note)

    def claims(self, path: str) -> tuple[ClaimRecord, ...]:
        """Return the claims about the value or the part at a path, in their order."""
        return tuple(self._claims.get(path, ()))

    def notes(self, path: str) -> tuple[NoteRecord, ...]:
        """Return the notes on the value or the part at a path."""
        return tuple(self._notes.get(path, ()))

    @cached_property
    def occurrence(self) -> IncidentRecord | None:
        """The earliest incident that was carried out, to which lead times are measured, or None."""
        return first_occurrence(self.record.incidents)

    def modality(self, path: str) -> str:
        """Return the modality of the value at a path; empty if no claim asserts it."""
        return most_certain(self._claims.get(path, ()))

    def derived_modality(self, warning: WarningRecord, field: str) -> str:
        """Return the modality of a derived value: that of the least certain of its inputs."""
        inputs = inputs_of(field, warning, self.occurrence)
        return least_certain(self.modality(path_of(*value)) for value in inputs)

    @cached_property
    def contested(self) -> frozenset[str]:
        """The paths of the contested values, and of the parts that are contested as a whole."""
        record = self.record
        if not any(claim.stance == DISPUTES for claim in record.claims):
            return frozenset()
        values = (path for path, claims in self._claims.items() if status_of(claims).is_contested)
        parts = (record, *record.warnings, *record.incidents)
        wholes = (part.path for part in parts if self._status(part, "").is_contested)
        return frozenset((*values, *wholes))

    @property
    def is_contested(self) -> bool:
        """Whether any value, or any part as a whole, is contested."""
        return bool(self.contested)

    @property
    def challenges(self) -> list[NoteRecord]:
        """The notes on the case by which other evidence corrects or contradicts its sources."""
        return challenging_notes(self.record.notes)

    def noted_kind(self, incident: IncidentRecord) -> NotedFact | None:
        """Return what a note says an incident was, if no source states its kind."""
        return noted_fact(self.notes(f"{incident.path}.kind")) if not incident.is_told else None

    def status(self, part: CasePart, *fields: str) -> EvidenceStatus:
        """Return the combined evidence status of some fields of the case or of one of its parts.

        The field "" is the part as a whole. The date and era of the case have the status of the
        part that dates the case, and derived values that of their inputs.
        """
        if len(fields) == 1:
            return self._status(part, fields[0])
        return combined_status(self._status(part, field) for field in fields)

    def _status(self, part: CasePart, field: str) -> EvidenceStatus:
        if field in DERIVED:
            return derived_status(field, part, self.occurrence, self.status)  # type: ignore[arg-type]  # of warnings only
        if part is self.record and field in {"date", "era"}:
            # Claims are about the part that dates the case, not about the case's own date.
            dating = dated_by(self.record.incidents, self.record.warnings)
            status = self._status(dating, "date") if dating else EvidenceStatus()
            return structs.replace(status, is_derived=field == "era")
        path = path_of(part, field)
        if not field:
            values = (self.claims(path_of(part, name)) for name in coded_fields(part))
            of_values = chain.from_iterable(values)
            return status_of(self.claims(path), self.notes(path), claims_of_values=of_values)
        return status_of(self.claims(path), self.notes(path), getattr(part, field))


def path_of(part: CasePart, field: str) -> str:
    """Return the path of a field of the case or of a part; of the part itself without a field."""
    path = part.path
    return f"{path}.{field}" if path and field else path or field
