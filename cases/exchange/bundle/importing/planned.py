"""Work that is planned row by row, tried first, and then done exactly so: importing and undoing it.

A dry run does the same and rolls it back, so it shows exactly what the work does; it keeps no
other writer out meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from cases.changelog.locks import acquire_write_lock
from cases.changelog.trial import begin_trial, give_way, on_trial
from cases.search import catch_up

from .plan import REFUSED, Plan
from .publishing_rows import Steps

# Number of rows between two reports of progress.
ROWS_BETWEEN_REPORTS = 250

# Number of rows, or of cases, after which a dry run looks whether somebody waits for it.
ROWS_BETWEEN_PAUSES = 20

# Number of rows from which the work reports its progress.
REPORT_PROGRESS_FROM = 1_000

Permits = Callable[[str], bool]


def reports_progress(rows: int) -> bool:
    """Whether the rows are so many that work on them reports its progress."""
    return rows >= REPORT_PROGRESS_FROM


@dataclass(frozen=True)
class Progress:
    """The number of rows done out of the total, and the current task."""

    done: int
    total: int
    doing: str

    def __str__(self) -> str:
        return f"{self.done:,} of {self.total:,} rows: {self.doing}"


class PlanChangedError(Exception):
    """The casebook changed since the dry run, so the work would differ from the plan."""


class PlannedWork:
    """Writes rows in one transaction. Exhaust `progress()`, then read `plan`.

    `permits` takes the name of a permission and returns whether the user has it. `expected` is the
    digest of the plan that the user confirmed. `note` goes into each new version. A subclass says
    in `rows()` what is written, and in which plan.
    """

    def __init__(
        self,
        plan: Plan,
        note: str,
        user: User | None,
        total: int,
        *,
        dry_run: bool,
        permits: Permits,
        expected: str | None,
    ) -> None:
        self.plan, self.note, self.user, self.total = plan, note, user, total
        self.dry_run, self.permits, self.expected = dry_run, permits, expected
        self.written = False
        self.case_steps = Steps(plan, user, note)
        self._done = 0

    def run(self, report: Callable[[Progress], None] = lambda progress: None) -> Plan:
        """Do the work, calling `report` with the progress, and return the plan.

        Raises what `progress()` raises.
        """
        with closing(self.progress()) as work:
            for progress in work:
                report(progress)
        return self.plan

    def progress(self) -> Generator[Progress]:
        """Do the work, and yield how far it is. Closed before its end, it rolls everything back.

        Raises PlanChangedError, and InTheWayError in a dry run.
        """
        work = self._transaction()
        yield from on_trial(work) if self.dry_run else work

    def rows(self) -> Iterator[Progress]:
        """Plan and write the rows."""
        raise NotImplementedError

    def when_written(self) -> None:
        """Hook for subclasses: called at the end of the transaction, once all rows are stored."""

    def _transaction(self) -> Generator[Progress]:
        with transaction.atomic():
            if self.dry_run:
                begin_trial()
            else:
                # Nobody else may write between the queries that plan the work and its writes.
                acquire_write_lock()
            yield from self.rows()
            if not self.plan.is_refused:
                for number, _ in enumerate(self.case_steps.finish()):
                    if number % ROWS_BETWEEN_REPORTS == 0:
                        yield Progress(self._done, self.total, "checking cases")
                    self._pause(number)
            # Refused rows first; the sort is stable, so the others keep their order.
            self.plan.rows.sort(key=lambda row: row.action != REFUSED)
            differs = self.expected not in (None, self.plan.digest())
            if self.dry_run or differs or self.plan.is_refused:
                transaction.set_rollback(True)
            elif self.plan.changes_something:
                yield Progress(self._done, self.total, "bringing the search up to date")
                catch_up(limit=None)
                self.written = True
                self.when_written()
        if differs:
            raise PlanChangedError

    def _count(self, doing: str) -> Iterator[Progress]:
        """Count a row that is done; now and then, report it and let others go first."""
        self._done += 1
        self._pause(self._done)
        if self._done % ROWS_BETWEEN_REPORTS == 0:
            yield Progress(self._done, self.total, doing)

    def _pause(self, done: int) -> None:
        """Let others go first, now and then, if only a plan is made."""
        if self.dry_run and done % ROWS_BETWEEN_PAUSES == 0:
            give_way()
