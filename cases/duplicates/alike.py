"""When two words, or two names, are likely the same: sounds, small typing errors, word order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .sounds import VOWELS, distance, skeleton, sounds

SHORT, MEDIUM = 3, 5
"""Words of so many letters are alike only as written (FSB, FSO); with one near vowel at most."""

MAX_APART = 0.12
"""How far apart two sounds may be, for each letter: Hezbollah and Hizballah, not Niger, Nigeria."""

TYPED_WRONG = 5
"""Shorter words are not looked at for typing errors: Iran is not Iraq, nor Mali Malawi."""

_KEYS = {
    letter: (place + shift, row)
    for row, (letters, shift) in enumerate(
        [("qwertyuiop", 0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75)]
    )
    for place, letter in enumerate(letters)
}


@lru_cache(maxsize=100_000)
def words_alike(one: str, other: str) -> bool:
    """Tell whether two folded words are likely one: as written, as heard, or as mistyped."""
    return one == other or sounds_alike(one, other) or mistyped(one, other)


def sounds_alike(one: str, other: str) -> bool:
    """Tell whether two words are likely romanisations of one."""
    if min(len(one), len(other)) <= SHORT or any(sign.isdigit() for sign in one + other):
        return False
    is_short = min(len(one), len(other)) <= MEDIUM
    return any(
        skeleton(a) == skeleton(b) and _begin_alike(a, b) and _near(a, b, is_short)
        for a in sounds(one)
        for b in sounds(other)
    )


def _begin_alike(a: str, b: str) -> bool:
    """Ibrahim and Ebrahim, Amir and Emir; but not Iran and Oran."""
    return a[:1] == b[:1] or frozenset((a[:1], b[:1])) in (frozenset("ie"), frozenset("ae"))


def _near(a: str, b: str, is_short: bool) -> bool:
    if is_short:
        return len(a) == len(b) and distance(a, b) <= 0.4
    return distance(a, b) <= MAX_APART * max(len(a), len(b))


def mistyped(one: str, other: str) -> bool:
    """Tell whether one slip of the hand makes the one word the other.

    A letter too many or too few, two exchanged, or a neighbouring key; never the first letter.
    """
    lengths = len(one), len(other)
    if min(lengths) < TYPED_WRONG or max(lengths) == TYPED_WRONG or one[0] != other[0]:
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
    """Tell whether the words of two names pair off, in any order, or make the same run of letters.

    Initials that only one of them has do not count; at most one word may be mistyped.
    """
    if "".join(one) == "".join(other):
        return bool(one)
    left, slips = list(other), 0
    alone: list[str] = []
    for word in one:
        found = next(
            (w for w in left if w == word),
            next((w for w in left if sounds_alike(word, w)), None),
        ) or next((w for w in left if words_alike(word, w)), None)
        if found is None:
            alone.append(word)
            continue
        slips += found != word and not sounds_alike(word, found)
        left.remove(found)
    odd = [*alone, *left]
    if slips > 1 or (alone and left) or len(one) == len(alone):
        return False
    has_initials = len(one) - len(alone) > 1 and all(len(w) == 1 and w.isalpha() for w in odd)
    return not odd or has_initials


_COMMON = """
after against ahead alert alleged ambassador attack attacked attacks before bomb bombing case
embassy failed failing failure forces government intelligence killing of official officials over
plot report security services state states strike terror terrorist threat threats united us warn
warned warning warnings warns
"""
COMMON = frozenset(_COMMON.split())
"""Words that many titles of cases have, and that tell cases apart less."""

MAX_OF_A_TITLE = 0.55


def titles_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two titles share most of their words; common ones count a quarter."""
    left, shared = list(dict.fromkeys(other)), 0.0
    first = list(dict.fromkeys(one))
    total = sum(map(_weight, first)) + sum(map(_weight, left))
    for word in first:
        found = next((w for w in left if w == word), None) or next(
            (w for w in left if words_alike(word, w)), None
        )
        if found is not None:
            left.remove(found)
            shared += (_weight(word) + _weight(found)) / 2
    return bool(first) and shared >= MAX_OF_A_TITLE * (total - shared)


def _weight(word: str) -> float:
    return 0.25 if word in COMMON else 1
