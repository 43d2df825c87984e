"""Tables as XLSX: reading workbooks, and templates to fill in.

A spreadsheet turns typed text into numbers and dates. A date that shows its day and its year is
read as that day. Another value that could have been typed in two ways is refused, with a sentence
on how to fix it: a month turned into its first day, for example, would be a false date.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.datavalidation import DataValidation

from ..layout.columns import BundleColumn
from ..layout.date_columns import Day, Expression, Moment
from ..layout.tables import Table
from .faults import Faults, rows_in_words
from .reading import Limits, check_zip
from .sheets import COMMENT, MAX_COLUMNS, FileRefusedError, Sheet, columns_of, make_sheet

MEMBER_OF_XLSX = "[Content_Types].xml"
# Characters that Excel allows in the list of choices of a data validation.
MAX_CHOICES_LENGTH = 255
MAX_REPORTED = 20
# Cells, rows and shared texts together. openpyxl takes some ten seconds for a million of them.
MAX_CELLS = 500_000
# Bytes of a part of a workbook that holds no cells, such as its styles.
MAX_PART = 500_000
# Empty rows above a row that has something in it.
MAX_GAP = 1_000
AS_TEXT = "give the cell the form “Text” and type it again."

_CELL = re.compile(rb"<(?:\w+:)?(?:c|row|si)[\s/>]")
_PARTS_WITH_CELLS = re.compile(r"xl/(?:worksheets/[^/]*|sharedStrings)\.xml", re.IGNORECASE)
_PORTION = 1_000_000
# Parts of a number format that are text: in quotation marks, in brackets, after a backslash.
_NOT_OF_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class _CellRefusedError(Exception):
    pass


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[Any]:
    """Open a workbook; raises FileRefusedError, also for what is found damaged while it is read."""
    names = check_zip(data, limits)
    if MEMBER_OF_XLSX not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "a zip, and no workbook"
        raise FileRefusedError(f"The file is {kind}; save the table as XLSX or as CSV UTF-8.")
    try:
        _require_few_cells(data)
        with warnings.catch_warnings():
            # openpyxl warns about styles and extensions, which do not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            try:
                yield book
            finally:
                book.close()
    except FileRefusedError:
        raise
    # openpyxl lets any exception out that a damaged file causes.
    except Exception as error:
        raise FileRefusedError(
            "The workbook cannot be read; it is damaged. Save it again as XLSX, or as CSV UTF-8."
        ) from error


def read_xlsx(table: Table, data: bytes, limits: Limits) -> Sheet:
    """Return the rows of the worksheet with the name of the table, or of the only worksheet."""
    with opened(data, limits) as book:
        return read_worksheet(table, _sheet_of(table, book), limits)


def _require_few_cells(data: bytes) -> None:
    """Refuse a workbook that takes long to read; its parts are only looked through for that."""
    cells = 0
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for entry in packed.infolist():
            has_cells = _PARTS_WITH_CELLS.fullmatch(entry.filename)
            is_picture = entry.filename.startswith("xl/media/")
            if entry.file_size > MAX_PART and not (has_cells or is_picture):
                raise FileRefusedError(
                    f"“{entry.filename}” in the workbook is too large to be read. Copy the table "
                    "into a new workbook, without its formats, or save it as CSV UTF-8."
                )
            if has_cells:
                cells += _count_cells(packed, entry)
            if cells > MAX_CELLS:
                raise FileRefusedError(
                    f"The workbook has more than {MAX_CELLS:,} cells, empty ones with a format "
                    "included. Copy the table into a new workbook, or save it as CSV UTF-8."
                )


def _count_cells(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    count, end = 0, b""
    with packed.open(entry) as part:
        while portion := part.read(_PORTION):
            if b"\0" in portion:  # UTF-16, in which nothing could be counted
                raise ValueError(entry.filename)
            # The last tag may go on in the next portion.
            whole, mark, end = (end + portion).rpartition(b"<")
            end = mark + end if mark else b""
            count += sum(1 for _ in _CELL.finditer(whole))
            if count > MAX_CELLS:
                break
    return count


def _sheet_of(table: Table, book: Any) -> Any:
    sheets = book.worksheets
    named = [sheet for sheet in sheets if sheet.title.strip().casefold() == table.name]
    if not named and len(sheets) != 1:
        raise FileRefusedError(
            f"The workbook has {len(sheets)} sheets and none is called “{table.name}”; rename "
            f"the sheet you want to import to “{table.name}”."
        )
    return (named or sheets)[0]


def read_worksheet(table: Table, worksheet: Any, limits: Limits) -> Sheet:
    """Return the rows of one worksheet; raises FileRefusedError."""
    days: list[int] = []

    def overhang(place: int, text: str) -> str:
        return (
            f"Column {get_column_letter(place)} has “{text[:40].strip()}” and no name in the first "
            "row. Name the column, or clear the cell."
        )

    sheet = make_sheet(
        table, _lines(table, worksheet, days), max_rows=limits.rows, overhang=overhang
    )
    if not days:
        return sheet
    return sheet.with_notice(
        f"Dates of the spreadsheet were read as days in {rows_in_words(days)} of {table.name}."
    )


def _lines(table: Table, sheet: Any, days: list[int]) -> Iterator[list[str]]:
    """Yield the rows as texts, then raise FileRefusedError if any cells were refused.

    The rows in which a date was read as a day are added to `days`.
    """
    # The dimensions in the file may be false; without them openpyxl reads what is there.
    sheet.reset_dimensions()
    header: list[BundleColumn | None] | None = None
    faults = Faults(table.name)
    empty, gap = None, 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        # For rows that are missing in the file openpyxl yields the same empty one again and again.
        if header is not None and (row is empty or all(cell.value is None for cell in row)):
            empty, gap = row, gap + 1
            yield []
            continue
        if gap > MAX_GAP:
            raise FileRefusedError(
                f"{table.name}: rows {number - gap:,} to {number - 1:,} are empty, and row "
                f"{number:,} is not. Delete the empty rows, or clear what is below them."
            )
        gap = 0
        line = []
        for place, cell in enumerate(row):
            column = header[place] if header and place < len(header) else None
            if column is None and header and place < len(header):
                line.append("")  # not read, so it may hold anything
                continue
            try:
                line.append(_text(cell, column))
            except _CellRefusedError as error:
                name = column.name if column else get_column_letter(place + 1)
                faults.add(number, name, str(error))
                line.append("")
            else:
                if column and isinstance(cell.value, dt.datetime):
                    days.append(number)
        while line and not line[-1]:
            line.pop()
        if header is None:
            header = columns_of(table, line)
        if len(faults) >= MAX_REPORTED:
            break
        yield line
    if faults:
        raise FileRefusedError(*faults.sentences())


def _text(cell: Any, column: BundleColumn | None) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise _CellRefusedError("It holds a formula; put in its result, as a text or a number.")
    if cell.data_type == "e":
        raise _CellRefusedError(f"It holds the error {value}; type the value.")
    if isinstance(value, str):
        # The way in which a workbook writes control characters: “_x000D_” is a carriage return.
        return unescape(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Excel keeps 15 significant digits.
        if not value.is_integer() or abs(value) >= 1e15:
            raise _CellRefusedError(f"It holds the number {value}, which may be rounded; {AS_TEXT}")
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    return _date_text(cell, column)


def _date_text(cell: Any, column: BundleColumn | None) -> str:
    value = cell.value
    if isinstance(value, dt.datetime) and isinstance(column, Moment):
        return value.isoformat()
    is_day = isinstance(value, dt.datetime) and value.time() == dt.time()
    if is_day and isinstance(column, Day | Expression) and _shows_a_day(cell.number_format):
        return str(value.date().isoformat())
    raise _CellRefusedError(
        "The spreadsheet made a date or a time of what was typed, which may not be what the "
        f"source says; {AS_TEXT}"
    )


def _shows_a_day(number_format: str) -> bool:
    """Whether a date shows its day and its year.

    Excel makes 1 March of “March 2024”, and a day of this year of “7 March”, and shows them as
    they were typed.
    """
    letters = _NOT_OF_FORMAT.sub("", number_format).casefold()
    return "d" in letters and "y" in letters


# Templates

# The sheets of a template that explain it and hold no table.
EXPLANATIONS = ("Columns", "Vocabulary")


def template_lines(table: Table) -> list[list[str]]:
    """Return the header and a comment row that explains each column; an import skips the latter."""
    rules = [column.rule() for column in table.columns]
    return [[column.name for column in table.columns], [f"{COMMENT} {rules[0]}", *rules[1:]]]


def csv_template(table: Table) -> bytes:
    """Return a CSV file to fill in."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(template_lines(table))
    # The byte order mark makes spreadsheets read the file as UTF-8.
    return file.getvalue().encode("utf-8-sig")


