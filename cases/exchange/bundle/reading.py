"""Reading untrusted files: text, CSV and bundles. A bad file is refused with sentences."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from dataclasses import dataclass

from django.conf import settings

from .describing import FORMAT
from .sheets import FileRefusedError, Sheet, make_sheet
from .tables import TABLES, Table

MEGABYTE = 1_000_000
# The contents of a zip may be this many times as large as the limit for the file.
MAX_UNPACKED_FACTOR = 10
# A file in a zip may be this many times its compressed size. Texts compress to about a tenth.
MAX_RATIO = 200
# Bytes up to which the ratio is not checked: a small file of equal rows compresses very well.
RATIO_CHECKED_ABOVE = 100_000
DESCRIPTIONS = ("README.md", "datapackage.json")

# The record of a version is a single cell, so only the limit for the file applies to it.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Limits:
    """The largest size of a file in bytes, and the largest number of rows in a table."""

    size: int
    rows: int

    @classmethod
    def of_settings(cls, megabytes: int | None = None) -> Limits:
        return cls(
            (megabytes or settings.IMPORT_MAX_MEGABYTES) * MEGABYTE, settings.IMPORT_MAX_ROWS
        )

    @property
    def megabytes(self) -> int:
        return self.size // MEGABYTE

    def __str__(self) -> str:
        return f"At most {self.megabytes:,} MB, and {self.rows:,} rows a table."

    @property
    def unpacked(self) -> int:
        return self.size * MAX_UNPACKED_FACTOR


def require_size(size: int, limits: Limits) -> None:
    """Raise FileRefusedError for a file that is empty or too large."""
    if not size:
        raise FileRefusedError("The file is empty.")
    if size > limits.size:
        raise FileRefusedError(
            f"The file has {size / MEGABYTE:,.1f} MB; at most {limits.size / MEGABYTE:,.0f} MB are "
            "taken. Split it, or ask the operators of the casebook to import it by command."
        )


def text_of(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark; raises FileRefusedError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError(
            f"{name} is in UTF-16; save it as “CSV UTF-8 (comma delimited)” and try again."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError(
            f"{name} is not in UTF-8 (line {line} has a byte that is none); save it as “CSV UTF-8 "
            "(comma delimited)” and try again."
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileRefusedError(f"{name} has a NUL character in line {line}; it is no text file.")
    return text


def read_csv(table: Table, data: bytes, limits: Limits) -> Sheet:
    """Return the rows of a CSV file that is separated by commas, semicolons or tabs."""
    text = text_of(data, table.file_name)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(table, text), strict=True
    )
    try:
        return make_sheet(table, reader, max_rows=limits.rows)
    except csv.Error as error:
        raise FileRefusedError(
            f"{table.file_name}, line {reader.line_num}: the quotation marks do not match up "
            f"({error}). A quotation mark in a cell is written twice."
        ) from error


def _delimiter(table: Table, text: str) -> str:
    """Return the separator that splits the first line into the most known column names."""
    first = text.partition("\n")[0]
    known = table.by_name

    def names(delimiter: str) -> int:
        return sum(name.strip(' "\r') in known for name in first.split(delimiter))

    return max((",", ";", "\t"), key=names)


def read_bundle(data: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets in a bundle; raises FileRefusedError with the problems of all tables."""
    texts = _unpack(data, limits)
    _require_format(texts)
    names = {table.file_name: table for table in TABLES}
    if not texts.keys() & names.keys():
        raise FileRefusedError("The zip has no table in it; a bundle has cases.csv and others.")
    sheets: list[Sheet] = []
    refused: list[str] = []
    for name, table in names.items():
        if name in texts:
            try:
                sheets.append(read_csv(table, texts[name], limits))
            except FileRefusedError as error:
                refused += error.messages
    if refused:
        raise FileRefusedError(*refused)
    return sheets


def _unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            entries = bundle.infolist()
            problems = _wrong_names(entries) or _too_large(entries, limits)
            if problems:
                raise FileRefusedError(*problems)
            return {entry.filename: _content(bundle, entry) for entry in entries}
    except _DAMAGED as error:
        raise FileRefusedError(
            f"The file is not a zip that can be read ({error}). Export it again."
        ) from error


# Errors raised for a zip that is damaged, encrypted or compressed in an unsupported way.
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, UnicodeError),
)


def check_zip(data: bytes, limits: Limits) -> set[str]:
    """Return the names of the files in a zip without unpacking it; raises FileRefusedError."""
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
            problems.append(f"“{name}” is no file of a bundle; take it out.")
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


def _require_format(texts: dict[str, bytes]) -> None:
    """Refuse a bundle of a newer format; one without a description counts as the present format."""
    if "datapackage.json" not in texts:
        return
    try:
        package = json.loads(text_of(texts["datapackage.json"], "datapackage.json"))
        version = package.get("casebook_format", FORMAT)
    except (ValueError, AttributeError, RecursionError) as error:
        raise FileRefusedError(
            "datapackage.json cannot be read; take it out of the zip."
        ) from error
    if not isinstance(version, int) or version > FORMAT:
        raise FileRefusedError(
            "This bundle was written by a newer casebook, whose tables this one does not know."
        )
