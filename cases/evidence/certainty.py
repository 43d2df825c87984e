"""How certain the coded values are: how many are quoted, stated, …, inferred, contested.

The rule, which every page shares: each coded value counts once, with the certainty that its badge
shows, which is that of the most certain claim that asserts it. A contested value counts as
contested only, and one that no source states or reports as not stated, whatever claims say of that
silence. Values that do not apply are left out. Derived values are not coded, so they do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst

from cases.models import Case, Claim, ExceptionAssessment, Incident, Involvement, Warning
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import ABSENT_VALUES, NOT_APPLICABLE, NOT_STATED, Modality, Stance
from cases.record.building import value_of
from cases.record.classes import absence_in
from cases.text.batches import in_batches

from .evidence_status import MODALITY_ORDER
from .sheet import CodingSheet
from .variables import CASE

# Identifies a coded value: the kind of the part that has it, the part's primary key, the field.
ValuePlace = tuple[str, int, str]

# What a value counts as besides a modality. Only drafts and test data have values without a claim.
CONTESTED, NO_CLAIM = "contested", "no_claim"

LABELS = {modality.value: str(modality.label) for modality in Modality} | {
    CONTESTED: "Contested",
    NO_CLAIM: "No claim",
    NOT_STATED: "Not stated",
}

# The models whose records have coded values, by what a claim calls each.
PARTS: dict[str, type[Any]] = {
    "warning": Warning,
    "incident": Incident,
    "involvement": Involvement,
    "assessment": ExceptionAssessment,
}

# The coded fields that span several columns, with the columns that are all empty without a value.
SPANNING = {"date": ("date_edtf",), "window": ("window_start", "window_end")}

# What a column holds if the value is absent.
MISSING = {None, "", *ABSENT_VALUES}


@dataclass(frozen=True)
class CertaintyRow:
    """How many values have a certainty; the shares are percentages, None where they mean nothing.

    `share_of_given` is the share of the values that are not “not stated”.
    """

    name: str
    label: str
    count: int
    share: float | None
    share_of_given: float | None


@dataclass(frozen=True)
class Certainty:
    """Counts of coded values by certainty; `counts` also has those that do not apply."""

    counts: Mapping[str, int]

    @property
    def not_applicable(self) -> int:
        """The number of values that do not apply, which `total` leaves out."""
        return self.counts.get(NOT_APPLICABLE, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values()) - self.not_applicable

    @property
    def given(self) -> int:
        """The number of values that are not “not stated”."""
        return self.total - self.counts.get(NOT_STATED, 0)

    @property
    def rows(self) -> list[CertaintyRow]:
        """Every certainty with its count; “no claim” only if there are such values."""
        # A version may have a modality that was removed from the vocabulary since.
        former = {name: capfirst(name) for name in self.counts if name not in LABELS}
        former.pop(NOT_APPLICABLE, None)
        return [
            CertaintyRow(
                name,
                label,
                count,
                _share(count, self.total),
                None if name == NOT_STATED else _share(count, self.given),
            )
            for name, label in (LABELS | former).items()
            if (count := self.counts.get(name, 0)) or name != NO_CLAIM
        ]

    @property
    def present(self) -> list[CertaintyRow]:
        """The certainties that at least one value has."""
        return [row for row in self.rows if row.count]


def _share(count: int, of: int) -> float | None:
    return 100 * count / of if of else None


def counts_as(modality: str, absence: str, *, is_contested: bool) -> str:
    """Return what a value counts as.

    `absence` says why the value is absent, "" for a value that is given.
    """
    if is_contested:
        return CONTESTED
    if absence:
        return NOT_APPLICABLE if absence == NOT_APPLICABLE else NOT_STATED
    return modality or NO_CLAIM


def certainty_of_case(sheet: CodingSheet) -> Certainty:
    """Return the counts for one case, as its coding sheet shows them."""
    return Certainty(
        Counter(
            counts_as(
                value.evidence_status.modality,
                value.absence,
                is_contested=value.is_contested,
            )
            for value in sheet.values()
        )
    )


def certainty_of_cases(keys: Sequence[int]) -> Certainty:
    """Return the counts for many cases, with eight queries for each batch of them.

    Reads columns only: coding sheets of 2,000 cases would take seconds.
    """
    counts: Counter[str] = Counter()
    for batch in in_batches(keys):
        modalities, contested = _weigh(_claims(batch))
        for place, absence in _values(batch):
            modality = modalities.get(place, "")
            counts[counts_as(modality, absence, is_contested=place in contested)] += 1
    return Certainty(counts)


def _weigh(
    claims: Iterable[tuple[ValuePlace, str, str]],
) -> tuple[dict[ValuePlace, str], frozenset[ValuePlace]]:
    """Return the modality of each asserted value and the contested values, as `status_of()` does.

    Each claim is the place of its value, its stance and its modality.
    """
    modalities: dict[ValuePlace, str] = {}
    disputed: set[ValuePlace] = set()
    for place, stance, modality in claims:
        if stance == Stance.ASSERTS:
            known = modalities.get(place, modality)
            modalities[place] = min(known, modality, key=MODALITY_ORDER.index)
        elif stance == Stance.DISPUTES:
            disputed.add(place)
    return modalities, frozenset(disputed & modalities.keys())


def _claims(keys: Sequence[int]) -> Iterator[tuple[ValuePlace, str, str]]:
    """Yield place, stance and modality of the claims of some cases."""
    claims = Claim.objects.filter(case__in=keys).order_by()
    columns = ("case", "field", "stance", "modality", *CLAIM_PARTS)
    for case, name, stance, modality, *parts in claims.values_list(*columns):
        about = zip(CLAIM_PARTS, parts, strict=True)
        part, key = next(((part, key) for part, key in about if key is not None), (CASE, case))
        # A claim about an assessment as a whole is about its status, its only value.
        yield (part, key, "status" if part == "assessment" else name), stance, modality


def _values(keys: Sequence[int]) -> Iterator[tuple[ValuePlace, str]]:
    """Yield the place of every coded value of some cases, and why it is absent or ""."""
    models: dict[str, type[Any]] = {CASE: Case, **PARTS}
    for part, model in models.items():
        records = model.objects.filter(
            **{f"{'pk' if model is Case else 'case'}__in": keys}
        ).order_by()
        owners = {name: _owners(records, name) for name in model.CODED_FIELDS}
        for record in records:
            # A role has no coded fields: it is a value as a whole.
            for name in model.CODED_FIELDS or ("",):
                if (having := owners.get(name)) is not None:
                    absence = "" if record.pk in having else NOT_STATED
                else:
                    absence = absence_of(record, name) if name else ""
                yield (part, record.pk, name), absence


def _owners(records: QuerySet[Any], name: str) -> set[int] | None:
    """Return the keys of the records with a value in a field of several; None for others."""
    if name in SPANNING or not is_of_several(records.model, name):
        return None
    return set(records.filter(**{f"{name}__isnull": False}).values_list("pk", flat=True))


def is_of_several(model: type[Any], name: str) -> bool:
    """Whether the values of a field are in rows of another table: recipients, intermediaries."""
    field = model._meta.get_field(name)
    return bool(field.many_to_many or field.one_to_many)


def absence_of(record: Any, name: str) -> str:
    """Return why a coded value is absent, or "" if it is given.

    Agrees with `read()`, but builds no text of a given value. Not for fields of several.
    """
    columns = SPANNING.get(name) or (record._meta.get_field(name).attname,)
    values = (getattr(record, column) for column in columns)
    if any(value not in MISSING for value in values):
        return ""
    return absence_in(value_of(record, name))
