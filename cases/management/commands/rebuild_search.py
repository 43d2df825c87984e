"""Make the search anew from the published cases, and tell what of it was wrong."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.search import Rebuilt, check, rebuild


class Command(BaseCommand):
    help = (
        "Write the searched texts of all published cases anew, with the index of the database, "
        "and tell how many were not what they should have been."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only tell; ends with status 1 if any is wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(_sentence(rebuild(), "were mended"))
            return
        found = check()
        if not found.was_right:
            raise CommandError(_sentence(found, "should be mended: run rebuild_search"))
        self.stdout.write(_sentence(found, ""))


def _sentence(found: Rebuilt, moved_to: str) -> str:
    noun = "case" if found.documents == 1 else "cases"
    begin = f"Searched texts of {found.documents:,} {noun}"
    if found.was_right:
        return f"{begin}: all were right."
    if not found.wrong:
        return f"{begin}: all were right, but the index of the database {_of_index(moved_to)}."
    kinds = (
        f"{found.missing:,} missing, {found.superfluous:,} superfluous, "
        f"{found.differing:,} out of date"
    )
    index = (
        "" if found.index_was_intact else f" The index of the database {_of_index(moved_to)}, too."
    )
    return (
        f"{begin}: {found.wrong:,} of {found.documents:,} differed and {moved_to} ({kinds}).{index}"
    )


def _of_index(moved_to: str) -> str:
    return f"did not agree and {moved_to.replace('were', 'was')}"
