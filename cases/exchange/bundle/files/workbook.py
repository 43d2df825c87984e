"""Several tables in one workbook: written to be edited in a spreadsheet, and read back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..exporting import records
from ..layout.cells import MAX_CELL_LENGTH, excel_text
from ..layout.tables import BY_NAME, SINGLE, Table
from .reading import Limits
from .sheets import FileRefusedError, Sheet
from .spreadsheet import EXPLANATIONS, opened, read_worksheet

# Cells of a workbook that is exported; to write them takes seconds.
MAX_EXPORTED_CELLS = 200_000


class NotExportableError(Exception):
    """The records do not fit into a workbook; the message is a sentence."""


def tables_with(among: QuerySet[Any]) -> dict[Table, QuerySet[Any]]:
    """Return the records of a list with the table that holds them; of cases their parts too."""
    own = next((table for table in SINGLE if table.model is among.model), None)
    if own is None:
        return {}
    keys = among.order_by().values("pk")
    found = {own: own.model._base_manager.filter(pk__in=keys)}
    if own.name == "cases":
        for table in SINGLE:
            if any(field.name == "case" for field in table.model._meta.fields):
                found[table] = table.model._base_manager.filter(case__in=keys)
    return found


def write_workbook(parts: Mapping[Table, QuerySet[Any]]) -> bytes:
    """Return a workbook with a sheet for each table, which an import reads as it is.

    Raises NotExportableError.
    """
    cells = sum(queryset.count() * len(table.columns) for table, queryset in parts.items())
    if cells > MAX_EXPORTED_CELLS:
        raise NotExportableError(
            "These are too many records for one workbook. Filter the list first, or export the "
            "whole casebook with the command export_bundle."
        )
    book = Workbook(write_only=True)
    for table, queryset in parts.items():
        sheet: Any = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for place in range(1, len(table.columns) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 24
        head = [WriteOnlyCell(sheet, column.name) for column in table.columns]
        for cell in head:
            cell.font = Font(bold=True)
        sheet.append(head)
        for record in records(table, queryset):
            sheet.append([_cell(sheet, column.write(record)) for column in table.columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    """Return a cell that the spreadsheet keeps as a text."""
    written = excel_text(text)
    if len(written) > MAX_CELL_LENGTH:
        raise NotExportableError(
            f"“{text[:60]}…” is longer than a cell of a workbook can be. Leave out its record, or "
            "export the whole casebook with the command export_bundle."
        )
    cell = WriteOnlyCell(sheet, written or None)
    if written:
        cell.data_type = "s"  # otherwise “#N/A” would be an error
    cell.number_format = "@"
    return cell


def read_workbook(data: bytes, limits: Limits) -> list[Sheet]:
    """Return the tables in a workbook, whose sheets are called like them; others are not read.

    Raises FileRefusedError with the problems of all tables.
    """
    sheets: list[Sheet] = []
    refused: list[str] = []
    unread: list[str] = []
    with opened(data, limits) as book:
        for worksheet in book.worksheets:
            table = BY_NAME.get(worksheet.title.strip().casefold().replace(" ", "_"))
            if table not in SINGLE:
                unread.append(worksheet.title)
                continue
            try:
                sheets.append(read_worksheet(table, worksheet, limits))
            except FileRefusedError as error:
                refused += error.messages
    names = [sheet.table.name for sheet in sheets]
    refused += [f"{name}: two sheets have this name." for name in {*names} if names.count(name) > 1]
    if sum(len(sheet.rows) for sheet in sheets) > limits.rows:
        refused.append(f"The workbook has more than {limits.rows:,} rows; split it.")
    if not sheets and not refused:
        refused.append(
            "No sheet of the workbook is called like a table; call them "
            f"{', '.join(table.name for table in SINGLE)}."
        )
    if refused:
        raise FileRefusedError(*refused)
    unexpected = [title for title in unread if title not in EXPLANATIONS]
    if unexpected:
        titles = ", ".join(f"“{title}”" for title in unexpected)
        sheets[0] = sheets[0].with_notice(f"Sheets that were not read: {titles}.")
    return sheets
