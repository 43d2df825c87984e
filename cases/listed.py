"""What lists show of their cases beside each case's own columns: fetched together, and plainly.

A list has some 25 cases, and most of the time of a page once went into making records that it then
read one name of. Hence this asks for columns where columns will do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .coding import CHALLENGES, FIRMNESS_ORDER
from .models import Case, Claim, Incident, Note, Warning
from .models.vocabulary import Stance
from .variables import CASE, INCIDENT, WARNING

Place = tuple[str, int, str]
"""A coded value: the part of a case, the key of that record, the name of the field."""


@dataclass(frozen=True)
class Listed:
    """A case with its parts as a list shows them.

    `recipients` are names by the key of a warning, `challenges` counts the notes that correct or
    contradict its sources, and `firmness` holds the firmest claim that asserts each value.
    """

    case: Case
    warnings: Sequence[Warning]
    incidents: Sequence[Incident]
    recipients: dict[int, list[tuple[str, str]]]
    challenges: int
    firmness: dict[Place, str]

    @property
    def occurrence(self) -> Incident | None:
        """The earliest incident that was carried out, as `first_occurrence()` has it."""
        occurred = [incident for incident in self.incidents if incident.occurred]
        return min(occurred, key=lambda incident: incident.date.sort_key, default=None)

    def firmness_of(self, part: str, key: int, *fields: str) -> str:
        """Return how firm the least firm of some values of a record is; empty without a claim."""
        found = [self.firmness.get((part, key, field), "") for field in fields]
        return weakest(found)


def weakest(modalities: Iterable[str]) -> str:
    """Return the least firm of those that are not empty; empty without any."""
    return max(filter(None, modalities), key=FIRMNESS_ORDER.index, default="")


def listed(cases: Sequence[Case], fields: Iterable[str]) -> list[Listed]:
    """Return the cases with their parts, and how firm these `fields` are; five queries in all."""
    keys = [case.pk for case in cases]
    warnings: dict[int, list[Warning]] = defaultdict(list)
    for warning in Warning.objects.filter(case__in=keys).select_related("issuer"):
        warnings[warning.case_id].append(warning)
    incidents: dict[int, list[Incident]] = defaultdict(list)
    for incident in Incident.objects.filter(case__in=keys):
        incidents[incident.case_id].append(incident)
    notes = Note.objects.filter(case__in=keys, kind__in=CHALLENGES).order_by()
    challenges = Counter(notes.values_list("case", flat=True))
    recipients, firmness = _recipients(keys), firmness_by_place(keys, fields)
    return [
        Listed(
            case,
            warnings[case.pk],
            incidents[case.pk],
            recipients,
            challenges[case.pk],
            firmness,
        )
        for case in cases
    ]


def _recipients(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return for each warning of some cases its recipients as slugs with names, by name."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Warning.recipients.through.objects.filter(warning__case__in=keys)
    columns = ("warning", "actor__slug", "actor__name")
    for warning, slug, name in rows.order_by("actor__name", "actor").values_list(*columns):
        found[warning].append((slug, name))
    return found


def firmness_by_place(keys: Sequence[int], fields: Iterable[str]) -> dict[Place, str]:
    """Return how firm the firmest claim is that asserts each value of a case or its main parts."""
    # Of the other parts claims are left out here: SQLite, asked to, would go through all of them.
    claims = Claim.objects.filter(case__in=keys, stance=Stance.ASSERTS, field__in=set(fields))
    columns = ("case", "warning", "incident", "involvement", "assessment", "field", "modality")
    found: dict[Place, str] = {}
    for case, warning, incident, *others, field, modality in claims.order_by().values_list(
        *columns
    ):
        if warning is not None:
            place = (WARNING, warning, field)
        elif incident is not None:
            place = (INCIDENT, incident, field)
        elif others == [None, None]:
            place = (CASE, case, field)
        else:
            continue
        firmest = found.get(place, modality)
        found[place] = min(firmest, modality, key=FIRMNESS_ORDER.index)
    return found
