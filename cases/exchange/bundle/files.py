"""Reading an uploaded file as what it is said to be: a bundle, or one table as CSV or XLSX."""

from __future__ import annotations

from .reading import Limits, read_bundle, read_csv, require_size
from .sheets import FileRefusedError, Sheet
from .spreadsheet import read_xlsx
from .tables import BY_NAME

BUNDLE = "bundle"
"""What a file is that has all tables."""
ZIPPED, OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0"
"""How zips, XLSX among them, and the files of old office programs begin."""


def read_file(subject: str, data: bytes, limits: Limits) -> list[Sheet]:
    """Return the tables of a file that is a bundle, or the table that `subject` names.

    Raises FileRefusedError, which says in words what is wrong and how to mend it.
    """
    require_size(len(data), limits)
    if subject == BUNDLE:
        if not data.startswith(ZIPPED):
            raise FileRefusedError(
                "A bundle is a zip, and this is none. If it is a single table, say which."
            )
        return read_bundle(data, limits)
    table = BY_NAME[subject]
    if data.startswith(OLD_OFFICE):
        raise FileRefusedError("The file is in the old form of Excel; save it as XLSX.")
    if data.startswith(ZIPPED):
        return [read_xlsx(table, data, limits)]
    return [read_csv(table, data, limits)]
