"""The coding sheet of a case: every coded value, matched with the claims and notes about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.text import slugify

from .models import Case, Claim, Incident, Involvement, Note
from .models.claim import anchor_of
from .models.vocabulary import NOT_STATED, Modality, NoteKind, Stance
from .readings import (
    Reading,
    column_of,
    label_of,
    read,
    read_lead_time,
    read_window_covered,
)

CHALLENGES = (NoteKind.CORRECTION, NoteKind.CONTRADICTION)
"""The kinds of note that a reader of the value must not miss."""

DONE = {
    NoteKind.CORRECTION: "Corrected",
    NoteKind.CONTRADICTION: "Contradicted",
    NoteKind.COMPLETION: "Completed",
}
"""What a note of each of these kinds does to a value."""

ERA = "ICD 191"
"""The label of the era of a case, which is worked out from its date."""

FIRMNESS_ORDER = [modality.value for modality in Modality]


@dataclass(frozen=True)
class CodedValue:
    """One coded value of a case with the claims and notes about it.

    `path` names it within the case (`warning-1.channel`); `value` is plain JSON, `text` its words.
    """

    path: str
    field: str
    label: str
    reading: Reading
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    codebook: str = ""
    """Where the codebook defines the field: `warning.channel`."""

    @property
    def value(self) -> Any:
        return self.reading.value

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def anchor(self) -> str:
        """Return the value's identifier in the page of the case."""
        return anchor_of(self.path)

    @property
    def is_absent(self) -> bool:
        return self.reading.is_absent

    @property
    def form(self) -> str:
        return self.reading.form

    @property
    def supporting(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.stance == Stance.ASSERTS)

    @property
    def is_supported(self) -> bool:
        return bool(self.supporting)

    @property
    def is_contested(self) -> bool:
        """Whether somebody asserts the value and somebody disputes it."""
        return self.is_supported and any(claim.stance == Stance.DISPUTES for claim in self.claims)

    @property
    def lacks_evidence(self) -> bool:
        """Whether it states something that no claim asserts."""
        return not self.is_absent and not self.is_supported

    @property
    def firmness(self) -> Modality | None:
        """Return how firm the firmest claim that asserts the value is."""
        modalities = {claim.modality for claim in self.supporting}
        return next((modality for modality in Modality if modality in modalities), None)

    @property
    def challenged_by(self) -> tuple[Note, ...]:
        """Return the notes by which other evidence corrects or contradicts the value."""
        return tuple(note for note in self.notes if note.kind in CHALLENGES)

    @property
    def said_by_notes(self) -> list[str]:
        """Say what notes do to the value, each kind once: "Contradicted by 2 notes".

        A note that completes one is told where the sources are silent: other evidence is not.
        """
        kinds = Counter(note.kind for note in self.notes)
        told = [*CHALLENGES, NoteKind.COMPLETION] if self.is_absent else CHALLENGES
        counted = ((DONE[kind], kinds[kind]) for kind in told if kinds[kind])
        return [f"{done} by {'a note' if n == 1 else f'{n} notes'}" for done, n in counted]

    @property
    def has_several_speakers(self) -> bool:
        """Whether different voices speak about the value, or take different stances."""
        voices = {(claim.speaker_id, claim.source_id) for claim in self.claims}
        return len(voices) > 1 or len({claim.stance for claim in self.claims}) > 1


@dataclass(frozen=True)
class Derived:
    """A value that is worked out and never typed: how it was, and how firm its weakest input is.

    `part` is the path of the part of the case it is about; empty for the case itself.
    """

    part: str
    label: str
    reading: Reading
    how: str
    firmness: Modality | None = None

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def form(self) -> str:
        return self.reading.form

    @property
    def anchor(self) -> str:
        """Return the value's identifier in the page of the case."""
        return f"{self.part or 'case'}-{slugify(self.label)}"


@dataclass(frozen=True)
class Section:
    """The coded values of one record of a case: the case itself, a warning, an incident …"""

    path: str
    title: str
    record: Any
    values: tuple[CodedValue, ...]
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    derived: tuple[Derived, ...] = ()


