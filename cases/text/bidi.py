"""Names and words that are written from right to left, such as Arabic and Hebrew ones.

Beside them a browser moves numbers, brackets and commas, unless they are isolated from the rest of
the line.
"""

from __future__ import annotations

import re

# First strong isolate, pop directional isolate (Unicode bidirectional algorithm).
_ISOLATE, _END = "\u2068", "\u2069"

# A name within a sentence, as `isolated` returns it.
ISOLATED = re.compile(f"{_ISOLATE}([^{_ISOLATE}{_END}]*){_END}")

# Letters, and not the mark U+061C that only steers the direction.
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters that are written from right to left, and are not isolated yet."""
    return _ISOLATE not in text and RIGHT_TO_LEFT.search(text) is not None


def isolated(text: str) -> str:
    """Return a name as part of a plain sentence; in HTML the filter `bdi` does it with markup."""
    return f"{_ISOLATE}{text}{_END}" if is_right_to_left(text) else text


def without_isolates(sentence: str) -> str:
    """Return a sentence without the characters that isolate names, which files do not need."""
    return ISOLATED.sub(r"\1", sentence)
