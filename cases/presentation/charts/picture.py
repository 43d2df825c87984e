"""What a picture is: a finding, a table of numbers, and a Vega-Lite specification of these.

The table on the page has words. Its file has codes beside them, by which it joins the other files:
a column of coded values `reception` has the code, as addresses and tidy tables write it, and
`reception_label` the words; one of cases has slug, number and title as `case`, `case_number` and
`case_title`. A row that adds up has the code “all” in the columns that it adds up over.
If a table may have a part of the cases only, its file says in a column `sample` which part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# A specification of Vega-Lite, or a part of one.
Spec = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """The room for a picture in pixels: its full width, and how long a label may be."""

    width: int
    labels: int


WIDE, NARROW = Frame(width=720, labels=230), Frame(width=340, labels=120)


# The code of rows that add up.
ALL = "all"


@dataclass(frozen=True)
class Column:
    """A column of the table: its name in the file, its title on the page.

    In the file the `codes` of its cells have columns of their own before it, and it may have the
    name `words` there.
    """

    name: str
    title: str
    is_number: bool = False
    codes: Sequence[str] = ()
    words: str = ""

    @property
    def file_names(self) -> Sequence[str]:
        """The names of its columns in the file."""
        return [*self.codes, self.words or self.name]


def coded(name: str, title: str) -> Column:
    """Return a column of values that have a code."""
    return Column(name, title, codes=(name,), words=f"{name}_label")


CASE = Column("case", "Case", codes=("case", "case_number"), words="case_title")
CASES = Column("cases", "Cases", is_number=True)
INFERRED = Column("inferred", "Inferred by editors", is_number=True)


@dataclass(frozen=True)
class Cell:
    """A value in the table; `address` leads to exactly the cases that it counts or names.

    `codes` are those of a value in words, one for each that its column has. A text whose order is
    not that of its letters has a number to `sort` it by.
    """

    value: str | int | None
    address: str = ""
    codes: Sequence[str] = ()
    sort: int | None = None

    @property
    def adds_up(self) -> bool:
        return ALL in self.codes

    @property
    def form(self) -> str:
        """How it stands in the table: “number”, “day”, or "" for a text."""
        if isinstance(self.value, int):
            return "number"
        return "day" if _DAY.fullmatch(self.value or "") else ""

    @property
    def sort_key(self) -> tuple[bool, int, str]:
        """Numbers by size, texts by their number or by letter, and no value last."""
        if isinstance(self.value, str):
            return False, self.sort or 0, self.value.casefold()
        return self.value is None, self.value or 0, ""


Row = tuple[Cell, ...]


def case_cell(slug: str, number: str, title: str, address: str) -> Cell:
    """Return the cell of a case in the column `CASE`."""
    return Cell(title, address, (slug, number))


def all_cell(words: str, column: Column) -> Cell:
    """Return the cell of a row that adds up over a column."""
    return Cell(words, codes=(ALL, *("" for _ in column.codes[1:])))


@dataclass(frozen=True)
class Way:
    """Another way to draw a picture, by a value of a parameter of its address."""

    label: str
    parameter: str
    value: str
    is_chosen: bool


@dataclass(frozen=True)
class Picture:
    """A picture of some cases.

    `finding` says in one sentence what it shows, `caveat` what it cannot show. `draw` returns its
    Vega-Lite specification for a frame, with the data; it is not asked if there are no `rows`.
    Its page offers the `ways` to draw it, if there are several. If it can leave out some, `sample`
    says which part it has, as “the 20 newest of 1,951 cases”; it is empty if it has all.
    `drawn` is how many of the cases are in the picture, None if all are or it says so itself.
    """

    name: str
    title: str
    finding: str
    caveat: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    draw: Callable[[Frame], Spec]
    ways: Sequence[Way] = ()
    sample: str | None = None
    drawn: int | None = None

    def without_drawing(self) -> Picture:
        """Return the picture without what draws it, which holds on to the cases."""
        return replace(self, draw=lambda frame: {})

    @property
    def is_empty(self) -> bool:
        return not self.rows

    def sorted_rows(self, order: str) -> Sequence[Row]:
        """Return the rows by the column that `order` names, from the last on if it begins with “-”.

        As they are if there is no such column.
        """
        names = [column.name for column in self.columns]
        name = order.removeprefix("-")
        if name not in names:
            return self.rows
        at = names.index(name)
        with_value = [row for row in self.rows if row[at].value is not None]
        without = [row for row in self.rows if row[at].value is None]
        in_order = sorted(with_value, key=lambda row: row[at].sort_key, reverse=order[0] == "-")
        return [*in_order, *without]
