"""Coded values: how each is read from its record, worded, and matched with its evidence.

The one place that words typed missing values and uncertain figures; pages, tables, exports and
record checks all read coded values here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .models import Actor, Case, Claim, ExceptionAssessment, Incident, Involvement, Note, Warning
from .models.claim import anchor_of
from .models.uncertain_date import UncertainDate, day_text, parse
from .models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    AssessmentStatus,
    Basis,
    CaseKind,
    Channel,
    Conduit,
    FollowUp,
    IncidentKind,
    Modality,
    NoteKind,
    Qualifier,
    Reception,
    RecordsStatus,
    Relation,
    Specificity,
    Stance,
    Vocabulary,
    WindowCovered,
)

ABSENT_TEXT = {
    NOT_STATED: "Not stated in the sources",
    NOT_APPLICABLE: "Does not apply",
}

LABELS = {
    "recipients": "Recipients",
    "date": "Date",
    "window": "Warned window",
    "content": "What it said",
    "who_specificity": "Who was to attack",
    "target_specificity": "The target",
    "place_specificity": "The place",
    "time_specificity": "The time",
}
"""Labels of coded fields that stand for several columns, or that read better than the column."""

COLUMNS = {"date": "date_words", "window": "window_start"}
"""The first column of each coded field that is stored in several."""

VOCABULARIES: dict[type[Any], dict[str, type[Vocabulary]]] = {
    Case: {"kind": CaseKind, "records_status": RecordsStatus},
    Warning: {
        "channel": Channel,
        "conduit": Conduit,
        "basis": Basis,
        "relation": Relation,
        "who_specificity": Specificity,
        "target_specificity": Specificity,
        "place_specificity": Specificity,
        "time_specificity": Specificity,
        "reception": Reception,
        "follow_up": FollowUp,
    },
    Incident: {"kind": IncidentKind},
    ExceptionAssessment: {"status": AssessmentStatus},
}
"""The vocabulary of each coded field that has one."""

CHALLENGES = (NoteKind.CORRECTION, NoteKind.CONTRADICTION)
"""The kinds of note that a reader of the value must not miss."""

FIRMNESS_ORDER = [modality.value for modality in Modality]


@dataclass(frozen=True)
class Reading:
    """A value as read from its record: in plain JSON, in words, and with the actors it names."""

    value: Any
    text: str
    definition: str = ""
    actors: tuple[Actor, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether the value records that something is not stated, reported or applicable."""
        return isinstance(self.value, str) and self.value in ABSENT_VALUES


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
        modalities = sorted((claim.modality for claim in self.supporting), key=FIRMNESS_ORDER.index)
        return Modality(modalities[0]) if modalities else None

    @property
    def challenged_by(self) -> tuple[Note, ...]:
        """Return the notes by which other evidence corrects or contradicts the value."""
        return tuple(note for note in self.notes if note.kind in CHALLENGES)

    @property
    def has_several_speakers(self) -> bool:
        """Whether different voices speak about the value, or take different stances."""
        voices = {(claim.speaker_id, claim.source_id) for claim in self.claims}
        return len(voices) > 1 or len({claim.stance for claim in self.claims}) > 1


