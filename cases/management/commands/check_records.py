"""Report what keeps records from being publishable, or makes published ones wrong."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.models import Case
from cases.record_checks import findings_in_cases, findings_in_shared_records


class Command(BaseCommand):
    help = (
        "Check every case, and the actors, sources, exceptions and notes, and print a line for "
        "each problem. Ends with status 1 if the public sees any of them; drafts may have problems."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--published", action="store_true", help="leave out unpublished cases")

    def handle(self, *args: Any, published: bool = False, **options: Any) -> None:
        cases = Case.objects.published() if published else Case.objects.all()
        findings = [*findings_in_cases(cases.order_by("number")), *findings_in_shared_records()]
        for finding in findings:
            self.stdout.write(str(finding))
        public = sum(finding.is_public for finding in findings)
        summary = (
            f"{_count(cases.count(), 'case')} checked: {_count(len(findings), 'problem')}, "
            f"{public} of them in public records."
        )
        if public:
            raise CommandError(summary)
        self.stdout.write(summary)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
