"""Reading untrusted files: text, CSV and bundles. A bad file is refused with sentences."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from math import ceil

from django.conf import settings

from ..layout.describing import FORMAT
from ..layout.tables import TABLES, Table
from .sheets import FileRefusedError, Sheet, columns_of, make_sheet

MEGABYTE = 1_000_000
# The contents of a zip may be this many times as large as the limit for the file.
MAX_UNPACKED_FACTOR = 10
# A file in a zip may be this many times its compressed size. Texts compress to about a tenth.
MAX_RATIO = 200
# Bytes up to which the ratio is not checked: a small file of equal rows compresses very well.
RATIO_CHECKED_ABOVE = 100_000
# Those of a bundle from `/data/` are more than those of an export.
DESCRIPTIONS = ("README.md", "datapackage.json", "codebook.csv", "CITATION.cff", "SHA256SUMS")
# The mark before each file in the list of a zip, and how many of them a zip may have.
ENTRY_OF_ZIP, MAX_ENTRIES = b"PK\x01\x02", 1_000
# Characters of a first line that are looked at.
MAX_HEADER = 100_000

# The record of a version is a single cell, so only the limit for the file applies to it.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Limits:
    """The largest size of a file in bytes, and the largest number of rows in all its tables."""

    size: int
    rows: int

    @classmethod
    def of_settings(cls, megabytes: int | None = None) -> Limits:
        """Return the limits of the settings; for larger files the rows grow as the megabytes do."""
        taken = megabytes or settings.IMPORT_MAX_MEGABYTES
        rows = settings.IMPORT_MAX_ROWS * max(taken, settings.IMPORT_MAX_MEGABYTES)
        return cls(taken * MEGABYTE, rows // settings.IMPORT_MAX_MEGABYTES)

    @property
    def megabytes(self) -> int:
        return self.size // MEGABYTE

    def __str__(self) -> str:
        return f"At most {self.megabytes:,} MB, and {self.rows:,} rows."

    @property
    def unpacked(self) -> int:
        return self.size * MAX_UNPACKED_FACTOR


def in_megabytes(size: int) -> float:
    """Return a size to one decimal, rounded up: what is over a limit is never said to be it."""
    return ceil(10 * size / MEGABYTE) / 10


def require_size(size: int, limits: Limits) -> None:
    """Raise FileRefusedError for a file that is empty or too large."""
    if not size:
        raise FileRefusedError("The file is empty.")
    if size > limits.size:
        raise FileRefusedError(
            f"The file has {in_megabytes(size):,.1f} MB; at most {limits.size / MEGABYTE:,.0f} MB "
            "are taken. Split it, or ask the operators of the casebook to import it by command."
        )


def read_csv(table: Table, data: bytes, limits: Limits, name: str) -> Sheet:
    """Return the rows of a CSV file that is separated by commas, semicolons or tabs.

    `name` is what messages call the file. It is decoded line by line, so that a large one is not
    in memory twice.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError(
            f"{name} is in UTF-16; save it as “CSV UTF-8 (comma delimited)” and try again."
        )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise FileRefusedError(f"{name} has a NUL character in line {line}; it is not a text file.")
    file = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    try:
        return _read_lines(table, file, limits, name)
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            f"{name} is not in UTF-8: line {_line_of_wrong_byte(data)} has a character in another "
            "encoding. Save it as “CSV UTF-8 (comma delimited)” and try again."
        ) from error


