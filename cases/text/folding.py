"""Fold, tokenise and encode text for every search, identically for both databases.

Folding ignores case, accents, ligatures, variants of Arabic and Persian letters, and characters
that show nothing. A word is a run of letters and digits; the full stops of an abbreviation (F.B.I.)
and the commas of a figure (1,000) are left out of it. An apostrophe or a hyphen makes a compound,
which can be read as one word or as its parts: Sanaa or Sana a, alqaeda or al qaeda.

Each word is encoded in ASCII letters and digits, because the tokenisers of SQLite and PostgreSQL
treat everything else differently.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from snowballstemmer import stemmer

# Longer words are truncated, both in documents and in queries.
MAX_LETTERS = 60

# Limits of an indexed document: its words, and the characters of their encoded form.
#
# PostgreSQL cannot distinguish positions above 16,383. It rejects vectors larger than one
# megabyte, and ours contain each word up to four times: alone, paired with either neighbour, and
# as a stem.
MAX_WORDS, MAX_ENCODED = 16_000, 220_000

# Separates two texts, so that no phrase matches across them. Encoded words start with "w", and
# encoded stems with "s"; those of texts that a document only refers to, with "v" and "r".
BREAK, WORD, STEM = "b", "w", "s"
REFERRED = {BREAK: BREAK, WORD: "v", STEM: "r"}

# Letters that Unicode does not decompose, and the signs that have several forms.
_UNDECOMPOSED = str.maketrans(
    dict.fromkeys("’‘‛`´′ʹʺʻʼʽʾʿˈˊˋ׳״", "'")
    # Among the hyphens the sign that parts what Persian writes as one word (U+200C).
    | dict.fromkeys("‐‑‒–−־\u200c", "-")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ſ": "s"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ə": "e", "ɛ": "e"}
    # Arabic and Persian, and the stroke that stretches a word (U+0640).
    | {"ی": "ي", "ى": "ي", "ے": "ي", "ک": "ك", "ٱ": "ا", "\u0640": ""}
    | dict.fromkeys("ةہەھۀ", "ه")
)

# Kana and Chinese characters: their texts have no spaces, so each character is one word.
_LETTER_WORDS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

_SIGN = rf"[^\W_{_LETTER_WORDS}]"
_LETTER = rf"[^\W\d_{_LETTER_WORDS}]"
_ABBREVIATION = rf"{_LETTER}(?:\.{_LETTER})+(?!{_SIGN})(?:\.(?!{_SIGN}))?"
_FIGURE = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?!{_SIGN})"
_PART = rf"(?:{_ABBREVIATION}|{_FIGURE}|{_SIGN}+)"
_WORD = re.compile(rf"[{_LETTER_WORDS}]|{_PART}(?:['-]{_PART})*")
_IN_PARTS = re.compile(r"['-]")
_SIGNS_IN_WORDS = str.maketrans("", "", "'-.,")

# Names that the stemmer would take for the plural of another: ISI, Hama.
_NO_PLURALS = {"isis", "asis", "hamas"}

_english = stemmer("english")
_english_lock = threading.Lock()  # it keeps the word that it works on


# The categories of accents, and of signs that only steer how text is laid out.
_SHOWS_NOTHING = {"Mn", "Mc", "Me", "Cf"}


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
    # Some signs decompose into a space and an accent, so they are replaced before that too.
    decomposed = unicodedata.normalize("NFKD", letter.translate(_UNDECOMPOSED))
    folded = decomposed.casefold().translate(_UNDECOMPOSED)
    return "".join(
        _digit(part)
        for part in unicodedata.normalize("NFKD", folded)
        if unicodedata.category(part) not in _SHOWS_NOTHING
    )


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _encode_letter(letter: str) -> str:
    # Each letter has its own code and no code is a prefix of another, so an encoded prefix of a
    # word is a prefix of the encoded word.
    # They begin with "z", so that words in other scripts sort after Latin ones.
    return letter if letter.isascii() and letter != "z" else f"z{ord(letter):06x}"


_FOLDED = _Letters(_fold_letter)
_ENCODED = _Letters(_encode_letter)


def fold(text: str) -> str:
    """Return the text without case, accents and ligatures; letters are folded independently."""
    return text.translate(_FOLDED)


def bare(text: str) -> str:
    """Return the folded text without the signs within words, in which any reading of them is."""
    return fold(text).translate(_SIGNS_IN_WORDS)


def tokens(text: str) -> list[str]:
    """Return the folded words of a text; compounds keep their hyphens and apostrophes."""
    return [_word(found) for found in _WORD.findall(fold(text))]


def _word(found: str) -> str:
    if found.isalnum():
        return found[:MAX_LETTERS]
    plain = found.replace(".", "").replace(",", "")
    parts = plain.removesuffix("'s")  # Russia’s is a form of Russia
    if len(parts) <= MAX_LETTERS:
        return parts
    return re.sub(r"[^'-]+", lambda part: part[0][:MAX_LETTERS], parts)


def whole(word: str) -> list[str]:
    """Return a word with its parts joined: alqaida for al-Qa'ida."""
    return [_IN_PARTS.sub("", word)[:MAX_LETTERS]]


