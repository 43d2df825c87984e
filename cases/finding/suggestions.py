"""Suggest changes to a query that matches no case, or few: fewer filters or words, or others."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import chain, islice

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import get_text_list

from cases import search
from cases.evidence.evidence_status import CHALLENGES
from cases.models.edtf import PLAIN, parse
from cases.models.written_dates import to_edtf
from cases.search import Searches, SearchQuery, Term, Tiers
from cases.text.folding import beginning_of_forms, split, stem, tokens

from .case_filter import CaseFilter, asks_for_contested
from .description import active_filters
from .former_slugs import CASE_PARAMETER
from .public_notes import public_notes
from .selection import CaseCriteria, Selection

# Shorter words are not searched for as prefixes.
MIN_LETTERS = 3

# The fewest letters that remain of a word when its ending is cut off.
MIN_STEM = 4

# Other words are suggested up to this many cases; for wide searches it would take too long.
SUGGEST_BELOW = 10

# Filters that are left out in turn.
MAX_TRIED = 20

# Words of a search that are looked for one by one.
MAX_WORDS_TRIED = 6

# With more words than this, none is guessed to be misspelt.
MAX_GUESSED = 3

# The filters whose labels have the names that readers misspell, and how like one a word must be.
NAMES, MIN_LIKENESS = ("actor", "source"), 0.8


@dataclass(frozen=True)
class Suggestion:
    """A changed query: its text on screen, its query string, and the number of cases it finds.

    The text can follow "Try", or begin a line of a list.
    """

    text: str
    query: str
    count: int


def suggestions(cases: CaseFilter) -> list[Suggestion]:
    """Return changes that find cases if an address finds none.

    These are a filter for the date that is searched for, or other words, or fewer; and one filter
    less.
    """
    words = [*_with_date(cases)] or [*_other_words(cases)] or [*_without_words(cases)]
    return [*words, *_without_one(cases)]


def missing_words(cases: CaseFilter) -> list[Term]:
    """Return which of several words of a search are in no case at all."""
    terms = _wanted(cases)[:MAX_WORDS_TRIED]
    return [
        term
        for term in terms
        if len(terms) > 1 and not cases.searches.tiers_of(SearchQuery((term,)))[-1]
    ]


def _wanted(cases: CaseFilter) -> tuple[Term, ...]:
    """Return the terms that a case has to have; none if the search is for the number of a case."""
    text = None if cases.query.case_number else cases.query.text
    return text.wanted if text else ()


def _without_words(cases: CaseFilter) -> Iterator[Suggestion]:
    """Yield the search without the words that no case has, or else without each word in turn."""
    text, missing = cases.query.text, missing_words(cases)
    tried = [missing] if missing else [[term] for term in _wanted(cases)[:MAX_WORDS_TRIED]]
    for left_out in tried:
        rest = (
            SearchQuery(tuple(term for term in text.terms if term not in left_out))
            if text
            else None
        )
        if rest and rest.wanted:
            wording = f"without {get_text_list([f'“{term}”' for term in left_out], 'and')}"
            yield from _found_by(cases, rest.normalized, cases.searches.tiers_of(rest), wording)


def _with_date(cases: CaseFilter) -> Iterator[Suggestion]:
    """Yield the filter for the date that a search consists of, if that finds more cases."""
    typed = str(cases.query.data.get("q", "")).strip(' "“”')
    try:
        expression = to_edtf(typed)
        bounds = parse(expression) if expression else None
    except ValidationError:
        return
    if bounds is None or bounds.earliest is None or bounds.latest is None:
        return
    is_plain = PLAIN.fullmatch(expression)
    data = cases.query.data.copy()
    data["date_from"] = expression if is_plain else bounds.earliest.isoformat()
    data["date_to"] = expression if is_plain else bounds.latest.isoformat()
    for name in ("q", "page", "sort"):
        data.pop(name, None)
    count = _count(cases, cases.criteria_of(data, None))
    if count > len(cases.keys):
        yield Suggestion(f"the filter for the date of the case: {typed}", data.urlencode(), count)


def _without_one(cases: CaseFilter) -> Iterator[Suggestion]:
    """Yield the query without each of its filters in turn, if that finds any case."""
    values = active_filters(cases)
    # Removing the only filter would suggest the list of all cases.
    for value in values[:MAX_TRIED] if len(values) > 1 else ():
        if value.parameter == CASE_PARAMETER:
            continue
        found = None if value.parameter == "q" else cases.criteria.found
        criteria = cases.criteria_of(QueryDict(value.without), found)
        if count := _count(cases, criteria):
            yield Suggestion(f"without “{value.label}: {value.text}”", value.without, count)


def count_challenging_notes(cases: CaseFilter) -> int:
    """Return how many notes correct or contradict a source; 0 unless contested cases are wanted.

    They are what else a reader may look for who finds no contested case.
    """
    if not asks_for_contested(cases.query.data):
        return 0
    return sum(public.note.kind in CHALLENGES for public in public_notes())


def wider_searches(cases: CaseFilter) -> list[Suggestion]:
    """If few cases match, return searches that find more: longer words, and likely spellings."""
    if not 0 < len(cases.keys) <= SUGGEST_BELOW:
        return []
    return [*_with_date(cases), *_with_spelling(cases), *_with_beginnings(cases, _beginnings)]


def matches_by_source_only(cases: CaseFilter) -> int:
    """Count the cases that a search finds only by the title or publisher of a source."""
    tiers = cases.found.tiers if cases.found and _wanted(cases) else None
    if tiers is None:
        return 0
    in_case = tiers.in_case  # may query the database, so it is read before the lock is taken
    selection = cases.selection
    with cases.index.reading:
        return len(selection.cases - in_case)


def finds_nothing_in_other_script(cases: CaseFilter) -> bool:
    """Return whether no case has the words of a search, which has letters that are not Latin."""
    text, found = cases.query.text, cases.criteria.found
    return text is not None and not (found and found[-1]) and text.is_in_other_script


def _other_words(cases: CaseFilter) -> Iterator[Suggestion]:
    """Yield the first search for other words that finds any case."""
    ways = chain(
        _with_beginnings(cases, _beginnings),
        _with_spelling(cases),
        _with_beginnings(cases, lambda text: _nearest(text, cases.searches)),
    )
    yield from islice(ways, 1)


def _with_beginnings(
    cases: CaseFilter, words: Callable[[SearchQuery], str]
) -> Iterator[Suggestion]:
    yield from _with_words(cases, words, "words with other endings: {}")


def _with_spelling(cases: CaseFilter) -> Iterator[Suggestion]:
    """Yield the query with the names that its words are most like."""

    def respelled(text: SearchQuery) -> str:
        return _respelled(text, (cases.choices[name].values() for name in NAMES))

    yield from _with_words(cases, respelled, "the spelling “{}”")


def _with_words(
    cases: CaseFilter, words: Callable[[SearchQuery], str], wording: str
) -> Iterator[Suggestion]:
    """Yield the query with the search text that `words` returns, if that finds more cases.

    Titles of sources do not count towards "more": many cases may cite the same one.
    """
    text = None if cases.query.case_number else cases.query.text
    if text is None or not (other := words(text)):
        return
    found = cases.searches.tiers_of(search.read(other))
    in_case = _count(cases, replace(cases.criteria, found=[found.in_case]))
    if in_case > len(cases.keys):
        yield from _found_by(cases, other, found, wording.format(other))


def _found_by(cases: CaseFilter, words: str, found: Tiers, text: str) -> Iterator[Suggestion]:
    """Yield the query with other words, which find these cases, if any of them matches it."""
    if count := _count(cases, replace(cases.criteria, found=found)):
        data = cases.query.data.copy()
        data["q"] = words
        data.pop("page", None)
        yield Suggestion(text, data.urlencode(), count)


def _respelled(text: SearchQuery, labels: Iterable[Iterable[str]]) -> str:
    """Return the search with words replaced by the names that they are like; "" if none is."""
    guessed = [term for term in text.wanted if term.has_forms and len(term.words[0]) > MIN_STEM]
    if not guessed or len(guessed) > MAX_GUESSED:
        return ""
    words = (word for label in chain.from_iterable(labels) for word in tokens(label))
    names = dict.fromkeys(part for word in words for part in split(word))
    stems = set(map(stem, names))
    terms = []
    for term in text.terms:
        is_unknown = term in guessed and stem(term.words[0]) not in stems
        # The first letter is seldom mistyped.
        likely = [name for name in names if name[0] == term.words[0][0]] if is_unknown else []
        near = get_close_matches(term.words[0], likely, 1, MIN_LIKENESS)
        # ISIS is no other spelling of ISIS-K.
        if near and near[0] in split(term.words[0]):
            near = []
        terms.append(replace(term, words=tuple(near)) if near else term)
    return " ".join(map(str, terms)) if terms != list(text.terms) else ""


def _beginnings(text: SearchQuery) -> str:
    """Return a search for the stems of the words as prefixes; empty if there are none."""
    return _with_prefixes(text, _stem)


def _nearest(text: SearchQuery, searches: Searches) -> str:
    """Return a search for the longest prefix of each word that occurs in any case.

    Finds words that are misspelt near their end. Empty if a prefix is too short or if there are
    more than `MAX_GUESSED` words.
    """
    terms = _extensible(text)
    if len(terms) > MAX_GUESSED:
        return ""
    prefixes = {term: _longest_known(term, searches) for term in terms}
    return _with_prefixes(text, prefixes.__getitem__) if all(prefixes.values()) else ""


def _with_prefixes(text: SearchQuery, prefix: Callable[[Term], str]) -> str:
    """Return the search with the last word of each extensible term replaced by its prefix."""
    extensible = _extensible(text)
    if not extensible:
        return ""
    terms = [_beginning(term, prefix(term)) if term in extensible else term for term in text.terms]
    return " ".join(map(str, terms))


def _extensible(text: SearchQuery) -> list[Term]:
    """Return the wanted terms that can become prefixes: not prefixes yet, and long enough."""
    return [
        term for term in text.wanted if not term.is_prefix and len(term.words[-1]) >= MIN_LETTERS
    ]


def _beginning(term: Term, last: str) -> Term:
    words = (*term.words[:-1], last)
    return replace(term, words=words, is_prefix=True, is_exact=len(words) > 1)


def _stem(term: Term) -> str:
    """Return the last word of a term, without its English ending if its forms do not match."""
    word = term.words[-1]
    if term.has_forms:
        return word
    cut = beginning_of_forms(word)
    return cut if len(cut) >= MIN_STEM else word


def _longest_known(term: Term, searches: Searches) -> str:
    """Return the longest prefix of the last word that occurs in any case; empty if too short."""
    word = _stem(term)
    least = max(MIN_STEM, math.ceil(len(word) * 2 / 3))
    lengths = range(least, len(word) + 1)
    # A case with a prefix also has every shorter one, so a binary search finds the longest.
    known = bisect_left(
        lengths,
        True,
        key=lambda length: not searches.occurs(_beginning(term, word[:length])),
    )
    return word[: lengths[known - 1]] if known else ""


def _count(cases: CaseFilter, criteria: CaseCriteria) -> int:
    # Reading the tiers may query the database, so it happens before the lock is taken.
    if criteria.found is not None:
        criteria = replace(criteria, found=[criteria.found[-1]])
    with cases.index.reading:
        return len(Selection(cases.index, criteria).cases)
