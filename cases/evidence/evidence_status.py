"""The evidence status of a value: modality, contested or not, notes, and basis of its date.

It is carried and combined here. What is contested or lacks evidence is decided in coded_value.py.
Case summaries (read from columns) and coding sheets (read from whole cases) share these rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from cases.models import Incident, Warning
from cases.models.vocabulary import DateBasis, Modality, NoteKind, Stance

# Identifies a coded value: the kind of the part that has it, the part's primary key, the field.
ValuePlace = tuple[str, int, str]

# The kinds of note by which other evidence challenges a value.
CHALLENGES = (NoteKind.CORRECTION, NoteKind.CONTRADICTION)

# The kinds of note that affect the value itself, with the word for their effect.
NOTE_EFFECTS = {
    NoteKind.CORRECTION: "Corrected",
    NoteKind.CONTRADICTION: "Contradicted",
    NoteKind.LATER_VALUE: "Updated",
    NoteKind.COMPLETION: "Completed",
}

# The modalities, the most certain first.
MODALITY_ORDER = [modality.value for modality in Modality]

# The bases of dates that editors inferred, ranked by distance from the words of the source.
EDITORIAL_BASES = {DateBasis.RESOLVED.value: 1, DateBasis.COMPLETED.value: 2}

# The warning's field from which each derived value is computed; see `inputs_of()`.
INPUT_FIELDS = {"lead_time": "date", "window_covered": "window"}


@dataclass(frozen=True)
class EvidenceStatus:
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

    @property
    def basis_label(self) -> str:
        """The label of the basis: "Resolved"; empty if the source gives the date."""
        return str(DateBasis(self.basis).label) if self.basis else ""

    @property
    def note_effects(self) -> list[tuple[str, str]]:
        """What the notes do to the value, "Contradicted by 2 notes", each with what that means."""
        kinds = Counter(self.notes)
        return [
            (f"{effect} by {'a note' if n == 1 else f'{n} notes'}", kind.definition)
            for kind, effect in NOTE_EFFECTS.items()
            if (n := kinds[kind])
        ]


# Takes a record and the names of some of its fields; returns their combined evidence status.
EvidenceStatusOf = Callable[..., EvidenceStatus]


def basis_of(record: Any, field: str) -> str:
    """Return the basis of a date that editors inferred; empty for other dates and fields."""
    basis: str = record.date_basis if field == "date" else ""
    return basis if basis in EDITORIAL_BASES else ""


def least_certain(modalities: Iterable[str]) -> str:
    """Return the least certain modality; empty (no claim) counts as less certain than any."""
    return max(modalities, key=_uncertainty, default="")


def _uncertainty(modality: str) -> int:
    if modality in MODALITY_ORDER:
        return MODALITY_ORDER.index(modality)
    # A version may have a modality that was removed since: it ranks just before no claim at all.
    return len(MODALITY_ORDER) + (not modality)


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
    name: str, warning: Warning, incident: Incident | None, evidence_status_of: EvidenceStatusOf
) -> EvidenceStatus:
    """Return the combined status of the inputs of a derived value.

    `name` is "lead_time" or "window_covered".
    """
    inputs = inputs_of(name, warning, incident)
    status = combined_status(_input_status(*value, evidence_status_of) for value in inputs)
    return replace(status, is_derived=True)


def inputs_of(name: str, warning: Warning, incident: Incident | None) -> list[tuple[Any, str]]:
    """Return the values, each as a record and a field, from which a derived value is computed."""
    inputs: list[tuple[Any, str]] = [(warning, INPUT_FIELDS[name])]
    if incident is not None:
        inputs.append((incident, "date"))
    if name == "lead_time" and warning.rests_on_order(incident):
        inputs.append((warning, "before_incident"))
    return inputs


def _input_status(record: Any, field: str, evidence_status_of: EvidenceStatusOf) -> EvidenceStatus:
    evidence_status = evidence_status_of(record, field)
    # Completing a date that already is a single day cannot make a derived value more exact.
    if field == "date" and record.date.earliest and record.date.earliest == record.date.latest:
        notes = (kind for kind in evidence_status.notes if kind != NoteKind.COMPLETION)
        return replace(evidence_status, notes=tuple(notes))
    return evidence_status


def weigh_claims(
    claims: Iterable[tuple[ValuePlace, str, str]],
) -> tuple[dict[ValuePlace, str], frozenset[ValuePlace]]:
    """Return the most certain modality of each asserted value, and the set of contested values.

    Each claim is the place of its value, its stance and its modality.
    """
    modalities: dict[ValuePlace, str] = {}
    disputed: set[ValuePlace] = set()
    for place, stance, modality in claims:
        if stance == Stance.ASSERTS:
            known = modalities.get(place, modality)
            modalities[place] = min(known, modality, key=MODALITY_ORDER.index)
        elif stance == Stance.DISPUTES:
            disputed.add(place)
    # Contested means disputed and asserted; what is only disputed is a weak point instead.
    return modalities, frozenset(disputed & modalities.keys())
