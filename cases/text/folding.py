"""Fold, tokenise and encode text for the search, identically for both databases.

Folding ignores case, accents and ligatures. A word is a run of letters and digits. Each word is
encoded in ASCII letters and digits, because the tokenisers of SQLite and PostgreSQL treat
everything else differently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# Longer words are truncated, both in documents and in queries.
MAX_LETTERS = 60

# Limits of an indexed document: its words, and the characters of their encoded form.
#
# PostgreSQL cannot distinguish positions above 16,383. It rejects vectors larger than one
# megabyte, and ours contain each word up to three times: alone and paired with either neighbour.
MAX_WORDS, MAX_ENCODED = 16_000, 300_000

# Separates two texts, so that no phrase matches across them; encoded words start with "w".
BREAK = "b"

# Letters that Unicode does not decompose, and apostrophes that it classes as letters.
_UNDECOMPOSED = str.maketrans(
    dict.fromkeys("’‘‛ʹʺʻʼʽʾʿˈˊˋ", "'")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ſ": "s"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ə": "e", "ɛ": "e"}
)

# Kana and Chinese characters: their texts have no spaces, so each character is one word.
_LETTER_WORDS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

_WORD = re.compile(rf"[{_LETTER_WORDS}]|[^\W_{_LETTER_WORDS}]+")


class _Letters(dict[int, str]):
    """A translation table for `str.translate` that computes entries on first use."""

    def __init__(self, translated: Callable[[str], str]) -> None:
        super().__init__()
        self._translated = translated

    def __missing__(self, code: int) -> str:
        letter = self._translated(chr(code))
        if len(self) < 20_000:  # a client may send every letter in Unicode
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
    # Each letter has its own code and no code is a prefix of another, so an encoded prefix of a
    # word is a prefix of the encoded word.
    return letter if letter.isascii() and letter != "x" else f"x{ord(letter):06x}"


_FOLDED = _Letters(_fold_letter)
_ENCODED = _Letters(_encode_letter)


def fold(text: str) -> str:
    """Return the text without case, accents and ligatures; letters are folded independently."""
    return text.translate(_FOLDED)


def tokens(text: str) -> list[str]:
    """Return the folded words of a text."""
    return [word[:MAX_LETTERS] for word in _WORD.findall(fold(text))]


def encode(words: Iterable[str]) -> str:
    """Return folded words in the ASCII form that the databases index, separated by spaces."""
    return " ".join("w" + word.translate(_ENCODED) for word in words)


def encode_texts(texts: Iterable[str]) -> str:
    """Return several texts as one encoded document, separated by `BREAK`."""
    encoded = f" {BREAK} ".join(filter(None, (encode(tokens(text)) for text in texts)))
    return encoded if len(encoded) < MAX_WORDS else _shortened(encoded)


def _shortened(encoded: str) -> str:
    kept = " ".join(encoded.split(" ", MAX_WORDS)[:MAX_WORDS])
    return kept if len(kept) <= MAX_ENCODED else kept[:MAX_ENCODED].rpartition(" ")[0]


@dataclass(frozen=True)
class Placed:
    """A folded word with its start and end in the original text."""

    word: str
    start: int
    end: int


def placed_tokens(text: str) -> Iterator[Placed]:
    """Yield the words that `tokens` returns, each with its position in the text."""
    # One letter can fold to several, such as “½”, so each folded letter keeps its origin.
    pieces = [fold(letter) for letter in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    for match in _WORD.finditer("".join(pieces)):
        end = origin[match.end() - 1] + 1
        while end < len(text) and not pieces[end]:  # combining accents of the last letter
            end += 1
        yield Placed(match[0][:MAX_LETTERS], origin[match.start()], end)