class CodingSheet:
    """Everything coded of one case, in the order one codes it.

    Built from a case fetched with `for_detail()`, without further queries.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in case.claims.all():
            if self._attach_part(claim):
                self._claims[claim.path_of_value].append(claim)
        self._notes: dict[str, list[Note]] = defaultdict(list)
        for note in case.notes.all():
            self._notes[note.field].append(note)

    @cached_property
    def warnings(self) -> list[Section]:
        sections = [self._section(str(warning), warning) for warning in self.case.warnings.all()]
        return [replace(section, derived=self._derived(section)) for section in sections]

    @cached_property
    def incidents(self) -> list[Section]:
        return [self._section(str(incident), incident) for incident in self.case.incidents.all()]

    @cached_property
    def about_case(self) -> Section:
        era = Reading(self.case.era.value, str(self.case.era.label))
        derived = Derived("", ERA, era, "from the case’s date")
        return self._section("The case", self.case, (derived,))

    @cached_property
    def roles(self) -> list[CodedValue]:
        return [self._whole(part, self._role_reading(part)) for part in self._parts("involvements")]

    @cached_property
    def assessments(self) -> list[CodedValue]:
        """Return what is coded of each exception, with the claims about it as a whole."""
        return [
            replace(value, claims=(*value.claims, *self._claims[part.path]))
            for part in self._parts("assessments")
            for value in self._values_of(part)
        ]

    @property
    def sections(self) -> list[Section]:
        return [self.about_case, *self.warnings, *self.incidents]

    def values(self) -> Iterator[CodedValue]:
        """Yield every coded value of the case."""
        for section in self.sections:
            yield from section.values
        yield from self.roles
        yield from self.assessments

    @property
    def general_notes(self) -> list[Note]:
        """Return the notes that are about the case as a whole, or about a value it lost since."""
        known = {value.path for value in self.values()} | {
            section.path for section in self.sections if section.path
        }
        return [note for note in self.case.notes.all() if note.field not in known]

    @property
    def challenges(self) -> list[Note]:
        """Return the notes by which other evidence corrects or contradicts the case's sources."""
        return [note for note in self.notes if note.kind in CHALLENGES]

    @cached_property
    def notes(self) -> list[Note]:
        """Return the notes on the case, those that challenge its values first."""
        order = {kind.value: place for place, kind in enumerate(NoteKind)}
        return sorted(
            self.case.notes.all(), key=lambda note: (order.get(note.kind, len(order)), note.slug)
        )

    @cached_property
    def contested(self) -> list[CodedValue]:
        return [value for value in self.values() if value.is_contested]

    def claims_with_paths(self) -> Iterator[tuple[str, Claim]]:
        """Yield the claims of the case in order, each with the path of what it is about."""
        for claim in self.case.claims.all():
            yield claim.path_of_value, claim

    def paths(self) -> list[str]:
        """Return the path of every value and part that evidence or a note can be about."""
        parts = [part.path for name in PARTS for part in self._parts(name)]
        return sorted({*parts, *(value.path for value in self.values())})

    def _parts(self, name: str) -> list[Any]:
        return list(getattr(self.case, name).all())

    def _attach_part(self, claim: Claim) -> bool:
        """Give the claim the part it is about as fetched with the case, to save it a query.

        Return whether it is about this case at all: one about a part of another, which the record
        checks report, is no evidence here.
        """
        for part_name, related in zip(CLAIM_PARTS, PARTS, strict=True):
            key = getattr(claim, f"{part_name}_id")
            if key is not None:
                part = next((part for part in self._parts(related) if part.pk == key), None)
                if part is None:
                    return False
                setattr(claim, part_name, part)
        return True

    def _section(self, title: str, record: Any, derived: tuple[Derived, ...] = ()) -> Section:
        path = getattr(record, "path", "")
        return Section(
            path=path,
            title=title,
            record=record,
            values=tuple(self._values_of(record)),
            claims=tuple(self._claims[path]),
            notes=tuple(self._notes[path]) if path else (),
            derived=derived,
        )

    def _values_of(self, record: Any) -> Iterator[CodedValue]:
        path = getattr(record, "path", "")
        for name in record.CODED_FIELDS:
            value_path = f"{path}.{name}" if path else name
            yield CodedValue(
                path=value_path,
                field=name,
                label=label_of(record, name),
                reading=read(record, name),
                claims=tuple(self._claims[value_path]),
                notes=tuple(self._notes[value_path]),
                codebook=f"{record._meta.model_name}.{column_of(name)}",
            )

    def _whole(self, part: Any, reading: Reading) -> CodedValue:
        return CodedValue(
            path=part.path,
            field="",
            label=part.get_role_display(),
            reading=reading,
            claims=tuple(self._claims[part.path]),
            notes=tuple(self._notes[part.path]),
            codebook="involvement.role",
        )

    def _role_reading(self, part: Involvement) -> Reading:
        return Reading(
            value=part.actor.slug, text=part.actor.name, definition="", actors=(part.actor,)
        )

    def _derived(self, section: Section) -> tuple[Derived, ...]:
        warning = section.record
        incident = first_occurrence(self.case)
        lead_time = read_lead_time(warning, incident)
        covered = read_window_covered(warning, incident)
        how = "from the dates of warning and incident"
        if lead_time.value == NOT_STATED:
            how += ", of which one is not stated or has an open end"
        dates = {f"{section.path}.date"}
        windows = {f"{section.path}.window"}
        if incident is not None:
            dates.add(f"{incident.path}.date")
            windows.add(f"{incident.path}.date")
        return (
            Derived(
                section.path,
                "Lead time",
                lead_time,
                how,
                None if lead_time.is_absent else self._weakest(section, dates),
            ),
            Derived(
                section.path,
                "Window covered the incident",
                covered,
                "from the warned window and that date",
                None if covered.is_absent else self._weakest(section, windows),
            ),
        )

    def _weakest(self, section: Section, paths: set[str]) -> Modality | None:
        """Return the firmness of the least firm of the values that something is worked out from."""
        inputs = [
            value.firmness
            for part in (section, *self.incidents)
            for value in part.values
            if value.path in paths and value.firmness
        ]
        return max(inputs, key=FIRMNESS_ORDER.index, default=None)


PARTS = ("warnings", "incidents", "involvements", "assessments")
CLAIM_PARTS = ("warning", "incident", "involvement", "assessment")


def first_occurrence(case: Case) -> Incident | None:
    """Return the earliest incident of the case that was carried out, or None."""
    occurred = [incident for incident in case.incidents.all() if incident.occurred]
    return min(occurred, key=lambda incident: incident.date.sort_key, default=None)
