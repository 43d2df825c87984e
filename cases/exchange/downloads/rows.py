"""The data behind a row of the CSV file: a case with its parts, fetched for a whole batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Max
from pyroaring import BitMap

from cases.evidence.case_summaries import modality_by_place
from cases.evidence.evidence_status import ValuePlace, inputs_of, least_certain
from cases.evidence.variables import DERIVED, VARIABLES, Variable
from cases.models import Case, Claim, Incident, Version, Warning
from cases.models.incident import earliest_occurred
from cases.models.vocabulary import NOT_STATED, Modality

# The coded fields whose modality has a column.
FIELDS = {variable.field for variable in VARIABLES.values()} | {"window"}


@dataclass
class CaseRow:
    """A case with everything that its row is written from.

    `modality` is the firmest claim that asserts each value, for all cases of the batch;
    `modalities` counts the claims of this case by modality; `speakers` and `sources` are the slugs
    of those who make its claims and of the publications; `version` is 0 if there is none.
    """

    case: Case
    modality: dict[ValuePlace, str]
    modalities: Counter[str]
    speakers: set[str]
    sources: set[str]
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
        # A derived value is as firm as the weakest of the values it is derived from.
        inputs = inputs_of(variable.field, record, self.occurrence)
        places = ((part._meta.model_name, part.pk, field) for part, field in inputs)
        return least_certain(self.modality.get(place, "") for place in places)


def rows(keys: Sequence[int], contested: BitMap) -> list[CaseRow]:
    """Return rows for the public cases among `keys`, in that order, with eleven queries."""
    published = Case.objects.published().for_row().filter(pk__in=keys)
    cases = {case.pk: case for case in published}
    modality = modality_by_place(keys, FIELDS)
    claims, versions = _claims(keys), latest_versions(keys)
    return [
        CaseRow(
            case,
            modality,
            claims[key].modalities,
            claims[key].speakers,
            claims[key].sources,
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


@dataclass
class _Claims:
    """The columns of a row that sum up the claims of its case."""

    modalities: Counter[str] = field(default_factory=Counter)
    speakers: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


def _claims(keys: Sequence[int]) -> dict[int, _Claims]:
    """Return the modalities, speakers and sources of the claims of each case, with one query."""
    claims = Claim.objects.filter(case__in=keys).order_by()
    columns = ("case", "modality", "speaker__slug", "source__slug")
    found: dict[int, _Claims] = defaultdict(_Claims)
    counted = claims.values_list(*columns).annotate(Count("pk"))
    for case, modality, speaker, source, count in counted:
        found[case].modalities[modality] += count
        found[case].speakers.add(NOT_STATED if speaker is None else speaker)
        found[case].sources.add(source)
    return found


def in_order(modalities: Counter[str]) -> list[str]:
    """Return the modalities that occur, the firmest first."""
    return [modality.value for modality in Modality if modalities[modality]]