def xlsx_template(table: Table) -> bytes:
    """Return a workbook to fill in, with sheets that explain the columns and the vocabulary."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet, which the types do not say
    sheet.title = table.name
    for line in template_lines(table):
        sheet.append(line)
    sheet.freeze_panes = "A3"
    for place, column in enumerate(table.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 24
        # The format “Text”, so that the spreadsheet does not convert typed values.
        sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(2, place).font = Font(italic=True, color="666666")
        sheet.cell(2, place).alignment = Alignment(wrap_text=True, vertical="top")
        _add_choices(sheet, letter, [value for value, _ in column.terms()])
    _add_explanations(book, EXPLANATIONS[0], ["column", "what it holds", "how to fill it in"], (
        [column.name, column.description(table.model), column.rule()] for column in table.columns
    ))  # fmt: skip
    _add_explanations(book, EXPLANATIONS[1], ["column", "value", "meaning"], (
        [column.name, value, meaning]
        for column in table.columns
        for value, meaning in column.terms()
    ))  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add_choices(sheet: Any, letter: str, values: list[str]) -> None:
    choices = ",".join(values)
    if values and len(choices) <= MAX_CHOICES_LENGTH:
        # A warning, because an import also understands labels, such as “Not stated”.
        rule = DataValidation(
            type="list",
            formula1=f'"{choices}"',
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle="Not in the list",
            error="Choose a value from the list; the sheet of the vocabulary explains each.",
        )
        sheet.add_data_validation(rule)
        rule.add(f"{letter}3:{letter}10000")


def _add_explanations(
    book: Workbook, title: str, header: list[str], lines: Iterator[list[str]]
) -> None:
    sheet = book.create_sheet(title)
    sheet.append(header)
    for line in lines:
        sheet.append(line)
    for place, width in enumerate((24, 70, 60), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.cell(1, place).font = Font(bold=True)
