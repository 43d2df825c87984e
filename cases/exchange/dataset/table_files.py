"""The tidy tables as CSV files, and the records of all cases as JSON, written case by case."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from django.urls import reverse

from cases.exchange.bundle.layout.describing import LICENCE, RIGHTS
from cases.exchange.downloads.errors import absolute
from cases.exchange.downloads.published_case import published_case
from cases.exchange.tables.csv_file import guarded
from cases.exchange.tables.registry import TABLES

from .published import PublicCase

JSON_NAME = "cases.json"
_ENCODER = msgspec.json.Encoder()


class TableFiles:
    """A CSV file for each tidy table, and one JSON file, in a folder."""

    def __init__(self, folder: Path, facts: dict[str, str]) -> None:
        self._open = ExitStack()
        self._writers: dict[str, Any] = {}
        self.counts: dict[str, int] = dict.fromkeys(TABLES, 0)
        for table in TABLES.values():
            file = self._open.enter_context(
                (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
            )
            self._writers[table.name] = csv.writer(file)
            self._writers[table.name].writerow([column.name for column in table.columns])
        self._json = self._open.enter_context((folder / JSON_NAME).open("w", encoding="utf-8"))
        heading = {
            "title": "Cases of the duty-to-warn casebook",
            **facts,
            "definitions": absolute(reverse("codebook")),
            "schema": absolute(reverse("case_schema")),
            "licence": LICENCE,
            "rights": RIGHTS,
        }
        head = json.dumps(heading, ensure_ascii=False, indent=1).removesuffix("\n}")
        self._json.write(f'{head},\n "cases": [')

    def add(self, public: PublicCase) -> None:
        """Add the rows and the record of a case."""
        self._json.write("," if self.counts["cases"] else "")
        record = published_case(public.record, public.row.version)
        self._json.write(f"\n{_ENCODER.encode(record).decode()}")
        for table in TABLES.values():
            rows = [
                [guarded(column.read(public.row, unit)) for column in table.columns]
                for unit in table.units(public.row)
            ]
            self._writers[table.name].writerows(rows)
            self.counts[table.name] += len(rows)

    def finish(self) -> None:
        """End the files."""
        self._json.write(f'\n],\n "given": {self.counts["cases"]}\n}}\n')
        self.close()

    def close(self) -> None:
        self._open.close()
