"""Rebuild the search index and report what was out of date."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.search import Rebuilt, check, rebuild


class Command(BaseCommand):
    help = (
        "Write the searched texts of all published cases again, with the index of the database "
        "and what the admin searches, and report how many were wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only report; ends with status 1 if any is wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(_sentence(rebuild(), "were fixed"))
            return
        result = check()
        if not result.was_right:
            raise CommandError(_sentence(result, "should be fixed: run rebuild_search"))
        self.stdout.write(_sentence(result, ""))


def _sentence(result: Rebuilt, outcome: str) -> str:
    """Return a sentence on the state of the search; `outcome` says what happened to wrong texts."""
    noun = "case" if result.documents == 1 else "cases"
    begin = f"Searched texts of {result.documents:,} {noun}"
    if result.was_right:
        return f"{begin}: all were right."
    if result.unfolded:
        records = "record" if result.unfolded == 1 else "records"
        folded = (
            f" In the admin, the words of {result.unfolded:,} {records} differed and {outcome}."
        )
    else:
        folded = ""
    if not result.wrong and result.index_was_intact:
        return f"{begin}: all were right.{folded}"
    index = f"index of the database did not agree and {outcome.replace('were', 'was')}"
    if not result.wrong:
        return f"{begin}: all were right, but the {index}.{folded}"
    kinds = (
        f"{result.missing:,} missing, {result.superfluous:,} superfluous, "
        f"{result.differing:,} out of date"
    )
    also = "" if result.index_was_intact else f" The {index}, too."
    return (
        f"{begin}: {result.wrong:,} of {result.documents:,} differed and {outcome} ({kinds})."
        f"{also}{folded}"
    )
