"""What the two import commands share."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from .importing import Importer, Progress
from .reading import Limits, require_size
from .sheets import FileRefusedError, Sheet

LONG = 1_000
"""From so many rows on the progress is told."""
MOST_LINES = 200


class ImportCommand(BaseCommand):
    """A command that imports a file, and tells row by row what it did or would do."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file to import")
        parser.add_argument(
            "--dry-run", action="store_true", help="only show what would be added, changed, refused"
        )
        parser.add_argument(
            "--note", help="what the public reads at each new version (default: Imported from FILE)"
        )
        parser.add_argument(
            "--max-megabytes", type=int, metavar="N", help="take files of up to N MB"
        )

    def read(self, data: bytes, limits: Limits, options: dict[str, Any]) -> list[Sheet]:
        """Return the tables of the file."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            sheets = self._sheets(path, options)
        except FileRefusedError as error:
            refusal = "\n".join([*error.messages, "Nothing was imported."])
            raise CommandError(refusal) from error
        importer = Importer(
            sheets, options["note"] or f"Imported from {path.name}", dry_run=options["dry_run"]
        )
        self.is_long = sum(len(sheet.rows) for sheet in sheets) >= LONG
        plan = importer.run(self._tell)
        lines = [line for row in plan.telling() for line in row.sentences()]
        if plan.is_refused:
            refused = [line for row in plan.rows if row.refusals for line in row.sentences()]
            raise CommandError(
                "\n".join([*_first(refused), plan.summary(), "Nothing was imported."])
            )
        if options["verbosity"] and (options["dry_run"] or options["verbosity"] > 1):
            self.stdout.write("\n".join(lines if options["verbosity"] > 1 else _first(lines)))
        if options["verbosity"]:
            self.stdout.write(plan.summary())
            self.stdout.write(_outcome(importer))

    def _sheets(self, path: Path, options: dict[str, Any]) -> list[Sheet]:
        limits = Limits.of_settings(options["max_megabytes"])
        try:
            require_size(path.stat().st_size, limits)
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        return self.read(data, limits, options)

    def _tell(self, progress: Progress) -> None:
        if self.is_long:
            self.stderr.write(str(progress))


def _first(lines: list[str]) -> list[str]:
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"… and {rest:,} lines more."] if rest > 0 else [])]


def _outcome(importer: Importer) -> str:
    plan = importer.plan
    if not plan.changes_something:
        return "Nothing to import: the casebook has it all."
    if importer.dry_run:
        return "A dry run: nothing was written."
    versions = f" New versions: {', '.join(plan.versions)}." if plan.versions else ""
    return f"Imported.{versions}"
