"""The coding sheet of a case: every coded value with the claims and notes about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.text import slugify

from cases.models import Case, Claim, Directive, Incident, Involvement, Note, Warning
from cases.models.case import dated_by
from cases.models.claim import RELATED_PARTS
from cases.models.era import ICD_191, is_compared_with_icd_191
from cases.models.incident import earliest_occurred
from cases.models.vocabulary import NOT_STATED, DirectiveEra, NoteKind, Stance
from cases.record.building import attach_parts

from .coded_value import CodedValue, NotedFact, challenging_notes
from .evidence_status import (
    EvidenceStatus,
    combined_status,
    derived_status,
)
from .values import Reading, column_of, label_of, read, read_lead_time, read_window_covered
from .variables import DERIVED

# The label of the era of a case. That of its era under another directive is the code of that one.
ERA = "ICD 191"


@dataclass(frozen=True)
class Derived:
    """A value that is computed from coded values and never typed.

    `part` is the path of the part of the case that it is about, empty for the case itself. `how`
    says from what it is computed. `evidence_status` is the combined status of its inputs.
    """

    part: str
    label: str
    reading: Reading
    how: str
    evidence_status: EvidenceStatus

    @property
    def modality(self) -> str:
        """The modality of the least certain input; empty if the value could not be computed."""
        return "" if self.is_absent else self.evidence_status.modality

    @property
    def is_absent(self) -> bool:
        return self.reading.is_absent

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def form(self) -> str:
        return self.reading.form

    @property
    def anchor(self) -> str:
        """The id of the value's element on the page of the case."""
        return f"{self.part or 'case'}-{slugify(self.label)}"


