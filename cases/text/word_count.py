"""How many words a quote has."""

from __future__ import annotations

import re

# Space, an ellipsis, or a dash, except in a range of figures such as 2014–15.
_BETWEEN = re.compile(r"[\s—―…]+|(?<![0-9])–|–(?![0-9])")


def count_words(text: str) -> int:
    """Return the number of words as a person counts them.

    What hyphens join is one word (“state-of-the-art”), what dashes part is two, and a lone dash is
    none.
    """
    return sum(any(letter.isalnum() for letter in part) for part in _BETWEEN.split(text))
