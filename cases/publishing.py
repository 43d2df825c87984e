"""What a case must hold before the public sees it, and the steps from draft to withdrawn.

One set of record checks stands behind the admin, imports, the fixtures and `check_records`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as joined
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .coding import CodingSheet
from .models import Case, Claim
from .models.vocabulary import (
    AssessmentStatus,
    CaseKind,
    CaseStatus,
    Role,
    SourceKind,
)
from .models.warning import check_parties
from .revisions import make_revision

OFFICIAL_SOURCES = {SourceKind.OFFICIAL, SourceKind.DIRECTIVE, SourceKind.COURT}
WITHOUT_WARNINGS = {CaseKind.ALLEGED_FAILURE_TO_WARN, CaseKind.POLICY_ORIGIN}


@dataclass(frozen=True)
class Problem:
    """Something that keeps a case from being published: the value's path and a sentence."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class NotPublishableError(Exception):
    """A case was about to be published, or kept public, with problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


def problems_of(case: Case) -> list[Problem]:
    """Return everything that keeps `case` (fetched with `for_detail()`) from being public."""
    return list(
        joined(
            _invalid_records(case),
            _missing_or_surplus_parts(case),
            _claimant_without_incident(case),
            _unsupported_values(case),
            _unofficial_invocations(case),
        )
    )


def _records(case: Case) -> Iterator[Any]:
    yield case
    for related in ("warnings", "incidents", "involvements", "assessments", "claims"):
        yield from getattr(case, related).all()


def _invalid_records(case: Case) -> Iterator[Problem]:
    """Validate every record of the case; uniqueness is the database's, and is left to it."""
    for record in _records(case):
        path = getattr(record, "path", "")
        try:
            record.full_clean(validate_unique=False)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                place = ".".join(step for step in (path, field.strip("_")) if step != "all")
                yield from (Problem(place, message) for message in messages)
    for warning in case.warnings.all():
        if not warning.recipients.all():
            yield Problem(f"{warning.path}.recipients", "A warning has at least one recipient.")
        try:
            check_parties(warning.issuer, warning.recipients.all())
        except ValidationError as error:
            yield Problem(f"{warning.path}.recipients", error.messages[0])


def _missing_or_surplus_parts(case: Case) -> Iterator[Problem]:
    """Hold the kind of the case against its warnings and roles."""
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
    """A claimant claims something that happened: refuse one where nothing did."""
    incidents = list(case.incidents.all())
    if incidents and not any(incident.occurred for incident in incidents):
        for involvement in case.involvements.all():
            if involvement.role == Role.CLAIMANT:
                yield Problem(
                    involvement.path, "Nobody claims responsibility for what did not happen."
                )


def _unsupported_values(case: Case) -> Iterator[Problem]:
    for value in CodingSheet(case).values():
        if value.lacks_evidence:
            yield Problem(
                value.path, f"“{value.label}: {value.text}” has no claim that asserts it."
            )


def _unofficial_invocations(case: Case) -> Iterator[Problem]:
    """An exception is officially invoked only on the word of an official, directive or court."""
    for assessment in case.assessments.all():
        if assessment.status == AssessmentStatus.OFFICIALLY_INVOKED and not any(
            _is_official(claim) for claim in case.claims.all() if claim.assessment == assessment
        ):
            yield Problem(
                f"{assessment.path}.status",
                "“Officially invoked” needs a claim from an official, directive or court source.",
            )


def _is_official(claim: Claim) -> bool:
    return claim.source.kind in OFFICIAL_SOURCES


def require_publishable(case: Case) -> None:
    """Raise NotPublishableError, naming every problem, unless the case may be public."""
    problems = problems_of(Case.objects.for_detail().get(pk=case.pk))
    if problems:
        raise NotPublishableError(problems)


@transaction.atomic
def submit(case: Case, editor: User | None) -> None:
    """Hand a draft to the reviewers."""
    case.status = CaseStatus.IN_REVIEW
    _stamp(case, editor)


@transaction.atomic
def publish(case: Case, reviewer: User | None, change_note: str = "First published.") -> None:
    """Make a case public and keep its first version; raises NotPublishableError."""
    require_publishable(case)
    case.status = CaseStatus.PUBLISHED
    case.published_at = case.published_at or timezone.now()
    case.published_by = reviewer
    _stamp(case, reviewer)
    make_revision(case, reviewer, change_note)


@transaction.atomic
def withdraw(case: Case, reviewer: User | None, reason: str) -> None:
    """Take a case out of the collection; its number stays reserved and tells the reason."""
    case.status = CaseStatus.WITHDRAWN
    case.withdrawn_reason = reason
    _stamp(case, reviewer)


def _stamp(case: Case, user: User | None) -> None:
    case.updated_at, case.updated_by = timezone.now(), user
    case.full_clean(validate_unique=False)
    case.save()
