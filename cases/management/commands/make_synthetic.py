"""Make or remove synthetic cases, to test the casebook with a large collection."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.synthetic import MAX_CASES, SyntheticError, make
from cases.synthetic import remove as remove_all


class Command(BaseCommand):
    help = (
        "Make synthetic cases, with warnings, incidents, claims, actors and sources, to test the "
        "casebook at size; or remove them all. All are labelled: titles and names begin with "
        "“Synthetic”, numbers with DTW-9 in a range of their own. Not all of their "
        "coded values have a claim. The same number and seed "
        "give the same cases; fewer are the first of more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument(
            "--cases", type=int, metavar="N", help=f"make N cases, from 1 to {MAX_CASES:,}"
        )
        group.add_argument(
            "--remove", action="store_true", help="remove every synthetic record, and nothing else"
        )
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another seed makes other cases"
        )

    def handle(
        self,
        *args: Any,
        cases: int | None = None,
        seed: int = 1,
        remove: bool = False,
        **options: Any,
    ) -> None:
        try:
            outcome = remove_all() if cases is None else make(cases, seed)
        except SyntheticError as error:
            raise CommandError(str(error)) from error
        if options.get("verbosity", 1):
            self.stdout.write(str(outcome))
