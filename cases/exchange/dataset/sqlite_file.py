"""The tidy tables as an SQLite file, with what cases share, keys, views and full-text tables.

Datasette shows the label of a referenced row if its table has a column `name` or `title`, and finds
the full-text tables by their declaration.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cases.exchange.bundle.layout.columns import MISSING, BundleColumn
from cases.exchange.bundle.layout.describing import LICENCE
from cases.exchange.bundle.layout.tables import BY_NAME
from cases.exchange.bundle.layout.tables import Table as BundleTable
from cases.exchange.downloads.errors import absolute
from cases.exchange.tables.coded import ACTORS
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import INTEGER, Column, Table, Value
from cases.models.vocabulary import ABSENT_VALUES

from .published import PublicCase
from .shared import TABLES as SHARED
from .shared import SharedRows

# Notes on a directive, an exception or a source: the columns of the bundle that they have.
NOTES_ON_NO_CASE = replace(
    BY_NAME["notes"],
    name="notes_on_no_case",
    columns=tuple(
        column
        for column in BY_NAME["notes"].columns
        if column.name not in ("case", "field", "noted_on")
    ),
)

# The column of what a row of a shared table is named by in the tables of cases.
SLUG = "slug"
_OF_BUNDLE: tuple[BundleTable, ...] = (*(BY_NAME[name] for name in SHARED), NOTES_ON_NO_CASE)
STATE = "_state"
STATED = "stated"

VIEWS = {
    "warnings_in_short": """
        SELECT w."case", c.title, w.warning, w.date_earliest, w.issuer_name, w.first_recipient_name,
               w.recipient_count, w.channel, w.relation, w.reception, w.follow_up,
               w.lead_time_minimum, w.lead_time_maximum, w.window_covered, w.address
        FROM warnings w JOIN cases c ON c."case" = w."case"
    """,
    "warnings_and_incidents": """
        SELECT w."case", c.title, w.warning, w.date_edtf AS warned, w.issuer_name,
               w.first_recipient_name, w.channel, w.reception, i.incident, i.kind AS incident_kind,
               i.date_edtf AS happened, i.place, i.deaths, i.deaths_qualifier, w.lead_time_minimum,
               w.lead_time_maximum
        FROM warnings w JOIN cases c ON c."case" = w."case"
        LEFT JOIN incidents i ON i."case" = w."case"
    """,
    "deaths_in_cases": """
        SELECT c."case", c.title, c.era, count(i.incident) AS incidents,
               sum(i.deaths_lower_bound) AS deaths_at_least,
               sum(i.deaths_lower_bound IS NULL) AS incidents_without_firm_figure
        FROM cases c LEFT JOIN incidents i ON i."case" = c."case"
        GROUP BY c."case"
    """,
    "who_says_what": """
        SELECT k."case", c.title, k.claim, k.label, k.value, k.stance, k.modality,
               coalesce(k.speaker_name, k.speaker_kind) AS said_by, s.title AS source_title,
               k.locator, k.quote, k.gist, k.address
        FROM claims k JOIN cases c ON c."case" = k."case"
        JOIN sources s ON s.slug = k.source
    """,
    "contested_values": """
        SELECT k."case", c.title, k.label, k.value,
               (SELECT count(*) FROM claims a
                WHERE a."case" = k."case" AND a.stance = 'asserts'
                AND (a.about = k.about OR k.about <> '' AND a.about LIKE k.about || '.%'
                     OR k.about = '' AND a.field LIKE 'case.%')) AS claims_for,
               sum(k.stance = 'disputes') AS claims_against
        FROM claims k JOIN cases c ON c."case" = k."case"
        WHERE k.contested = 'yes' GROUP BY k."case", k.about
    """,
    "actors_in_cases": """
        SELECT r.actor, a.name, a.kind, a.country, r.role, count(DISTINCT r."case") AS cases
        FROM involvements r JOIN actors a ON a.slug = r.actor
        GROUP BY r.actor, r.role
    """,
}
"""Joins for common questions, by the names of their views."""

# The texts that are searched in full, by table.
SEARCHED = {
    "cases": ("title", "summary"),
    "claims": ("label", "value", "quote", "gist"),
    "notes": ("label", "source_says", "evidence_says"),
}


class SqliteFile:
    """An SQLite file that is written case by case."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        # What a row refers to may come later; `finish()` checks all references.
        self._db.execute("PRAGMA foreign_keys = OFF")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        for table in TABLES.values():
            self._db.execute(_declaration(table))
        for shared_table in _OF_BUNDLE:
            self._db.execute(_declaration_of_shared(shared_table))

    def add(self, public: PublicCase) -> None:
        """Add the rows of a case."""
        for table in TABLES.values():
            rows = [
                [
                    cell
                    for column in table.columns
                    for cell in _cells(table, column, column.read(public.row, unit))
                ]
                for unit in table.units(public.row)
            ]
            names = [name for column in table.columns for name in _names(table, column)]
            self._insert(table.name, names, rows)

    def finish(self, shared: SharedRows, facts: dict[str, str]) -> None:
        """Add what cases share, views and full-text tables; `facts` say what the file is."""
        for shared_table in _OF_BUNDLE:
            names = [column.name for column in shared_table.columns]
            is_of_notes = shared_table is NOTES_ON_NO_CASE
            found = shared.notes if is_of_notes else shared.public(shared_table.name)
            rows = [_shared_cells(shared_table, row) for row in found]
            self._insert(shared_table.name, names, rows)
        self._write_codebook()
        self._write_facts(facts)
        for name, query in VIEWS.items():
            self._db.execute(f"CREATE VIEW {name} AS {query}")
        for name, columns in SEARCHED.items():
            listed = ", ".join(columns)
            # In double quotes, by which Datasette finds it.
            self._db.execute(
                f'CREATE VIRTUAL TABLE {name}_fts USING fts5({listed}, content="{name}", '
                "tokenize='porter unicode61')"
            )
            self._db.execute(f"INSERT INTO {name}_fts ({name}_fts) VALUES ('rebuild')")  # noqa: S608
        self._db.commit()
        broken = self._db.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise sqlite3.IntegrityError(f"A row of {broken[0]} refers to no row of {broken[2]}.")
        self._db.execute("ANALYZE")
        self._db.commit()
        self._db.execute("VACUUM")
        self._db.close()

    def close(self) -> None:
        """Close a file that is given up."""
        self._db.close()

    def _insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        listed = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        # The names are those of our own tables and columns.
        self._db.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows)  # noqa: S608

    def _write_codebook(self) -> None:
        self._db.execute(
            'CREATE TABLE codebook ("table" TEXT NOT NULL, "column" TEXT NOT NULL, title TEXT, '
            "meaning TEXT, unit TEXT, refers_to TEXT, allowed_values TEXT, "
            'PRIMARY KEY ("table", "column"))'
        )
        columns = ("table", "column", "title", "meaning", "unit", "refers_to", "allowed_values")
        for table in TABLES.values():
            self._insert("codebook", columns, _words(table))
        for shared_table in _OF_BUNDLE:
            self._insert("codebook", columns, _shared_words(shared_table))

    def _write_facts(self, facts: dict[str, str]) -> None:
        self._db.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        rows = {
            "title": "Duty-to-warn casebook",
            **facts,
            "licence": LICENCE["path"],
            "page": absolute("/data/"),
            "missing": "NULL in a column that refers to an actor, and in the column of its name; "
            "the column “…_state” says why.",
        }
        self._insert("about", ("name", "value"), rows.items())


