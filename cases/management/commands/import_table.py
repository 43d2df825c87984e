"""Import one table from CSV or XLSX."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from cases.exchange.bundle.layout.tables import SINGLE
from cases.management.import_command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import one table from a CSV or XLSX file: all of it or nothing. Records are added and "
        "changed, never deleted; columns that the file lacks stay as they are. Templates are in "
        "the admin, under Imports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [table.name for table in SINGLE]
        parser.add_argument("table", choices=names, help=f"one of: {', '.join(names)}")
        super().add_arguments(parser)

    def subject(self, options: dict[str, Any]) -> str:
        return str(options["table"])
