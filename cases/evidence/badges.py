"""Render a value as HTML: a class for absent values, and badges for its evidence status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models.vocabulary import ABSENT_VALUES, DateBasis, Modality, Stance, Vocabulary
from cases.text.bidi import is_right_to_left

from .evidence_status import EvidenceStatus
from .values import Reading

# Modalities that get a badge only in full, because the source itself says so.
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
    evidence_status: EvidenceStatus,
    text: str = "",
    *,
    is_absent: bool = False,
    in_full: bool = False,
) -> SafeString:
    """Return the badges of a value that is shown as `text`, each after a space; empty if none.

    `in_full` also returns the badges that lists leave out: of stated and quoted values, and of
    values whose label names their modality, such as “Unclear”.
    """
    badges = _badges(evidence_status, text.lower(), is_absent=is_absent, in_full=in_full)
    return format_html_join("", " {}", ((badge,) for badge in badges))


def _badges(
    evidence_status: EvidenceStatus, text: str, *, is_absent: bool, in_full: bool
) -> Iterator[SafeString]:
    if is_absent and evidence_status.is_derived:
        return  # without a result there is nothing that badges could be about
    modality = evidence_status.modality
    # A claim that a source is silent makes no value certain, so absent values have no modality.
    if not is_absent:
        if not modality:
            yield NO_CLAIM
        elif in_full or not (
            modality in UNBADGED_MODALITIES or MODALITY_IN_LABEL.get(text) == modality
        ):
            yield modality_badge(modality)
    if basis := basis_badge(evidence_status):
        yield basis
    if evidence_status.is_contested:
        yield CONTESTED
    for effect, meaning in evidence_status.note_effects:
        yield format_html('<span class="challenged" title="{}">{}</span>', meaning, effect)


# The badge of a value that no claim asserts. The record checks do not let such cases become
# public, so it appears only in drafts and in synthetic cases.
MEANING_OF_NO_CLAIM = (
    "No source is named for the value. Only drafts and test data have such values; a published "
    "case must not."
)
NO_CLAIM = format_html('<span class="unclaimed" title="{}">No claim</span>', MEANING_OF_NO_CLAIM)

MEANING_OF_CONTESTED = "Some claims assert the value, others dispute it. Both are shown."
CONTESTED = format_html('<span class="contested" title="{}">Contested</span>', MEANING_OF_CONTESTED)


@lru_cache(maxsize=64)
def modality_badge(modality: str) -> SafeString:
    """Return the badge of a modality.

    Badges differ by word and shape, not by colour alone. The title of each is its meaning, which
    `marks.js` also shows by touch and by keyboard.
    """
    # A version may have a modality that was removed from the vocabulary since.
    if modality not in Modality.values:
        return format_html('<span class="firmness">{}</span>', capfirst(modality.replace("_", " ")))
    member = Modality(modality)
    return format_html(
        '<span class="firmness firmness-{}" title="{}">{}</span>',
        member.value,
        member.definition,
        member.label,
    )


@lru_cache(maxsize=64)
def stance_badge(stance: str) -> SafeString:
    """Return the badge of a stance; empty for a claim that asserts its value."""
    if stance == Stance.ASSERTS:
        return SafeString("")
    if stance not in Stance.values:  # as above
        return format_html('<span class="stance">{}</span>', capfirst(stance.replace("_", " ")))
    member = Stance(stance)
    return format_html('<span class="stance" title="{}">{}</span>', member.definition, member.label)


def basis_badge(evidence_status: EvidenceStatus, *, on_demand: bool = False) -> SafeString:
    """Return the badge of the basis of a date; empty if the source itself gives the date.

    A date that is only worked out from the words of the source (“Resolved”) has one `on_demand`:
    in the evidence that a reader opens.
    """
    if not evidence_status.basis:
        return SafeString("")
    if evidence_status.basis == DateBasis.RESOLVED and not on_demand:
        return SafeString("")
    definition = DateBasis(evidence_status.basis).definition
    return format_html(
        '<span class="basis" title="{}">{}</span>', definition, evidence_status.basis_label
    )


def highlighted(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """Return the joined texts as HTML, with search hits in `<mark>`.

    Each part is a text and whether it is a hit.
    """
    ends = {True: (SafeString("<mark>"), SafeString("</mark>")), False: ("", "")}
    return format_html_join(
        "", "{}{}{}", ((ends[is_hit][0], text, ends[is_hit][1]) for text, is_hit in parts)
    )
