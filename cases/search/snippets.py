"""Snippets: the words around a hit, in parts, so that templates can mark the hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.text.folding import Placed, bare, placed_tokens, readings, stem, tokens

from .documents import Passage
from .query import SearchQuery, Term

# The words of a snippet before the first hit, and in total.
WORDS_BEFORE_HIT, WORDS_IN_SNIPPET = 10, 30

# The characters by which an end of a snippet may move to fall on whitespace.
MAX_CUT_BACK = 20

# The number of the first word of a hit, and of the word after its last.
Span = tuple[int, int]


@dataclass(frozen=True)
class Snippet:
    """A part of a passage with its label and its anchor on the page of the case.

    `parts` are texts with whether each is a hit. They are plain text, so escape them.
    """

    label: str
    fragment: str
    parts: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts)


def snippet(query: SearchQuery, passages: Sequence[Passage]) -> Snippet | None:
    """Return a snippet of the first passage with the most terms; None if no passage has any."""
    best, best_count = None, 0
    for passage in passages:
        likely = _likely(query, passage.text)
        if len(likely) <= best_count:
            continue
        words = tokens(passage.text)
        count = sum(any(True for _ in _spans(term, words)) for term in likely)
        if count > best_count:
            best, best_count = passage, count
        if best_count == len(query.wanted):
            break
    return best and _cut(query, best)


def _likely(query: SearchQuery, text: str) -> list[Term]:
    """Return the wanted terms that may be in a text; far quicker than looking for its words."""
    letters = bare(text)
    return [term for term in query.wanted if any(end in letters for end in term.endings)]


def matches(query: SearchQuery, text: str) -> bool:
    """Return whether a text has all wanted terms and no excluded one."""
    words = tokens(text)
    found = {term: any(True for _ in _spans(term, words)) for term in query.terms}
    return all(is_there != term.is_excluded for term, is_there in found.items())


def _spans(term: Term, words: Sequence[str]) -> Iterator[Span]:
    """Yield the span of each occurrence of a term in the words of a text."""
    for parts, places in readings(words):
        for variant in term.variants:
            last = len(variant) - 1
            for start in _starts(term, variant, parts):
                yield places[start], places[start + last] + 1


def _starts(term: Term, variant: Sequence[str], parts: Sequence[str]) -> Iterator[int]:
    """Yield where the words of a variant begin among the words of a text."""
    *before, last = variant
    if term.has_forms and not before:
        stemmed = stem(last)
        yield from (place for place, part in enumerate(parts) if stem(part) == stemmed)
        return
    for place, part in enumerate(parts[len(before) :]):
        is_last = part.startswith(last) if term.is_prefix else part == last
        if is_last and list(parts[place : place + len(before)]) == before:
            yield place


def _cut(query: SearchQuery, passage: Passage) -> Snippet:
    placed = list(placed_tokens(passage.text))
    words = [token.word for token in placed]
    hits = _merged(sorted(span for term in query.wanted for span in _spans(term, words)))
    start = max(0, min(hits[0][0] - WORDS_BEFORE_HIT, len(words) - WORDS_IN_SNIPPET))
    end = max(start + WORDS_IN_SNIPPET, hits[0][1])  # a long phrase is never cut
    inside = [hit for hit in hits if hit[0] >= start and hit[1] <= end]
    return Snippet(
        passage.label, passage.fragment, tuple(_parts(passage.text, placed, inside, start, end))
    )


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Return the spans with overlapping ones joined; `spans` must be sorted."""
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
    """Yield the non-empty parts of the words from `start` to `end`, each with whether it is a hit.

    An ellipsis marks each end that is cut.
    """
    at = _border(text, placed[start].start, -1) if start else 0
    stop = _border(text, placed[end - 1].end, 1) if end < len(placed) else len(text)
    if start:
        yield "… ", False
    for first, after in hits:
        # Several words may come from one letter, such as “½”.
        here, there = max(at, placed[first].start), placed[after - 1].end
        if here < there:
            yield from ((part, is_hit) for part, is_hit in ((text[at:here], False),) if part)
            yield text[here:there], True
            at = there
    yield from ((part, False) for part in (text[at:stop],) if part)
    if end < len(placed):
        yield " …", False


def _border(text: str, place: int, step: int) -> int:
    """Return the nearest position at whitespace in one direction, or `place` if none is near."""
    # Folded words can end within a written word, as at the apostrophe of “don’t”.
    for cut in range(place, place + step * MAX_CUT_BACK, step):
        beside = cut - 1 if step < 0 else cut
        if not 0 <= beside < len(text) or text[beside].isspace():
            return cut
    return place
