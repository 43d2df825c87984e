"""The base class of the two import commands."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.changelog.trial import InTheWayError
from cases.exchange.bundle.files.reading import Limits, require_size
from cases.exchange.bundle.files.sheets import FileRefusedError
from cases.exchange.bundle.files.uploaded import read_file
from cases.exchange.bundle.importing.importer import count_rows
from cases.exchange.bundle.importing.plan import refusals_in
from cases.exchange.bundle.importing.planned import Progress, reports_progress
from cases.exchange.bundle.importing.recording import RecordedImporter, new_record

MAX_LINES_PRINTED = 200


class ImportCommand(BaseCommand):
    """A command that imports a file and reports what it did, or would do, row by row."""

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

    def subject(self, options: dict[str, Any]) -> str:
        """Return the subject of the import: BUNDLE or the name of a table."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        path, subject = options["path"], self.subject(options)
        try:
            limits = Limits.of_settings(options["max_megabytes"])
            # Before reading, so that a file that is too large is not loaded into memory.
            require_size(path.stat().st_size, limits)
            data = path.read_bytes()
            sheets = read_file(subject, data, limits, path.name)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except FileRefusedError as error:
            refusal = "\n".join([*error.messages, "Nothing was imported."])
            raise CommandError(refusal) from error
        importer = RecordedImporter(
            new_record(subject, path.name, data, None),
            sheets,
            options["note"] or f"Imported from {path.name}",
            dry_run=options["dry_run"],
        )
        self.is_long = options["verbosity"] > 0 and reports_progress(count_rows(sheets))
        try:
            plan = importer.run(self._report_progress)
        except InTheWayError as error:
            raise CommandError("Others are saving the same records. Try again.") from error
        if plan.is_refused:
            refused = _first(refusals_in(plan.rows))
            raise CommandError("\n".join([*refused, plan.summary(), "Nothing was imported."]))
        if options["verbosity"]:
            self._report(importer, options)

    def _report(self, importer: RecordedImporter, options: dict[str, Any]) -> None:
        lines = [line for row in importer.plan.reported_rows() for line in row.sentences()]
        if options["verbosity"] > 1:
            self.stdout.write("\n".join(lines))
        elif options["dry_run"]:
            self.stdout.write("\n".join(_first(lines)))
        self.stdout.write(importer.plan.summary())
        self.stdout.write(_outcome(importer))

    def _report_progress(self, progress: Progress) -> None:
        if self.is_long:
            self.stderr.write(str(progress))


def _first(lines: list[str]) -> list[str]:
    rest = len(lines) - MAX_LINES_PRINTED
    return [*lines[:MAX_LINES_PRINTED], *([f"… and {rest:,} lines more."] if rest > 0 else [])]


def _outcome(importer: RecordedImporter) -> str:
    plan = importer.plan
    if not plan.changes_something:
        return "Nothing to import: the casebook has it all."
    if importer.dry_run:
        return "A dry run: nothing was written."
    versions = (
        f" New versions and corrections: {', '.join(plan.versions)}." if plan.versions else ""
    )
    return f"Imported.{versions}"
