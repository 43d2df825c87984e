"""The kinds of column: how each writes a value of a record to a cell, and reads it back.

`write(record)` returns the text of the cell. `put(record, text, lookup)` sets the value on the
record or raises CellError, with a sentence that says how to fix the cell. A missing coded value is
written as `not_stated` or `not_applicable`; other missing values give an empty cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED, Vocabulary
from cases.record.building import reason_for_absence
from cases.record.stored import canonical
from cases.text.normalising import normalised_names
from cases.text.quoting import without_marks

from .cells import join, split
from .lookup import Lookup

MISSING = (NOT_STATED, NOT_APPLICABLE)
MAX_IN_A_SMALL_NUMBER = 32_767
# What people and programs write for a value that is missing, each with the value that it is.
_ABSENT = {
    **dict.fromkeys(("not_stated", "not stated"), NOT_STATED),
    **dict.fromkeys(
        ("not_applicable", "not applicable", "does not apply", "n/a", "n.a.", "#n/a"),
        NOT_APPLICABLE,
    ),
}


class CellError(Exception):
    """A cell has an invalid value; the message says how to fix it."""


def absence_in(text: str) -> str:
    """Return the value for a missing one that a cell has in words, such as “N/A”, or ""."""
    return _ABSENT.get(text.strip().casefold(), "")


class BundleColumn:
    """A text, in a column with the name of the field."""

    type = "string"
    # The least number that a cell may have.
    minimum: int | None = None
    # The words that a cell has in place of a number, a day or a slug. Other codes are values.
    missing: tuple[str, ...] = ()
    # Whether an empty cell is an error, because a missing value has a word of its own.
    is_coded = False
    # Whether the casebook maintains the value: an import sets it in new records only.
    on_adding_only = False
    is_reference = False
    # Whether the text of a cell is read letter by letter, and not normalised first.
    is_exact = False

    def __init__(self, name: str, about: str = "", *, required: bool = False) -> None:
        self.name, self.about, self.required = name, about, required

    @property
    def field(self) -> str:
        return self.name

    @property
    def key_field(self) -> str:
        """Return the attribute that is compared if the column belongs to the key."""
        return self.field

    @property
    def sort_path(self) -> str:
        """Return the lookup that rows are sorted by if the column belongs to the key."""
        return self.field

    def description(self, model: Any) -> str:
        """Return one or two sentences on what the column holds."""
        if self.about:
            return self.about
        return str(model._meta.get_field(self.field).definition)

    def terms(self) -> list[tuple[str, str]]:
        """Return the allowed values with their meanings; an empty list allows any text."""
        return []

    def rule(self) -> str:
        """Return how to fill in the cell, as a template says it."""
        if self.terms():
            return "One of: " + ", ".join(value for value, _ in self.terms())
        return "Required" if self.required else "May be empty"

    def is_given(self, text: str) -> bool:
        """Whether the text of a cell is to be put into the record."""
        return True

    def write(self, record: Any) -> str:
        return str(getattr(record, self.field))

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if self.required and not text:
            raise CellError("It is empty; every record needs it.")
        field = record._meta.get_field(self.field)
        # In a short text that need not be there; of prose, it may be all that somebody said.
        if not self.required and field.one_line and absence_in(text):
            text = ""
        setattr(record, self.field, field.normalise(text))


def cells_of(record: Any, columns: Iterable[BundleColumn]) -> dict[str, str]:
    """Return the texts of some cells of a record, by column."""
    return {column.name: column.write(record) for column in columns}


class Quote(BundleColumn):
    """A quote, without quotation marks around it."""

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        field = record._meta.get_field(self.field)
        setattr(record, self.field, field.normalise(without_marks(text)))


class Slug(BundleColumn):
    """The slug of the record."""

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip():
            raise CellError("It is empty; every record is named by it, for example moscow-2024.")
        setattr(record, self.field, text.strip())

    def rule(self) -> str:
        return "Required. Letters, digits and hyphens: moscow-concert-hall-2024"


class Coded(BundleColumn):
    """A coded text: “not_stated” if no source gives it."""

    is_coded = True

    def rule(self) -> str:
        return "In our own words; not_stated if no source says"

    def write(self, record: Any) -> str:
        value = str(getattr(record, self.field))
        return reason_for_absence(record) if value in MISSING else value

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip():
            raise CellError("It is empty; write not_stated if no source says.")
        field = record._meta.get_field(self.field)
        setattr(record, self.field, NOT_STATED if absence_in(text) else field.normalise(text))


class Choice(BundleColumn):
    """A value of a vocabulary."""

    is_coded = True

    def __init__(
        self, name: str, vocabulary: type[Vocabulary], *, required: bool = False, about: str = ""
    ) -> None:
        super().__init__(name, about, required=required)
        self.vocabulary = vocabulary

    def terms(self) -> list[tuple[str, str]]:
        return [(term.value, f"{term.label}. {term.definition}") for term in self.vocabulary]

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        setattr(record, self.field, self.value_of(text))

    def value_of(self, text: str) -> str:
        """Return the term for a cell that has its value or its label; raises CellError."""
        given = text.strip()
        if given in self.vocabulary.values:
            return given
        if absence_in(given) in self.vocabulary.values:
            return absence_in(given)
        values = ", ".join(self.vocabulary.values)
        if not given:
            raise CellError(f"It is empty; write one of: {values}.")
        labels = {term.label.casefold(): term.value for term in self.vocabulary}
        spelled = given.casefold().replace(" ", "_")
        if spelled in self.vocabulary.values:
            return spelled
        if given.casefold() in labels:
            return labels[given.casefold()]
        if absence_in(given) and NOT_STATED in self.vocabulary.values:
            raise CellError(f"“{given}” is not a value; write not_stated if no source says.")
        # Matching is quadratic in length, so a long cell is cut.
        near = get_close_matches(spelled[:60], self.vocabulary.values, 1)
        hint = f"did you mean “{near[0]}”?" if near else f"write one of: {values}."
        raise CellError(f"“{given[:60]}” is not a value; {hint}")


class Whole(BundleColumn):
    """A whole number, at least 1."""

    type = "integer"
    minimum = 1

    def rule(self) -> str:
        return "A whole number, from 1"

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        setattr(record, self.field, whole(text, 1, MAX_IN_A_SMALL_NUMBER))


class OptionalWhole(Whole):
    """A whole number, at least 1, or an empty cell."""

    def rule(self) -> str:
        return "May be empty. A whole number, from 1"

    def write(self, record: Any) -> str:
        value = getattr(record, self.field)
        return "" if value is None else str(value)

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if text.strip() and not absence_in(text):
            super().put(record, text, lookup)
        else:
            setattr(record, self.field, None)


def whole(text: str, least: int, most: int) -> int:
    """Return the whole number in a cell; raises CellError if it is out of range."""
    given = text.strip()
    if not re.fullmatch(r"[0-9]{1,9}", given) or not least <= int(given) <= most:
        raise CellError(f"“{given[:60]}” is not a whole number from {least} to {most:,}.")
    return int(given)


class Figure(BundleColumn):
    """A number of people; if there is none, the cell holds its qualifier, such as “not_stated”."""

    type = "integer"
    minimum = 0
    missing = MISSING
    is_coded = True

    def rule(self) -> str:
        return "A whole number; not_stated or not_applicable without one"

    def write(self, record: Any) -> str:
        figure = getattr(record, self.field)
        return str(getattr(record, f"{self.field}_qualifier") if figure is None else figure)

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if absence_in(text):
            setattr(record, self.field, None)
        elif not text.strip():
            raise CellError("It is empty; write not_stated if the sources give no figure.")
        else:
            setattr(record, self.field, whole(text, 0, 1_000_000))


class Names(BundleColumn):
    """A list of names."""

    def rule(self) -> str:
        return "May be empty. Several are separated by semicolons"

    def write(self, record: Any) -> str:
        return join(getattr(record, self.field))

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        names = [] if absence_in(text) else split(text)
        setattr(record, self.field, normalised_names(names))


class Number(BundleColumn):
    """The permanent number of a case."""

    def rule(self) -> str:
        return "Leave empty for a new case: it is given the next number"

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if text.strip() and not absence_in(text):
            record.number = text.strip()


class Json(BundleColumn):
    """A case record in canonical JSON."""

    on_adding_only = True
    is_exact = True

    def write(self, record: Any) -> str:
        return canonical(getattr(record, self.field))

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CellError("This is not JSON.") from error
        if not isinstance(value, dict):
            raise CellError("This is not a record in JSON.")
        setattr(record, self.field, value)
