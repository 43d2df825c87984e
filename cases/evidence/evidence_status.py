"""How a value stands: how firm, whether disputed, what notes say, what its date rests on.

The one place that tells it, for values read from lists of columns and from whole cases alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from cases.models import Incident, Warning
from cases.models.vocabulary import DateBasis, Modality, NoteKind

CHALLENGES = (NoteKind.CORRECTION, NoteKind.CONTRADICTION)
"""The kinds of note that a reader of the value must not miss."""

DONE = {
    NoteKind.CORRECTION: "Corrected",
    NoteKind.CONTRADICTION: "Contradicted",
    NoteKind.LATER_VALUE: "Updated",
    NoteKind.COMPLETION: "Completed",
}
"""The kinds of note that say something of the value itself, and what one does to it."""

MODALITY_ORDER = [modality.value for modality in Modality]

BY_EDITORS = {DateBasis.RESOLVED.value: 1, DateBasis.COMPLETED.value: 2}
"""The bases of a date that the source does not itself give, the farther from it the higher."""

INPUTS = {"lead_time": "date", "window_covered": "window"}
"""The field of a warning from which a value is worked out, with the date of the incident."""


@dataclass(frozen=True)
class EvidenceStatus:
    """What is to be said beside a value of how it stands.

    `firmness` is that of the firmest claim that asserts it, empty without one; `notes` are the
    kinds of the notes on it; `basis` is that of its date, empty if the source gives the date.
    """

    modality: str = ""
    is_contested: bool = False
    notes: tuple[str, ...] = ()
    basis: str = ""
    is_worked_out: bool = False
    """Whether it is how the values stand from which another was worked out."""

    @property
    def basis_words(self) -> str:
        """Say how its date, or that of what it was worked out from, was come by: "Resolved"."""
        return str(DateBasis(self.basis).label) if self.basis else ""

    @property
    def said_by_notes(self) -> list[str]:
        """Say what notes do to the value, each kind once: "Contradicted by 2 notes".

        One completes what the sources leave out, and also what they give less exactly: “in 2018”.
        """
        kinds = Counter(self.notes)
        counted = ((done, kinds[kind]) for kind, done in DONE.items() if kinds[kind])
        return [f"{done} by {'a note' if n == 1 else f'{n} notes'}" for done, n in counted]


EvidenceStatusOf = Callable[..., EvidenceStatus]
"""Tells of a record and the names of some of its fields how they stand together."""


def basis_of(record: Any, field: str) -> str:
    """Return what a coded date rests on, if it is not the source's own; empty for other fields."""
    basis: str = record.date_basis if field == "date" else ""
    return basis if basis in BY_EDITORS else ""


def weakest(modalities: Iterable[str]) -> str:
    """Return the least firm of some; empty, as nothing is less firm, if one of them is."""
    return max(modalities, key=_weakness, default="")


def _weakness(modality: str) -> int:
    """Order by firmness; after the known ones what only a version still has, then no claim."""
    if modality in MODALITY_ORDER:
        return MODALITY_ORDER.index(modality)
    return len(MODALITY_ORDER) + (not modality)


def together(statuses: Iterable[EvidenceStatus]) -> EvidenceStatus:
    """Return how what is made up of several values stands: in each respect as the weakest."""
    parts = list(statuses)
    if len(parts) == 1:
        return parts[0]
    return EvidenceStatus(
        modality=weakest(part.modality for part in parts),
        is_contested=any(part.is_contested for part in parts),
        notes=tuple(kind for part in parts for kind in part.notes),
        basis=max((part.basis for part in parts), key=lambda b: BY_EDITORS.get(b, 0), default=""),
    )


def of_worked_out(
    name: str, warning: Warning, incident: Incident | None, evidence_status_of: EvidenceStatusOf
) -> EvidenceStatus:
    """Return how a lead time, or whether the window covered the incident, stands by its inputs."""
    inputs = [_of_input(warning, INPUTS[name], evidence_status_of)]
    if incident is not None:
        inputs.append(_of_input(incident, "date", evidence_status_of))
    return replace(together(inputs), is_worked_out=True)


def _of_input(record: Any, field: str, evidence_status_of: EvidenceStatusOf) -> EvidenceStatus:
    """Return how a value stands from which another is worked out.

    A note that completes a date which is a day already makes nothing more exact that rests on it.
    """
    evidence_status = evidence_status_of(record, field)
    if field == "date" and record.date.earliest and record.date.earliest == record.date.latest:
        notes = (kind for kind in evidence_status.notes if kind != NoteKind.COMPLETION)
        return replace(evidence_status, notes=tuple(notes))
    return evidence_status
