"""The words of a quote."""

from __future__ import annotations

import re

PAIRS = (
    *(("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‘", "’")),
    *(('"', '"'), ("'", "'")),
)
"""Opening and closing quotation marks."""


def without_marks(quote: str) -> str:
    """Return a quote without quotation marks around the whole of it; pages print their own."""
    quote = quote.strip()
    for opening, closing in PAIRS:
        inside = quote[1:-1]
        if len(quote) > 1 and quote[0] == opening and quote[-1] == closing:
            first_end, last_begin = inside.find(closing), inside.rfind(opening)
            is_quote = inside.startswith(opening) and inside.endswith(closing)
            # “A” and “B” are two quotes.
            if is_quote or not 0 <= first_end < last_begin:
                return without_marks(inside)
    return quote


# Space, an ellipsis, or a dash, except in a range of figures such as 2014–15.
_BETWEEN = re.compile(r"[\s—―…]+|(?<![0-9])–|–(?![0-9])")


def count_words(text: str) -> int:
    """Return the number of words as a person counts them; the form of a claim counts alike.

    What hyphens join is one word (“state-of-the-art”), what dashes part is two, and a lone dash is
    none.
    """
    return sum(any(letter.isalnum() for letter in part) for part in _BETWEEN.split(text))
