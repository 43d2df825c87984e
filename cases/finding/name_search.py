"""Search in the names of a list, such as that of actors, with the folding of the full-text search.

A word that is typed finds all words that contain it, because readers often know a part of a name.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cases.text.folding import tokens


def matches_name(typed: str, *names: str) -> bool:
    """Whether each typed word is within a word of the names; case and accents do not matter."""
    words, known = tokens(typed), " ".join(" ".join(tokens(name)) for name in names)
    return all(word in known for word in words)


def check_words(value: str) -> None:
    """Raise ValidationError unless a text has a word to search for."""
    if not tokens(value):
        raise ValidationError("“q” has no letter or figure that could be searched for.")
