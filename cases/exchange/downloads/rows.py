"""The data behind a row of the CSV file: a case with its parts, fetched for a whole batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Max
from pyroaring import BitMap

from cases.evidence.case_summaries import ValuePlace, modality_by_place
from cases.evidence.evidence_status import INPUT_FIELDS, least_certain
from cases.evidence.variables import DERIVED, INCIDENT, VARIABLES, WARNING, Variable
from cases.models import Case, Claim, Incident, Version, Warning
from cases.models.incident import earliest_occurred
from cases.models.vocabulary import Modality

# The coded fields whose modality has a column.
FIELDS = {variable.field for variable in VARIABLES.values()} | {"country", "window"}


@dataclass
class CaseRow:
    """A case with everything that its row is written from.

    `modality` is the firmest claim that asserts each value, for all cases of the batch;
    `modalities` counts the claims of this case by modality; `version` is 0 if there is none.
    """

    case: Case
    modality: dict[ValuePlace, str]
    modalities: Counter[str]
    version: int
    is_contested: bool

    @cached_property
    def warnings(self) -> Sequence[Warning]:
        return list(self.case.warnings.all())

    @cached_property
    def incidents(self) -> Sequence[Incident]:
        return list(self.case.incidents.all())

    @cached_property
    def occurrence(self) -> Incident | None:
        """The earliest incident that was carried out."""
        return earliest_occurred(self.incidents)

    def modality_of(self, record: Any, variable: Variable) -> str:
        """Return the modality of a value; "" if no claim asserts it."""
        if variable.field not in DERIVED:
            return self.modality.get((variable.part, record.pk, variable.field), "")
        # A derived value is as firm as the weaker of the two dates it is derived from.
        inputs = [(WARNING, record.pk, INPUT_FIELDS[variable.field])]
        if self.occurrence is not None:
            inputs.append((INCIDENT, self.occurrence.pk, "date"))
        return least_certain(self.modality.get(place, "") for place in inputs)


def rows(keys: Sequence[int], contested: BitMap) -> list[CaseRow]:
    """Return rows for the public cases among `keys`, in that order, with ten queries."""
    published = Case.objects.published().for_row().filter(pk__in=keys)
    cases = {case.pk: case for case in published}
    modality = modality_by_place(keys, FIELDS)
    modalities, versions = _modalities(keys), latest_versions(keys)
    return [
        CaseRow(
            case,
            modality,
            modalities.get(key, Counter()),
            versions.get(key, 0),
            key in contested,
        )
        for key in keys
        if (case := cases.get(key))
    ]


def latest_versions(keys: Sequence[int]) -> dict[int, int]:
    """Return the number of the latest version of each case that has one."""
    versions = Version.objects.filter(case__in=keys).order_by()
    return dict(versions.values_list("case").annotate(Max("number")))


def _modalities(keys: Sequence[int]) -> dict[int, Counter[str]]:
    claims = Claim.objects.filter(case__in=keys).order_by()
    counts: dict[int, Counter[str]] = {}
    for case, modality, count in claims.values_list("case", "modality").annotate(Count("pk")):
        counts.setdefault(case, Counter())[modality] = count
    return counts


def in_order(modalities: Counter[str]) -> list[str]:
    """Return the modalities that occur, the firmest first."""
    return [modality.value for modality in Modality if modalities[modality]]
