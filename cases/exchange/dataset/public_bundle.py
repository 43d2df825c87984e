"""The public bundle: the tables of a bundle, of what is public, as a Frictionless data package.

It comes back into an empty casebook with `import_bundle`, and that casebook makes the same bytes.
So it has no date of its making and no number of the dataset, which every database counts for
itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from cases.exchange.bundle.exporting import cells, zip_entry
from cases.exchange.bundle.layout.describing import LICENCE, RIGHTS, datapackage, readme
from cases.exchange.bundle.layout.tables import TABLES as ALL_TABLES
from cases.exchange.bundle.layout.tables import Table
from cases.exchange.citations.cited import CASEBOOK, names
from cases.exchange.codebook.of_bundle import bundle_codebook
from cases.exchange.downloads.errors import absolute

from .published import PublicCase
from .rows import rows_of_case
from .shared import TABLES as SHARED
from .shared import SharedRows

# Columns of what editors alone know. A public case has neither a reason for its withdrawal nor a
# case that it went into.
_NOT_PUBLIC = {
    "cases": {"withdrawn_reason", "merged_into", "created_at", "updated_at"},
    "notes": {"noted_on"},
}


def _public(table: Table) -> Table:
    hidden = _NOT_PUBLIC.get(table.name, set())
    columns = tuple(column for column in table.columns if column.name not in hidden)
    return replace(table, columns=columns)


# Former addresses are left out: one may be from when its record was a draft.
TABLES: tuple[Table, ...] = tuple(
    _public(table) for table in ALL_TABLES if table.name != "former_addresses"
)

PUBLIC_CASES = """\
- Only what is public is here: each case as its latest public version has it, with its versions, and
  the actors, sources, directives and exceptions that public cases and notes name.
"""
CHECKSUMS = "SHA256SUMS"


class PublicBundle:
    """A bundle that is written case by case; `folder` is for what is not zipped yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._writers: dict[str, Any] = {}
        self._notes: list[Any] = []
        self.counts: dict[str, int] = {table.name: 0 for table in TABLES}
        self._changed_at: dt.datetime | None = None
        for table in TABLES:
            file = self._open.enter_context(
                (folder / table.file_name).open("w", encoding="utf-8", newline="")
            )
            self._writers[table.name] = csv.writer(file, lineterminator="\n")
            self._writers[table.name].writerow([column.name for column in table.columns])

    def add(self, public: PublicCase, shared: SharedRows) -> None:
        """Add a case; cases come in the order of their slugs."""
        for name, rows in rows_of_case(public, shared.named):
            if name == "notes":
                self._notes += rows
            else:
                self._write(name, rows)
        latest = public.versions[-1].changed_at
        self._changed_at = max(self._changed_at or latest, latest)

    def _write(self, name: str, rows: Iterable[Any]) -> None:
        for row in rows:
            self._writers[name].writerow(cells(_BY_NAME[name], row))
            self.counts[name] += 1

    def finish(self, path: Path, shared: SharedRows, release: str = "") -> None:
        """Write the zip, with the name of the release, if it is one."""
        self._write("notes", sorted([*self._notes, *shared.notes], key=lambda note: note.slug))
        for name in SHARED:
            self._write(name, shared.public(name))
        self._open.close()
        described = self._descriptions(release)
        files = [*(table.file_name for table in TABLES), *described]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
            for name in files:
                with bundle.open(zip_entry(name), "w", force_zip64=True) as target:
                    if name in described:
                        target.write(described[name].encode())
                    else:
                        with (self._folder / name).open("rb") as source:
                            shutil.copyfileobj(source, target)
        for table in TABLES:
            (self._folder / table.file_name).unlink()

    def _descriptions(self, release: str) -> dict[str, str]:
        """Return the files that describe the tables, by name, the checksums of all last."""
        facts = {table.name: _facts(self._folder / table.file_name) for table in TABLES}
        day = "" if self._changed_at is None else self._changed_at.date().isoformat()
        version = release or day
        package = {
            "homepage": absolute("/data/"),
            **({"version": version} if version else {}),
        }
        texts = {
            "datapackage.json": datapackage(facts, TABLES, package),
            "codebook.csv": bundle_codebook(TABLES),
            "README.md": readme(self.counts, TABLES, PUBLIC_CASES),
            "CITATION.cff": citation_cff(version, day),
        }
        digests = {
            table.file_name: facts[table.name]["hash"].removeprefix("sha256:") for table in TABLES
        } | {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        return texts | {CHECKSUMS: checksums(digests)}

    def close(self) -> None:
        """Close the files of a bundle that is given up."""
        self._open.close()


_BY_NAME = {table.name: table for table in TABLES}


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _authors() -> Iterator[str]:
    """Yield the lines of the authors; without any, of the editors or of the casebook, as a body."""
    authors = names(settings.CASEBOOK_AUTHORS) or names(settings.CASEBOOK_EDITORS) or [CASEBOOK]
    for author in authors:
        # A text in JSON is one in YAML.
        family, given = (json.dumps(part, ensure_ascii=False) for part in astuple(author))
        if author.given:
            yield f"  - family-names: {family}"
            yield f"    given-names: {given}"
        else:
            yield f"  - name: {family}"


def checksums(digests: dict[str, str]) -> str:
    """Return the lines that `sha256sum --check` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items())


def citation_cff(version: str, day: str) -> str:
    """Return how to cite the data, in the Citation File Format; `day` is the day they changed."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them as below.",
        "type: dataset",
        f"title: {json.dumps(settings.SITE_NAME)}",
        "authors:",
        *_authors(),
        *([f'version: "{version}"'] if version else []),
        *([f"date-released: {day}"] if day else []),
        f'url: "{absolute("/data/")}"',
        f"license: {LICENCE['name']}",
        f'abstract: "{RIGHTS}"',
    ]
    return "\n".join(lines) + "\n"
