"""The words for certainties and for their shares."""

from __future__ import annotations

from cases.evidence.certainty import NO_CLAIM, CertaintyRow
from cases.models.vocabulary import NOT_STATED, Modality

# What a value is that has a certainty, where that is not its label.
_WORDS = {
    Modality.STATED: "stated by a source in its own voice",
    Modality.REPORTED: "only reported",
    Modality.INFERRED: "inferred by editors",
    NO_CLAIM: "without a claim",
    NOT_STATED: "not stated in the sources",
}


def words_of(row: CertaintyRow) -> str:
    """Return what the values of a certainty are: “only reported”, “quoted”."""
    return _WORDS.get(row.name, row.label.lower())


def share_text(share: float | None) -> str:
    """Return a percentage as text, "" without one; only 0 is “0%”, and only 100 is “100%”."""
    if share is None:
        return ""
    if 99 < share < 100:
        return "over 99%"
    return "under 1%" if 0 < share < 1 else f"{share:.0f}%"