@dataclass(frozen=True)
class Derived:
    """A value that is worked out and never typed: how it was, and how firm its weakest input is."""

    label: str
    text: str
    how: str
    firmness: Modality | None = None

    @property
    def is_absent(self) -> bool:
        """Whether it could not be worked out, or there was nothing to work out."""
        return self.firmness is None


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
        era = self.case.era
        return self._section(
            "The case", self.case, (Derived("ICD 191", era.label, "from the case's date"),)
        )

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
        order = [kind.value for kind in NoteKind]
        return sorted(self.case.notes.all(), key=lambda note: (order.index(note.kind), note.slug))

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
        lead_time = warning.lead_time(incident)
        how = "from the dates of warning and incident"
        if lead_time.status == NOT_STATED:
            how += ", of which one is not stated or has an open end"
        covered = warning.window_covered(incident)
        covered_text = covered.label
        gap = warning.days_after_window(incident)
        if covered == WindowCovered.NO and gap.minimum is not None and gap.minimum > 0:
            covered_text = f"No: it had closed {gap} before"
        dates = {f"{section.path}.date"}
        windows = {f"{section.path}.window"}
        if incident is not None:
            dates.add(f"{incident.path}.date")
            windows.add(f"{incident.path}.date")
        is_told = covered in (WindowCovered.YES, WindowCovered.NO)
        return (
            Derived(
                "Lead time",
                sentence(str(lead_time)),
                how,
                self._weakest(section, dates) if lead_time.minimum is not None else None,
            ),
            Derived(
                "Window covered the incident",
                covered_text,
                "from the warned window and that date",
                self._weakest(section, windows) if is_told else None,
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


def sentence(text: str) -> str:
    """Begin `text` with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def label_of(record: Any, name: str) -> str:
    """Return the label of a coded field."""
    if name in LABELS:
        return LABELS[name]
    return sentence(str(record._meta.get_field(name).verbose_name))


def vocabulary_of(model: type[Any], name: str) -> type[Vocabulary]:
    """Return the vocabulary of a coded field; KeyError for a field without one."""
    return VOCABULARIES[model][name]


def column_of(name: str) -> str:
    """Return the column that the codebook lists a coded field under."""
    return COLUMNS.get(name, name)


def read(record: Any, name: str) -> Reading:
    """Read one coded value from its record."""
    return READERS.get(name, _read_choice)(record, name)


def absent(status: str) -> Reading:
    """Return the reading of a value that is missing for a known reason."""
    return Reading(status, ABSENT_TEXT[status])


def _read_choice(record: Any, name: str) -> Reading:
    value = getattr(record, name)
    if value in ABSENT_TEXT:
        return absent(value)
    member = vocabulary_of(type(record), name)(value)
    return Reading(value, str(member.label), member.definition)


def _read_text(record: Any, name: str) -> Reading:
    value = getattr(record, name)
    if value == NOT_STATED:
        return absent(missing_in(record))
    return Reading(value, value)


def _read_actor(record: Any, name: str) -> Reading:
    actor: Actor | None = getattr(record, name)
    if actor is None:
        return absent(missing_in(record))
    return Reading(actor.slug, actor.name, actors=(actor,))


def _read_actors(record: Any, name: str) -> Reading:
    actors = tuple(getattr(record, name).all())
    if not actors:
        return absent(NOT_STATED)
    return Reading(
        [actor.slug for actor in actors], ", ".join(actor.name for actor in actors), actors=actors
    )


def _read_date(record: Any, name: str) -> Reading:
    date: UncertainDate = getattr(record, name)
    if not date.is_stated:
        return absent(missing_in(record))
    return Reading(date_value(date), sentence(str(date)))


def date_value(date: UncertainDate) -> dict[str, Any]:
    """Return a date in plain JSON; an unbounded day is null."""
    return {
        "words": date.words,
        "edtf": date.edtf,
        "basis": date.basis,
        "earliest": date.earliest and date.earliest.isoformat(),
        "latest": date.latest and date.latest.isoformat(),
    }


def _read_figure(record: Any, name: str) -> Reading:
    figure, qualifier = getattr(record, name), getattr(record, f"{name}_qualifier")
    if figure is None:
        return absent(qualifier)
    return Reading(
        {"figure": figure, "qualifier": qualifier},
        figure_text(figure, qualifier),
        Qualifier(qualifier).definition,
    )


def figure_text(figure: int, qualifier: str) -> str:
    """Word a figure with its qualifier: "over 130"; an exact one stands alone."""
    words = "" if qualifier == Qualifier.EXACT else f"{Qualifier(qualifier).label.lower()} "
    return f"{words}{figure:,}"


def _read_window(record: Any, name: str) -> Reading:
    start, end = record.window_start, record.window_end
    if start is None and end is None:
        left_out = record.time_specificity == Specificity.ABSENT
        return absent(NOT_APPLICABLE if left_out else NOT_STATED)
    value = {"start": start and start.isoformat(), "end": end and end.isoformat()}
    if start is None:
        return Reading(value, f"Until {day_text(end)}")
    if end is None:
        return Reading(value, f"From {day_text(start)}")
    if start == end:
        return Reading(value, day_text(start))
    return Reading(value, parse(f"{start.isoformat()}/{end.isoformat()}").text)


def missing_in(record: Any) -> str:
    """Tell a silent source from a value that cannot be: nothing has a place if nothing happened."""
    if isinstance(record, Incident) and not record.is_known_to_be:
        return NOT_APPLICABLE
    return NOT_STATED


READERS: dict[str, Callable[[Any, str], Reading]] = {
    "issuer": _read_actor,
    "country": _read_actor,
    "recipients": _read_actors,
    "date": _read_date,
    "content": _read_text,
    "place": _read_text,
    "target": _read_text,
    "window": _read_window,
    "deaths": _read_figure,
    "injured": _read_figure,
}
