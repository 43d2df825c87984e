"""Make the files of `/data/`, and those of releases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.exchange.dataset.current import Files
from cases.exchange.dataset.releases import keep_checksums
from cases.models import Release


class Command(BaseCommand):
    help = (
        "Make the files of /data/ for the present version of the dataset, and those of each "
        "release, unless they are there, and remove older ones. Run it from a timer where there "
        "are many cases, and after a redaction or a withdrawal."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = Files().make()
            for release in Release.objects.order_by("pk"):
                keep_checksums(release, Files(release).make())
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error}.") from error
        if options.get("verbosity", 1):
            self.stdout.write(
                f"The files of dataset version {edition.version} are in {edition.folder}."
            )
