"""Case summaries: what lists show of cases beyond their own columns, fetched in a few queries.

A list has about 25 cases. Building model instances to read one name from each took most of the
time of a page, so this module reads plain columns wherever they suffice.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from cases.models import Case, Claim, Incident, Intermediary, Note, Warning
from cases.models.case import dated_by, dates_of
from cases.models.era import icd_191_era_of, span_of
from cases.models.incident import earliest_occurred
from cases.models.vocabulary import Era, NoteKind

from .coded_value import NotedFact
from .evidence_status import (
    CHALLENGES,
    NOTE_EFFECTS,
    EvidenceStatus,
    ValuePlace,
    basis_of,
    combined_status,
    derived_status,
    weigh_claims,
)
from .variables import CASE, DERIVED, INCIDENT, WARNING


@dataclass(frozen=True)
class CaseSummary:
    """A case with its parts, in the form that lists show.

    `challenges` counts the notes that correct or contradict the sources of the case, including
    notes on passages that its claims cite. The mappings and sets below are shared by all cases
    of one list:

    - `recipients`: slug and name of each recipient, by the key of the warning.
    - `intermediaries`: slug and name of each intermediary, in order, by the key of the warning.
    - `directives`: slug and code of each applicable directive, by the key of the case.
    - `modality`: the most certain modality of the claims that assert a value, by its place.
    - `contested`: the places of the contested values.
    - `note_kinds`: the kinds of the notes on a value, by the key of the case and the value's path.
    - `completed_kinds`: what notes say that incidents were, by the same.
    """

    case: Case
    warnings: Sequence[Warning]
    incidents: Sequence[Incident]
    recipients: dict[int, list[tuple[str, str]]]
    intermediaries: dict[int, list[tuple[str, str]]]
    challenges: int
    modality: dict[ValuePlace, str]
    contested: Set[ValuePlace]
    note_kinds: dict[tuple[int, str], list[str]]
    completed_kinds: dict[tuple[int, str], NotedFact]
    directives: dict[int, list[tuple[str, str]]]

    @property
    def occurrence(self) -> Incident | None:
        """The earliest incident that was carried out, or None."""
        return earliest_occurred(self.incidents)

    @property
    def era(self) -> Era:
        """What `Case.era` is, without a query."""
        parts = dates_of(self.incidents, self.warnings)
        return icd_191_era_of(span_of(self.case.date, parts))

    def noted_kind(self, incident: Incident) -> NotedFact | None:
        """Return what a note says an incident was, if no source states its kind."""
        path = f"{incident.path}.kind"
        return None if incident.is_told else self.completed_kinds.get((self.case.pk, path))

    def evidence_status_of(self, record: Any, *fields: str) -> EvidenceStatus:
        """Return the combined evidence status of some fields of the case or of one of its parts."""
        return combined_status(self._evidence_status_of(record, field) for field in fields)

    def _evidence_status_of(self, record: Any, field: str) -> EvidenceStatus:
        """Return what `CodingSheet.evidence_status_of()` returns for one field."""
        if field in DERIVED:
            return derived_status(field, record, self.occurrence, self.evidence_status_of)
        part = record._meta.model_name
        if part == CASE and field in {"date", "era"}:
            # Claims are about the part that dates the case, not about the case's own date.
            dating = dated_by(self.incidents, self.warnings)
            status = self._evidence_status_of(dating, "date") if dating else EvidenceStatus()
            return replace(status, is_derived=field == "era")
        place = (part, record.pk, field)
        path = field if part == CASE else f"{record.path}.{field}"
        return EvidenceStatus(
            modality=self.modality.get(place, ""),
            is_contested=place in self.contested,
            notes=tuple(self.note_kinds.get((self.case.pk, path), ())),
            basis=basis_of(record, field),
        )


def summaries_of(cases: Sequence[Case], fields: Iterable[str]) -> list[CaseSummary]:
    """Return a summary of each case with the evidence status of `fields`; eight queries in all.

    A ninth query fetches the applicable directives if they are among `fields`.
    """
    fields = set(fields)
    keys = [case.pk for case in cases]
    warnings: dict[int, list[Warning]] = defaultdict(list)
    for warning in Warning.objects.filter(case__in=keys).select_related("issuer"):
        warnings[warning.case_id].append(warning)
    incidents: dict[int, list[Incident]] = defaultdict(list)
    for incident in Incident.objects.filter(case__in=keys).select_related("country"):
        incidents[incident.case_id].append(incident)
    recipients, intermediaries = _recipients(keys), _intermediaries(keys)
    note_kinds, completed_kinds = _notes(keys)
    directives = _directives(keys) if "directives" in fields else {}
    modality, contested = evidence_by_place(keys, fields)
    # A case is challenged by notes on its own values and by notes on passages that it cites.
    challenges = challenged_passages(keys)
    for (key, _), kinds in note_kinds.items():
        challenges[key] += sum(kind in CHALLENGES for kind in kinds)
    return [
        CaseSummary(
            case,
            warnings[case.pk],
            incidents[case.pk],
            recipients,
            intermediaries,
            challenges[case.pk],
            modality,
            contested,
            note_kinds,
            completed_kinds,
            directives,
        )
        for case in cases
    ]


def _notes(
    keys: Sequence[int],
) -> tuple[dict[tuple[int, str], list[str]], dict[tuple[int, str], NotedFact]]:
    """Return the kinds of the notes on each value, and what completes the kind of an incident.

    Both are by the key of the case and the value's path; one query.
    """
    kinds_by_value: dict[tuple[int, str], list[str]] = defaultdict(list)
    completed_kinds: dict[tuple[int, str], NotedFact] = {}
    notes = Note.objects.filter(case__in=keys, kind__in=NOTE_EFFECTS).order_by("slug")
    for case, path, kind, slug, says in notes.values_list(
        "case", "field", "kind", "slug", "evidence_says"
    ):
        kinds_by_value[case, path].append(kind)
        if kind == NoteKind.COMPLETION and re.fullmatch(r"incident-\d+\.kind", path):
            completed_kinds.setdefault((case, path), NotedFact.of(slug, says))
    return kinds_by_value, completed_kinds


def challenged_passages(keys: Sequence[int]) -> Counter[int]:
    """Count, by case, the challenging notes without a case on passages that its claims cite.

    For a single case `NoteQuerySet.on_passages_of()` finds the same notes. Two queries.
    """
    notes = Note.objects.public().filter(case=None, kind__in=CHALLENGES).order_by()
    passages = Counter(notes.values_list("source", "locator"))
    # Filtered by case and locator only: with a filter by source SQLite may scan all claims.
    locators = {locator for _, locator in passages}
    claims = Claim.objects.filter(case__in=keys, locator__in=locators).order_by()
    challenges: Counter[int] = Counter()
    for case, *passage in set(claims.values_list("case", "source", "locator")):
        challenges[case] += passages[tuple(passage)]
    return challenges


def _recipients(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return slug and name of the recipients by the key of the warning, sorted by name."""
    recipients: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Warning.recipients.through.objects.filter(warning__case__in=keys)
    columns = ("warning", "actor__slug", "actor__name")
    for warning, slug, name in rows.order_by("actor__name", "actor").values_list(*columns):
        recipients[warning].append((slug, name))
    return recipients