def split(word: str) -> list[str]:
    """Return the words between the hyphens: al and qaida for al-Qa'ida."""
    return [part[:MAX_LETTERS] for part in word.replace("'", "").split("-")]


def apart(word: str) -> list[str]:
    """Return all parts of a word: al, qa and ida for al-Qa'ida."""
    return _IN_PARTS.split(word)


READINGS: tuple[Callable[[str], list[str]], ...] = (split, whole, apart)
"""The ways to read a compound, beginning with the most usual one."""


def is_compound(word: str) -> bool:
    return "-" in word or "'" in word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what the forms of an English word have in common: bomb for bombings."""
    if not (word.isascii() and word.isalpha()) or word in _NO_PLURALS:
        return word
    with _english_lock:
        return str(_english.stemWord(word))


def beginning_of_forms(word: str) -> str:
    """Return the beginning that the forms of a word share: embass for embassies, fil for filing."""
    # Forms differ in these letters at the end of a stem: embassy, embassies; file, filing.
    pairs = zip(word, stem(word).rstrip("eiy") or word[:1], strict=False)
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def encode(words: Iterable[str], mark: str = WORD) -> str:
    """Return folded words in the ASCII form that the databases index, separated by spaces."""
    return " ".join(mark + word.translate(_ENCODED) for word in words)


def encode_texts(texts: Sequence[str], referred: Sequence[str] = ()) -> str:
    """Return several texts as one encoded document: their words, and the stems of these.

    `referred` are texts that the document only refers to; their marks are those in `REFERRED`.
    """
    words, stems = _words(texts), _stems(texts)
    if referred:
        words = f"{words} {BREAK} {as_referred(_words(referred))}"
        stems = f"{stems} {as_referred(_stems(referred))}"
    return f"{_shortened(words)} {_shortened(stems)}".strip()


def as_referred(encoded: str) -> str:
    """Return encoded words, or stems, with the marks of those in texts that are referred to."""
    return " ".join(REFERRED[word[0]] + word[1:] for word in encoded.split())


def encode_words(texts: Iterable[str]) -> str:
    """Return the encoded words of several texts, separated by `BREAK`.

    A text with compounds is there twice, once for each way to write them, so that phrases are
    found in both.
    """
    return _shortened(_words(texts))


def _stems(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(form for text in texts for form in _indexed(text)[2]))


def _words(texts: Iterable[str]) -> str:
    written: list[str] = []
    parted: dict[str, None] = {}
    for text in texts:
        ways, compounds, _ = _indexed(text)
        written += ways
        parted |= dict.fromkeys(compounds)
    return f" {BREAK} ".join([*written, *parted])


@lru_cache(maxsize=5_000)
def _indexed(text: str) -> tuple[list[str], list[str], list[str]]:
    """Return a text in each way to write it, its parted apostrophes, and its stems; encoded."""
    words = tokens(text)
    ways = [[part for word in words for part in split(word)]]
    if any(map(is_compound, words)):
        ways.append([part for word in words for part in whole(word)])
    parted = [apart(word) for word in words if "'" in word]
    known = dict.fromkeys(stem(word) for way in (*ways, *parted) for word in way)
    encoded = list(dict.fromkeys(filter(None, map(encode, ways))))
    return encoded, list(map(encode, parted)), [encode([word], STEM) for word in known]


def _shortened(encoded: str) -> str:
    if len(encoded) < MAX_WORDS:
        return encoded
    kept = " ".join(encoded.split(" ", MAX_WORDS)[:MAX_WORDS])
    return kept if len(kept) <= MAX_ENCODED else kept[:MAX_ENCODED].rpartition(" ")[0]


def variants(word: str) -> list[str]:
    """Return a folded word in each way to write it, encoded."""
    return list(dict.fromkeys(encode(read(word)) for read in READINGS))


def begins_words(typed: str, text: str) -> bool:
    """Whether each typed word begins a word of a text."""
    words = tokens(typed)
    if not words:
        return True  # most lists are not searched, and encoding a text takes long
    encoded = f" {encode_words([text])}"
    return all(any(f" {variant}" in encoded for variant in variants(word)) for word in words)


Reading = tuple[list[str], list[int]]
"""Words, and for each of them its place among the words that they are read from."""


def readings(words: Sequence[str]) -> Iterator[Reading]:
    """Yield the words as they are, or in each way to read the compounds among them."""
    if not any(map(is_compound, words)):
        yield list(words), list(range(len(words)))
        return
    for read in READINGS:
        placed = [(part, place) for place, word in enumerate(words) for part in read(word)]
        yield [part for part, _ in placed], [place for _, place in placed]


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
        yield Placed(_word(match[0]), origin[match.start()], end)
