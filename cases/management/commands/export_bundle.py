"""Export the whole casebook to one file, as a backup or to move it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.exchange.bundle.exporting import export_to


class Command(BaseCommand):
    help = (
        "Write all cases, drafts and withdrawn ones too, with all that belongs to them and their "
        "versions, into a zip of CSV files. Accounts stay out. The same casebook gives the same "
        "bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write, such as casebook.zip")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            counts = export_to(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        if options.get("verbosity", 1):
            tables = ", ".join(f"{count:,} {name}" for name, count in counts.items())
            self.stdout.write(f"Wrote {path}: {tables}.")
