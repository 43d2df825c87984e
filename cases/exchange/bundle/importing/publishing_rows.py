"""What an import does after storing its rows: steps of cases, record checks and versions.

A status changes only through the steps of `cases/review/steps.py`. There is one exception: a case
that is new here and comes with its versions, or was withdrawn elsewhere, is stored with its status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.evidence.problem import Problem
from cases.models import Actor, Case, Counter, Directive, DirectiveException, Source, Version
from cases.models.synthetic_label import FIRST_NUMBER
from cases.models.vocabulary import CaseStatus, RuleStatus
from cases.record.stored import UnreadableRecordError, digest, read_record
from cases.review.checks import NotPublishableError, problems_of
from cases.review.corrections import keep, waits
from cases.review.rules import PUBLISH_RULES
from cases.review.steps import WeakRecordError, publish, submit, withdraw
from cases.review.transitions import OF_IMPORTS, SUBMIT, WITHDRAW, Transition
from cases.text.batches import in_batches
from cases.versions.differences import entries
from cases.versions.making import cases_ahead, cases_mentioning, make_version

from ..layout.tables import BY_NAME, CASES
from .plan import Plan, RowPlan

# Records that cases outside the file may show, too.
SHARED = (Actor, Source, Directive, DirectiveException)

# How far a given case number may be ahead of the last one. All numbers between the two would be
# lost, so a larger gap is treated as a typing error.
MAX_NUMBERS_SKIPPED = 1_000_000

# The column that a problem is reported at, for fields that take up several columns.
COLUMN_OF_FIELD = {"date": "date_edtf", "window": "window_start"}

# Columns that belong to a step; changing them does not count as an edit of the record.
STEP_COLUMNS = {"status", "withdrawn_reason", "merged_into"}

CASES_PER_BATCH = 50


@dataclass(frozen=True)
class Before:
    """The status, the number and the case of a stored record before the row changed it."""

    status: str = ""
    number: str = ""
    case_id: int | None = None


@dataclass(frozen=True)
class _Step:
    plan: RowPlan
    case: Case
    transition: Transition
    reason: str
    merged_into: Case | None


class Steps:
    """Collects the effects of rows on cases, and completes them once all rows are stored."""

    def __init__(self, plan: Plan, user: User | None, note: str) -> None:
        self.plan, self.user, self.note = plan, user, note
        self.undone_note = ""  # of an import that is undone
        self._new: set[int] = set()
        self._touched: set[int] = set()
        self._shared: list[Any] = []
        self._steps: list[_Step] = []
        self._rows: dict[tuple[int, str], RowPlan] = {}

    def before(self, record: Any) -> Before:
        """Return what a record, which may be new, has before its row is put into it."""
        number = record.number if isinstance(record, Case) else ""
        return Before(getattr(record, "status", ""), number, getattr(record, "case_id", None))

    @property
    def by_case(self) -> dict[int, str]:
        """Return the status that a step gives each case that takes one, by the key of the case."""
        return {step.case.pk: step.transition.target for step in self._steps}

    def is_new(self, case: Case) -> bool:
        return case.pk in self._new

    def remember_row(self, plan: RowPlan, record: Any) -> None:
        """Remember the row of a case or of one of its parts, to report problems there."""
        if isinstance(record, Case):
            self._rows[record.pk, ""] = plan
        elif record.pk and hasattr(record, "path"):
            self._rows[record.case_id, record.path] = plan

    def record_stored(
        self, plan: RowPlan, record: Any, adding: bool, before: Before | None
    ) -> None:
        """Collect which cases a stored record adds or changes."""
        if isinstance(record, Case):
            if adding:
                self._new.add(record.pk)
            if adding or {change.column for change in plan.changes} - STEP_COLUMNS:
                self._touched.add(record.pk)
        elif hasattr(record, "case_id"):
            # A part may have moved from one case to another, which changes both.
            cases = {record.case_id, before.case_id if before else None}
            self._touched |= {key for key in cases if key is not None}
        elif isinstance(record, SHARED) and not adding:
            self._shared.append(record)

    def set_status(
        self,
        plan: RowPlan,
        case: Case,
        before: Before,
        with_versions: set[str],
        permits: Callable[[str], bool],
    ) -> None:
        """Set the status that a case is stored with, and plan the step to the requested status."""
        adding, target = case._state.adding, case.status
        announced = {change.column for change in plan.changes} & {"withdrawn_reason", "merged_into"}
        if announced and not permits(WITHDRAW.permission):
            for column in sorted(announced):
                plan.refuse("The public sees this; your account may not change it.", column)
            return
        if target == CaseStatus.DRAFT if adding else target == before.status:
            return
        step = OF_IMPORTS.get(CaseStatus(target))
        if step is None or not (adding or before.status in step.origins):
            plan.refuse(
                f"The case is “{before.status}” here; an import cannot make it “{target}”.",
                "status",
            )
        elif not permits(step.permission):
            plan.refuse(
                f"Your account may not make a case “{target}”; write “draft”, or ask a reviewer.",
                "status",
            )
        elif adding and (target != CaseStatus.PUBLISHED or case.slug in with_versions):
            # It was published elsewhere, with versions, or is not public: no step is needed here.
            if target == CaseStatus.PUBLISHED:
                case.published_at = case.published_at or timezone.now()
        else:
            planned = _Step(plan, case, step, case.withdrawn_reason, case.merged_into)
            self._steps.append(planned)
            case.status = CaseStatus.DRAFT if adding else before.status
            case.merged_into = None

    def finish(self) -> Iterator[None]:
        """Take the planned steps, run the record checks of public cases, and make versions.

        What waits for a second person is kept as a correction, unchecked. Pauses after each case.
        """
        # Before the steps, because the last editor of a case may not publish it.
        self._record_edits(self._touched - self._new)
        for step in self._steps:
            self._take_step(step)
            yield
        public = self._public()
        waiting, restored = self._waiting()
        for batch in in_batches(sorted(public - waiting - restored), CASES_PER_BATCH):
            for case in Case.objects.at(CaseStatus.PUBLISHED).for_detail().filter(pk__in=batch):
                self._refuse(case, problems_of(case))
                yield
        if not self.plan.is_refused:
            yield from self._keep(waiting, self.note)
            yield from self._keep(restored, "")
            yield from self._make_versions(public - waiting - restored)

    def _take_step(self, step: _Step) -> None:
        case: Case = Case.objects.get(pk=step.case.pk)
        try:
            if step.transition is SUBMIT:
                submit(case, self.user)
            elif step.transition is WITHDRAW:
                withdraw(case, self.user, step.reason)
                if step.merged_into is not None:
                    case.merged_into = step.merged_into
                    case.save()
            else:
                publish(case, self.user, self.note)
                self.plan.versions.append(f"{case.number} version 1")
        except NotPublishableError as error:
            self._refuse(case, error.problems)
        except WeakRecordError as error:
            step.plan.refuse(
                f"{error} Weigh this in the admin: import it as “in_review” and publish it there.",
                "status",
            )
        except ValidationError as error:
            for message in error.messages:
                step.plan.refuse(message, "status")

    def _public(self) -> set[int]:
        """Return the published cases that the rows change, directly or in a record they show."""
        keys = set(self._touched)
        public: set[int] = set()
        for record in self._shared:
            public.update(cases_mentioning(record).values_list("pk", flat=True))
        for batch in in_batches(sorted(keys - public)):
            public.update(
                Case.objects.published().filter(pk__in=batch).values_list("pk", flat=True)
            )
        return public

    def _waiting(self) -> tuple[set[int], set[int]]:
        """Return the cases whose changes wait, and those that came with a correction.

        A case that is new here came with a correction if its last version says something else.
        """
        touched = Case.objects.correctable().filter(pk__in=self._touched)
        with_versions = touched.filter(pk__in=self._new, versions__isnull=False)
        restored = cases_ahead(set(with_versions.values_list("pk", flat=True)))
        waiting = {case.pk for case in touched.exclude(pk__in=self._new) if waits(case, self.user)}
        return waiting, restored

    def _keep(self, keys: set[int], note: str) -> Iterator[None]:
        for batch in in_batches(sorted(keys), CASES_PER_BATCH):
            for case in keep(Case.objects.filter(pk__in=batch), note, self.undone_note):
                self.plan.versions.append(f"{case.number} correction")
            yield

    def _make_versions(self, public: set[int]) -> Iterator[None]:
        changed: set[int] = set()
        for key in sorted(public):
            case = Case.objects.get(pk=key)
            version = make_version(case, self.user, self.note)
            if version is not None:
                self.plan.versions.append(f"{case.number} version {version.number}")
                changed.add(key)
            yield
        self._record_edits(changed - self._touched)

    def _record_edits(self, keys: set[int]) -> None:
        """Record the editor and the time of an edit in many cases; see `record_edit()`."""
        now = timezone.now()
        for batch in in_batches(sorted(keys)):
            Case.objects.filter(pk__in=batch).update(updated_at=now, updated_by=self.user)

    def _refuse(self, case: Case, problems: list[Problem]) -> None:
        """Refuse the row, and name the column, that each problem of a public case is about."""
        for problem in problems:
            part, _, field = problem.path.partition(".")
            plan = self._rows.get((case.pk, part))
            if plan is None:
                plan, field = self._row_of(case), problem.path
            column = COLUMN_OF_FIELD.get(field, field)
            known = column in BY_NAME[plan.table].by_name
            place = "" if known or not problem.path else f"{problem.path}: "
            plan.refuse(
                f"{case.number} cannot be published. {place}{problem.message}",
                column if known else "",
            )

    def _row_of(self, case: Case) -> RowPlan:
        """Return the row of a case; if the file has none, add a row 0 for it."""
        if (case.pk, "") not in self._rows:
            self._rows[case.pk, ""] = RowPlan(CASES.name, 0, case.slug)
            self.plan.rows.append(self._rows[case.pk, ""])
        return self._rows[case.pk, ""]


def refusal_of_number(case: Case, before: Before) -> str:
    """Return why a case cannot have the number in the file, or ""."""
    if not case.number or case.number == before.number:
        return ""
    if before.number:
        return f"{before.number} is the permanent number of this case; leave the cell empty."
    other = Case.objects.filter(number=case.number).first()
    if other is not None:
        return (
            f"{case.number} is the number of another case here, “{other.title}” ({other.slug}). "
            "If it is the same case, give it that slug; if not, leave the number empty."
        )
    digits = case.number.removeprefix("DTW-")
    last = Counter.objects.filter(name="case_number").values_list("value", flat=True).first() or 0
    if digits.isdecimal() and (
        int(digits) >= FIRST_NUMBER or int(digits) > last + MAX_NUMBERS_SKIPPED
    ):
        return (
            f"{case.number} lies far beyond the last number, DTW-{last:04d}. Leave it empty: the "
            "case is given the next number."
        )
    return ""


def refusal_of_rule(
    rule: Any,
    before: Before,
    permits: Callable[[str], bool],
    user: User | None,
    published_elsewhere: bool,
) -> str:
    """Return why a directive or an exception cannot be stored with its status, or "".

    `published_elsewhere` says that the file has versions, and thus comes from another casebook.
    """
    was_public = not rule._state.adding and before.status == RuleStatus.PUBLISHED
    if not (was_public or rule.is_published):
        return ""
    if not permits(PUBLISH_RULES):
        return (
            "Your account may not publish this, or change what is published; write “draft” for a "
            "new record, or ask a reviewer."
        )
    if was_public and not rule.is_published:
        return "It is “published” here; an import cannot make it “draft”."
    # The person who imports it is its last editor.
    by_second_person = settings.REVIEW_BY_SECOND_PERSON and user is not None
    if not was_public and by_second_person and not published_elsewhere:
        return "A second person has to publish it; write “draft”."
    return ""


def refusal_of_version(version: Version) -> str:
    """Return why a version cannot be imported, or ""."""
    if digest(version.record) != version.digest:
        return "The record is not the one that the digest was made of; versions never change."
    try:
        entries(read_record(version.record))  # a date may have an expression that is none
    except (UnreadableRecordError, ValidationError):
        return "This record cannot be read as a case."
    return ""
