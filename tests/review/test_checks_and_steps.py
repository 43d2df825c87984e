"""What keeps a case from being public, and the steps from draft to withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.evidence.problem import Problem
from cases.models import Actor, Case, Version
from cases.review.checks import NotPublishableError, problems_of, require_publishable
from cases.review.steps import publish, reinstate, submit, withdraw
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_source,
    make_warning,
    support,
)
from tests.support.stored import status_of

pytestmark = pytest.mark.django_db


def problems(case: Case) -> list[str]:
    return [str(problem) for problem in problems_of(detail(case))]


# Invariant 1: every coded value has a claim


def test_problems_complete_case_has_none() -> None:
    assert problems(make_case(complete=True)) == []


def test_problems_name_every_value_without_a_claim() -> None:
    case = make_case()
    make_warning(case, channel="private", content="An attack was near.")
    make_incident(case, date="2024-03", deaths=130, qualifier="more_than")
    role = make_involvement(case)
    assert {problem.path for problem in problems_of(detail(case))} == {
        "kind",
        "warning-1.issuer",
        "warning-1.recipients",
        "warning-1.channel",
        "warning-1.content",
        "incident-1.kind",
        "incident-1.date",
        "incident-1.deaths",
        role.path,
    }
    assert "Warning 1, channel: “Private” has no claim that asserts it." in problems(case)
    assert "Incident 1, deaths: “over 130” has no claim that asserts it." in problems(case)
    exception = make_assessment(case).exception
    assert f"{exception}: “Argued” has no claim that asserts it." in problems(case)


def test_problems_claim_that_only_disputes_does_not_support() -> None:
    case = make_case(complete=True)
    case.claims.filter(field="channel").update(stance="disputes")
    assert [problem.path for problem in problems_of(detail(case))] == ["warning-1.channel"]


def test_problems_records_request_needs_a_claim() -> None:
    case = make_case(complete=True, records_status="released")
    assert problems(case) == []
    Case.objects.filter(pk=case.pk).update(records_status="none_reported")
    assert problems(case) == []
    case.claims.filter(field="records_status").delete()
    Case.objects.filter(pk=case.pk).update(records_status="released")
    assert [problem.path for problem in problems_of(detail(case))] == ["records_status"]


# Invariant 3: issuer and recipients


def test_problems_warning_whose_parties_no_source_names_is_none() -> None:
    case = make_case(complete=True)
    case.claims.filter(field__in=("issuer", "recipients")).delete()
    warning = case.warnings.get()
    warning.recipients.clear()
    warning.issuer = None
    warning.save()
    assert problems(case) == []


def test_problems_warning_to_its_issuer_is_named() -> None:
    case = make_case(complete=True)
    warning = case.warnings.get()
    assert warning.issuer is not None
    warning.recipients.add(warning.issuer)
    assert set(problems(case)) == {
        "Warning 1, recipients: The issuer of a warning is not among its recipients."
    }


# Invariant 4: the kind of the case against its parts


def test_problems_warning_given_needs_a_warning() -> None:
    case = make_case()
    support(case)
    assert problems(case) == ["Kind: A case in which a warning was given has at least one warning."]


def test_problems_strategic_disclosure_may_do_without_a_warning() -> None:
    case = make_case(kind="strategic_disclosure")
    support(case)
    assert problems(case) == []
    make_warning(case)
    support(case)
    assert problems(case) == []


@pytest.mark.parametrize("kind", ["alleged_failure_to_warn", "policy_origin"])
def test_problems_kind_without_warnings_has_none(kind: str) -> None:
    case = make_case(kind=kind)
    for role in ("accused", "intended_victim"):
        make_involvement(case, role=role)
    support(case)
    assert problems(case) == []
    make_warning(case)
    support(case)
    (problem,) = problems(case)
    assert problem.endswith("has no warnings.")


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        (["accused"], ["Intended victim"]),
        (["intended_victim"], ["Accused of not warning"]),
        ([], ["Accused of not warning", "Intended victim"]),
    ],
)
def test_problems_alleged_failure_names_the_missing_roles(
    roles: list[str], missing: list[str]
) -> None:
    case = make_case(kind="alleged_failure_to_warn")
    for role in roles:
        make_involvement(case, role=role)
    support(case)
    assert problems(case) == [
        f"Kind: An alleged failure to warn has a role “{role}”." for role in missing
    ]


# Invariant 5: no claimant of what did not happen


@pytest.mark.parametrize("kind", ["none_reported", "averted"])
def test_problems_claimant_of_what_did_not_happen_is_named(kind: str) -> None:
    case = make_case()
    make_warning(case)
    incident = make_incident(case, kind=kind, qualifier="not_applicable")
    claimant = make_involvement(case, role="claimant")
    support(case)
    assert problems(case) == [f"{claimant}: Nobody claims responsibility for what did not happen."]
    incident.kind = "attack"
    incident.save()
    support(case)
    assert problems(case) == []


def test_problems_claimant_without_any_incident_is_named() -> None:
    case = make_case()
    make_warning(case)
    claimant = make_involvement(case, role="claimant")
    support(case)
    assert [problem.path for problem in problems_of(detail(case))] == [claimant.path]


# Invariant 7, and what changes elsewhere can break


def test_problems_claimant_whose_actor_changed_its_kind_is_named() -> None:
    case = make_case(complete=True)
    Actor.objects.filter(pk=case.involvements.get().actor_id).update(kind="individual")
    assert problems(case) == [
        "Claimed responsibility: Only an armed group or a state can claim responsibility."
    ]


def test_problems_claim_about_another_case_is_named() -> None:
    case = make_case(complete=True)
    stray = case.claims.get(field="channel")
    stray.warning = make_warning(make_case())
    stray.save()
    assert "The claim is about a part of another case." in problems(case)[0]
    assert {problem.path for problem in problems_of(detail(case))} >= {"warning-1.channel"}


# Directives


def test_problems_assessed_exception_needs_its_directive_among_those_that_apply() -> None:
    case = make_case(complete=True)
    assessment = make_assessment(case)
    make_claim(case, f"{assessment.path}.status")
    make_claim(case, "directives")
    assert problems(case) == []
    directive = assessment.exception.directive
    case.directives.set([make_directive()])
    assert problems(case) == [
        f"{assessment.exception}: This is an exception of {directive}, which the case does not "
        f"name. Add {directive} to the applicable directives, or remove the exception."
    ]


def test_problems_applicable_directive_needs_a_claim() -> None:
    case = make_case(complete=True)
    case.directives.add(make_directive(code="Rule 2"))
    expected = "Applicable directives: “Rule 2” has no claim that asserts it."
    assert problems(case) == [expected]
    make_claim(case, "directives", stance="disputes")
    assert problems(case) == [expected]
    make_claim(case, "directives", modality="inferred")
    assert problems(case) == []


# Invariant 9: officially invoked


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("official", True),
        ("directive", True),
        ("court", True),
        ("press", False),
        ("scholarship", False),
        ("other", False),
        ("synthetic", False),
    ],
)
def test_problems_official_invocation_needs_an_official_source(kind: str, allowed: bool) -> None:
    case = make_case(complete=True)
    assessment = make_assessment(case, status="officially_invoked")
    make_claim(case, f"{assessment.path}.status", source=make_source(kind=kind))
    expected = "“Officially invoked” needs a claim from an official, directive or court source."
    assert problems(case) == ([] if allowed else [f"{assessment.exception}: {expected}"])


def test_problems_official_invocation_that_the_official_source_disputes_is_named() -> None:
    case = make_case(complete=True)
    path = f"{make_assessment(case, status='officially_invoked').path}.status"
    make_claim(case, path)
    make_claim(case, path, source=make_source(kind="court"), stance="disputes")
    assert len(problems(case)) == 1
    make_claim(case, path, source=make_source(kind="court"))
    assert problems(case) == []


def test_problems_assessment_not_reported_needs_no_claim() -> None:
    case = make_case(complete=True)
    make_assessment(case, status="not_reported")
    assert problems(case) == []


# The cost, and the words


@pytest.mark.slow
def test_problems_take_the_same_queries_however_many_claims() -> None:
    counts = []
    for size in (1, 5):
        case = make_case(complete=True)
        for _ in range(size):
            make_warning(case)
            make_incident(case, country=make_actor(kind="state"))
            make_involvement(case)
            support(case)
        with CaptureQueriesContext(connection) as queries:
            assert problems(case) == []
        counts.append(len(queries))
    # The ten of for_detail(), the case's former slugs and its number.
    assert counts == [12, 12]


def test_problem_is_worded_with_its_path_if_it_has_one() -> None:
    assert str(Problem("warning-1.date_edtf", "Why.")) == "Warning 1, date (EDTF): Why."
    assert str(Problem("", "Why.")) == "Why."


# Transitions


def test_submit_draft_goes_into_review(user: User) -> None:
    case = make_case()
    submit(case, user)
    assert status_of(case) == "in_review"
    assert case.review_steps.get().taken_by == user
    assert not Case.objects.published().exists()


@pytest.mark.parametrize("options", [{"published": True}, {"status": "in_review"}])
def test_submit_anything_but_a_draft_is_refused(options: dict[str, Any], user: User) -> None:
    case = make_case(**options)
    before = status_of(case)
    with pytest.raises(ValidationError, match=r"cannot be submitted|already has the status"):
        submit(case, user)
    assert status_of(case) == before


def test_publish_case_without_problems_is_public_with_its_first_version(user: User) -> None:
    case = make_case(complete=True)
    publish(case, user)
    stored = Case.objects.published().get()
    assert stored == case
    assert stored.is_public
    assert stored.published_at is not None
    assert (stored.published_by, stored.updated_by) == (user, None)
    version = Version.objects.get(case=case)
    assert (version.number, version.change_note, version.editor) == (
        1,
        "First published.",
        user,
    )
    assert version.record["status"] == "published"


def test_publish_case_with_problems_is_refused_and_changes_nothing(user: User) -> None:
    case = make_case()
    with pytest.raises(NotPublishableError) as refusal:
        publish(case, user)
    assert "at least one warning" in str(refusal.value)
    assert {problem.path for problem in refusal.value.problems} == {"kind"}
    assert status_of(case) == "draft"
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        {"published": True},
        {"complete": True, "status": "withdrawn", "withdrawn_reason": "A doubt."},
    ],
)
def test_publish_anything_but_a_draft_or_a_reviewed_case_is_refused(
    options: dict[str, Any], user: User
) -> None:
    case = make_case(**options)
    before = status_of(case)
    with pytest.raises(ValidationError, match=r"Reinstate it instead|already has the status"):
        publish(case, user)
    assert status_of(case) == before


def test_publish_case_in_review_is_public(user: User) -> None:
    case = make_case(complete=True)
    submit(case, None)
    publish(case, user, "Coded from a court's file.")
    assert status_of(case) == "published"
    assert Version.objects.get(case=case).change_note == "Coded from a court's file."


def test_require_publishable_looks_at_the_case_as_stored() -> None:
    case = make_case(complete=True)
    case.kind = "policy_origin"
    require_publishable(case)
    case.save()
    with pytest.raises(NotPublishableError):
        require_publishable(case)


def test_withdraw_public_case_leaves_its_number_and_tells_why(user: User) -> None:
    case = make_case(published=True)
    withdraw(case, user, "It was a hoax.")
    stored = Case.objects.get(number=case.number)
    assert (stored.status, stored.withdrawn_reason) == ("withdrawn", "It was a hoax.")
    assert not Case.objects.published().exists()
    assert Version.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_withdraw_case_that_is_not_public_is_refused(status: str, user: User) -> None:
    case = make_case(status=status)
    with pytest.raises(ValidationError, match="cannot be withdrawn"):
        withdraw(case, user, "It was a hoax.")
    assert status_of(case) == status


@pytest.mark.parametrize("reason", ["", "  "])
def test_withdraw_without_a_reason_is_refused(reason: str, user: User) -> None:
    case = make_case(published=True)
    with pytest.raises(ValidationError, match="Say why the case is withdrawn"):
        withdraw(case, user, reason)
    assert status_of(case) == "published"


def test_reinstate_withdrawn_case_is_public_as_a_new_version(user: User) -> None:
    case = make_case(published=True)
    first = Version.objects.get(case=case)
    withdraw(case, user, "It was a hoax.")
    step = case.review_steps.get(status="withdrawn")
    version = reinstate(case, user, " It was none. ")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.status, stored.withdrawn_reason) == ("published", "")
    assert stored.published_at == Case.objects.get(pk=case.pk).published_at
    assert (version.number, version.change_note) == (2, "Reinstated: It was none.")
    assert (version.withdrawn_at, version.withdrawn_reason) == (step.taken_at, "It was a hoax.")
    assert version.digest == first.digest
    assert case.review_steps.filter(status="published", reason="It was none.").exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_reinstate_without_a_reason_is_refused(reason: str, user: User) -> None:
    case = make_case(published=True)
    withdraw(case, user, "It was a hoax.")
    with pytest.raises(ValidationError, match="Say why the case is reinstated"):
        reinstate(case, user, reason)
    assert status_of(case) == "withdrawn"


@pytest.mark.parametrize("status", ["draft", "in_review", "published"])
def test_reinstate_anything_but_a_withdrawn_case_is_refused(status: str, user: User) -> None:
    case = (
        make_case(published=True)
        if status == "published"
        else make_case(complete=True, status=status)
    )
    with pytest.raises(ValidationError, match=r"cannot be reinstated|already has the status"):
        reinstate(case, user, "Why.")
    assert status_of(case) == status


def test_reinstate_merged_case_is_refused(user: User) -> None:
    case, other = make_case(published=True), make_case(published=True)
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", withdrawn_reason="The same.", merged_into=other
    )
    with pytest.raises(ValidationError, match="Undo the merge instead"):
        reinstate(case, user, "Why.")
    assert status_of(case) == "withdrawn"


@pytest.mark.usefixtures("team_of_one")
def test_reinstate_case_with_problems_is_refused_and_changes_nothing(user: User) -> None:
    case = make_case(published=True)
    withdraw(case, user, "It was a hoax.")
    case.claims.filter(field="channel").delete()
    with pytest.raises(NotPublishableError):
        reinstate(case, user, "Why.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.status, stored.withdrawn_reason) == ("withdrawn", "It was a hoax.")
    assert Version.objects.filter(case=case).count() == 1


def test_reinstate_by_the_last_editor_is_refused(user: User) -> None:
    case = make_case(published=True)
    withdraw(case, None, "It was a hoax.")
    Case.objects.filter(pk=case.pk).update(updated_by=user)
    with pytest.raises(ValidationError, match="a different reviewer has to reinstate it"):
        reinstate(case, user, "Why.")
    reinstate(case, User.objects.create_user("another"), "Why.")
    assert status_of(case) == "published"