def _intermediaries(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return slug and name of the intermediaries, in order, by the key of the warning."""
    intermediaries: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Intermediary.objects.filter(warning__case__in=keys).order_by("position")
    for warning, slug, name in rows.values_list("warning", "actor__slug", "actor__name"):
        intermediaries[warning].append((slug, name))
    return intermediaries


def _directives(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return slug and code of the applicable directives by the key of the case, the oldest first.

    A case without any is missing.
    """
    directives: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Case.directives.through.objects.filter(case__in=keys)
    columns = ("case", "directive__slug", "directive__code")
    for case, slug, code in rows.order_by("directive").values_list(*columns):
        directives[case].append((slug, code))
    return directives


def modality_by_place(keys: Sequence[int], fields: Iterable[str]) -> dict[ValuePlace, str]:
    """Return the most certain modality of each value; see `evidence_by_place()`."""
    return evidence_by_place(keys, fields)[0]


def evidence_by_place(
    keys: Sequence[int], fields: Iterable[str]
) -> tuple[dict[ValuePlace, str], frozenset[ValuePlace]]:
    """Return the most certain modality of each asserted value, and the set of contested values.

    Covers `fields` of cases, warnings and incidents; one query.
    """
    # Claims about other parts are skipped below: excluded in SQL, SQLite would scan all claims.
    claims = Claim.objects.filter(case__in=keys, field__in=set(fields))
    columns = ("case", "warning", "incident", "involvement", "assessment")
    rows = claims.order_by().values_list(*columns, "field", "stance", "modality")
    return weigh_claims(
        (place, stance, modality)
        for *parts, field, stance, modality in rows
        if (place := _place(field, *parts)) is not None
    )


def _place(
    field: str, case: int, warning: int | None, incident: int | None, *others: int | None
) -> ValuePlace | None:
    """Return the place of the value that a claim is about; None for roles and assessments."""
    if warning is not None:
        return WARNING, warning, field
    if incident is not None:
        return INCIDENT, incident, field
    return (CASE, case, field) if others == (None, None) else None
