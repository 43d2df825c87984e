"""Phonetic keys that are equal for different romanisations of a name: Tsarnaev and Zarnajew.

There is a rule for each way in which English, German, French and scholarly transcription write a
Russian or Arabic letter. Letters that two languages read differently (ch, j) give two sounds.
Soundex, Metaphone and similar libraries follow English spelling only. In a sound, consonants are
upper case and vowels lower case.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product

from cases.text.folding import fold, split, tokens

_CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіґ", "abvgdeziklmnoprstufyeig", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "є": "ye"}
)

# Patterns in order of precedence, with their sounds. Without a sound the letter stands for itself.
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

_ANY_RULE = re.compile("|".join(f"({pattern})" for pattern, _ in _RULES))
# Readings of one word that are kept.
MAX_SOUNDS = 8

VOWELS = "aeio"
# Cost of replacing one vowel by another. For other pairs it is 0.7; leaving a vowel out costs 0.5.
NEAR = {frozenset(pair): cost for pair, cost in {"ae": 0.4, "ei": 0.4, "ao": 0.4}.items()}

_NOISE = """
a al an and as at by d da das de del den der des di die du e el et for from ibn bin ben bint in l
la le les of on the to und v van von y
"""
# Words that do not distinguish names.
NOISE = frozenset(_NOISE.split())


def words_of(name: str) -> list[str]:
    """Return the folded words of a name in Latin letters, without articles and the like."""
    words = [part for word in tokens(fold(name).translate(_CYRILLIC)) for part in split(word)]
    return [word for word in words if word not in NOISE] or words


@lru_cache(maxsize=100_000)
def sounds(word: str) -> frozenset[str]:
    """Return the possible sounds of a folded word; a word with a digit is its own sound."""
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
    """Return a sound with doubled letters written once."""
    return re.sub(r"(.)\1+", r"\1", sound)


def skeleton(sound: str) -> str:
    """Return the consonants of a sound, or its first letter if it has none."""
    return "".join(letter for letter in sound if letter not in VOWELS) or sound[:1]


def distance(one: str, other: str) -> float:
    """Return the cost of turning one sound into another with the same consonants."""
    # Levenshtein distance, with the costs of vowels below.
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
    # 10 is more than any distance that still counts as alike.
    return 0.5 if letter in VOWELS else 10


def _substituted(one: str, other: str) -> float:
    if one == other:
        return 0
    if one in VOWELS and other in VOWELS:
        return NEAR.get(frozenset(one + other), 0.7)
    return 10
