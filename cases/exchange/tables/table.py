"""What a tidy table is: its columns, its key, and the rows that a case has in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cases.models.vocabulary import ABSENT_VALUES, Vocabulary

from .case_row import CaseRow

# What a cell has. None means that there is no number or day; a column beside it says why.
Value = str | int | dt.date | None

# Returns the value of a cell, from the case and the unit of the row: the case itself, a warning …
Read = Callable[[CaseRow, Any], Value]

# The types of columns, in the words of Frictionless Table Schema.
STRING, INTEGER, DATE = "string", "integer", "date"
EMPTY = "empty"


@dataclass(frozen=True)
class Column:
    """A column, with what the codebook says of it.

    `words` are the only values of a column of codes, with their labels. `refers_to` names the table
    whose `key` column has the value, such as “actors”; a value that is absent has a code instead.
    `defined_at` is the codebook entry that defines the values, or else `meanings` does, by value.
    `absences` are the codes that a text or a reference has in place of a value.
    """

    name: str
    title: str
    meaning: str
    read: Read
    type: str = STRING
    unit: str = ""
    words: tuple[tuple[str, str], ...] = ()
    refers_to: str = ""
    defined_at: str = ""
    # Whether every row has a value.
    is_required: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict, hash=False)
    absences: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of an absent value; “empty” for an empty cell."""
        codes = tuple(value for value, _ in self.words if value in ABSENT_VALUES) or self.absences
        return codes if self.is_required else (*codes, EMPTY)

    @property
    def values(self) -> list[tuple[str, str, str]]:
        """The values of a column of codes, with label and meaning; "" if a field defines them."""
        return [(value, label, self.meanings.get(value, "")) for value, label in self.words]


@dataclass(frozen=True)
class Table:
    """A table of cases. `key` names the columns that together tell its rows apart.

    `units(case)` returns what the case has a row for, in order.
    """

    name: str
    unit: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    units: Callable[[CaseRow], Iterable[Any]]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def words_of(vocabulary: type[Vocabulary]) -> tuple[tuple[str, str], ...]:
    """Return the values of a vocabulary, with their labels."""
    return tuple((value, str(label)) for value, label in vocabulary.choices)


YES_NO = (("yes", "Yes"), ("no", "No"))


def meanings_of(vocabulary: type[Vocabulary]) -> dict[str, str]:
    """Return the definitions of a vocabulary, by value."""
    return {member.value: str(member.definition) for member in vocabulary}


def yes_or_no(
    name: str,
    title: str,
    meaning: str,
    test: Callable[[CaseRow, Any], bool],
    yes: str,
    no: str,
) -> Column:
    """Return a column of answers; `yes` and `no` are what they mean."""
    return Column(
        name,
        title,
        meaning,
        lambda case, unit: "yes" if test(case, unit) else "no",
        words=YES_NO,
        meanings={"yes": yes, "no": no},
        is_required=True,
    )


def count(name: str, title: str, meaning: str, number: Callable[[CaseRow, Any], int]) -> Column:
    """Return a column of counts."""
    return Column(name, title, meaning, number, INTEGER, is_required=True)
