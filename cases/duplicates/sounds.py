"""How a word sounds, so that romanisations of one name meet: Tsarnaev and Zarnajew.

A rule for each way in which English, German, French and scholars write the same Russian or Arabic
letter; what two languages read differently (ch, j) gives two sounds. No library knows these: those
for names (Soundex, Metaphone and the like) follow English. Consonants are capitals, vowels small.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product

from cases.text.folding import fold, tokens

_CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіґ", "abvgdeziklmnoprstufyeig", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "є": "ye"}
)

_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("[kq](?:dsch|dzh|dj)|gg(?=[ei])", ("G", "K")),  # Arabic qj: Chaschukdschi, Khashoggi
    ("tsch|tch|dsch|dzh|dj|sch|sh|sz|zh|ts|tz|cz", ("S",)),
    ("ch", ("K", "S")),  # German Chamenei, Spanish Chávez
    ("kh|ck|k", ("K",)),
    ("gh|gu(?=[ei])|g", ("G",)),
    ("q", ("K", "G")),  # Qadhafi, Gaddafi
    ("ph|f|v|w", ("V",)),  # Medvedev, Medwedew, Medvedeff
    ("th|t", ("T",)),
    ("dh|d", ("D",)),
    ("c(?=[eiy])", ("S",)),
    ("c", ("K",)),
    ("x", ("KS",)),
    ("j", ("i", "S")),  # German Jelzin, English Johar
    ("[sz]", ("S",)),
    ("(?<=.)h", ("",)),
    ("[iy]", ("i",)),
    ("[ou]", ("o",)),
    ("[ae]", ()),
    (".", ()),
)
"""Patterns in their order, with what each sounds like; without that, like the letter itself."""

_ANY_RULE = re.compile("|".join(f"({pattern})" for pattern, _ in _RULES))
_ABBREVIATION = re.compile(r"\b(?:[^\W\d_]\.){2,}")
MAX_SOUNDS = 8
"""How many readings of one word are kept."""

VOWELS = "aeio"
NEAR = {frozenset(pair): cost for pair, cost in {"ae": 0.4, "ei": 0.4, "ao": 0.4}.items()}
"""What it costs to take one vowel for another; 0.7 for any other two, 0.5 to leave one out."""

_NOISE = """
a al an and as at by d da das de del den der des di die du e el et for from ibn bin ben bint in l
la le les of on the to und v van von y
"""
NOISE = frozenset(_NOISE.split())
"""Words that tell no two names apart."""


def words_of(name: str) -> list[str]:
    """Return the folded words of a name in Latin letters, without those that tell nothing.

    Apostrophes are no breaks (Daʿesh), nor are the full stops of an abbreviation (U.S.).
    """
    text = _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), fold(name))
    words = tokens(text.translate(_CYRILLIC).replace("'", "").replace("`", ""))
    return [word for word in words if word not in NOISE] or words


@lru_cache(maxsize=100_000)
def sounds(word: str) -> frozenset[str]:
    """Return the ways in which a folded word may sound; a number only like itself."""
    if any(letter.isdigit() for letter in word):
        return frozenset([word])
    parts: list[tuple[str, ...]] = []
    for found in _ANY_RULE.finditer(word):
        alike = _RULES[(found.lastindex or 1) - 1][1]
        letter = found[0] if found[0] in VOWELS else found[0].upper()
        parts.append(alike or (letter,))
    readings = islice(product(*parts), MAX_SOUNDS)
    return frozenset(_once("".join(reading)) for reading in readings)


def _once(sound: str) -> str:
    """Return the sound with each run of one letter written once."""
    return re.sub(r"(.)\1+", r"\1", sound)


def skeleton(sound: str) -> str:
    """Return the consonants of a sound, with its first letter if it has none."""
    return "".join(letter for letter in sound if letter not in VOWELS) or sound[:1]


def distance(one: str, other: str) -> float:
    """Return what it costs to turn a sound into another that has the same consonants."""
    row = [0.5 * place for place in range(len(other) + 1)]
    for letter in one:
        before, row = row, [row[0] + _omitted(letter)]
        for place, there in enumerate(other):
            row.append(
                min(
                    before[place] + _substituted(letter, there),
                    before[place + 1] + _omitted(letter),
                    row[place] + _omitted(there),
                )
            )
    return row[-1]


def _omitted(letter: str) -> float:
    return 0.5 if letter in VOWELS else 10


def _substituted(one: str, other: str) -> float:
    if one == other:
        return 0
    if one in VOWELS and other in VOWELS:
        return NEAR.get(frozenset(one + other), 0.7)
    return 10
