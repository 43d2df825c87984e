"""Similarity of words, names and titles: by sound, despite a typing error, in any word order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .sounds import VOWELS, distance, skeleton, sounds

# Words of up to 3 letters must be equal (FSB, FSO). Words of up to 5 may differ in one vowel.
MAX_SHORT, MAX_MEDIUM = 3, 5

# Maximum distance of two sounds per letter. It matches Hezbollah and Hizballah, but not Niger and
# Nigeria.
MAX_APART = 0.12

# Minimum length of words that are compared despite typing errors: Iran is not Iraq, and Mali is not
# Malawi.
MIN_MISTYPED_LENGTH = 5

_KEYS = {
    letter: (place + shift, row)
    for row, (letters, shift) in enumerate(
        [("qwertyuiop", 0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75)]
    )
    for place, letter in enumerate(letters)
}


@lru_cache(maxsize=100_000)
def words_alike(one: str, other: str) -> bool:
    """Whether two folded words are equal, sound alike, or differ by a typing error."""
    return one == other or sounds_alike(one, other) or mistyped(one, other)


def sounds_alike(one: str, other: str) -> bool:
    """Whether two words are likely romanisations of the same word."""
    if min(len(one), len(other)) <= MAX_SHORT or any(sign.isdigit() for sign in one + other):
        return False
    is_short = min(len(one), len(other)) <= MAX_MEDIUM
    return any(
        skeleton(a) == skeleton(b) and _begin_alike(a, b) and _near(a, b, is_short)
        for a in sounds(one)
        for b in sounds(other)
    )


def _begin_alike(a: str, b: str) -> bool:
    """Whether two sounds begin alike: Ibrahim and Ebrahim, Amir and Emir; but not Iran and Oran."""
    return a[:1] == b[:1] or frozenset((a[:1], b[:1])) in (frozenset("ie"), frozenset("ae"))


def _near(a: str, b: str, is_short: bool) -> bool:
    if is_short:
        return len(a) == len(b) and distance(a, b) <= 0.4
    return distance(a, b) <= MAX_APART * max(len(a), len(b))


def mistyped(one: str, other: str) -> bool:
    """Whether two words differ by one typing error after the first letter.

    The error may be a letter too many or too few, two letters swapped, or a neighbouring key.
    """
    lengths = len(one), len(other)
    if (
        min(lengths) < MIN_MISTYPED_LENGTH
        or max(lengths) == MIN_MISTYPED_LENGTH
        or one[0] != other[0]
    ):
        return False
    if any(sign.isdigit() for sign in one + other):
        return False
    pairs = zip(one, other, strict=False)
    start = next((place for place, (a, b) in enumerate(pairs) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[start:], other[start:]
    if len(a) != len(b):
        return a[1:] == b if len(a) > len(b) else a == b[1:]
    if a[1:] == b[1:]:
        return _neighbours(a[0], b[0])
    return a[:2] == b[1::-1] and a[2:] == b[2:]


def _neighbours(one: str, other: str) -> bool:
    if one not in _KEYS or other not in _KEYS or {one, other} <= set(VOWELS):
        return False
    (x, row), (z, line) = _KEYS[one], _KEYS[other]
    return abs(x - z) <= 1 and abs(row - line) <= 1


def names_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names match word by word, in any order, or are equal without their spaces.

    Initials that only one of the names has are ignored. At most one word may be mistyped.
    """
    if "".join(one) == "".join(other):
        return bool(one)
    left, errors = list(other), 0
    unmatched: list[str] = []
    for word in one:
        # The best match first, so that a worse one does not use up a word that fits another.
        match = next(
            (w for w in left if w == word),
            next((w for w in left if sounds_alike(word, w)), None),
        ) or next((w for w in left if words_alike(word, w)), None)
        if match is None:
            unmatched.append(word)
            continue
        errors += match != word and not sounds_alike(word, match)
        left.remove(match)
    rest = [*unmatched, *left]
    if errors > 1 or (unmatched and left) or len(one) == len(unmatched):
        return False
    # “J. R. Smith Jones” matches “Smith Jones”, but one shared word is not enough.
    has_initials = len(one) - len(unmatched) > 1 and all(len(w) == 1 and w.isalpha() for w in rest)
    return not rest or has_initials


_COMMON = """
after against ahead alert alleged ambassador attack attacked attacks before bomb bombing case
embassy failed failing failure forces government intelligence killing of official officials over
plot report security services state states strike terror terrorist threat threats united us warn
warned warning warnings warns
"""
# Words in many titles of cases, which do little to distinguish them.
COMMON = frozenset(_COMMON.split())

MIN_SHARED_OF_TITLES = 0.55


def titles_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles share most of their words, by weight."""
    left, shared = list(dict.fromkeys(other)), 0.0
    first = list(dict.fromkeys(one))
    total = sum(map(_weight, first)) + sum(map(_weight, left))
    for word in first:
        match = next((w for w in left if w == word), None) or next(
            (w for w in left if words_alike(word, w)), None
        )
        if match is not None:
            left.remove(match)
            shared += (_weight(word) + _weight(match)) / 2
    # A weighted Jaccard index: the shared words against the words of either title.
    return bool(first) and shared >= MIN_SHARED_OF_TITLES * (total - shared)


def _weight(word: str) -> float:
    return 0.25 if word in COMMON else 1
