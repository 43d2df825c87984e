"""What a tidy table is: its columns, its key, and the rows that a case has in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.models.vocabulary import Vocabulary

from .case_row import CaseRow

# What a cell has. None means that there is no number or day; a column beside it says why.
Value = str | int | dt.date | None

# Returns the value of a cell, from the case and the unit of the row: the case itself, a warning …
Read = Callable[[CaseRow, Any], Value]

# The types of columns, in the words of Frictionless Table Schema.
STRING, INTEGER, DATE = "string", "integer", "date"


@dataclass(frozen=True)
class Column:
    """A column, with what the codebook says of it.

    `words` are the only values of a column of codes, with their labels. `refers_to` names the table
    whose `key` column has the value, such as “actors”; a value that is absent has a code instead.
    `defined_at` is the codebook entry that defines the values.
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


def yes_or_no(name: str, title: str, meaning: str, test: Callable[[CaseRow, Any], bool]) -> Column:
    """Return a column of answers."""
    return Column(
        name,
        title,
        meaning,
        lambda case, unit: "yes" if test(case, unit) else "no",
        words=YES_NO,
        is_required=True,
    )


def count(name: str, title: str, meaning: str, number: Callable[[CaseRow, Any], int]) -> Column:
    """Return a column of counts."""
    return Column(name, title, meaning, number, INTEGER, is_required=True)
