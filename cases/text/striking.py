"""Striking a name or another text from what was written: prose, slugs and addresses.

Only whole words are struck: “Ali” is left alone in “Alice”. Accents typed as one character or as
two are the same, and so are any two runs of white space.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from urllib.parse import unquote

from django.utils.text import slugify

from .folding import fold

URL = re.compile(r"https?://[^\s“”\"<>]+")


class Striker:
    """Strikes texts and puts a replacement in their place.

    With `is_loose`, case, accents and kinds of dash do not matter. In slugs and in addresses of
    pages they never do.
    """

    def __init__(self, texts: Sequence[str], replacement: str, *, is_loose: bool = False) -> None:
        self.texts = [" ".join(text.split()) for text in texts]
        self.replacement, self.is_loose = replacement, is_loose
        # The longest first: otherwise “Jane” would leave the rest of “Jane Doe” behind.
        self._needles = sorted({self._folded(text) for text in self.texts}, key=len, reverse=True)
        slugs = {slug for text in self.texts if (slug := _slug_of(text))}
        self._slugs = sorted(slugs, key=len, reverse=True)

    @property
    def digests(self) -> list[str]:
        """Return the SHA-256 of each text, by which a log can say what was struck."""
        return [
            hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()
            for text in self.texts
        ]

    @cached_property
    def common_run(self) -> list[str]:
        """Return for each text some ASCII letters that any form of it contains.

        Empty if there are none for some text; a search in a database then cannot use them.
        """
        if self.is_loose:
            return []
        runs = [max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="") for text in self.texts]
        return runs if all(len(run) > 1 for run in runs) else []

    def strike(self, text: str) -> str:
        """Return a text in which nothing of what is to be struck is left."""
        text = URL.sub(lambda found: self._strike_address_in_prose(found[0]), text)
        struck, end = [], 0
        for start, stop in self._spans(text):
            struck += [text[end:start], self.replacement]
            end = stop
        return "".join([*struck, text[end:]])

    def strike_slug(self, slug: str) -> str:
        """Return a slug without the texts; they are found whatever their case and accents."""
        for part in self._slugs:
            slug = _parts(part).sub(slugify(self.replacement) or "redacted", slug)
        return slug

    def strike_address(self, url: str) -> str:
        """Return the address of a page, or "" if it holds a text: a changed one leads nowhere."""
        return "" if self._is_in_address(url) else url

    def excerpt(self, text: str, around: int = 60) -> str:
        """Return the first place of a text at which something is struck, with the words around."""
        first = next(self._spans(text), None)
        if first is None:
            return text[: 3 * around]
        start, end = max(first[0] - around, 0), min(first[1] + around, len(text))
        if start:  # not within a word
            start = text.find(" ", start - 1, first[0]) + 1 or start
        if end < len(text):
            space = text.rfind(" ", first[1], end + 1)
            end = space if space >= 0 else end
        return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

    def _strike_address_in_prose(self, url: str) -> str:
        return self.replacement if self._is_in_address(url) else url

    def _is_in_address(self, url: str) -> bool:
        plain = re.sub(r"[^a-z0-9]+", "-", fold(unquote(url)))
        if any(_parts(slug).search(plain) for slug in self._slugs):
            return True
        return next(self._spans(unquote(url)), None) is not None

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the texts are in a text, from left to right, without overlaps."""
        pieces = [self._fold_letter(letter) for letter in text]
        origin = [place for place, piece in enumerate(pieces) for _ in piece]
        folded, place = "".join(pieces), 0
        pattern = self._pattern
        while match := pattern.search(folded, place):
            start, end = match.span()
            if _ends_word(folded, start, end):
                yield origin[start], self._end_in(text, pieces, origin[end - 1] + 1)
                place = end
            else:
                place = start + 1

    def _end_in(self, text: str, pieces: list[str], end: int) -> int:
        """Take in the accents of the last letter, which were folded away."""
        while end < len(text) and not pieces[end]:
            end += 1
        return end

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """What to look for: the texts, and their slugs if these have several parts.

        The slug of one word is a word, and may be one that means something else: “will”.
        """
        alternatives = [r"\s+".join(map(re.escape, needle.split())) for needle in self._needles]
        alternatives += [re.escape(slug) for slug in self._slugs if "-" in slug]
        return re.compile("|".join(alternatives))

    def _folded(self, text: str) -> str:
        return "".join(self._fold_letter(letter) for letter in text)

    def _fold_letter(self, letter: str) -> str:
        if self.is_loose:
            return fold("-" if letter == "—" else letter)
        return unicodedata.normalize("NFD", letter)


def _slug_of(text: str) -> str:
    """Return the slug of a text, "" if slugs can have none of its letters."""
    return slugify(fold(text))


def _parts(slug: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(slug)}(?![a-z0-9])")


def _ends_word(text: str, start: int, end: int) -> bool:
    """Tell whether a match is not part of a longer word."""
    begins = start == 0 or not (_is_letter(text[start - 1]) and _is_letter(text[start]))
    ends = end == len(text) or not (
        unicodedata.combining(text[end]) or (_is_letter(text[end]) and _is_letter(text[end - 1]))
    )
    return begins and ends


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or bool(unicodedata.combining(letter))
