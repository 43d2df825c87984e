"""Report the problems that block the publication of records, and errors in published ones."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.models import Case
from cases.review.stored_records import findings_in_cases, findings_in_shared_records
from cases.text.plurals import counted


class Command(BaseCommand):
    help = (
        "Check every case, and the actors, sources, exceptions and notes, and print a line for "
        "each problem, and for each weak point, which does not keep a case from the public. Ends "
        "with status 1 if the public sees a problem; drafts may have some."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--published", action="store_true", help="leave out unpublished cases")

    def handle(self, *args: Any, published: bool = False, **options: Any) -> None:
        cases = Case.objects.published() if published else Case.objects.all()
        findings = [*findings_in_cases(cases), *findings_in_shared_records()]
        for finding in findings:
            self.stdout.write(str(finding))
        problems = [finding for finding in findings if not finding.is_weak]
        public = sum(problem.is_public for problem in problems)
        summary = (
            f"{counted(cases.count(), 'case')} checked: {counted(len(problems), 'problem')}, "
            f"{public} of them in public records. "
            f"{counted(len(findings) - len(problems), 'weak point')}."
        )
        if public:
            raise CommandError(summary)
        self.stdout.write(summary)
