"""Load the seed article's cases, and make the first version of each."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.demo_data import DemoError, load


class Command(BaseCommand):
    help = (
        "Load the records of the demo and make the first version of each case. Running it again "
        "adds only what is missing; records that were edited here are kept and named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help=(
                "overwrite edited records of the demo with the fixtures', and make a new version "
                "of each published case that this changes; records added by editors stay"
            ),
        )

    def handle(self, *args: Any, reset: bool = False, **options: Any) -> None:
        try:
            outcome = load(reset=reset)
        except DemoError as error:
            raise CommandError(str(error)) from error
        if options.get("verbosity", 1):
            self.stdout.write(str(outcome))
