"""Reading an uploaded file: a bundle, a workbook of several tables, or one table."""

from __future__ import annotations

from cases.exchange.citations import citation_format

from ..layout.tables import BY_NAME, Table
from .reading import Limits, read_bundle, read_csv, require_size
from .sheets import FileRefusedError, Sheet
from .spreadsheet import MEMBER_OF_XLSX, read_xlsx
from .workbook import read_workbook

# The subject of an import of several tables: a bundle or a workbook. Other subjects are names of
# tables.
BUNDLE = "bundle"
# The first bytes of zips, XLSX included, and of the file formats before Office 2007.
ZIPPED, OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0"


# Characters of a file in which citations are looked for.
MAX_BEGINNING = 10_000


def read_file(subject: str, data: bytes, limits: Limits, name: str = "The file") -> list[Sheet]:
    """Return the sheets in a file: those of a bundle, or the one of the table named by `subject`.

    `name` is what messages call the file. Raises FileRefusedError, whose messages say what is
    wrong and how to fix it.
    """
    require_size(len(data), limits)
    try:
        if subject == BUNDLE:
            return _read_several(data, limits)
        return [_read_single(BY_NAME[subject], data, limits, name)]
    except FileRefusedError as error:
        beginning = data[:MAX_BEGINNING].decode(errors="replace")
        citations = citation_format(beginning)
        if not citations:
            raise
        raise FileRefusedError(
            f"This is {citations}. Fill in a source from it under Sources → Add → Fill in from a "
            "citation."
        ) from error


def _read_several(data: bytes, limits: Limits) -> list[Sheet]:
    if not data.startswith(ZIPPED):
        raise FileRefusedError(
            "This is neither a bundle, which is a zip, nor a workbook. If it is a single table, "
            "say which."
        )
    if MEMBER_OF_XLSX.encode() in data:
        return read_workbook(data, limits)
    return read_bundle(data, limits)


def _read_single(table: Table, data: bytes, limits: Limits, name: str) -> Sheet:
    if data.startswith(OLD_OFFICE):
        raise FileRefusedError("The file is in the old form of Excel; save it as XLSX.")
    if data.startswith(ZIPPED):
        return read_xlsx(table, data, limits)
    return read_csv(table, data, limits, name)
