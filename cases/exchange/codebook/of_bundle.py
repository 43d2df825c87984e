"""The codebook as a table: a row for each column of each table, with what it means."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from cases.exchange.bundle.layout.tables import TABLES, Table

COLUMNS = (
    *("table", "column", "type", "is_required", "is_key", "refers_to", "values", "meaning"),
    "missing_values",
)


def bundle_codebook(tables: Sequence[Table]) -> str:
    """Return the CSV file that describes the columns of some tables of the bundle."""
    return codebook_csv(row for table in tables for row in _rows(table))


def codebook_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows with a cell for each of `COLUMNS` as a CSV file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return file.getvalue()


def _rows(table: Table) -> Iterable[Sequence[str]]:
    names = {other.model: other.name for other in TABLES}
    for column in table.columns:
        yield (
            table.name,
            column.name,
            column.type,
            "yes" if column.required else "no",
            "yes" if column.name in table.key else "no",
            names[column.model] if column.is_reference else "",  # type: ignore[attr-defined]  # references have one
            "; ".join(value for value, _ in column.terms()),
            column.description(table.model),
            "; ".join(column.missing),
        )
