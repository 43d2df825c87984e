"""How pages write a value: absent ones in a form of their own, and beside it how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models.vocabulary import ABSENT_VALUES, DateBasis, Modality, Vocabulary

from .evidence_status import EvidenceStatus
from .values import Reading

FIRM = (Modality.QUOTED, Modality.STATED)
"""What is marked only where every firmness is: the source says so itself."""

SAYING_SO = {
    label.lower(): modality.value
    for vocabulary in Vocabulary.__subclasses__()
    for label in vocabulary.labels
    for modality in Modality
    if label.lower().split()[0] == modality
}
"""The words of vocabularies that say themselves how firm they are, as “Unclear” does. No other text
is taken to: a place or an actor may be called anything."""


@lru_cache(maxsize=8_192, typed=True)
def with_badges(
    text: str, value: str = "", evidence_status: EvidenceStatus | None = None
) -> SafeString:
    """Return a text with the form of its `value`, if that is an absence, and with its marks.

    Remembered, because a page of a list has hundreds, and most of them are words of a vocabulary.
    """
    is_absent = value in ABSENT_VALUES
    words = _absent(text, value) if is_absent else format_html("{}", text)
    if evidence_status is None:
        return words
    return words + badges_of(evidence_status, text, is_absent=is_absent)


def _absent(text: str, value: str) -> SafeString:
    return format_html('<span class="absent absent-{}">{}</span>', value, text)


def of_reading(reading: Reading, evidence_status: EvidenceStatus | None = None) -> SafeString:
    """Return a reading with its form and its marks."""
    value = reading.value if isinstance(reading.value, str) else ""
    return with_badges(reading.text, value, evidence_status)


def badges_of(
    evidence_status: EvidenceStatus,
    text: str = "",
    *,
    is_absent: bool = False,
    in_full: bool = False,
) -> SafeString:
    """Return the marks of a value with these words, each after a space; maybe none.

    One that its source states or quotes is marked so only `in_full`, and so is one whose words
    say themselves how firm it is: “Unclear”.
    """
    marks = _badges(evidence_status, text.lower(), is_absent=is_absent, in_full=in_full)
    return format_html_join("", " {}", ((mark,) for mark in marks))


def _badges(
    evidence_status: EvidenceStatus, text: str, *, is_absent: bool, in_full: bool
) -> Iterator[SafeString]:
    if is_absent and evidence_status.is_worked_out:
        return  # nothing could be worked out that could be firm
    modality = evidence_status.modality
    if not modality:
        if not is_absent:
            yield NO_CLAIM
    elif in_full or not (modality in FIRM or SAYING_SO.get(text) == modality):
        yield modality_badge(modality, in_full=in_full)
    if evidence_status.basis:
        yield basis_badge(evidence_status)
    if evidence_status.is_contested:
        yield CONTESTED
    for words in evidence_status.said_by_notes:
        yield format_html('<span class="challenged">{}</span>', words)


NO_CLAIM = SafeString('<span class="unclaimed">No claim</span>')
"""The mark of a value that no claim asserts; the record checks keep public cases from having one,
so that readers see it in drafts, and where cases were made up in bulk."""

CONTESTED = SafeString('<span class="contested">Contested</span>')


def modality_badge(modality: str, *, in_full: bool = True) -> SafeString:
    """Mark how firmly something is said; told apart by word and shape, not by colour alone.

    `in_full` it carries its definition.
    """
    if modality not in Modality.values:  # no longer: only a version still has it
        return format_html('<span class="firmness">{}</span>', capfirst(modality.replace("_", " ")))
    member = Modality(modality)
    title = format_html(' title="{}"', member.definition) if in_full else ""
    return format_html(
        '<span class="firmness firmness-{}"{}>{}</span>', member.value, title, member.label
    )


def basis_badge(evidence_status: EvidenceStatus) -> SafeString:
    """Mark what a date rests on that its source does not itself give."""
    if not evidence_status.basis:
        return SafeString("")
    definition = DateBasis(evidence_status.basis).definition
    return format_html(
        '<span class="basis" title="{}">{}</span>', definition, evidence_status.basis_words
    )


def highlighted(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """Return a text in parts, those that a search hit marked."""
    ends = {True: (SafeString("<mark>"), SafeString("</mark>")), False: ("", "")}
    return format_html_join(
        "", "{}{}{}", ((ends[is_hit][0], text, ends[is_hit][1]) for text, is_hit in parts)
    )
