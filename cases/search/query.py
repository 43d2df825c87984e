"""Reading what somebody typed into the search box. Any text can be read; nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cases.text.excerpt import excerpt
from cases.text.folding import tokens

MAX_TERMS = 20
MAX_READ = 500
"""How many letters of a query are read."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TERM = re.compile(r'(?P<sign>-?)"(?P<phrase>[^"]*)(?:"(?P<star>\*?)|$)|(?P<word>[^\s"]+)')
_PREFIX = re.compile(r"[^\W_]\*\W*$")
_STAR_BEFORE_A_WORD = re.compile(r"\*.*[^\W_]", re.DOTALL)
_OPERATOR, _QUOTED = re.compile(r"(?<!\S)(?:AND|OR|NOT)(?!\S)"), re.compile(r'"[^"]*"')
"""What other searches understand, and what is kept together here."""


@dataclass(frozen=True)
class Term:
    """A word, or several that stand one after the other, as folded words.

    With `is_prefix` the last word may go on; with `is_excluded` nothing that has it is wanted.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False

    def __str__(self) -> str:
        """Spell it so that it is read as the same again."""
        words = " ".join(self.words)
        quoted = f'"{words}"' if len(self.words) > 1 else words
        sign, star = "-" * self.is_excluded, "*" * self.is_prefix
        return f"{sign}{quoted}{star}"


@dataclass(frozen=True)
class SearchQuery:
    """What a text asks for: all its terms; and a sentence for each part that was not understood.

    Without terms there is nothing to search for. `remarks` say what reads otherwise elsewhere.
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
    def spelled(self) -> str:
        """Return a text that is read as the same, without problems: as much as would be read."""
        terms = list(self.terms)
        while len(spelled := " ".join(map(str, terms))) > MAX_READ:
            last = terms.pop()
            if not terms:  # a phrase, which the closing quotation mark makes too long
                terms.append(replace(last, words=last.words[:-1]))
        return spelled


def read(text: str) -> SearchQuery:
    """Read words, "phrases", prefix* and -exclusions; anything else is punctuation."""
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
    if text.strip() and all(term.is_excluded for term in terms):
        return SearchQuery(problems=(*problems, _nothing_in(text)))
    return SearchQuery(tuple(terms), tuple(problems), tuple(_remarks(typed)))


def _beginning(text: str) -> str:
    """Return what is read of a text: half a word at the end would find nothing."""
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
            yield Term(found, is_prefix, is_excluded=sign.startswith("-"))


def _remarks(typed: str) -> Iterator[str]:
    """Yield a sentence on the first operator, and on the first star that ends no word."""
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


def _nothing_in(text: str) -> str:
    return f"“q” has no word to search for, only “{excerpt(text)}”."
