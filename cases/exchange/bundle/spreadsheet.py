"""Tables as XLSX: reading workbooks, and templates to fill in.

A spreadsheet turns typed text into numbers and dates. A value that could have been typed in two
ways is refused, with a sentence on how to fix it: a month turned into its first day, for example,
would be a false date.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .columns import BundleColumn, Day, Moment
from .reading import Limits, check_zip
from .sheets import COMMENT, MAX_COLUMNS, FileRefusedError, Sheet, make_sheet
from .tables import Table

MEMBER_OF_XLSX = "[Content_Types].xml"
# Characters that Excel allows in the list of choices of a data validation.
MAX_CHOICES_LENGTH = 255
MAX_REPORTED = 20
AS_TEXT = "give the cell the form “Text” and type it again."


class _CellRefusedError(Exception):
    pass


def read_xlsx(table: Table, data: bytes, limits: Limits) -> Sheet:
    """Return the rows of the worksheet with the name of the table, or of the only worksheet."""
    names = check_zip(data, limits)
    if MEMBER_OF_XLSX not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "a zip, and no workbook"
        raise FileRefusedError(f"The file is {kind}; save the table as XLSX or as CSV UTF-8.")
    try:
        with warnings.catch_warnings():
            # openpyxl warns about styles and extensions, which do not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            try:
                return make_sheet(
                    table, _lines(table, _sheet_of(table, book)), max_rows=limits.rows
                )
            finally:
                book.close()
    except FileRefusedError:
        raise
    # openpyxl lets any exception out that a damaged file causes.
    except Exception as error:
        raise FileRefusedError(
            "The workbook cannot be read; it is damaged. Save it again as XLSX, or as CSV UTF-8."
        ) from error


def _sheet_of(table: Table, book: Any) -> Any:
    sheets = book.worksheets
    named = [sheet for sheet in sheets if sheet.title.strip().casefold() == table.name]
    if not named and len(sheets) != 1:
        raise FileRefusedError(
            f"The workbook has {len(sheets)} sheets and none is called “{table.name}”; rename "
            f"the sheet you want to import to “{table.name}”."
        )
    return (named or sheets)[0]


def _lines(table: Table, sheet: Any) -> Iterator[list[str]]:
    """Yield the rows as texts, then raise FileRefusedError if any cells were refused."""
    # The dimensions in the file may be false; without them openpyxl reads what is there.
    sheet.reset_dimensions()
    columns: list[BundleColumn | None] = []
    wrong: list[str] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        line = []
        for place, cell in enumerate(row):
            column = columns[place] if place < len(columns) else None
            try:
                line.append(_text(cell, column))
            except _CellRefusedError as error:
                name = column.name if column else get_column_letter(place + 1)
                wrong.append(f"{table.name}, row {number}, column {name}: {error}")
                line.append("")
        if number == 1:
            while line and not line[-1]:
                line.pop()
            columns = [table.by_name.get(name.strip()) for name in line]
        if len(wrong) >= MAX_REPORTED:
            break
        yield [*line, *([""] * (len(columns) - len(line)))]
    if wrong:
        raise FileRefusedError(*wrong)


def _text(cell: Any, column: BundleColumn | None) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise _CellRefusedError("It holds a formula; put in its result, as a text or a number.")
    if cell.data_type == "e":
        raise _CellRefusedError(f"It holds the error {value}; type the value.")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Excel keeps 15 significant digits.
        if not value.is_integer() or abs(value) >= 1e15:
            raise _CellRefusedError(f"It holds the number {value}, which may be rounded; {AS_TEXT}")
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    return _date_text(value, column)


def _date_text(value: Any, column: BundleColumn | None) -> str:
    if isinstance(value, dt.datetime) and isinstance(column, Moment):
        return value.isoformat()
    if isinstance(value, dt.datetime) and isinstance(column, Day) and value.time() == dt.time():
        return value.date().isoformat()
    raise _CellRefusedError(
        "The spreadsheet made a date or a time of what was typed, which may not be what the "
        f"source says; {AS_TEXT}"
    )


# Templates


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
    _add_explanations(book, "Columns", ["column", "what it holds", "how to fill it in"], (
        [column.name, column.description(table.model), column.rule()] for column in table.columns
    ))  # fmt: skip
    _add_explanations(book, "Vocabulary", ["column", "value", "meaning"], (
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
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
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
