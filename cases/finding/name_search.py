"""Search in the names of a list, such as that of actors, with the folding of the full-text search.

A word that is typed finds all words that begin with it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cases.text.folding import begins_words, tokens


def matches_name(typed: str, *names: str) -> bool:
    """Whether each typed word begins a word of the names."""
    return begins_words(typed, " ".join(names))


def check_words(value: str) -> None:
    """Raise ValidationError unless a text has a word to search for."""
    if not tokens(value):
        raise ValidationError("“q” has no letter or figure that could be searched for.")
