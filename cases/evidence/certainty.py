"""How certain the coded values are: how many are quoted, stated, …, inferred, contested.

The rule, which every page shares: each coded value counts once, with the certainty that its badge
shows, which is that of the most certain claim that asserts it. A contested value counts as
contested only, and one that no source states or reports as not stated, whatever claims say of that
silence. Values that do not apply are left out. Derived values are not coded, so they do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst

from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, Modality
from cases.record.classes import CasePart, absence_in
from cases.record.columns import coded_fields

from .case_evidence import CaseEvidence, path_of
from .evidence_status import status_of

# What a value counts as besides a modality. Only drafts and test data have values without a claim.
CONTESTED, NO_CLAIM = "contested", "no_claim"

LABELS = {modality.value: str(modality.label) for modality in Modality} | {
    CONTESTED: "Contested",
    NO_CLAIM: "No claim",
    NOT_STATED: "Not stated",
}


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


def certainty_of(evidence: CaseEvidence) -> Certainty:
    """Return the counts for one case, as its coding sheet shows them."""
    record = evidence.record
    parts: list[CasePart] = [record, *record.warnings, *record.incidents]
    parts += [*record.involvements, *record.assessments]
    return Certainty(
        Counter(
            _counted_as(evidence, part, name)
            for part in parts
            # A role has no coded fields: it is a value as a whole.
            for name in coded_fields(part) or ("",)
        )
    )


def _counted_as(evidence: CaseEvidence, part: CasePart, name: str) -> str:
    claims = evidence.claims(path_of(part, name))
    absence = absence_in(getattr(part, name)) if name else ""
    if not claims:  # half of all values; the index counts those of every case
        return counts_as("", absence, is_contested=False)
    status = status_of(claims)
    return counts_as(status.modality, absence, is_contested=status.is_contested)
