"""The table of the cases to which a directive applies, by the exceptions of that directive.

Most cases report nothing about any exception, so a table of exceptions alone would be empty. Each
row therefore also shows what is known of the duty to warn in the case: whether the directive was
in force, whether somebody was warned, whether the duty was named, and what came of requests for
records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet, Derived, SheetSection, assessments_of
from cases.finding.selection import NEWEST_FIRST
from cases.index import case_index
from cases.index.case_index import DIRECTIVE, EXCEPTION
from cases.models import Directive, DirectiveException
from cases.models.vocabulary import AssessmentStatus
from cases.record.building import directive_ref
from cases.record.classes import AssessmentRecord, CaseRecord
from cases.versions.current import current_records

# An exception, and what a case says of it; None if it says nothing.
Cell = tuple[DirectiveException, CodedValue | None]

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

    case: CaseRecord
    era: Derived
    said: dict[str, CodedValue]
    known: tuple[Known, ...]

    def says(self, exceptions: Iterable[DirectiveException]) -> bool:
        """Return whether the case reports on one of the exceptions."""
        return any(exception.slug in self.said for exception in exceptions)


@dataclass(frozen=True)
class ByException:
    """A directive with its exceptions, and the cases to which it applies.

    `exceptions` has the number of cases that report on each. `total` counts the cases to which the
    directive applies, `inferred` those of them in which only editors say so, and `saying` those
    that report on one of its exceptions; `rows` has the first.
    """

    directive: Directive
    exceptions: list[tuple[DirectiveException, int]]
    rows: list[ExceptionRow]
    total: int
    inferred: int
    saying: int

    @property
    def table(self) -> list[tuple[ExceptionRow, list[Cell]]]:
        """Each row with its value for each exception; an empty list if it has none at all."""
        exceptions = [exception for exception, _ in self.exceptions]
        return [
            (
                row,
                [(one, row.said.get(one.slug)) for one in exceptions]
                if row.says(exceptions)
                else [],
            )
            for row in self.rows
        ]


def by_exception(directives: Iterable[Directive]) -> list[ByException]:
    """Return each directive (fetched with its exceptions) with the cases to which it applies.

    Directives without an exception come last. Of the cases, those that report on an exception come
    first, and of each kind the newest. One query, whatever the number of directives and cases.
    """
    directives = sorted(directives, key=lambda one: not one.exceptions.all())
    index = case_index.current()
    with index.reading:
        counts, reporting = index.counts(EXCEPTION), index.having(EXCEPTION)
        applying = {one.slug: index.having(DIRECTIVE).get(one.slug, BitMap()) for one in directives}
        others = index.not_inferred(DIRECTIVE)
        inferred = {slug: cases - others.get(slug, BitMap()) for slug, cases in applying.items()}
        saying = {
            one.slug: applying[one.slug]
            & BitMap.union(
                BitMap(),
                *(reporting.get(each.slug, BitMap()) for each in one.exceptions.all()),
            )
            for one in directives
        }
        keys = {
            slug: [
                *islice(index.ordered(saying[slug], NEWEST_FIRST), MAX_CASES),
                *islice(index.ordered(applying[slug] - saying[slug], NEWEST_FIRST), MAX_CASES),
            ][:MAX_CASES]
            for slug in applying
        }
    wanted = {key for found in keys.values() for key in found}
    sheets = {key: CodingSheet(record) for key, record in current_records(wanted).items()}
    return [
        ByException(
            one,
            [(exception, counts.get(exception.slug, 0)) for exception in one.exceptions.all()],
            [_row(sheets[key], one) for key in keys[one.slug] if key in sheets],
            total=len(applying[one.slug]),
            inferred=len(inferred[one.slug]),
            saying=len(saying[one.slug]),
        )
        for one in directives
    ]


def assessments_in(
    cases: Iterable[int], exception: str
) -> list[tuple[CaseRecord, AssessmentRecord]]:
    """Return what some cases say of the exception with this slug, by their numbers; one query."""
    records = current_records(list(cases)).values()
    return [
        (record, part)
        for record in sorted(records, key=lambda record: (len(record.number), record.number))
        for part in record.assessments
        if part.exception.slug == exception and part.status != AssessmentStatus.NOT_REPORTED
    ]


def _row(sheet: CodingSheet, directive: Directive) -> ExceptionRow:
    parts = zip(assessments_of(sheet.record), sheet.assessments, strict=True)
    said = {part.exception.slug: value for part, value in parts if not value.is_absent}
    era = sheet.era_under(directive_ref(directive))
    return ExceptionRow(sheet.record, era, said, tuple(_known(sheet)))


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
