"""Delete old sign-ins and failed ones from the logs, and sessions that have ended."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.text.plurals import counted

DEFAULT_DAYS = 90


class Command(BaseCommand):
    help = (
        "Delete the sign-ins, failed sign-ins and attempts that are older than some days, with "
        "their addresses, and the sessions that have ended. Run it once a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=DEFAULT_DAYS, help=f"how long to keep them ({DEFAULT_DAYS})"
        )

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        # From a network that an account has used, it can sign in even while others guess at it.
        if days < 1:
            raise CommandError("Keep the logs for at least one day: --days 1.")
        before = timezone.now() - dt.timedelta(days=days)
        counts = {
            "sign-in": AccessLog.objects.filter(attempt_time__lt=before).delete()[0],
            "failed sign-in": AccessFailureLog.objects.filter(attempt_time__lt=before).delete()[0],
        }
        # They have what was typed, and serve no purpose when they count no more.
        yesterday = timezone.now() - dt.timedelta(days=1)
        AccessAttempt.objects.filter(attempt_time__lt=yesterday).delete()
        call_command("clearsessions")
        if options.get("verbosity", 1):
            deleted = " and ".join(counted(count, noun) for noun, count in counts.items())
            self.stdout.write(
                f"Deleted {deleted} from before {before:%d %B %Y}, and sessions that have ended."
            )
