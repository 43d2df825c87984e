"""The coding sheet of a case: every coded value with the claims and notes about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.utils.text import slugify
from msgspec import structs

from cases.models.case import dates_of
from cases.models.claim import anchor_of
from cases.models.era import ICD_191, era_of, is_compared_with_icd_191, span_of
from cases.models.vocabulary import NOT_STATED, DirectiveEra, Era, NoteKind, Role, label_in
from cases.record.classes import (
    STATED,
    AssessmentRecord,
    CasePart,
    CaseRecord,
    ClaimRecord,
    DirectiveRef,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    PartyRecord,
    WarningRecord,
)
from cases.record.columns import MODELS, coded_fields
from cases.text.folding import fold

from .case_evidence import CaseEvidence, path_of
from .coded_value import CodedValue
from .evidence_status import EvidenceStatus
from .lead_time import rests_on_order
from .values import (
    Reading,
    column_of,
    label_of,
    oldest_first,
    read,
    read_lead_time,
    read_window_covered,
)
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
        return _anchor_of_derived(self.part, self.label)


def anchor(part: CasePart, field: str) -> str:
    """Return the id of a value's element on the page of the case, be it coded or derived."""
    if label := DERIVED.get(field) or (ERA if field == "era" else ""):
        return _anchor_of_derived(part.path, label)
    return anchor_of(path_of(part, field))


@lru_cache(maxsize=1_024)
def _anchor_of_derived(part: str, label: str) -> str:
    return f"{part or 'case'}-{slugify(label)}"


