"""Making the files of `/data/`, in one pass over the cases."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from cases.exchange.tables.registry import TABLES
from cases.models import Version

from .public_bundle import PublicBundle
from .published import public_cases
from .shared import SharedRows
from .sqlite_file import SqliteFile
from .table_files import JSON_NAME, TableFiles

BUNDLE, SQLITE = "bundle.zip", "casebook.sqlite"

NAMES = (BUNDLE, SQLITE, JSON_NAME, *(f"{name}.csv" for name in TABLES))
"""The names of the files, in the order in which the page lists them."""


@dataclass(frozen=True)
class FileFacts:
    """A file that was made: its size in bytes, its SHA-256, and how many rows or cases it has."""

    name: str
    size: int
    sha256: str
    rows: int

    @property
    def holds_cases(self) -> bool:
        """Whether `rows` is the number of cases, because the file is no table."""
        return not self.name.endswith(".csv")


def make_files(
    versions: QuerySet[Version], folder: Path, facts: dict[str, str], release: str = ""
) -> list[FileFacts]:
    """Write the files of some versions, one a case, into an empty folder.

    `facts` say in each file what it is: its version, and when it was made.
    """
    scratch = folder / "scratch"
    scratch.mkdir()
    shared = SharedRows()
    with (
        closing(PublicBundle(scratch)) as bundle,
        closing(SqliteFile(folder / SQLITE)) as sqlite,
        closing(TableFiles(folder, facts)) as tables,
    ):
        for public in public_cases(versions):
            bundle.add(public, shared)
            sqlite.add(public)
            tables.add(public)
        tables.finish()
        sqlite.finish(shared, facts)
        bundle.finish(folder / BUNDLE, shared, release)
    scratch.rmdir()
    rows = {f"{name}.csv": count for name, count in tables.counts.items()}
    return [_facts(folder / name, rows.get(name, tables.counts["cases"])) for name in NAMES]


def _facts(path: Path, rows: int) -> FileFacts:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileFacts(path.name, path.stat().st_size, digest, rows)
