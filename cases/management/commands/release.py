"""Make a release of the dataset."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cases.exchange.dataset.current import Files
from cases.exchange.dataset.releases import keep_checksums, make_release
from cases.exchange.downloads.errors import absolute


class Command(BaseCommand):
    help = (
        "Pin each public case to its present version under a name, for ever: the files are at "
        "/data/releases/NAME/. Synthetic cases stay out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="its name in addresses, such as 2026.12")
        parser.add_argument("--note", required=True, help="what is new in it, for the public")

    def handle(self, *args: Any, name: str, note: str, **options: Any) -> None:
        try:
            release = make_release(name, note)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            edition = Files(release).make()
            keep_checksums(release, edition)
        except OSError as error:
            raise CommandError(
                f"Release {name} is made, but its files cannot be written: {error}. Then run "
                "make_data_files."
            ) from error
        if options.get("verbosity", 1):
            self.stdout.write(
                f"Release {name} has {edition.cases:,} cases: "
                f"{absolute(release.get_absolute_url())}\n"
                f"Addresses in its files begin with {release.site} (SITE_URL), for good."
            )
