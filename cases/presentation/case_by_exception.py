"""The table of cases by directive exceptions.

Most cases report nothing about any exception, so a table of exceptions alone would be empty. Each
row therefore also shows what is known of the duty to warn in the case: whether the directive was
in force, whether somebody was warned, whether the duty was named, and what came of requests for
records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import QueryDict

from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet, Derived, SheetSection
from cases.finding.case_query import CaseQuery
from cases.models import Case, DirectiveException, ExceptionAssessment
from cases.models.case import CaseQuerySet
from cases.models.vocabulary import AssessmentStatus, CaseStatus

# Cases in the table; those that report on an exception come first.
MAX_CASES = 25


@dataclass(frozen=True)
class Known:
    """A coded value about the duty to warn; `of` names its warning, empty for the case itself."""

    of: str
    value: CodedValue


@dataclass(frozen=True)
class ExceptionRow:
    """A case with its assessments by the slug of the exception, and other values on the duty."""

    case: Case
    era: Derived
    said: dict[str, CodedValue]
    known: tuple[Known, ...]

    def says(self, exceptions: Iterable[DirectiveException]) -> bool:
        """Return whether the case reports on one of the exceptions."""
        return any(exception.slug in self.said for exception in exceptions)


@dataclass(frozen=True)
class ByException:
    """The rows of the table.

    `total` counts the published cases, `saying` those that report on an exception.
    """

    rows: list[ExceptionRow]
    total: int
    saying: int


def by_exception() -> ByException:
    """Return the cases that report on an exception, then the newest; eleven queries.

    The number of queries does not depend on the number of cases.
    """
    # Case numbers are texts: sorting by length first puts DTW-10000 after DTW-9999.
    by_number = reported().order_by(Length("case__number"), "case__number")
    saying = list(by_number.values_list("case", flat=True).distinct())
    # The index has all cases in their default order, newest first, without a query.
    every = CaseQuery(QueryDict())
    keys = list(dict.fromkeys([*saying[:MAX_CASES], *every.keys[:MAX_CASES]]))[:MAX_CASES]
    published: CaseQuerySet = Case.objects.published().filter(pk__in=keys)
    found = {case.pk: case for case in published.for_detail()}
    rows = [_row(found[key]) for key in keys if key in found]
    return ByException(rows, total=every.total, saying=len(saying))


def reported() -> QuerySet[ExceptionAssessment]:
    """Return the assessments of published cases, except those with the status "not reported"."""
    public = ExceptionAssessment.objects.filter(case__status=CaseStatus.PUBLISHED)
    return public.exclude(status=AssessmentStatus.NOT_REPORTED)


def table(
    rows: Iterable[ExceptionRow], exceptions: Sequence[DirectiveException]
) -> list[tuple[ExceptionRow, list[tuple[DirectiveException, CodedValue | None]]]]:
    """Return each row with its value for each exception; an empty list if it has none at all."""
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
    """Yield the values of `fields`, skipping absent ones that have no note."""
    for value in section.values:
        if value.field in fields and (not value.is_absent or value.note_effects):
            yield Known(of, value)
