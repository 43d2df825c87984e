"""The case of a record, for the page of an old version.

The inverse of `cases/record/building.py`: `record_of(case_as_of(record)) == record`. The instances
are unsaved and must not be saved. Differences and restoring read the record itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model

from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Warning,
)
from cases.models.relations import preset
from cases.record.classes import (
    ActorRef,
    AssessmentRecord,
    CaseRecord,
    ClaimRecord,
    IncidentRecord,
    InvolvementRecord,
    NoteRecord,
    SourceRef,
    WarningRecord,
)
from cases.record.columns import MODELS, Ref, columns_of

Part = TypeVar("Part", bound=Model)

_CLAIM_PARTS: dict[type[Model], str] = {
    Warning: "warning",
    Incident: "incident",
    Involvement: "involvement",
    ExceptionAssessment: "assessment",
}


def case_as_of(
    record: CaseRecord, has_page: Callable[[ActorRef | SourceRef], bool] | None = None
) -> Case:
    """Return the case that a record describes, as if fetched with `for_detail()`.

    `has_page` says which actors and sources have a page today; without it every name is a link.
    """
    return _Snapshot(record, has_page).case


class _Snapshot:
    """Builds the unsaved instances of one case.

    Their primary keys are negative, so that they never equal those of stored records.
    """

    def __init__(
        self, record: CaseRecord, has_page: Callable[[ActorRef | SourceRef], bool] | None
    ) -> None:
        self._shared: dict[tuple[type[Ref], str], Any] = {}
        self._has_page = has_page
        self.case = Case(pk=-1, **columns_of(record, Case))
        preset(self.case, "directives", map(self._instance, record.directives))
        warnings = [self._warning(part) for part in record.warnings]
        incidents = [self._incident(part) for part in record.incidents]
        involvements = [self._role(*part) for part in enumerate(record.involvements, 1)]
        assessments = [self._assessment(*part) for part in enumerate(record.assessments, 1)]
        preset(self.case, "warnings", warnings)
        preset(self.case, "incidents", incidents)
        preset(self.case, "involvements", involvements)
        preset(self.case, "assessments", assessments)
        parts: dict[str, Any] = {part.path: part for part in (*warnings, *incidents)}
        parts |= {part.path: part for part in involvements}
        parts |= {part.path: part for part in assessments}
        # Claims point at parts by path, so they are built after all parts.
        preset(self.case, "claims", [self._claim(claim, parts) for claim in record.claims])
        preset(self.case, "notes", [self._note(*part) for part in enumerate(record.notes, 1)])

    def _part(self, model: type[Part], place: int, part: Any, **related: Any) -> Part:
        return model(pk=-place, case=self.case, **columns_of(part, model), **related)

    def _warning(self, part: WarningRecord) -> Warning:
        issuer = self._instance(part.issuer.actor)
        warning = self._part(Warning, part.sequence, part, issuer=issuer)
        preset(warning, "recipients", map(self._instance, part.recipients))
        warning.preset_intermediaries(map(self._instance, part.intermediaries))
        return warning

    def _incident(self, part: IncidentRecord) -> Incident:
        country = self._instance(part.country.actor)
        return self._part(Incident, part.sequence, part, country=country)

    def _role(self, place: int, part: InvolvementRecord) -> Involvement:
        return self._part(Involvement, place, part, actor=self._instance(part.actor))

    def _assessment(self, place: int, part: AssessmentRecord) -> ExceptionAssessment:
        exception = self._instance(part.exception)
        return self._part(ExceptionAssessment, place, part, exception=exception)

    def _claim(self, part: ClaimRecord, parts: dict[str, Any]) -> Claim:
        about, _, field = part.about.partition(".")
        subject = parts.get(about)
        claim = self._part(
            Claim,
            part.sequence,
            part,
            field=field if subject else part.about,  # else about the case itself
            speaker=self._instance(part.speaker.actor),
            source=self._instance(part.source),
        )
        if subject is not None:
            setattr(claim, _CLAIM_PARTS[type(subject)], subject)
        return claim

    def _note(self, place: int, part: NoteRecord) -> Note:
        return self._part(
            Note,
            place,
            part,
            field=part.about,
            source=self._instance(part.source),
            evidence=self._instance(part.evidence),
        )

    def _instance(self, ref: Ref | None) -> Any:
        """Return one instance for each slug, so that one actor or source is one instance."""
        if ref is None:
            return None
        key = type(ref), ref.slug
        if key not in self._shared:
            model = MODELS[type(ref)]
            instance = model(pk=-len(self._shared) - 1, **columns_of(ref, model))
            if self._has_page is not None and isinstance(ref, ActorRef | SourceRef):
                instance.has_page = self._has_page(ref)  # type: ignore[attr-defined]  # read by a tag
            self._shared[key] = instance
        return self._shared[key]