@dataclass(frozen=True)
class SheetSection:
    """The coded values of one record: the case itself, a warning or an incident."""

    path: str
    title: str
    record: Any
    values: tuple[CodedValue, ...]
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    derived: tuple[Derived, ...] = ()

    @property
    def is_contested(self) -> bool:
        """Whether one claim asserts the record as a whole and another disputes it."""
        return {Stance.ASSERTS, Stance.DISPUTES} <= {claim.stance for claim in self.claims}

    # What the notice of contested values asks of a value.

    @property
    def label(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        return "as a whole"

    @property
    def anchor(self) -> str:
        return f"{self.path or 'case'}-as-a-whole"


class CodingSheet:
    """Everything that is coded in one case, in the order in which editors code it.

    Takes a case fetched with `for_detail()` and makes no further queries.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in attach_parts(case):
            self._claims[claim.path_of_value].append(claim)
        self._values: dict[str, tuple[CodedValue, ...]] = {}
        self._notes: dict[str, list[Note]] = defaultdict(list)
        for note in case.notes.all():
            self._notes[note.field].append(note)

    @cached_property
    def warnings(self) -> list[SheetSection]:
        """The section of each warning, with its derived values."""
        sections = [self._section(str(warning), warning) for warning in self.case.warnings.all()]
        return [replace(section, derived=self._derived(section)) for section in sections]

    @cached_property
    def incidents(self) -> list[SheetSection]:
        return [self._section(str(incident), incident) for incident in self.case.incidents.all()]

    @cached_property
    def about_case(self) -> SheetSection:
        directives = {one.slug: one for one in self.case.directives.all()}
        eras = [self._era] if is_compared_with_icd_191(directives) else []
        directives.pop(ICD_191, None)
        eras += map(self.era_under, directives.values())
        return self._section("The case", self.case, tuple(eras))

    @property
    def _era(self) -> Derived:
        return self._derived_era(ERA, Reading(self.case.era.value, str(self.case.era.label)))

    def era_under(self, directive: Directive) -> Derived:
        """Return whether the case came before or after a directive was issued."""
        if directive.slug == ICD_191:
            return self._era
        era = self.case.era_under(directive)
        if era == DirectiveEra.NOT_STATED:
            return self._derived_era(directive.code, Reading(era.value, str(era.label)))
        return self._derived_era(directive.code, Reading(era.value, f"{era.label} {directive}"))

    def _derived_era(self, label: str, era: Reading) -> Derived:
        status = self.evidence_status_of(self.case, "era")
        return Derived("", label, era, "from the case’s date", status)

    @cached_property
    def roles(self) -> list[CodedValue]:
        """The roles of the case, each as a value that reads as its actor."""
        return [self._role(part) for part in self._parts("involvements")]

    @cached_property
    def assessments(self) -> list[CodedValue]:
        """The coded status of each assessed exception; its label names the exception."""
        return [
            # A claim about the assessment as a whole is a claim about its status, its only value.
            replace(
                value,
                label=str(part.exception),
                claims=(*value.claims, *self._claims[part.path]),
            )
            for part in self._parts("assessments")
            for value in self._values_of(part)
        ]

    @property
    def sections(self) -> list[SheetSection]:
        return [self.about_case, *self.warnings, *self.incidents]

    def values(self) -> Iterator[CodedValue]:
        """Yield every coded value of the case."""
        for section in self.sections:
            yield from section.values
        yield from self.roles
        yield from self.assessments

    @property
    def challenges(self) -> list[Note]:
        """The notes on the case by which other evidence corrects or contradicts its sources."""
        return challenging_notes(self.notes)

    @cached_property
    def notes(self) -> list[Note]:
        """The notes on the case, challenging ones first."""
        order = {kind.value: place for place, kind in enumerate(NoteKind)}
        return sorted(
            self.case.notes.all(), key=lambda note: (order.get(note.kind, len(order)), note.slug)
        )

    @cached_property
    def contested(self) -> list[CodedValue | SheetSection]:
        """The contested values, and the warnings and incidents contested as a whole."""
        parts: list[CodedValue | SheetSection] = [*self.values(), *self.sections]
        return [part for part in parts if part.is_contested]

    @cached_property
    def _status_by_path(self) -> dict[str, EvidenceStatus]:
        # Reads the parts and not the sections: derived values of a section ask for this status.
        parts = [self.case, *self._parts("warnings"), *self._parts("incidents")]
        values = [value for part in parts for value in self._values_of(part)]
        return {
            value.path: value.evidence_status for value in (*values, *self.roles, *self.assessments)
        }

    def evidence_status_of(self, record: Any, *fields: str) -> EvidenceStatus:
        """Return the combined evidence status of some fields of the case or of one of its parts.

        The date and era of the case have the status of the part that dates the case.
        """
        if record is self.case and fields[0] in {"date", "era"}:
            part = dated_by(self._parts("incidents"), self._parts("warnings"))
            status = self.evidence_status_of(part, "date") if part else EvidenceStatus()
            return replace(status, is_derived=fields[0] == "era")
        record_path = getattr(record, "path", "")
        paths = (".".join(filter(None, (record_path, field))) for field in fields)
        return combined_status(self._status_by_path[path] for path in paths)

    def noted_kind(self, incident: Incident) -> NotedFact | None:
        """Return what a note says an incident was, if no source states its kind."""
        values = self._values_of(incident)
        return next(value.noted_fact for value in values if value.field == "kind")

    def paths(self) -> list[str]:
        """Return the path of every value and part that a claim or a note can be about."""
        parts = [part.path for name in RELATED_PARTS for part in self._parts(name)]
        return sorted({*parts, *(value.path for value in self.values())})

    def _parts(self, name: str) -> list[Any]:
        return list(getattr(self.case, name).all())

    def _section(self, title: str, record: Any, derived: tuple[Derived, ...] = ()) -> SheetSection:
        path = getattr(record, "path", "")
        return SheetSection(
            path=path,
            title=title,
            record=record,
            values=self._values_of(record),
            claims=tuple(self._claims[path]),
            notes=tuple(self._notes[path]) if path else (),
            derived=derived,
        )

    def _values_of(self, record: Any) -> tuple[CodedValue, ...]:
        path = getattr(record, "path", "")
        if path not in self._values:
            names = record.CODED_FIELDS
            self._values[path] = tuple(self._value(record, path, name) for name in names)
        return self._values[path]

    def _value(self, record: Any, path: str, name: str) -> CodedValue:
        value_path = f"{path}.{name}" if path else name
        return CodedValue(
            path=value_path,
            field=name,
            label=label_of(record, name),
            reading=read(record, name),
            claims=tuple(self._claims[value_path]),
            notes=tuple(self._notes[value_path]),
            codebook=f"{record._meta.model_name}.{column_of(name)}",
        )

    def _role(self, part: Involvement) -> CodedValue:
        return CodedValue(
            path=part.path,
            field="",  # claims are about the role as a whole
            label=part.get_role_display(),
            reading=Reading(part.actor.slug, part.actor.name, actors=(part.actor,)),
            claims=tuple(self._claims[part.path]),
            notes=tuple(self._notes[part.path]),
            codebook="involvement.role",
        )

    def _derived(self, section: SheetSection) -> tuple[Derived, ...]:
        warning = section.record
        incident = first_occurrence(self.case)
        lead_time = read_lead_time(warning, incident)
        readings = {
            "lead_time": (lead_time, _how(warning, incident, lead_time)),
            "window_covered": (
                read_window_covered(warning, incident),
                "from the warned window and that date",
            ),
        }
        return tuple(
            Derived(
                section.path,
                DERIVED[name],
                *reading_and_how,
                derived_status(name, warning, incident, self.evidence_status_of),
            )
            for name, reading_and_how in readings.items()
        )


def _how(warning: Warning, incident: Incident | None, lead_time: Reading) -> str:
    """Return from what a lead time is worked out, or why it cannot be."""
    how = "from the dates of warning and incident"
    if lead_time.value != NOT_STATED:
        rests_on_order = warning.rests_on_order(incident)
        return f"{how}, and from which came first as a source says" if rests_on_order else how
    if incident is not None and not incident.is_told:
        return f"{how}, but no source says what happened"
    if warning.rests_on_order(incident):
        return f"{how}, which contradict the order that a source gives"
    return f"{how}, but one of them is not stated or has an open end"


def first_occurrence(case: Case) -> Incident | None:
    """Return the earliest incident of the case that was carried out, or None."""
    return earliest_occurred(case.incidents.all())
