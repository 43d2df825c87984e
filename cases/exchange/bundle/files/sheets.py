"""A table as read from a file: rows of cells under column names, before any value is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from cases.text.normalising import normalised

from ..layout.cells import is_formula, unguard
from ..layout.columns import BundleColumn
from ..layout.tables import SINGLE, Table
from .faults import Faults

MAX_COLUMNS = 100
# Of a worksheet. A longer line is from no spreadsheet; those end with empty cells sometimes.
MAX_WORKSHEET_COLUMNS = 16_384
# Includes empty lines. A worksheet has at most 1,048,576 rows.
MAX_LINES = 1_100_000
# Unknown columns that are named.
MAX_NAMED = 10
# Different faults that are listed for one file.
MAX_REPORTED = 50
# Cells up to this length are kept once, however many rows repeat them.
MAX_SHARED_LENGTH = 100
# A row whose first cell begins with this is a comment and is not read; so is a column.
COMMENT = "#"

Cells = dict[str, str]
# Returns what is wrong with a cell beside the table, from its place in the row, from 1, and text.
Overhang = Callable[[int, str], str]


class FileRefusedError(Exception):
    """A file cannot be read as the kind of file it should be; each message is a sentence."""

    def __init__(self, *messages: str) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


@dataclass(frozen=True)
class Sheet:
    """The rows of one table, each with its row number in the file; the header is row 1.

    `notices` are sentences on what was not read, or was read as something else than it says.
    """

    table: Table
    columns: tuple[BundleColumn, ...]
    rows: list[tuple[int, Cells]]
    notices: tuple[str, ...] = ()

    def key_text(self, cells: Cells) -> str:
        """Return the key of a row as text, as written in the file."""
        return " ".join(cells[name].strip()[:100] for name in self.table.key)

    def with_notice(self, notice: str) -> Sheet:
        """Return the sheet with one more notice."""
        return replace(self, notices=(*self.notices, notice))


def make_sheet(
    table: Table, lines: Iterable[list[str]], *, max_rows: int, overhang: Overhang
) -> Sheet:
    """Return the sheet for a table from lines of cells, the first being the header.

    A line that is short has empty cells. Raises FileRefusedError.
    """
    numbered = enumerate(lines, start=1)
    names = next((line for _, line in numbered), [])
    header, notices = _header(table, names)
    rows: list[tuple[int, Cells]] = []
    faults = Faults(table.name)
    shared: dict[str, str] = {}
    for number, line in numbered:
        if number > MAX_LINES:
            raise FileRefusedError(f"{table.name}: the file has more than {MAX_LINES:,} lines.")
        if not any(line) or line[0].startswith(COMMENT) or not any(map(_is_visible, line)):
            continue
        if len(rows) >= max_rows:
            raise FileRefusedError(
                f"{table.name}: the file has more than {max_rows:,} rows; split it."
            )
        for place, cell in enumerate(line[len(header) :], start=len(header) + 1):
            if _is_visible(cell):
                faults.add(number, "", overhang(place, cell))
                break
        cells: Cells = {}
        for place, column in enumerate(header):
            if column is None:
                continue
            cell = line[place] if place < len(line) else ""
            if column.type == "string" and is_formula(cell):
                message = f"“{cell[:40].strip()}” begins like a formula. {AS_APOSTROPHE}"
                faults.add(number, column.name, message)
            text = _text_in(column, cell)
            cells[column.name] = (
                shared.setdefault(text, text) if len(text) <= MAX_SHARED_LENGTH else text
            )
        if len(faults) > MAX_REPORTED:
            break
        rows.append((number, cells))
    if faults:
        wrong = list(faults.sentences())
        more = ["There are more like these; fix these first."] if len(wrong) > MAX_REPORTED else []
        raise FileRefusedError(*wrong[:MAX_REPORTED], *more)
    given = {column.name for column in header if column is not None}
    columns = tuple(column for column in table.columns if column.name in given)
    return Sheet(table, columns, rows, tuple(notices))


AS_APOSTROPHE = "Put an apostrophe before it to have it kept as a text."


def _is_visible(cell: str) -> bool:
    return bool(cell) and bool(normalised(cell, one_line=True))


def _text_in(column: BundleColumn, cell: str) -> str:
    return unguard(cell) if column.is_exact else normalised(unguard(cell), one_line=False)


# The header


def columns_of(table: Table, line: list[str]) -> list[BundleColumn | None]:
    """Return the columns that the first line names, with None for a name that the table lacks.

    Capitals, spaces and hyphens do not matter: “Date EDTF” is `date_edtf`. Of more names than a
    table may have, only so many are returned that this shows.
    """
    if len(line) > MAX_WORKSHEET_COLUMNS:
        last = len(line)
    else:
        last = next((end for end in range(len(line), 0, -1) if _is_visible(line[end - 1])), 0)
    return [table.by_name.get(_name_of(cell)) for cell in line[: min(last, MAX_COLUMNS + 1)]]


def _name_of(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", normalised(cell, one_line=True).casefold())


def _header(table: Table, line: list[str]) -> tuple[list[BundleColumn | None], Iterator[str]]:
    """Return the columns of a file, and sentences on those that are not read."""
    header = columns_of(table, line)
    if not header:
        raise FileRefusedError(f"{table.name}: the file is empty; its first row names the columns.")
    if len(header) > MAX_COLUMNS:
        raise FileRefusedError(
            f"{table.name}: the file has more than {MAX_COLUMNS} columns; it is another kind of "
            "table."
        )
    given = [column.name for column in header if column is not None]
    unread = [
        normalised(cell, one_line=True)
        for cell, column in zip(line, header, strict=False)
        if column is None
    ]
    problems = list(_missing(table, given, unread))
    repeated = sorted({name for name in given if given.count(name) > 1})
    problems += [f"{table.name}: the column “{name}” is there twice." for name in repeated]
    if problems:
        raise FileRefusedError(*problems)
    return header, _unread(table, given, unread)


def _missing(table: Table, given: list[str], unread: list[str]) -> Iterator[str]:
    """Yield what is wrong with a header that lacks a column that it needs."""
    lacks_key = not set(table.key) <= set(given)
    # A record that is there already needs only the key. A misspelled name may be that of a column
    # that a new one needs.
    misspelled = [name for name in unread if name and not name.startswith(COMMENT)]
    required = {column.name for column in table.columns if column.required}
    if lacks_key or (misspelled and not required <= set(given)):
        fitting = _table_with({*given, *map(_name_of, misspelled)})
        if fitting is not None and fitting is not table:
            yield (
                f"{table.name}: these look like columns of {fitting.name.capitalize()}; import "
                "them as that table."
            )
            return
        unknown = []
        for name in misspelled:
            near = _near(table, given, name)
            if near:
                yield f"{table.name}: there is no column “{name[:60]}”; did you mean “{near}”?"
            else:
                unknown.append(f"“{name[:60]}”")
        if unknown:
            more = len(unknown[MAX_NAMED:])
            names = ", ".join(unknown[:MAX_NAMED]) + (f" and {more} more" if more else "")
            words = "is no column" if len(unknown) == 1 else "are no columns"
            yield f"{table.name}: there {words} {names}; the table has: {', '.join(table.by_name)}."
    for name in table.key:
        if name not in given:
            yield (
                f"{table.name}: the column “{name}” is missing; it says which record a row is "
                "about."
            )


def _table_with(names: set[str]) -> Table | None:
    """Return the table that has more of these columns than any other, and its key among them."""
    counts = {
        table: len(names & table.by_name.keys()) for table in SINGLE if names >= set(table.key)
    }
    best = [table for table, count in counts.items() if count == max(counts.values())]
    return best[0] if len(best) == 1 else None


def _unread(table: Table, given: list[str], unread: list[str]) -> Iterator[str]:
    words = []
    for name in unread:
        near = "" if name.startswith(COMMENT) else _near(table, given, name)
        hint = f" (did you mean “{near}”?)" if near else ""
        words.append(f"“{name[:60]}”{hint}" if name else "one without a name")
    if words:
        yield f"Columns of {table.name} that were not read: {', '.join(words)}."


def _near(table: Table, given: list[str], name: str) -> str:
    """Return a column that is not in the file and is spelled like a name in it, or ""."""
    absent = [each for each in table.by_name if each not in given]
    return next(iter(get_close_matches(_name_of(name)[:60], absent, 1)), "")
