"""Nothing that evidence hangs on is deleted in passing; what belongs to a draft goes with it."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError, RestrictedError

from cases.models import Actor, Claim, Directive, Note, Source, Warning
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)

pytestmark = pytest.mark.django_db


def test_source_with_claims_is_protected() -> None:
    claim = make_claim(make_case())
    with pytest.raises(ProtectedError):
        claim.source.delete()
    claim.delete()
    claim.source.delete()


@pytest.mark.parametrize("end", ["source", "evidence"])
def test_source_of_a_note_is_protected(end: str) -> None:
    with pytest.raises(ProtectedError):
        getattr(make_note(), end).delete()


def test_source_others_derive_from_is_protected() -> None:
    original = make_source()
    make_source(derived_from=original)
    with pytest.raises(ProtectedError):
        original.delete()


def test_actor_in_use_is_protected() -> None:
    case = make_case()
    warning, involvement = make_warning(case), make_involvement(case)
    country = make_actor(kind="state")
    make_incident(case, country=country)
    speaker = make_actor(parent=(parent := make_actor()))
    make_claim(case, speaker=speaker)
    used = [warning.issuer, involvement.actor, country, speaker, parent]
    for actor in used:
        assert actor is not None
        with pytest.raises(ProtectedError):
            actor.delete()


def test_recipient_of_a_warning_is_protected() -> None:
    warning = make_warning(make_case())
    recipient = warning.recipients.get()
    with pytest.raises(ProtectedError):
        recipient.delete()
    with pytest.raises(ProtectedError):
        Actor.objects.filter(pk=recipient.pk).delete()
    warning.delete()
    recipient.delete()


def test_intermediary_of_a_warning_is_protected() -> None:
    actor = make_actor()
    warning = make_warning(make_case(), intermediaries=[actor])
    with pytest.raises(ProtectedError):
        actor.delete()
    with pytest.raises(ProtectedError):
        Actor.objects.filter(pk=actor.pk).delete()
    warning.delete()
    actor.delete()


def test_exception_in_use_and_its_directive_are_protected() -> None:
    assessment = make_assessment(make_case())
    with pytest.raises(ProtectedError):
        assessment.exception.delete()
    with pytest.raises(ProtectedError):
        assessment.exception.directive.delete()


def test_directive_that_applies_to_a_case_is_protected() -> None:
    case, directive = make_case(), make_directive()
    case.directives.add(directive)
    with pytest.raises(ProtectedError):
        directive.delete()
    with pytest.raises(ProtectedError):
        Directive.objects.filter(pk=directive.pk).delete()
    case.delete()
    directive.delete()


def test_jurisdiction_of_a_directive_is_protected() -> None:
    state = make_actor(kind="state")
    make_directive(jurisdiction=state)
    with pytest.raises(ProtectedError):
        state.delete()


def test_directive_with_a_note_is_protected() -> None:
    directive = make_directive()
    make_note(directive=directive)
    with pytest.raises(ProtectedError):
        directive.delete()


def test_part_of_a_case_with_evidence_is_not_deleted_alone() -> None:
    case = make_case()
    warning, incident = make_warning(case), make_incident(case)
    role, assessment = make_involvement(case), make_assessment(case)
    for part in (warning, incident, role, assessment):
        make_claim(case, part.path)
        with pytest.raises(RestrictedError):
            part.delete()


def test_case_never_published_is_deleted_with_all_its_parts() -> None:
    case = make_case(complete=True)
    make_note(case)
    case.delete()
    assert not Claim.objects.exists()
    assert not Warning.objects.exists()
    assert not Note.objects.exists()
    assert Source.objects.exists()
    assert Actor.objects.exists()


def test_case_with_public_versions_is_not_deleted() -> None:
    with pytest.raises(ProtectedError):
        make_case(published=True).delete()


def test_case_others_were_merged_into_is_not_deleted() -> None:
    target = make_case()
    make_case(status="withdrawn", withdrawn_reason="The same.", merged_into=target)
    with pytest.raises(ProtectedError):
        target.delete()
