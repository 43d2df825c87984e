"""Export of a bundle: a zip with a CSV file for each table, and their descriptions.

The same casebook always gives the same bytes: the order of rows does not depend on the database,
and the zip holds no time of export.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cases.text.batches import in_batches

from .layout.cells import guard
from .layout.describing import datapackage, readme
from .layout.tables import TABLES, Table

# The earliest time that a zip can hold. The time of export would make every bundle different.
EPOCH = (1980, 1, 1, 0, 0, 0)


def export_bundle(file: IO[bytes]) -> dict[str, int]:
    """Write a bundle of the whole casebook and return the number of rows in each table."""
    counts: dict[str, int] = {}
    facts: dict[str, dict[str, Any]] = {}
    with _snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for table in TABLES:
            counts[table.name], facts[table.name] = _write_table(bundle, table)
        for name, text in (("datapackage.json", datapackage(facts)), ("README.md", readme(counts))):
            bundle.writestr(zip_entry(name), text.encode())
    return counts


def export_to(path: Path) -> dict[str, int]:
    """Write a bundle to a path; the file appears there only when it is complete.

    It has drafts, so only its owner can read it.
    """
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as file:
            counts = export_bundle(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def _snapshot() -> transaction.Atomic:
    """Return a transaction in which all tables are read as of the same moment."""
    # Within the outer transaction of a test, the isolation level can no longer be set.
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _RepeatableRead(using=None, savepoint=True, durable=False)
    return transaction.atomic()


class _RepeatableRead(transaction.Atomic):
    def __enter__(self) -> None:
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def zip_entry(name: str) -> zipfile.ZipInfo:
    """Return the head of a file in a zip that is the same whenever and wherever it is written."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # 3 is Unix; the default is the system that runs the export.
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _write_table(bundle: zipfile.ZipFile, table: Table) -> tuple[int, dict[str, Any]]:
    count, length, fingerprint = 0, 0, hashlib.sha256()
    with bundle.open(zip_entry(table.file_name), "w", force_zip64=True) as file:
        for line in _lines(table):
            data = line.encode()
            file.write(data)
            fingerprint.update(data)
            length += len(data)
            count += 1
    return count - 1, {"bytes": length, "hash": f"sha256:{fingerprint.hexdigest()}"}


def _lines(table: Table) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for record in records(table):
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cells(table, record))
    yield buffer.getvalue()


def cells(table: Table, record: Any) -> list[str]:
    """Return the row of a record in the CSV file of a table."""
    return [guard(column.write(record)) for column in table.columns]


def records(table: Table, among: QuerySet[Any] | None = None) -> Iterator[Any]:
    """Yield the records of a table, sorted by key: texts by code point, numbers by value.

    `among` narrows them down.
    """
    chosen = table.model._base_manager.all() if among is None else among
    # Sorted here and not in SQL: the collation of texts differs between databases.
    names = [table.by_name[name].sort_path for name in table.key]
    keys = sorted((key, pk) for pk, *key in chosen.order_by().values_list("pk", *names))
    for batch in in_batches([pk for _, pk in keys]):
        by_key = {record.pk: record for record in table.rows().filter(pk__in=batch)}
        yield from filter(table.holds, (by_key[pk] for pk in batch if pk in by_key))
