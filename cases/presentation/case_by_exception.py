"""Cases by directive exceptions: what each case says of each ground, and what else bears on it.

Most cases say nothing of any exception, and a table of silence would tell a reader nothing. Hence
each case also shows what is known of the duty in it: whether the directive was in force, whether
somebody was warned, whether the duty was named, and what came of requests for records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import QueryDict

from cases.evidence.sheet import CodedValue, CodingSheet, Derived, SheetSection
from cases.finding.case_query import CaseQuery
from cases.models import Case, DirectiveException, ExceptionAssessment
from cases.models.case import CaseQuerySet
from cases.models.vocabulary import AssessmentStatus, CaseStatus

MAX_CASES = 25
"""How many cases the table shows; those that say something come first."""


@dataclass(frozen=True)
class Known:
    """A coded value that bears on the duty in a case; `of` says of which warning it is."""

    of: str
    value: CodedValue


@dataclass(frozen=True)
class ExceptionRow:
    """A case with what it says of each exception, by the slug of that, and what else is known."""

    case: Case
    era: Derived
    said: dict[str, CodedValue]
    known: tuple[Known, ...]

    def says(self, exceptions: Iterable[DirectiveException]) -> bool:
        """Whether the case says something of one of these exceptions."""
        return any(exception.slug in self.said for exception in exceptions)


@dataclass(frozen=True)
class ByException:
    """The rows that are shown, of `total` published cases, of which `saying` say something."""

    rows: list[ExceptionRow]
    total: int
    saying: int


def by_exception() -> ByException:
    """Return the cases that say something of an exception, then the newest; in eleven queries.

    They are as many for any number of cases: the newest are known to the index of cases.
    """
    by_number = reported().order_by(Length("case__number"), "case__number")
    saying = list(by_number.values_list("case", flat=True).distinct())
    every = CaseQuery(QueryDict())
    keys = list(dict.fromkeys([*saying[:MAX_CASES], *every.keys[:MAX_CASES]]))[:MAX_CASES]
    published: CaseQuerySet = Case.objects.published().filter(pk__in=keys)
    found = {case.pk: case for case in published.for_detail()}
    rows = [_row(found[key]) for key in keys if key in found]
    return ByException(rows, total=every.total, saying=len(saying))


def reported() -> QuerySet[ExceptionAssessment]:
    """Return what published cases say of exceptions, leaving out that they say nothing."""
    public = ExceptionAssessment.objects.filter(case__status=CaseStatus.PUBLISHED)
    return public.exclude(status=AssessmentStatus.NOT_REPORTED)


def table(
    rows: Iterable[ExceptionRow], exceptions: Sequence[DirectiveException]
) -> list[tuple[ExceptionRow, list[tuple[DirectiveException, CodedValue | None]]]]:
    """Return each row with what it says of each of these exceptions: nothing, if of none."""
    return [
        (row, [(one, row.said.get(one.slug)) for one in exceptions] if row.says(exceptions) else [])
        for row in rows
    ]


def _row(case: Case) -> ExceptionRow:
    sheet = CodingSheet(case)
    parts = zip(case.assessments.all(), sheet.assessments, strict=True)
    said = {part.exception.slug: value for part, value in parts if not value.is_absent}
    (era,) = sheet.about_case.derived
    return ExceptionRow(case, era, said, tuple(_known(sheet)))


def _known(sheet: CodingSheet) -> Iterator[Known]:
    yield from _stated("", sheet.about_case, "kind", "records_status")
    for section in sheet.warnings:
        of = section.title if len(sheet.warnings) > 1 else "Warning"
        yield from _stated(of, section, "basis")


def _stated(of: str, section: SheetSection, *fields: str) -> Iterator[Known]:
    """Yield the values of some fields, but for absent ones on which no note has anything either."""
    for value in section.values:
        if value.field in fields and (not value.is_absent or value.note_effects):
            yield Known(of, value)