def _line_of_wrong_byte(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _read_lines(table: Table, file: io.TextIOWrapper, limits: Limits, name: str) -> Sheet:
    delimiter = _delimiter(table, file)
    reader = csv.reader(file, delimiter=delimiter, strict=True)

    def overhang(place: int, text: str) -> str:
        return (
            f"It has more cells than columns, the first of them “{text[:40].strip()}”. A cell with "
            f"a {NAMES[delimiter]} or a line break has to be in quotation marks."
        )

    try:
        return make_sheet(table, reader, max_rows=limits.rows, overhang=overhang)
    except csv.Error as error:
        raise FileRefusedError(
            f"{name}, line {reader.line_num}: the quotation marks do not match up "
            f"({error}). A quotation mark in a cell is written twice."
        ) from error


NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
# Excel writes and reads this line before the header, and shows it nowhere.
_SEPARATOR = re.compile(r"\"?sep=([,;\t])\"?[,;\t]*\r?\n?", re.IGNORECASE)


def _delimiter(table: Table, file: io.TextIOWrapper) -> str:
    """Return the separator that a file names, or that splits the header into most known names.

    The file is left at its header.
    """
    first = file.readline(MAX_HEADER)
    named = _SEPARATOR.fullmatch(first)
    if named:
        return named[1]
    file.seek(0)
    return max(NAMES, key=lambda mark: sum(map(bool, columns_of(table, _split(first, mark)))))


def _split(line: str, delimiter: str) -> list[str]:
    return [name.strip(' "\r\n\ufeff') for name in line.split(delimiter)]


def read_bundle(data: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets in a bundle; raises FileRefusedError with the problems of all tables."""
    _require_few_entries(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            return _sheets_in(bundle, limits)
    except _DAMAGED as error:
        raise FileRefusedError(
            f"The file is not a zip that can be read ({error}). Export it again."
        ) from error


def _sheets_in(bundle: zipfile.ZipFile, limits: Limits) -> list[Sheet]:
    entries = bundle.infolist()
    problems = _wrong_names(entries) or _too_large(entries, limits)
    if problems:
        raise FileRefusedError(*problems)
    by_name = {entry.filename: entry for entry in entries}
    if "datapackage.json" in by_name:
        _require_format(_content(bundle, by_name["datapackage.json"]))
    tables = [table for table in TABLES if table.file_name in by_name]
    if not tables:
        raise FileRefusedError("The zip has no table in it; a bundle has cases.csv and others.")
    sheets: list[Sheet] = []
    refused: list[str] = []
    for table in tables:
        try:
            # One table at a time, so that only the rows of the others are in memory.
            content = _content(bundle, by_name[table.file_name])
            sheets.append(read_csv(table, content, limits, table.file_name))
        except FileRefusedError as error:
            refused += error.messages
        if sum(len(sheet.rows) for sheet in sheets) > limits.rows:
            raise FileRefusedError(f"The bundle has more than {limits.rows:,} rows; split it.")
    if refused:
        raise FileRefusedError(*refused)
    return sheets


def _require_few_entries(data: bytes) -> None:
    """Refuse a zip with more files than a bundle or a workbook has, before its list is read."""
    if data.count(ENTRY_OF_ZIP) > MAX_ENTRIES:
        raise FileRefusedError(f"The zip has more than {MAX_ENTRIES:,} files, which no table has.")


# Errors raised for a zip that is damaged, encrypted or compressed in an unsupported way.
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, UnicodeError),
)


def check_zip(data: bytes, limits: Limits) -> set[str]:
    """Return the names of the files in a zip without unpacking it; raises FileRefusedError."""
    _require_few_entries(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except _DAMAGED as error:
        raise FileRefusedError(
            f"The file begins like XLSX and cannot be read ({error}); save it again."
        ) from error
    problems = _too_large(entries, limits)
    if problems:
        raise FileRefusedError(*problems)
    return {entry.filename for entry in entries}


def _content(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The size in the directory of a zip may be false: read no more than one byte beyond it.
    with bundle.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise FileRefusedError(f"{entry.filename} is not as long as the zip says; it is damaged.")
    return content


def _wrong_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    known = {*(table.file_name for table in TABLES), *DESCRIPTIONS}
    problems = []
    seen: set[str] = set()
    for entry in entries[: len(known) * 2]:
        name = entry.filename[:100]
        if "/" in name or "\\" in name:
            problems.append(f"“{name}” lies in a folder; a bundle has its files at the top.")
        elif name not in known:
            problems.append(f"“{name}” does not belong in a bundle; take it out.")
        elif name in seen:
            problems.append(f"“{name}” is there twice.")
        seen.add(name)
    return problems


def _too_large(entries: list[zipfile.ZipInfo], limits: Limits) -> list[str]:
    size = sum(entry.file_size for entry in entries)
    if size > limits.unpacked:
        return [
            f"The files in the zip have {size / MEGABYTE:,.0f} MB; at most "
            f"{limits.unpacked / MEGABYTE:,.0f} MB are taken."
        ]
    return [
        f"“{entry.filename}” is packed {entry.file_size // max(entry.compress_size, 1):,} times "
        "smaller than it is, which no table is; the file was refused unread."
        for entry in entries
        if entry.file_size > RATIO_CHECKED_ABOVE
        and entry.file_size > MAX_RATIO * entry.compress_size
    ]


def _require_format(description: bytes) -> None:
    """Refuse a bundle of a newer format."""
    try:
        package = json.loads(description.decode("utf-8-sig"))
        version = package.get("casebook_format", FORMAT)
    except (ValueError, AttributeError, RecursionError) as error:
        raise FileRefusedError(
            "datapackage.json cannot be read; take it out of the zip."
        ) from error
    if not isinstance(version, int) or version > FORMAT:
        raise FileRefusedError(
            "This bundle was written by a newer casebook, whose tables this one does not know."
        )
