"""What a word is, the same for both databases.

Letters are folded (case, accents and ligatures do not matter), words are runs of letters and
digits, and each is written in ASCII letters and digits, so that the tokenisers of SQLite and
PostgreSQL, which differ in every finer point, have nothing left to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

MAX_LETTERS = 60
"""Longer words are cut, in texts and in queries alike."""

MAX_WORDS, MAX_ENCODED = 16_000, 300_000
"""How many words of a document are indexed, and how many letters they take at most.

PostgreSQL tells no positions apart after 16,383, and takes no vector above one megabyte, in which
each word stands up to three times: by itself and with either neighbour.
"""

BREAK = "b"
"""Stands between two texts, so that no phrase matches across; no encoded word is like it."""

_UNDECOMPOSED = str.maketrans(
    dict.fromkeys("’‘‛ʹʺʻʼʽʾʿˈˊˋ", "'")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ſ": "s"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ə": "e", "ɛ": "e"}
)
"""Letters that have no canonical parts, and apostrophes that Unicode counts as letters."""

_LETTER_WORDS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Kana and Chinese characters: texts in them have no spaces, so each counts as a word."""

_WORD = re.compile(rf"[{_LETTER_WORDS}]|[^\W_{_LETTER_WORDS}]+")


class _Letters(dict[int, str]):
    """A table for `str.translate` that is worked out as letters are met."""

    def __init__(self, translated: Callable[[str], str]) -> None:
        super().__init__()
        self._translated = translated

    def __missing__(self, code: int) -> str:
        letter = self._translated(chr(code))
        if len(self) < 20_000:  # a stranger may send every letter there is
            self[code] = letter
        return letter


def _fold_letter(letter: str) -> str:
    folded = unicodedata.normalize("NFKD", letter).casefold().translate(_UNDECOMPOSED)
    return "".join(
        _digit(part)
        for part in unicodedata.normalize("NFKD", folded)
        if not unicodedata.category(part).startswith("M")
    )


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _encode_letter(letter: str) -> str:
    # Every letter has a code of its own, and none begins another: prefixes stay prefixes.
    return letter if letter.isascii() and letter != "x" else f"x{ord(letter):06x}"


_FOLDED = _Letters(_fold_letter)
_ENCODED = _Letters(_encode_letter)


def fold(text: str) -> str:
    """Return the text without case, accents and ligatures; each letter is folded by itself."""
    return text.translate(_FOLDED)


def tokens(text: str) -> list[str]:
    """Return the folded words of a text."""
    return [word[:MAX_LETTERS] for word in _WORD.findall(fold(text))]


def encode(words: Iterable[str]) -> str:
    """Write folded words as the databases get them, with spaces between."""
    return " ".join("w" + word.translate(_ENCODED) for word in words)


def encode_texts(texts: Iterable[str]) -> str:
    """Write texts as one document, with breaks between that no phrase matches across."""
    encoded = f" {BREAK} ".join(filter(None, (encode(tokens(text)) for text in texts)))
    return encoded if len(encoded) < MAX_WORDS else _shortened(encoded)


def _shortened(encoded: str) -> str:
    kept = " ".join(encoded.split(" ", MAX_WORDS)[:MAX_WORDS])
    return kept if len(kept) <= MAX_ENCODED else kept[:MAX_ENCODED].rpartition(" ")[0]


@dataclass(frozen=True)
class Placed:
    """A folded word and where it stands in the text as written."""

    word: str
    start: int
    end: int


def placed_tokens(text: str) -> Iterator[Placed]:
    """Yield the words that `tokens` returns, each with its place in the text."""
    pieces = [fold(letter) for letter in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    for match in _WORD.finditer("".join(pieces)):
        end = origin[match.end() - 1] + 1
        while end < len(text) and not pieces[end]:  # the accents of the last letter
            end += 1
        yield Placed(match[0][:MAX_LETTERS], origin[match.start()], end)