# Tables of cases


def _may_be_absent(table: Table, column: Column) -> bool:
    """Whether a reference may have a code for its absence in place of a slug."""
    return column.refers_to == ACTORS and column.name not in table.key


def _is_name(table: Table, column: Column) -> bool:
    """Whether a column has the name of what another refers to, or the same code for its absence."""
    reference = table.by_name.get(column.name.removesuffix("_name"))
    return reference not in (None, column) and _may_be_absent(table, reference)


def _names(table: Table, column: Column) -> list[str]:
    state = [f"{column.name}{STATE}"] if _may_be_absent(table, column) else []
    return [column.name, *state]


def _cells(table: Table, column: Column, value: Value) -> list[Value]:
    if isinstance(value, dt.date):
        return [value.isoformat()]
    is_absent = value in ABSENT_VALUES
    if _is_name(table, column):
        return [None if is_absent else value]
    if not _may_be_absent(table, column):
        return [value]
    return [None if is_absent else value, value if is_absent else STATED]


def _declaration(table: Table) -> str:
    lines = []
    is_named = all(table.by_name[name].is_required for name in table.key)
    if not is_named:  # a key with a column that may be empty cannot name a row
        lines.append("id INTEGER PRIMARY KEY")
    for column in table.columns:
        line = f'"{column.name}" {"INTEGER" if column.type == INTEGER else "TEXT"}'
        may_be_null = _may_be_absent(table, column) or _is_name(table, column)
        if column.is_required and not may_be_null:
            line += " NOT NULL"
        if column.refers_to and table.name != column.refers_to:
            line += f" REFERENCES {column.refers_to} ({_key_of(column.refers_to)})"
        lines.append(line)
        if _may_be_absent(table, column):
            lines.append(f'"{column.name}{STATE}" TEXT NOT NULL')
    key = ", ".join(f'"{name}"' for name in table.key)
    lines.append(f"{'PRIMARY KEY' if is_named else 'UNIQUE'} ({key})")
    for part in ("warning", "incident"):
        if table.name != f"{part}s" and part in table.by_name:
            lines.append(f'FOREIGN KEY ("case", {part}) REFERENCES {part}s ("case", {part})')
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _key_of(name: str) -> str:
    return '"case"' if name in TABLES else SLUG


