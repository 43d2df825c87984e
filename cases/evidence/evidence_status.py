"""The evidence status of a value: modality, contested or not, notes, and basis of its date.

Every page, file and count takes it from here: see `status_of()`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct, structs

from cases.models.vocabulary import DateBasis, Modality, NoteKind, Stance
from cases.record.classes import (
    CasePart,
    ClaimRecord,
    DateRecord,
    IncidentRecord,
    NoteRecord,
    WarningRecord,
)

from .lead_time import rests_on_order

# The kinds of note by which other evidence challenges a value.
CHALLENGES = (NoteKind.CORRECTION, NoteKind.CONTRADICTION)

# The kinds of note that affect the value itself, with their effect: "by a note", "by 2 notes".
NOTE_EFFECTS = {
    NoteKind.CORRECTION: "Corrected by {}",
    NoteKind.CONTRADICTION: "Contradicted by {}",
    NoteKind.LATER_VALUE: "Updated by {}",
    NoteKind.COMPLETION: "More in {}",
}

# As plain texts, which are compared several times for each claim of a file.
ASSERTS, DISPUTES = Stance.ASSERTS.value, Stance.DISPUTES.value

# The modalities, the most certain first.
MODALITY_ORDER = [modality.value for modality in Modality]
_PLACES = {modality: place for place, modality in enumerate(MODALITY_ORDER)}

# The bases of dates that editors inferred, ranked by distance from the words of the source.
EDITORIAL_BASES = {DateBasis.RESOLVED.value: 1, DateBasis.COMPLETED.value: 2}

# The warning's field from which each derived value is computed; see `inputs_of()`.
INPUT_FIELDS = {"lead_time": "date", "window_covered": "window"}


# A Struct, because a list makes hundreds: it takes a tenth of the time of a frozen dataclass.
class EvidenceStatus(Struct, frozen=True):
    """How the evidence supports a value; badges are rendered from it.

    `modality` is the most certain one of the claims that assert the value, empty without any.
    `notes` are the kinds of the notes on it. `basis` is the basis of its date, empty if the
    source itself gives the date.
    """

    modality: str = ""
    is_contested: bool = False
    notes: tuple[str, ...] = ()
    basis: str = ""
    is_derived: bool = False
    """Whether the value is derived; the status is then that of its inputs."""
    address: str = ""
    """The fragment of the evidence on the page, to which badges link; "" if it is not there."""

    @property
    def is_challenged(self) -> bool:
        """Whether a claim disputes the value, or a note corrects, contradicts or updates it."""
        kinds = [kind for kind, _ in self.note_effects]
        return self.is_contested or any(kind != NoteKind.COMPLETION for kind in kinds)

    @property
    def note_effects(self) -> list[tuple[NoteKind, str]]:
        """What the notes of each kind do to the value: "Contradicted by 2 notes"."""
        kinds = Counter(self.notes)
        return [
            (kind, effect.format("a note" if n == 1 else f"{n} notes"))
            for kind, effect in NOTE_EFFECTS.items()
            if (n := kinds[kind])
        ]


NO_EVIDENCE = EvidenceStatus()

# Takes a part of a case and the names of some of its fields; returns their combined status.
EvidenceStatusOf = Callable[..., EvidenceStatus]


def status_of(
    claims: Sequence[ClaimRecord],
    notes: Sequence[NoteRecord] = (),
    value: Any = None,
    claims_of_values: Iterable[ClaimRecord] = (),
) -> EvidenceStatus:
    """Return the evidence status of a value, or of a part as a whole, from its claims and notes.

    It is contested if one claim asserts it and another disputes it; what is only disputed is a weak
    point instead. `claims_of_values` are the claims about the values of a part: a claim
    for the channel of a warning asserts the warning. They make none of the values contested.
    """
    basis = basis_of(value)
    if not (claims or notes or basis):
        return NO_EVIDENCE
    if basis == DateBasis.COMPLETED and value.earliest == value.latest:
        # The day includes what a note adds to the words of the source.
        notes = [note for note in notes if note.kind != NoteKind.COMPLETION]
    is_disputed = any(claim.stance == DISPUTES for claim in claims)
    return EvidenceStatus(
        modality=most_certain(claims),
        is_contested=is_disputed and any(map(_asserts, chain(claims, claims_of_values))),
        notes=tuple(sorted(note.kind for note in notes)),
        basis=basis,
    )


def _asserts(claim: ClaimRecord) -> bool:
    return claim.stance == ASSERTS


def basis_of(value: Any) -> str:
    """Return the basis of a date that editors inferred; empty for other values."""
    basis = value.basis if isinstance(value, DateRecord) else ""
    return basis if basis in EDITORIAL_BASES else ""


def most_certain(claims: Iterable[ClaimRecord]) -> str:
    """Return the most certain modality of the claims that assert a value; empty without any."""
    modalities = {claim.modality for claim in claims if claim.stance == ASSERTS}
    return min(modalities, key=_uncertainty, default="")


def least_certain(modalities: Iterable[str]) -> str:
    """Return the least certain modality; empty (no claim) counts as less certain than any."""
    return max(modalities, key=_uncertainty, default="")


def _uncertainty(modality: str) -> int:
    # A version may have a modality that was removed since: it ranks just before no claim at all.
    return _PLACES.get(modality, len(_PLACES) + (not modality))


def combined_status(statuses: Iterable[EvidenceStatus]) -> EvidenceStatus:
    """Return the status of a whole made up of several values: the weakest in each respect."""
    parts = list(statuses)
    if len(parts) == 1:
        return parts[0]  # keeps `is_derived`
    return EvidenceStatus(
        modality=least_certain(part.modality for part in parts),
        is_contested=any(part.is_contested for part in parts),
        notes=tuple(kind for part in parts for kind in part.notes),
        basis=max(
            (part.basis for part in parts),
            key=lambda basis: EDITORIAL_BASES.get(basis, 0),
            default="",
        ),
    )


def derived_status(
    name: str,
    warning: WarningRecord,
    incident: IncidentRecord | None,
    evidence_status_of: EvidenceStatusOf,
) -> EvidenceStatus:
    """Return the combined status of the inputs of a derived value.

    `name` is "lead_time" or "window_covered".
    """
    inputs = inputs_of(name, warning, incident)
    status = combined_status(_input_status(*value, evidence_status_of) for value in inputs)
    return structs.replace(status, is_derived=True)


def inputs_of(
    name: str, warning: WarningRecord, incident: IncidentRecord | None
) -> list[tuple[CasePart, str]]:
    """Return the values, each as a part and a field, from which a derived value is computed."""
    inputs: list[tuple[CasePart, str]] = [(warning, INPUT_FIELDS[name])]
    if incident is not None:
        inputs.append((incident, "date"))
    if name == "lead_time" and rests_on_order(warning, incident):
        inputs.append((warning, "before_incident"))
    return inputs


def _input_status(part: Any, field: str, evidence_status_of: EvidenceStatusOf) -> EvidenceStatus:
    evidence_status = evidence_status_of(part, field)
    # Completing a date that already is a single day cannot make a derived value more exact.
    is_day = field == "date" and part.date.earliest and part.date.earliest == part.date.latest
    if is_day and NoteKind.COMPLETION in evidence_status.notes:
        notes = (kind for kind in evidence_status.notes if kind != NoteKind.COMPLETION)
        return structs.replace(evidence_status, notes=tuple(notes))
    return evidence_status
