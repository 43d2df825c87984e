"""What lists show of their cases beside each case's own columns: fetched together, and plainly.

A list has some 25 cases, and most of the time of a page once went into making records that it then
read one name of. Hence this asks for columns where columns will do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from cases.models import Case, Claim, Incident, Note, Warning
from cases.models.case import dated_by
from cases.models.incident import earliest_occurred
from cases.models.vocabulary import Stance

from .evidence_status import (
    CHALLENGES,
    DONE,
    MODALITY_ORDER,
    EvidenceStatus,
    basis_of,
    of_worked_out,
    together,
)
from .variables import CASE, DERIVED, INCIDENT, WARNING

ValuePlace = tuple[str, int, str]
"""A coded value: the part of a case, the key of that record, the name of the field."""


@dataclass(frozen=True)
class CaseSummary:
    """A case with its parts as a list shows them.

    `recipients` are names by the key of a warning, `challenges` counts the notes that correct or
    contradict its sources, those on passages that it rests on included, and `firmness` holds the
    firmest claim that asserts each value. Of all cases that are listed together, `contested` has
    the values that are, and `noted` the kinds of the notes by the key of a case and the path of a
    value in it.
    """

    case: Case
    warnings: Sequence[Warning]
    incidents: Sequence[Incident]
    recipients: dict[int, list[tuple[str, str]]]
    challenges: int
    modality: dict[ValuePlace, str]
    contested: Set[ValuePlace]
    noted: dict[tuple[int, str], list[str]]

    @property
    def occurrence(self) -> Incident | None:
        """The earliest incident that was carried out."""
        return earliest_occurred(self.incidents)

    def evidence_status_of(self, record: Any, *fields: str) -> EvidenceStatus:
        """Return how some values of the case or of one of its parts stand together."""
        return together(self._evidence_status_of(record, field) for field in fields)

    def _evidence_status_of(self, record: Any, field: str) -> EvidenceStatus:
        """Return how a value stands, as `CodingSheet.standing_of()` has it."""
        if field in DERIVED:
            return of_worked_out(field, record, self.occurrence, self.evidence_status_of)
        part = record._meta.model_name
        if part == CASE and field in {"date", "era"}:
            dating = dated_by(self.incidents, self.warnings)
            found = self._evidence_status_of(dating, "date") if dating else EvidenceStatus()
            return replace(found, is_worked_out=field == "era")
        place = (part, record.pk, field)
        path = field if part == CASE else f"{record.path}.{field}"
        return EvidenceStatus(
            modality=self.modality.get(place, ""),
            is_contested=place in self.contested,
            notes=tuple(self.noted.get((self.case.pk, path), ())),
            basis=basis_of(record, field),
        )


def summaries_of(cases: Sequence[Case], fields: Iterable[str]) -> list[CaseSummary]:
    """Return the cases with their parts, and how these `fields` stand; seven queries in all."""
    keys = [case.pk for case in cases]
    warnings: dict[int, list[Warning]] = defaultdict(list)
    for warning in Warning.objects.filter(case__in=keys).select_related("issuer"):
        warnings[warning.case_id].append(warning)
    incidents: dict[int, list[Incident]] = defaultdict(list)
    for incident in Incident.objects.filter(case__in=keys):
        incidents[incident.case_id].append(incident)
    recipients, noted = _recipients(keys), _noted(keys)
    modality, contested = evidence_by_place(keys, fields)
    challenges = challenged_passages(keys)
    for (key, _), kinds in noted.items():
        challenges[key] += sum(kind in CHALLENGES for kind in kinds)
    return [
        CaseSummary(
            case,
            warnings[case.pk],
            incidents[case.pk],
            recipients,
            challenges[case.pk],
            modality,
            contested,
            noted,
        )
        for case in cases
    ]


def _noted(keys: Sequence[int]) -> dict[tuple[int, str], list[str]]:
    """Return the kinds of the notes on each value of some cases, by the value's path."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    notes = Note.objects.filter(case__in=keys, kind__in=DONE).order_by()
    for case, path, kind in notes.values_list("case", "field", "kind"):
        found[case, path].append(kind)
    return found


def challenged_passages(keys: Sequence[int]) -> Counter[int]:
    """Count for some cases the notes about no case that challenge a passage which they rest on.

    These are the notes that `NoteQuerySet.on_passages_of()` finds for one. Two queries: claims are
    found by their case alone, because SQLite, asked for those of a source, may go through all.
    """
    notes = Note.objects.filter(case=None, kind__in=CHALLENGES).order_by()
    passages = Counter(notes.values_list("source", "locator"))
    locators = {locator for _, locator in passages}
    claims = Claim.objects.filter(case__in=keys, locator__in=locators).order_by()
    found: Counter[int] = Counter()
    for case, *passage in set(claims.values_list("case", "source", "locator")):
        found[case] += passages[tuple(passage)]
    return found


def _recipients(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return for each warning of some cases its recipients as slugs with names, by name."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Warning.recipients.through.objects.filter(warning__case__in=keys)
    columns = ("warning", "actor__slug", "actor__name")
    for warning, slug, name in rows.order_by("actor__name", "actor").values_list(*columns):
        found[warning].append((slug, name))
    return found


def modality_by_place(keys: Sequence[int], fields: Iterable[str]) -> dict[ValuePlace, str]:
    """Return how firm the firmest claim is that asserts each value of a case or its main parts."""
    return evidence_by_place(keys, fields)[0]


def evidence_by_place(
    keys: Sequence[int], fields: Iterable[str]
) -> tuple[dict[ValuePlace, str], frozenset[ValuePlace]]:
    """Return how firm the firmest claim is that asserts each value, and which ones are contested.

    Of the values of cases and their main parts; one query.
    """
    # Of the other parts claims are left out here: SQLite, asked to, would go through all of them.
    claims = Claim.objects.filter(case__in=keys, field__in=set(fields))
    columns = ("case", "warning", "incident", "involvement", "assessment")
    found: dict[ValuePlace, str] = {}
    disputed: set[ValuePlace] = set()
    for *parts, field, stance, modality in claims.order_by().values_list(
        *columns, "field", "stance", "modality"
    ):
        place = _place(field, *parts)
        if place is None:
            continue
        if stance == Stance.ASSERTS:
            firmest = found.get(place, modality)
            found[place] = min(firmest, modality, key=MODALITY_ORDER.index)
        elif stance == Stance.DISPUTES:
            disputed.add(place)
    return found, frozenset(disputed & found.keys())


def _place(
    field: str, case: int, warning: int | None, incident: int | None, *others: int | None
) -> ValuePlace | None:
    if warning is not None:
        return WARNING, warning, field
    if incident is not None:
        return INCIDENT, incident, field
    return (CASE, case, field) if others == (None, None) else None
