"""Render a value as HTML: a class for absent values, and badges for what weakens it.

A value without a badge is stated or quoted by a source. What confirms a value, such as a quotation
or a note that adds to it, is seen in its opened evidence only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models.vocabulary import (
    ABSENT_VALUES,
    DateBasis,
    Modality,
    NoteKind,
    Stance,
    Vocabulary,
)
from cases.text.bidi import is_right_to_left

from .evidence_status import EvidenceStatus
from .values import Reading

# Modalities that get a badge on claims only: the source itself says so.
UNBADGED_MODALITIES = (Modality.QUOTED, Modality.STATED)

# Labels of vocabularies that name a modality, such as “Unclear”, with that modality. Only labels
# of vocabularies count, because a place or an actor may have any name.
MODALITY_IN_LABEL = {
    label.lower(): modality.value
    for vocabulary in Vocabulary.__subclasses__()
    for label in vocabulary.labels
    for modality in Modality
    if label.lower().split()[0] == modality
}


def bdi(text: str) -> SafeString:
    """Return a name, title or quote as HTML; one from right to left moves nothing beside it."""
    return (
        format_html("<bdi>{}</bdi>", text) if is_right_to_left(text) else conditional_escape(text)
    )


@lru_cache(maxsize=8_192, typed=True)
def with_badges(
    text: str, value: str = "", evidence_status: EvidenceStatus | None = None
) -> SafeString:
    """Return a text as HTML, styled as absent if its `value` is, followed by its badges."""
    # Cached: one page of a list renders hundreds of values, most of them from a few vocabularies.
    is_absent = value in ABSENT_VALUES
    if is_absent:
        html = format_html('<span class="absent absent-{}">{}</span>', value, text)
    else:
        html = bdi(text)
    if evidence_status is None:
        return html
    return html + badges_of(evidence_status, text, is_absent=is_absent)


def reading_with_badges(
    reading: Reading, evidence_status: EvidenceStatus | None = None
) -> SafeString:
    """Return the text of a reading as HTML, followed by its badges."""
    return with_badges(reading.text, reading.absence, evidence_status)


@lru_cache(maxsize=8_192)
def badges_of(
    evidence_status: EvidenceStatus, text: str = "", *, is_absent: bool = False
) -> SafeString:
    """Return the badges of a value that is shown as `text`, each after a space; empty if none.

    Their order is that of all pages: how certain, the basis of the date, contested, notes. Those
    that speak against the value lead to its evidence, if the page has it.
    """
    badges = _badges(evidence_status, text.lower(), is_absent=is_absent)
    return format_html_join("", " {}", ((badge,) for badge in badges))


def _badges(evidence_status: EvidenceStatus, text: str, *, is_absent: bool) -> Iterator[SafeString]:
    if is_absent and evidence_status.is_derived:
        return  # without a result there is nothing that badges could be about
    modality = evidence_status.modality
    # A claim that a source is silent makes no value certain, so absent values have no modality.
    if not is_absent:
        if not modality:
            yield NO_CLAIM
        elif modality not in UNBADGED_MODALITIES and MODALITY_IN_LABEL.get(text) != modality:
            yield modality_badge(modality)
    if evidence_status.basis == DateBasis.COMPLETED:
        yield basis_badge(evidence_status.basis)
    if evidence_status.is_contested:
        yield contested_badge(evidence_status.address)
    for kind, effect in evidence_status.note_effects:
        # What completes a value confirms it; where the sources are silent, it is all there is.
        if is_absent or kind != NoteKind.COMPLETION:
            yield note_badge(kind, effect, evidence_status.address)


def badge(label: str, meaning: str = "", form: str = "", address: str = "") -> SafeString:
    """Return one badge; `marks.js` shows its meaning by tap and by keyboard focus.

    All have one shape, and a word. Two forms differ: "against" if something speaks against the
    value, and "firm" for what confirms it. With an address it is a link.
    """
    form = f" badge-{form}" if form else ""
    title = format_html(' title="{}"', meaning) if meaning else ""
    if address:
        return format_html('<a class="badge{}" href="{}"{}>{}</a>', form, address, title, label)
    return format_html('<span class="badge{}"{}>{}</span>', form, title, label)


# The badge of a value that no claim asserts. The record checks do not let such cases become
# public, so it appears only in drafts and in synthetic cases.
MEANING_OF_NO_CLAIM = (
    "No source is named for the value. Only drafts and test data have such values; a published "
    "case must not."
)
NO_CLAIM = badge("No claim", MEANING_OF_NO_CLAIM)

MEANING_OF_CONTESTED = (
    "Speakers or sources disagree: some claims assert the value, others dispute it. All are shown."
)


def contested_badge(evidence: str = "") -> SafeString:
    """Return the badge of a contested value, which leads to the address of its evidence."""
    return badge("Contested", MEANING_OF_CONTESTED, "against", evidence)


CONTESTED = contested_badge()


@lru_cache(maxsize=64)
def modality_badge(modality: str) -> SafeString:
    """Return the badge of a modality, which is its word."""
    # A version may have a modality that was removed from the vocabulary since.
    if modality not in Modality.values:
        return badge(capfirst(modality.replace("_", " ")))
    member = Modality(modality)
    form = "firm" if member in UNBADGED_MODALITIES else ""
    return badge(str(member.label), member.definition, form)


@lru_cache(maxsize=64)
def stance_badge(stance: str) -> SafeString:
    """Return the badge of a stance; empty for a claim that asserts its value."""
    if stance == Stance.ASSERTS:
        return SafeString("")
    if stance not in Stance.values:  # as above
        return badge(capfirst(stance.replace("_", " ")), form="against")
    member = Stance(stance)
    return badge(str(member.label), member.definition, "against")


@lru_cache(maxsize=4)
def basis_badge(basis: str) -> SafeString:
    """Return the badge of the basis of a date that editors inferred; empty for other bases."""
    if basis == DateBasis.RESOLVED:
        return badge("Date worked out", DateBasis.RESOLVED.definition, "firm")
    if basis == DateBasis.COMPLETED:
        return badge(str(DateBasis.COMPLETED.label), DateBasis.COMPLETED.definition)
    return SafeString("")


def note_badge(kind: NoteKind, effect: str, evidence: str = "") -> SafeString:
    """Return the badge of what notes of one kind do to a value: "Contradicted by 2 notes".

    If it speaks against the value, it leads to the address of its evidence.
    """
    if kind == NoteKind.COMPLETION:
        return badge(effect, kind.definition)
    return badge(effect, kind.definition, "against", evidence)


def highlighted(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """Return the joined texts as HTML, with search hits in `<mark>`.

    Each part is a text and whether it is a hit.
    """
    ends = {True: (SafeString("<mark>"), SafeString("</mark>")), False: ("", "")}
    return format_html_join(
        "", "{}{}{}", ((ends[is_hit][0], text, ends[is_hit][1]) for text, is_hit in parts)
    )
