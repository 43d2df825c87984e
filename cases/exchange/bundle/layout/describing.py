"""The descriptions of the tables in a bundle: a Frictionless data package and a README."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .columns import BundleColumn
from .tables import TABLES, Table

# Version of the table layout. Raise it if an older casebook cannot read what this one writes.
FORMAT = 1

# Since 2.0 a field can have missing values of its own.
DATA_PACKAGE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
RIGHTS = (
    "The data (codes, summaries, notes) are under the Creative Commons Attribution 4.0 "
    "International licence (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/). The short "
    "quotes in them belong to their sources."
)

HOW_TO_READ = """\
## How to read the tables

- The files are in UTF-8, comma-separated, with the names of the columns in the first row.
- A record is named by its slug, a part of a case by the slug of the case and its number in it.
  These names are the same in every table; nothing else identifies a record.
- `not_stated` means that no source says; `not_applicable` that there is nothing to say. They are
  values in columns of codes and texts. In a column of numbers, days or slugs they are missing
  values, and `missingValues` of this column in `datapackage.json` lists them. A cell is empty only
  where its column says what that means.
- Dates are those of the sources: the words printed, an expression in EDTF (Library of Congress
  Extended Date/Time Format), and what it rests on. `2024-03` is a month and never its first day.
- Figures go with their qualifier: 130 with `more_than` is “over 130”.
- A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@` or a tab) has
  an apostrophe before it. To have the text as it is, take one apostrophe away wherever a cell
  begins with apostrophes that one of these characters follows.
- Several names in one cell are separated by `; `; a semicolon in a name is written `\\;`.
"""

ALL_CASES = """\
- All cases are here, whatever their `status`: drafts and cases in review are not public, and what
  is withdrawn says why.
"""

HOW_TO_IMPORT = """\
## How to bring it back

`manage.py import_bundle FILE --dry-run` shows what an import would add, change or refuse, and
`manage.py import_bundle FILE` does it: all of it or nothing. What the files do not name stays as it
is. Importing the same file again changes nothing.
"""


def datapackage(
    facts: dict[str, dict[str, Any]],
    tables: Sequence[Table] = TABLES,
    more: Mapping[str, Any] | None = None,
) -> str:
    """Return the description of tables as a Frictionless data package.

    `facts` has the size and the hash of each table, `more` further properties of the package.
    """
    package = {
        "$schema": DATA_PACKAGE,
        "name": "duty-to-warn-casebook",
        "title": "Duty-to-warn casebook",
        "description": RIGHTS,
        "casebook_format": FORMAT,
        "licenses": [LICENCE],
        **(more or {}),
        "resources": [_resource(table, facts[table.name]) for table in tables],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, facts: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": column.name,
                "reference": {"resource": _name_of(table, column), "fields": "slug"},
            }
            for column in table.columns
            if column.is_reference and column.name not in table.many
        ],
    }
    return {
        "type": "table",
        "name": table.name,
        "path": table.file_name,
        "description": table.about,
        "encoding": "utf-8",
        "format": "csv",
        **facts,
        "schema": schema,
    }


def _name_of(table: Table, column: BundleColumn) -> str:
    """Return the name of the table that a column refers to; Frictionless writes its own as ""."""
    model = column.model  # type: ignore[attr-defined]  # references have one
    if model is table.model:
        return ""
    return next(other.name for other in TABLES if other.model is model)


def _field(table: Table, column: BundleColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description(table.model),
    }
    if column.missing:
        field["missingValues"] = ["", *column.missing]
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.terms():
        constraints["enum"] = [value for value, _ in column.terms()]
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    return field | ({"constraints": constraints} if constraints else {})


def readme(
    counts: dict[str, int],
    tables: Sequence[Table] = TABLES,
    which_cases: str = ALL_CASES,
) -> str:
    """Return the README of a bundle, in Markdown.

    `counts` has the rows of each table, `which_cases` a line on the cases in it.
    """
    parts = [
        "# Duty-to-warn casebook: data bundle\n",
        f"{RIGHTS}\n",
        HOW_TO_READ + which_cases,
        HOW_TO_IMPORT,
        "## Tables\n",
        *(_section(table, counts[table.name]) for table in tables),
    ]
    return "\n".join(parts)


def _section(table: Table, count: int) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows"
    key = ", ".join(f"`{name}`" for name in table.key)
    lines = [
        f"### {table.file_name} ({rows})\n",
        f"{table.about} A row is named by {key}.\n",
        "| column | what it holds |",
        "|---|---|",
    ]
    lines += [f"| `{column.name}` | {_words(table, column)} |" for column in table.columns]
    return "\n".join(lines) + "\n"


def _words(table: Table, column: BundleColumn) -> str:
    terms = "; ".join(f"`{value}`: {meaning}" for value, meaning in column.terms())
    text = " ".join(filter(None, [column.description(table.model), terms]))
    return text.replace("|", "\\|").replace("\n", " ")
