"""The words around what was found, in parts, so that a template can mark the hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.text.folding import Placed, placed_tokens, tokens

from .documents import Passage
from .query import SearchQuery, Term

SHOWN_BEFORE, SHOWN = 10, 30
"""How many words are shown before the first hit, and in all."""

MAX_CUT_BACK = 20
"""How many letters a cut may move, so as to fall between words as they are written."""

Span = tuple[int, int]
"""The first word of a hit, and the one after its last."""


@dataclass(frozen=True)
class Snippet:
    """A piece of a passage: its label, where it stands, and its parts with whether each is a hit.

    The parts are plain text as it was typed: escape them like any other.
    """

    label: str
    fragment: str
    parts: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts)


def snippet(query: SearchQuery, passages: Sequence[Passage]) -> Snippet | None:
    """Return a piece of the first passage in which most terms are, or None if none is in any."""
    best, most = None, 0
    for passage in passages:
        words = tokens(passage.text)
        found = sum(any(True for _ in _spans(term, words)) for term in query.wanted)
        if found > most:
            best, most = passage, found
        if most == len(query.wanted):
            break
    return best and _cut(query, best)


def matches(query: SearchQuery, text: str) -> bool:
    """Return whether a text has all that is wanted, and nothing that is not."""
    words = tokens(text)
    found = {term: any(True for _ in _spans(term, words)) for term in query.terms}
    return all(is_there != term.is_excluded for term, is_there in found.items())


def _spans(term: Term, words: Sequence[str]) -> Iterator[Span]:
    """Yield where a term stands in a text."""
    *start, last = term.words
    length = len(term.words)
    for place, word in enumerate(words[length - 1 :]):
        is_last = word.startswith(last) if term.is_prefix else word == last
        if is_last and list(words[place : place + length - 1]) == start:
            yield place, place + length


def _cut(query: SearchQuery, passage: Passage) -> Snippet:
    placed = list(placed_tokens(passage.text))
    words = [token.word for token in placed]
    hits = _merged(sorted(span for term in query.wanted for span in _spans(term, words)))
    start = max(0, min(hits[0][0] - SHOWN_BEFORE, len(words) - SHOWN))
    end = max(start + SHOWN, hits[0][1])
    shown = [hit for hit in hits if hit[0] >= start and hit[1] <= end]
    return Snippet(
        passage.label, passage.fragment, tuple(_parts(passage.text, placed, shown, start, end))
    )


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Join spans that overlap."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parts(
    text: str, placed: Sequence[Placed], hits: Sequence[Span], start: int, end: int
) -> Iterator[tuple[str, bool]]:
    """Yield the parts of the words from `start` to `end`, without those that are empty."""
    at = _border(text, placed[start].start, -1) if start else 0
    stop = _border(text, placed[end - 1].end, 1) if end < len(placed) else len(text)
    if start:
        yield "… ", False
    for first, after in hits:
        # Two words may come from one letter: a half is written “½”.
        here, there = max(at, placed[first].start), placed[after - 1].end
        if here < there:
            yield from ((part, is_hit) for part, is_hit in ((text[at:here], False),) if part)
            yield text[here:there], True
            at = there
    yield from ((part, False) for part in (text[at:stop],) if part)
    if end < len(placed):
        yield " …", False


def _border(text: str, place: int, step: int) -> int:
    """Move a cut to the nearest space in one direction, if there is one near."""
    for cut in range(place, place + step * MAX_CUT_BACK, step):
        beside = cut - 1 if step < 0 else cut
        if not 0 <= beside < len(text) or text[beside].isspace():
            return cut
    return place
