"""The tidy tables as one workbook (XLSX), for those who work with a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Any
from wsgiref.util import FileWrapper

from django.conf import settings
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.styles.numbers import FORMAT_DATE_YYYYMMDD2
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.hyperlink import Hyperlink

from cases.exchange.bundle.layout.cells import MAX_CELL_LENGTH, excel_text
from cases.exchange.codebook.files import COLUMN, FIELD, ROW, codebook_rows
from cases.exchange.downloads.errors import absolute
from cases.exchange.downloads.files import heading
from cases.exchange.downloads.portions import portions
from cases.finding.case_filter import CaseFilter

from .case_row import case_rows
from .registry import HOW_TO_READ_WORKBOOK, TABLES
from .table import DATE, INTEGER, Column, Value

# Cases in a workbook. One takes 10 ms of processor time, and more with many claims;
# meanwhile pages are slower.
MAX_CASES = 1_000

# Bytes of the file that are sent together.
CHUNK = 64 * 1024

# Excel takes 1900 for a leap year, so earlier days than this would be shown as the day before, and
# those before 1900 not at all. They are texts.
FIRST_DAY = dt.date(1900, 3, 1)

# Links on a sheet; Excel opens no file with more. Later addresses are texts.
MAX_LINKS = 65_530

CODEBOOK, VALUES, ABOUT = "codebook", "values", "about"
SEE = (
    "See the sheets “about”, “codebook” and “values”: how to read the tables, and what each column "
    "and each code means."
)

# Widths of columns, in characters.
_WIDTHS = {INTEGER: 11, DATE: 13}
_WIDTH_OF_CODES, _WIDTH_OF_TEXTS, _WIDTH_OF_LONG_TEXTS = 18, 28, 60
# What the arrow of the filter needs beside the name of a column, whose letters are bold.
_WIDTH_OF_ARROW = 4

# Texts of several sentences.
_LONG = {"summary", "content", "description", "quote", "gist", "source_says", "evidence_says"}

_CODEBOOK_COLUMNS = {
    "table": 20,
    "column": 30,
    "title": 34,
    "meaning": 90,
    "type": 10,
    "unit": 10,
    "allowed_values": 60,
}
_VALUES_COLUMNS = {"table": 20, "column": 30, "value": 24, "label": 40, "meaning": 90}


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
        sheet = partial(_Sheet, book, _Styles(book))
        sheets = {
            name: sheet(name, {one.name: _width(one) for one in table.columns}, "B2")
            for name, table in TABLES.items()
        }
        # Every case is read once, so that all sheets have it in the same version.
        for batch in portions(keys, case_rows):
            for case in batch:
                for name, table in TABLES.items():
                    for unit in table.units(case):
                        sheets[name].append(one.read(case, unit) for one in table.columns)
        sheets[CODEBOOK] = sheet(CODEBOOK, _CODEBOOK_COLUMNS)
        for row in codebook_of_columns():
            sheets[CODEBOOK].append(row)
        sheets[VALUES] = sheet(VALUES, _VALUES_COLUMNS)
        for row in codebook_of_values():
            sheets[VALUES].append(row)
        for one in sheets.values():
            one.add_filter()
        about = sheet(ABOUT, {"name": 20, "value": 120})
        for row in _about(cases, len(keys)):
            about.append(row)
        book.save(file)


@contextmanager
def _book() -> Iterator[Any]:
    """Give a workbook that is written row by row, and remove what it leaves if that fails."""
    book: Any = Workbook(write_only=True)
    book.properties.title = "Cases of the duty-to-warn casebook"
    book.properties.creator = settings.SITE_NAME
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


class _Styles:
    """How cells look. Rows with a long text are high, so all cells begin at their top."""

    def __init__(self, book: Any) -> None:
        sheet = book.create_sheet()

        def style(*, wraps: bool = False, **looks: Any) -> Any:
            cell: Any = WriteOnlyCell(sheet)
            cell.alignment = Alignment(vertical="top", wrap_text=wraps)
            for name, look in looks.items():
                setattr(cell, name, look)
            # What a cell has as its style. Setting alignment and font takes longer than writing it.
            return cell._style

        # The default, because cells without a style of their own are written twice as fast.
        book._cell_styles = IndexedList([style()])
        self.long = style(wraps=True)
        self.day = style(number_format=FORMAT_DATE_YYYYMMDD2)
        font = partial(Font, name="Calibri", size=11)
        self.link = style(font=font(color="0563C1", underline="single"))
        self.header = style(font=font(bold=True))
        book.remove(sheet)


class _Sheet:
    """A sheet that is written row by row, with its header; `widths` are those of its columns."""

    def __init__(
        self, book: Any, styles: _Styles, name: str, widths: dict[str, int], fixed: str = "A2"
    ) -> None:
        self._styles = styles
        # The cells of wide columns show all their lines.
        self._are_long = [width >= _WIDTH_OF_LONG_TEXTS for width in widths.values()]
        self._rows = self._links = 0
        self._site = absolute("/")
        self._sheet = book.create_sheet(name)
        self._sheet.freeze_panes = fixed
        for place, (column, width) in enumerate(widths.items(), 1):
            needed = len(column) + _WIDTH_OF_ARROW
            self._sheet.column_dimensions[get_column_letter(place)].width = max(width, needed)
        header = [self._cell(column, styles.header) for column in widths]
        if len(book.worksheets) == 1:
            header[0].comment = Comment(SEE, settings.SITE_NAME, height=120, width=260)
        self._append(header)

    def append(self, values: Iterable[Value]) -> None:
        """Add a row with a value for each column."""
        self._append(list(map(self._cell_of, values, self._are_long)))

    def add_filter(self) -> None:
        """Put the arrows of a filter on the header; every row has to be there."""
        last = get_column_letter(len(self._are_long))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"

    def _append(self, cells: list[Any]) -> None:
        self._sheet.append(cells)
        self._rows += 1

    def _cell_of(self, value: Value, is_long: bool) -> Any:
        """Return what is written as a number, a day or a text, and never as a formula."""
        if isinstance(value, int) or not value:
            return None if value == "" else value
        if isinstance(value, dt.date):
            if value >= FIRST_DAY:
                return self._cell(value, self._styles.day)
            value = value.isoformat()
        text = excel_text(value)
        if len(text) > MAX_CELL_LENGTH:
            text = f"{text[: MAX_CELL_LENGTH - 1]}…"
        if text.startswith(self._site) and self._links < MAX_LINKS:
            return self._link(text)
        if is_long:
            return self._cell(text, self._styles.long)
        # “#N/A” would be an error.
        return self._cell(text) if text.startswith("#") else text or None

    def _link(self, address: str) -> Any:
        self._links += 1
        cell = self._cell(address, self._styles.link)
        target, _, fragment = address.partition("#")
        cell.hyperlink = Hyperlink(ref="", target=target, location=fragment or None)
        return cell

    def _cell(self, value: Any, style: Any = None) -> Any:
        cell: Any = WriteOnlyCell(self._sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
        if style:
            cell._style = style
        return cell


def _width(column: Column) -> int:
    if column.name in _LONG:
        return _WIDTH_OF_LONG_TEXTS
    if column.words:
        return _WIDTH_OF_CODES
    return _WIDTHS.get(column.type, _WIDTH_OF_TEXTS)


def codebook_of_columns() -> Iterator[Sequence[Value]]:
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


def codebook_of_values() -> Iterator[Sequence[Value]]:
    """Yield what each code of each column means, as `/codebook.csv` has it."""
    place = itemgetter(*map(list(ROW).index, ("entry", "of", "name", "value", "meaning")))
    meanings: dict[tuple[Value, ...], Value] = {
        tuple(key): meaning for *key, meaning in map(place, codebook_rows())
    }
    for table in TABLES.values():
        for column in table.columns:
            entity, _, field = column.defined_at.partition(".")
            for value, label in column.words:
                meaning = meanings.get((COLUMN, table.name, column.name, value)) or meanings.get(
                    (FIELD, entity, field, value)
                )
                yield table.name, column.name, value, label, meaning


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
