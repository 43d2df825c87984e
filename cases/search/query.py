"""Parse the text of the search box. Any text can be parsed; nothing raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cases.text.excerpt import excerpt
from cases.text.folding import READINGS, STEM, WORD, beginning_of_forms, encode, stem, tokens

MAX_TERMS = 20
# The number of characters of a query that are read.
MAX_READ = 500

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TERM = re.compile(r'(?P<sign>-?)"(?P<phrase>[^"]*)(?:"(?P<star>\*?)|$)|(?P<word>[^\s"]+)')
_PREFIX = re.compile(r"[^\W_]\*\W*$")
_STAR_BEFORE_A_WORD = re.compile(r"\*.*[^\W_]", re.DOTALL)
# Operators of other search engines; here they are words like any other.
_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT)(?!\S)")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Term:
    """A folded word, or a phrase of several.

    A single word also matches its other forms, unless `is_exact` or `is_prefix`. With `is_prefix`
    the last word matches as a prefix. With `is_excluded` cases that match the term are left out.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    is_exact: bool = False

    def __str__(self) -> str:
        """Return a text that `read` parses as this term."""
        words = " ".join(self.words)
        quoted = f'"{words}"' if self.is_exact or len(self.words) > 1 else words
        sign, star = "-" * self.is_excluded, "*" * self.is_prefix
        return f"{sign}{quoted}{star}"

    @property
    def has_forms(self) -> bool:
        """Whether the other forms of its word match too."""
        return len(self.words) == 1 and not (self.is_exact or self.is_prefix)

    @cached_property
    def variants(self) -> tuple[tuple[str, ...], ...]:
        """The ways to write the term, one word or several each; any of them matches."""
        ways = (tuple(part for word in self.words for part in read(word)) for read in READINGS)
        return tuple(dict.fromkeys(ways))

    @property
    def encoded(self) -> list[str]:
        """The variants as documents have them: a stem, or words that follow one another."""
        return [
            encode([stem(variant[0])], STEM)
            if self.has_forms and len(variant) == 1
            else encode(variant, WORD)
            for variant in self.variants
        ]

    @cached_property
    def endings(self) -> frozenset[str]:
        """With what the last word begins in each variant; a text without any has no match."""
        last = (variant[-1] for variant in self.variants)
        return frozenset(map(beginning_of_forms, last)) if self.has_forms else frozenset(last)

    @property
    def beginnings(self) -> list[str]:
        """The variants without what only some forms have: one begins wherever the term matches."""
        return [
            encode((*start, beginning_of_forms(last) if self.has_forms else last))
            for *start, last in self.variants
        ]


@dataclass(frozen=True)
class SearchQuery:
    """A parsed search text; a case has to match all its terms.

    Without terms there is nothing to search for. `problems` has a sentence for each part that was
    not understood. `remarks` explain parts that other search engines read differently.
    """

    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)

    @property
    def has_forms(self) -> bool:
        """Whether other forms of a word match too."""
        return any(term.has_forms for term in self.terms)

    @property
    def is_in_other_script(self) -> bool:
        """Whether any word to search for has letters that are not Latin."""
        letters = "".join(word for term in self.wanted for word in term.words)
        return any(
            letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
            for letter in letters
        )

    @property
    def exactly(self) -> str:
        """A search for the same words without their other forms."""
        terms = (replace(one, is_exact=True) if one.has_forms else one for one in self.terms)
        return replace(self, terms=tuple(terms)).normalized

    @property
    def normalized(self) -> str:
        """A text that `read` parses as the same terms without problems, within `MAX_READ`."""
        terms = list(self.terms)
        while len(text := " ".join(map(str, terms))) > MAX_READ:
            last = terms.pop()
            if not terms:  # a single phrase that its closing quotation mark makes too long
                terms.append(replace(last, words=last.words[:-1]))
        return text


def read(text: str) -> SearchQuery:
    """Parse words, "exact words", prefix* and -exclusions; anything else is punctuation."""
    problems = []
    if len(text) > MAX_READ:
        problems.append(f"Only the first {MAX_READ} letters of “q” were read, of {len(text):,}.")
    typed = _beginning(text).translate(_QUOTES)
    if typed.count('"') % 2:
        problems.append("“q” opens a quotation and does not close it; it was read to the end.")
    terms = list(dict.fromkeys(_terms(typed)))
    if len(terms) > MAX_TERMS:
        problems.append(f"Only the first {MAX_TERMS} terms of “q” count, of {len(terms)}.")
    terms = terms[:MAX_TERMS]
    # Exclusions alone would match nearly every case, so they count as no search at all.
    if text.strip() and all(term.is_excluded for term in terms):
        why = " A minus leaves cases out; it needs another word to search for." if terms else ""
        problems.append(f"“q” has no word to search for, only “{excerpt(text)}”.{why}")
        return SearchQuery(problems=tuple(problems))
    return SearchQuery(tuple(terms), tuple(problems), tuple(_remarks(typed)))


def _beginning(text: str) -> str:
    """Return the part of a text that is read, without a truncated word at its end."""
    # Half a word would find nothing.
    if len(text) <= MAX_READ or text[MAX_READ].isspace():
        return text[:MAX_READ]
    return re.sub(r"\s\S*\Z", "", text[:MAX_READ])


def _terms(typed: str) -> Iterator[Term]:
    for match in _TERM.finditer(typed):
        words = match["word"] if match["phrase"] is None else match["phrase"]
        sign = words if match["phrase"] is None else match["sign"]
        found = tuple(tokens(words))
        if found:
            is_prefix = bool(match["star"] or _PREFIX.search(words))
            is_exact = match["phrase"] is not None or len(found) > 1
            yield Term(found, is_prefix, sign.startswith("-"), is_exact)


def _remarks(typed: str) -> Iterator[str]:
    """Yield a sentence about the first operator, and about the first star inside a word."""
    if operator := _OPERATOR.search(_QUOTED.sub("", typed)):
        yield (
            f"“{operator[0]}” is searched for like any other word: a case has to have "
            "them all. A minus leaves a word out."
        )
    for match in _TERM.finditer(typed):
        words = match["phrase"] or match["word"] or ""
        if _STAR_BEFORE_A_WORD.search(words):
            read_as = " ".join(tokens(words)) + "*" * bool(match["star"] or _PREFIX.search(words))
            yield (
                f"“{excerpt(words.lstrip('-'))}” was read as “{excerpt(read_as)}”: a star finds "
                "beginnings, and only where it ends a word."
            )
            return
