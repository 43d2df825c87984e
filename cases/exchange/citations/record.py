"""What the forms of citations have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cases.models.vocabulary import SourceKind

Texts = dict[str, list[str]]


class BrokenCitationError(ValueError):
    """A text has the form of a citation, but breaks its rules."""


@dataclass
class ParsedCitation:
    """One citation: its type, and its texts by the names of the fields, as its form calls them.

    `authors` are in natural order: “Ann Lee”. `dates` and the day of access are texts that may not
    be dates; the most exact date comes first.
    """

    type: str
    texts: Texts
    authors: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    accessed: str = ""


@dataclass(frozen=True)
class Format:
    """A form of citations: how to read it, and the names of its fields, the best ones first."""

    name: str
    read: Callable[[str], list[ParsedCitation]]
    title: tuple[str, ...]
    container: tuple[str, ...]
    publisher: tuple[str, ...]
    addresses: tuple[str, ...]
    doi: str
    kinds: Mapping[str, SourceKind]
    # The types whose container is a book: it is not the publisher.
    chapters: frozenset[str]
    subtitle: str = ""
    # A citation with its abstract has some 3,000 characters.
    max_length: int = 20_000
    # What fields are called in a sentence, where their names do not say it.
    labels: Mapping[str, str] = field(default_factory=dict)


def kinds(**types: str) -> dict[str, SourceKind]:
    """Return the kind of source for each type, from the types of each kind."""
    return {each: SourceKind(kind) for kind, names in types.items() for each in names.split()}


def natural_order(name: str) -> str:
    """Return “Lee, Ann” as “Ann Lee” and “Lee, Ann, Jr.” as “Ann Lee Jr.”."""
    family, *others = (part.strip() for part in name.split(","))
    given, suffix = others[:1], others[1:]
    return " ".join(filter(None, [*given, family, *suffix]))


def without_empty(values: Iterable[str]) -> list[str]:
    return [value for value in (value.strip() for value in values) if value]
