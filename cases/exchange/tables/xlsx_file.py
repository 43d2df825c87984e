"""The tidy tables as one workbook (XLSX), for those who work with a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any
from wsgiref.util import FileWrapper

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cases.exchange.bundle.layout.cells import MAX_CELL_LENGTH, excel_text
from cases.exchange.downloads.files import heading
from cases.exchange.downloads.portions import portions
from cases.finding.case_filter import CaseFilter

from .case_row import case_rows
from .registry import HOW_TO_READ_WORKBOOK, TABLES
from .table import DATE, INTEGER, Column, Value

# Cases in a workbook. One takes 7 ms of processor time, and more with many claims;
# meanwhile pages are slower.
MAX_CASES = 1_000

# Bytes of the file that are sent together.
CHUNK = 64 * 1024

# Excel takes 1900 for a leap year, so earlier days than this would be shown as the day before, and
# those before 1900 not at all. They are texts.
FIRST_DAY = dt.date(1900, 3, 1)

CODEBOOK, ABOUT = "codebook", "about"

# Widths of columns, in characters.
_WIDTHS = {INTEGER: 11, DATE: 13}
_WIDTH_OF_CODES, _WIDTH_OF_TEXTS = 18, 28

_CODEBOOK_COLUMNS = {
    "table": 20,
    "column": 30,
    "title": 34,
    "meaning": 90,
    "type": 10,
    "unit": 10,
    "allowed_values": 90,
}


def workbook(cases: CaseFilter) -> Iterator[bytes]:
    """Return the parts of a workbook with a sheet for each table of some cases.

    The file is made at once, on disk, a batch of cases at a time, and goes away when it is closed.
    """
    file = TemporaryFile()  # noqa: SIM115 - closed by the reader of the parts
    try:
        _write(cases, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileWrapper(file, CHUNK)


def _write(cases: CaseFilter, file: IO[bytes]) -> None:
    keys = list(cases.keys)
    with _book() as book:
        sheets = {
            name: _sheet(book, name, {column.name: _width(column) for column in table.columns})
            for name, table in TABLES.items()
        }
        # Every case is read once, so that all sheets have it in the same version.
        for batch in portions(keys, lambda portion: list(case_rows(portion))):
            for case in batch:
                for name, table in TABLES.items():
                    for unit in table.units(case):
                        _append(sheets[name], [one.read(case, unit) for one in table.columns])
        codebook = _sheet(book, CODEBOOK, _CODEBOOK_COLUMNS)
        for row in codebook_rows():
            _append(codebook, row)
        about = _sheet(book, ABOUT, {"name": 20, "value": 120})
        for row in _about(cases, len(keys)):
            _append(about, row)
        book.save(file)


@contextmanager
def _book() -> Iterator[Any]:
    """Give a workbook that is written row by row, and remove what it leaves if that fails."""
    book: Any = Workbook(write_only=True)
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets:
            # Each writes into a file of its own, which only saving the workbook would remove.
            with suppress(Exception):
                sheet.close()
            with suppress(Exception):
                sheet._writer.cleanup()
        raise


def _sheet(book: Any, name: str, columns: dict[str, int]) -> Any:
    """Return a new sheet with its header; `columns` are the widths by name."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(columns.values(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    header = [WriteOnlyCell(sheet, column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _width(column: Column) -> int:
    if column.words:
        return _WIDTH_OF_CODES
    return _WIDTHS.get(column.type, _WIDTH_OF_TEXTS)


def _append(sheet: Any, values: Iterable[Value]) -> None:
    sheet.append([_cell(sheet, value) for value in values])


def _cell(sheet: Any, value: Value) -> Any:
    """Return what `append` writes as a number, a day or a text, and never as a formula."""
    if isinstance(value, int) or value is None:
        return value
    if isinstance(value, dt.date):
        return value if value >= FIRST_DAY else value.isoformat()
    text = excel_text(value)
    if len(text) > MAX_CELL_LENGTH:
        text = f"{text[: MAX_CELL_LENGTH - 1]}…"
    if text.startswith("#"):  # “#N/A” would be an error
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell
    return text or None


def codebook_rows() -> Iterator[Sequence[Value]]:
    """Yield what the codebook says of each column of each table."""
    for table in TABLES.values():
        for column in table.columns:
            yield (
                table.name,
                column.name,
                column.title,
                column.meaning,
                column.type,
                column.unit,
                " | ".join(value for value, _ in column.words),
            )


def _about(cases: CaseFilter, count: int) -> Iterator[Sequence[Value]]:
    """Yield what the workbook holds, its dataset version, and how to read it."""
    about = heading(cases, count, "cases_xlsx")
    about["licence"] = about["licence"]["title"]
    for name, value in about.items():
        if isinstance(value, list):
            yield from ((name, one) for one in value)
        else:
            yield name, value
    for table in TABLES.values():
        yield f"sheet {table.name}", f"{table.about} Its key: {', '.join(table.key)}."
    for sentence in HOW_TO_READ_WORKBOOK:
        yield "how_to_read", sentence
