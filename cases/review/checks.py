"""The record checks, which a case must pass before it can be public.

The admin, imports, fixtures and `check_records` all run the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain as joined
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from cases.evidence.coded_value import CodedValue
from cases.evidence.problem import Problem
from cases.evidence.sheet import CodingSheet
from cases.evidence.values import label_of_path
from cases.models import Case, Claim
from cases.models.case import CaseQuerySet
from cases.models.vocabulary import (
    AssessmentStatus,
    CaseKind,
    CaseStatus,
    Role,
    SourceKind,
    Stance,
)
from cases.models.warning import check_parties
from cases.record.building import record_of
from cases.versions.making import CASES_PER_BATCH

OFFICIAL_SOURCES = {SourceKind.OFFICIAL, SourceKind.DIRECTIVE, SourceKind.COURT}
WITHOUT_WARNINGS = {CaseKind.ALLEGED_FAILURE_TO_WARN, CaseKind.POLICY_ORIGIN}

# Report the problems of at most this many other cases; above that, only say that some have any.
MAX_NAMED = 5


class NotPublishableError(Exception):
    """Raised if a case with problems would be published or stay public."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


def problems_of(case: Case) -> list[Problem]:
    """Return every problem that prevents publication of `case` (fetched with `for_detail()`)."""
    sheet = CodingSheet(record_of(case))
    return list(
        joined(
            _invalid_records(case),
            _missing_or_surplus_parts(case),
            _claimant_without_incident(case),
            assessments_without_directive(case),
            _rules_in_draft(case),
            _unsupported_values(sheet),
            _notes_about_nothing(case, sheet),
            _unofficial_invocations(case),
        )
    )


def problems_among(cases: CaseQuerySet) -> Iterator[str]:
    """Yield the problems of published cases as sentences, for at most `MAX_NAMED` cases.

    Corrections are left out: they are checked before they are published.
    """
    with_problems = 0
    for case in cases.at(CaseStatus.PUBLISHED).for_detail().iterator(chunk_size=CASES_PER_BATCH):
        problems = problems_of(case)
        with_problems += bool(problems)
        if with_problems > MAX_NAMED:
            yield "Other published cases could not stay public either."
            return
        yield from (f"{case.number} could not stay public: {problem}" for problem in problems)


def validate(record: Model) -> None:
    """Raise ValidationError if a record breaks a rule that the database cannot enforce."""
    # Uniqueness and foreign keys are left to the database: checking them here costs a query each.
    references = {field.name for field in record._meta.concrete_fields if field.is_relation}
    record.full_clean(exclude=references, validate_unique=False, validate_constraints=False)


def _invalid_records(case: Case) -> Iterator[Problem]:
    """Check the case and each of its parts against the rules of their models."""
    records: list[Any] = [case]
    for related in ("warnings", "incidents", "involvements", "assessments", "claims"):
        records += getattr(case, related).all()
    for record in records:
        path = getattr(record, "path", "")
        try:
            validate(record)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                # Django reports errors without a field under "__all__".
                place = ".".join(step for step in (path, field.strip("_")) if step != "all")
                yield from (Problem(place, message) for message in messages)
    # Recipients are saved after their warning, so its own validation cannot check them.
    for warning in case.warnings.all():
        try:
            check_parties(warning.issuer, warning.recipients.all(), warning.passed_on_by)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                yield from (Problem(f"{warning.path}.{field}", message) for message in messages)


def _missing_or_surplus_parts(case: Case) -> Iterator[Problem]:
    """Check that the kind of the case agrees with its warnings and roles."""
    warned = bool(case.warnings.all())
    if case.kind == CaseKind.WARNING_GIVEN and not warned:
        yield Problem("kind", "A case in which a warning was given has at least one warning.")
    if case.kind in WITHOUT_WARNINGS and warned:
        yield Problem("kind", f"A case of the kind “{case.get_kind_display()}” has no warnings.")
    if case.kind == CaseKind.ALLEGED_FAILURE_TO_WARN:
        roles = {involvement.role for involvement in case.involvements.all()}
        for role in (Role.ACCUSED, Role.INTENDED_VICTIM):
            if role not in roles:
                yield Problem("kind", f"An alleged failure to warn has a role “{role.label}”.")