@dataclass(frozen=True)
class SheetSection:
    """The coded values of one part: the case itself, a warning or an incident.

    `is_contested` says whether a claim disputes the part as a whole while another asserts it or one
    of its values.
    """

    part: CasePart
    title: str
    values: tuple[CodedValue, ...]
    is_contested: bool
    claims: tuple[ClaimRecord, ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    derived: tuple[Derived, ...] = ()

    @property
    def path(self) -> str:
        return self.part.path

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

    `is_on_page` says whether the page shows this sheet, so that badges can link to it.
    """

    def __init__(self, record: CaseRecord, *, is_on_page: bool = False) -> None:
        self.record = record
        self.evidence = CaseEvidence(record)
        self.is_on_page = is_on_page

    def status(self, part: CasePart, *fields: str) -> EvidenceStatus:
        """Return the combined evidence status of some fields of a part.

        If something speaks against one of them, the status has the address of its evidence.
        """
        status = self.evidence.status(part, *fields)
        if not (self.is_on_page and status.is_challenged):
            return status
        # One badge can stand for several values.
        challenged = (
            field for field in fields if field and self.evidence.status(part, field).is_challenged
        )
        field = next(challenged, "")
        return structs.replace(status, address=f"#{anchor(part, field)}") if field else status

    @cached_property
    def warnings(self) -> list[SheetSection]:
        """The section of each warning, with its derived values."""
        return [
            self._section(str(warning), warning, self._derived(warning))
            for warning in self.record.warnings
        ]

    @cached_property
    def incidents(self) -> list[SheetSection]:
        return [self._section(str(incident), incident) for incident in self.record.incidents]

    @cached_property
    def about_case(self) -> SheetSection:
        directives = oldest_first(self.record.directives)
        slugs = {directive.slug for directive in directives}
        eras = [self._era] if is_compared_with_icd_191(slugs) else []
        eras += [self.era_under(one) for one in directives if one.slug != ICD_191]
        return self._section("The case", self.record, tuple(eras))

    @property
    def _era(self) -> Derived:
        era = self.record.era
        return self._derived_era(ERA, Reading(era, label_in(Era, era)))

    def era_under(self, directive: DirectiveRef) -> Derived:
        """Return whether the case came before or after a directive was issued."""
        if directive.slug == ICD_191:
            return self._era
        span = span_of(self.record.date, dates_of(self.record.incidents, self.record.warnings))
        era = era_of(span, (directive.issued.earliest, directive.issued.latest))
        if era == DirectiveEra.NOT_STATED:
            return self._derived_era(directive.code, Reading(era.value, str(era.label)))
        return self._derived_era(directive.code, Reading(era.value, f"{era.label} {directive}"))

    def _derived_era(self, label: str, era: Reading) -> Derived:
        status = self.evidence.status(self.record, "era")
        return Derived("", label, era, "from the case’s date", status)

    @cached_property
    def roles(self) -> list[CodedValue]:
        """The roles of the case, each as a value that reads as its actor."""
        return [self._role(part) for part in roles_of(self.record)]

    @cached_property
    def assessments(self) -> list[CodedValue]:
        """The coded status of each assessed exception; its label names the exception."""
        return [self._assessment(part) for part in assessments_of(self.record)]

    @property
    def sections(self) -> list[SheetSection]:
        return [self.about_case, *self.warnings, *self.incidents]

    def values(self) -> Iterator[CodedValue]:
        """Yield every coded value of the case."""
        for section in self.sections:
            yield from section.values
        yield from self.roles
        yield from self.assessments

    @cached_property
    def notes(self) -> list[NoteRecord]:
        """The notes on the case, challenging ones first."""
        order = {kind.value: place for place, kind in enumerate(NoteKind)}
        return sorted(
            self.record.notes, key=lambda note: (order.get(note.kind, len(order)), note.slug)
        )

    @cached_property
    def contested(self) -> list[CodedValue | SheetSection]:
        """The contested values, and the warnings and incidents contested as a whole."""
        parts: list[CodedValue | SheetSection] = [*self.values(), *self.sections]
        return [part for part in parts if part.is_contested]

    def paths(self) -> list[str]:
        """Return the path of every value and part that a claim or a note can be about."""
        record = self.record
        parts: list[CasePart] = [*record.warnings, *record.incidents]
        parts += [*record.involvements, *record.assessments]
        return sorted({*(part.path for part in parts), *(value.path for value in self.values())})

    def _section(
        self, title: str, part: CasePart, derived: tuple[Derived, ...] = ()
    ) -> SheetSection:
        return SheetSection(
            part=part,
            title=title,
            values=tuple(self._value(part, name) for name in coded_fields(part)),
            is_contested=part.path in self.evidence.contested,
            claims=self.evidence.claims(part.path),
            notes=self.evidence.notes(part.path) if part.path else (),
            derived=derived,
        )

    def _value(self, part: CasePart, name: str) -> CodedValue:
        path, model = path_of(part, name), MODELS[type(part)]
        return CodedValue(
            path=path,
            field=name,
            label=label_of(model, name),
            reading=read(part, name),
            claims=self.evidence.claims(path),
            notes=self.evidence.notes(path),
            codebook=f"{model._meta.model_name}.{column_of(name)}",
        )

    def _role(self, part: InvolvementRecord) -> CodedValue:
        return CodedValue(
            path=part.path,
            field="",  # claims are about the role as a whole
            label=label_in(Role, part.role),
            reading=Reading(
                PartyRecord(state=STATED, actor=part.actor), part.actor.name, actors=(part.actor,)
            ),
            claims=self.evidence.claims(part.path),
            notes=self.evidence.notes(part.path),
            codebook="involvement.role",
            remark=part.note,
        )

    def _assessment(self, part: AssessmentRecord) -> CodedValue:
        value = self._value(part, "status")
        return replace(value, label=str(part.exception), remark=part.note)

    def _derived(self, warning: WarningRecord) -> tuple[Derived, ...]:
        incident = self.evidence.occurrence
        lead_time = read_lead_time(warning, incident)
        readings = {
            "lead_time": (lead_time, _how(warning, incident, lead_time)),
            "window_covered": (
                read_window_covered(warning, incident),
                "from the warned window and the date of the incident",
            ),
        }
        return tuple(
            Derived(
                warning.path, DERIVED[name], *reading_and_how, self.evidence.status(warning, name)
            )
            for name, reading_and_how in readings.items()
        )


def roles_of(record: CaseRecord) -> list[InvolvementRecord]:
    """Return the roles of a case by the name of the actor; its record has them by slug."""
    return sorted(
        record.involvements, key=lambda part: (part.role, fold(part.actor.name), part.path)
    )


def assessments_of(record: CaseRecord) -> list[AssessmentRecord]:
    """Return the assessments of a case by the code of the exception; its record has slugs."""
    return sorted(record.assessments, key=lambda part: (part.exception.code, part.path))


def _how(warning: WarningRecord, incident: IncidentRecord | None, lead_time: Reading) -> str:
    """Return from what a lead time is worked out, or why it cannot be."""
    how = "from the dates of the warning and the incident"
    by_order = rests_on_order(warning, incident)
    if lead_time.value != NOT_STATED:
        return f"{how}, and from the order that a source gives" if by_order else how
    if incident is not None and not incident.is_told:
        return f"{how}, but no source says what happened"
    if by_order:
        return f"{how}, which contradict the order that a source gives"
    return f"{how}, but one of them is not stated or has an open end"
