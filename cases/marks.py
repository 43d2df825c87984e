"""How lists write a value: absent ones in a form of their own, weak ones with how firm they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .models.vocabulary import ABSENT_VALUES, Modality
from .readings import Reading

FIRM = (Modality.QUOTED, Modality.STATED, "")
"""What needs no mark in a list: the source says so itself, or nothing is claimed."""


@lru_cache(maxsize=8_192)
def marked(text: str, value: str = "", firmness: str = "") -> SafeString:
    """Return a text with the form of its `value`, if that is an absence, and with its firmness.

    Remembered, because a page of a list has hundreds, and most of them are words of a vocabulary.
    """
    if value in ABSENT_VALUES:
        return format_html('<span class="absent absent-{}">{}</span>', value, text)
    if firmness in FIRM or firmness in text.lower():  # “Unclear” need not be marked as unclear
        return format_html("{}", text)
    return format_html(
        '{} <span class="firmness firmness-{}">{}</span>', text, firmness, Modality(firmness).label
    )


def of_reading(reading: Reading, firmness: str = "") -> SafeString:
    """Return a reading with its form and firmness."""
    value = reading.value if isinstance(reading.value, str) else ""
    return marked(reading.text, value, firmness)


def highlighted(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """Return a text in parts, those that a search hit marked."""
    ends = {True: (SafeString("<mark>"), SafeString("</mark>")), False: ("", "")}
    return format_html_join(
        "", "{}{}{}", ((ends[is_hit][0], text, ends[is_hit][1]) for text, is_hit in parts)
    )