def _claimant_without_incident(case: Case) -> Iterator[Problem]:
    """Check that a case with a claimant has an incident that was carried out."""
    if not any(incident.occurred for incident in case.incidents.all()):
        for involvement in case.involvements.all():
            if involvement.role == Role.CLAIMANT:
                yield Problem(
                    involvement.path,
                    "Nobody claims responsibility for what did not happen.",
                    name=str(involvement),
                )


def assessments_without_directive(case: Case) -> Iterator[Problem]:
    """Check that a case names the directive of each exception that it assesses."""
    applicable = set(case.directives.all())
    for assessment in case.assessments.all():
        directive = assessment.exception.directive
        if directive not in applicable:
            yield Problem(
                assessment.path,
                f"This is an exception of {directive}, which the case does not name. Add "
                f"{directive} to the applicable directives, or remove the exception.",
                name=str(assessment.exception),
            )


def _rules_in_draft(case: Case) -> Iterator[Problem]:
    """Check that the public may see the directives and exceptions that a case names."""
    for directive in case.directives.all():
        if not directive.is_published:
            yield Problem(
                "directives", f"{directive} is a draft. A reviewer publishes it first.", directive
            )
    for assessment in case.assessments.all():
        exception = assessment.exception
        if not exception.is_published:
            yield Problem(
                assessment.path,
                "It is a draft. A reviewer publishes it first.",
                exception,
                name=str(exception),
            )


def _unsupported_values(sheet: CodingSheet) -> Iterator[Problem]:
    for value in sheet.values():
        if value.lacks_evidence:
            yield problem_of(value, f"“{value.text}” has no claim that asserts it.")


def _notes_about_nothing(case: Case, sheet: CodingSheet) -> Iterator[Problem]:
    """Check that the case has the value that each note is about; its part may be deleted since."""
    paths = {"", *sheet.paths()}
    for note in case.notes.all():
        if note.field not in paths:
            yield Problem(
                f"{note.path}.field",
                "The case has no such value any more. Let the note be about another value, or "
                "delete it.",
                name=f"Note on {label_of_path(note.field)}",
            )


def problem_of(value: CodedValue, message: str) -> Problem:
    """Return a problem of a coded value, under the name that pages give the value."""
    is_exception = value.path.startswith("exception-")  # whose path does not tell its title
    return Problem(value.path, message, name=value.label if is_exception else "")


def _unofficial_invocations(case: Case) -> Iterator[Problem]:
    """Check that an officially invoked exception has a claim from an official source."""
    for assessment in case.assessments.all():
        if assessment.status == AssessmentStatus.OFFICIALLY_INVOKED and not any(
            _is_official(claim)
            for claim in case.claims.all()
            if claim.assessment_id == assessment.pk  # a claim about another case's is no evidence
        ):
            yield Problem(
                f"{assessment.path}.status",
                "“Officially invoked” needs a claim from an official, directive or court source.",
                name=str(assessment.exception),
            )


def _is_official(claim: Claim) -> bool:
    return claim.stance == Stance.ASSERTS and claim.source.kind in OFFICIAL_SOURCES


def require_publishable(case: Case) -> None:
    """Raise NotPublishableError with every problem, unless the stored case passes the checks."""
    get_publishable(case)


def get_publishable(case: Case) -> Case:
    """Return the stored case, fetched with `for_detail()`; raises NotPublishableError."""
    # Fetched again, because `case` may have unsaved values or an outdated prefetch.
    stored: Case = Case.objects.for_detail().get(pk=case.pk)
    problems = problems_of(stored)
    if problems:
        raise NotPublishableError(problems)
    return stored
