"""A table as read from a file: rows of cells under column names, before any value is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from .cells import is_formula, unguard
from .columns import BundleColumn
from .tables import Table

MAX_COLUMNS = 100
# Includes empty lines. A worksheet has at most 1,048,576 rows.
MAX_LINES = 1_100_000
# A row whose first cell begins with this is a comment and is not read.
COMMENT = "#"

Cells = dict[str, str]


class FileRefusedError(Exception):
    """A file cannot be read as the kind of file it should be; each message is a sentence."""

    def __init__(self, *messages: str) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


@dataclass(frozen=True)
class Sheet:
    """The rows of one table, each with its row number in the file; the header is row 1."""

    table: Table
    columns: tuple[BundleColumn, ...]
    rows: list[tuple[int, Cells]]

    def key_text(self, cells: Cells) -> str:
        """Return the key of a row as text, as written in the file."""
        return " ".join(cells[name].strip()[:100] for name in self.table.key)


def make_sheet(table: Table, lines: Iterable[list[str]], *, max_rows: int) -> Sheet:
    """Return the sheet for a table from lines of cells, the first being the header.

    Raises FileRefusedError.
    """
    numbered = enumerate(lines, start=1)
    header = _header(table, next((line for _, line in numbered), []))
    rows: list[tuple[int, Cells]] = []
    wrong: list[str] = []
    for number, line in numbered:
        if number > MAX_LINES:
            raise FileRefusedError(f"{table.name}: the file has more than {MAX_LINES:,} lines.")
        if not any(cell.strip() for cell in line) or line[0].startswith(COMMENT):
            continue
        if len(rows) >= max_rows:
            raise FileRefusedError(
                f"{table.name}: the file has more than {max_rows:,} rows; split it."
            )
        wrong += list(_wrong(table, number, line, header))
        if len(wrong) > MAX_REPORTED:
            break
        rows.append((number, dict(zip(header, map(unguard, line), strict=False))))
    if wrong:
        more = ["There are more like these; fix these first."] if len(wrong) > MAX_REPORTED else []
        raise FileRefusedError(*wrong[:MAX_REPORTED], *more)
    columns = tuple(column for column in table.columns if column.name in header)
    return Sheet(table, columns, rows)


MAX_REPORTED = 50


def _wrong(table: Table, number: int, line: list[str], header: list[str]) -> Iterator[str]:
    if len(line) < len(header) or any(line[len(header) :]):
        yield (
            f"{table.name}, row {number}: it has {len(line)} cells under {len(header)} columns; "
            "a cell with a comma or a line break stands in quotation marks."
        )
    for name, cell in zip(header, line, strict=False):
        if table.by_name[name].type == "string" and is_formula(cell):
            yield (
                f"{table.name}, row {number}, column {name}: “{cell[:40].strip()}” begins like a "
                "formula. Put an apostrophe before it to have it kept as a text."
            )


def _header(table: Table, line: list[str]) -> list[str]:
    header = [name.strip() for name in line]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise FileRefusedError(f"{table.name}: the file is empty; its first row names the columns.")
    if len(header) > MAX_COLUMNS:
        raise FileRefusedError(
            f"{table.name}: the file has {len(header):,} columns; it is another kind of table."
        )
    problems = [*_unknown(table, header), *_missing(table, header)]
    repeated = sorted({name for name in header if header.count(name) > 1 and name})
    problems += [f"{table.name}: the column “{name}” is there twice." for name in repeated]
    if problems:
        raise FileRefusedError(*problems)
    return header


def _unknown(table: Table, header: list[str]) -> Iterator[str]:
    known = list(table.by_name)
    for place, name in enumerate(header, start=1):
        if not name:
            yield f"{table.name}: column {place} has no name in the first row."
        elif name not in known:
            near = get_close_matches(name[:60], known, 1)
            hint = f"did you mean “{near[0]}”?" if near else f"it has: {', '.join(known)}."
            yield f"{table.name}: there is no column “{name[:60]}”; {hint}"


def _missing(table: Table, header: list[str]) -> Iterator[str]:
    for name in table.key:
        if name not in header:
            yield (
                f"{table.name}: the column “{name}” is missing, without which no row can be told "
                "from another."
            )