def _words(table: Table) -> Iterable[Sequence[str]]:
    for column in table.columns:
        words = "; ".join(value for value, _ in column.words)
        about = (column.title, column.meaning, column.unit, column.refers_to, words)
        yield (table.name, column.name, *about)
        if _may_be_absent(table, column):
            why = f"“{STATED}” if {column.name} names an actor, or else why it is NULL."
            states = "; ".join((STATED, *MISSING))
            yield (table.name, f"{column.name}{STATE}", column.title, why, "", "", states)


# Tables of what cases share


def _declaration_of_shared(table: BundleTable) -> str:
    lines = [_line(table, column) for column in table.columns]
    return f"CREATE TABLE {table.name} ({', '.join(lines)}, PRIMARY KEY ({SLUG}))"


def _line(table: BundleTable, column: BundleColumn) -> str:
    line = f'"{column.name}" {"INTEGER" if column.type == "integer" else "TEXT"}'
    if column.is_reference:
        model = column.model  # type: ignore[attr-defined]  # references have one
        other = next(name for name, one in SHARED.items() if one is model)
        line += f" REFERENCES {other} ({SLUG})"
    return line


def _shared_cells(table: BundleTable, row: Any) -> list[str | None]:
    """Return texts without the apostrophes of a CSV file; empty references and numbers are NULL."""
    texts = ((column, column.write(row)) for column in table.columns)
    return [
        None if not text and (column.is_reference or column.type != "string") else text
        for column, text in texts
    ]


def _shared_words(table: BundleTable) -> Iterable[Sequence[str]]:
    others = {model: other for other, model in SHARED.items()}
    for column in table.columns:
        yield (
            table.name,
            column.name,
            column.name.replace("_", " ").capitalize(),
            column.description(table.model),
            "",
            others[column.model] if column.is_reference else "",  # type: ignore[attr-defined]  # references have one
            "; ".join(value for value, _ in column.terms()),
        )
