"""Restoring a version: the case holds it again, as a version of its own, and nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from cases.models import Actor, Case, Claim, Note, Source, Version
from cases.record.stored import as_json, read_record
from cases.review.checks import NotPublishableError
from cases.review.restoring import preview, restore
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
    support,
)
from tests.support.records import case_record

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("versions_made_by_hand"),
]


@pytest.fixture
def case() -> Case:
    return make_rich_case()


def make_rich_case() -> Case:
    """Return a published case with one of everything, in its second version."""
    case = make_case(complete=True, published=True)
    make_incident(case, date="2024-03-22", deaths=130, qualifier="more_than")
    make_involvement(case)
    make_assessment(case)
    make_note(case, field="warning-1.date")
    make_claim(case, "warning-1", speaker=make_actor())
    support(case)
    assert make_version(case, None, "Completed.") is not None
    return case


def version(case: Case, number: int) -> Version:
    found: Version = Version.objects.get(case=case, number=number)
    return found


def redate(case: Case, date: str) -> None:
    warning = case.warnings.get(sequence=1)
    warning.date_edtf = date
    warning.save()


def drop_rules(case: Case) -> None:
    """Take the directives and exceptions of a case away, with their claims."""
    case.claims.filter(assessment__isnull=False).delete()
    case.claims.filter(field="directives").delete()
    case.assessments.all().delete()
    case.directives.clear()


CHANGES: list[Callable[[Case], object]] = [
    lambda case: Case.objects.filter(pk=case.pk).update(title="Another", summary="Other words."),
    lambda case: redate(case, "2024-03-01"),
    lambda case: case.warnings.get(sequence=1).recipients.set([make_actor(), make_actor()]),
    lambda case: case.warnings.get(sequence=1).set_intermediaries([make_actor(), make_actor()]),
    lambda case: case.incidents.update(deaths=150, deaths_qualifier="at_least"),
    lambda case: (make_warning(case), support(case)),
    lambda case: (
        case.claims.filter(incident__isnull=False).delete(),
        case.incidents.all().delete(),
    ),
    lambda case: (
        case.claims.filter(involvement__isnull=False).delete(),
        case.involvements.all().delete(),
    ),
    lambda case: case.involvements.update(note="Said twice."),
    lambda case: make_claim(case, "warning-1.date", stance="disputes"),
    lambda case: case.claims.order_by("-sequence")[0].delete(),
    lambda case: make_note(case),
    lambda case: case.notes.all().delete(),
    lambda case: case.notes.update(evidence_says="Otherwise."),
    lambda case: case.assessments.update(status="ruled_out"),
    lambda case: case.directives.add(make_directive()),
    drop_rules,
]


@pytest.mark.parametrize("change", CHANGES)
def test_restore_takes_back_a_change(case: Case, change: Callable[[Case], object]) -> None:
    change(case)
    make_version(case, None, "Changed.")
    restored = restore(case, version(case, 2), None, "It was right.").version
    assert restored is not None
    assert restored.number == 4
    assert restored.change_note == "Version 2 restored: It was right."
    assert restored.record == version(case, 2).record == case_record(detail(case))


@pytest.mark.parametrize("seed", range(4))
def test_restore_after_any_changes_and_restorings_gives_that_version(case: Case, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    was = {2: version(case, 2).record}
    for _ in range(12):
        if chance.random() < 0.4:
            number = chance.choice(sorted(was))
            made = restore(case, version(case, number), None, "Back.").version
            assert case_record(detail(case)) == was[number]
        else:
            chance.choice(CHANGES)(case)
            support(case)
            made = make_version(case, None, "Changed.")
        if made is not None:
            was[made.number] = made.record
    for number, record in was.items():
        assert version(case, number).record == record
        assert as_json(read_record(record)) == record


def test_restore_keeps_the_parts_that_both_have(case: Case) -> None:
    keys = set(case.claims.values_list("pk", flat=True))
    make_claim(case, "kind")
    make_version(case, None, "One more.")
    restore(case, version(case, 2), None, "One less.")
    assert set(case.claims.values_list("pk", flat=True)) == keys


def test_restore_of_what_the_case_holds_makes_no_version(case: Case) -> None:
    assert restore(case, version(case, 2), None, "For nothing.").version is None
    assert Version.objects.filter(case=case).count() == 2


@pytest.mark.usefixtures("team_of_one")
def test_restore_names_the_editor(case: Case) -> None:
    editor = User.objects.create_user("ed")
    Case.objects.filter(pk=case.pk).update(title="Another")
    make_version(case, None, "Changed.")
    restored = restore(case, version(case, 2), editor, "It was right.").version
    assert restored is not None
    assert restored.editor == editor
    case.refresh_from_db()
    assert case.updated_by == editor


def test_restore_leaves_names_and_addresses_as_they_are_today(case: Case) -> None:
    issuer = case.warnings.get().issuer
    assert issuer is not None
    issuer.slug, issuer.name = "new-slug", "New name"
    issuer.save()
    case.slug = "new-address"
    case.save()
    make_version(case, None, "Renamed.")
    restore(case, version(case, 2), None, "Back.")
    case.refresh_from_db()
    assert case.slug == "new-address"
    assert case.warnings.get().issuer == issuer
    assert case_record(detail(case))["warnings"][0]["issuer"]["actor"]["name"] == "New name"


def test_restore_after_an_actor_in_a_role_was_renamed_keeps_the_one_role(case: Case) -> None:
    actor = case.involvements.get(role="speaker").actor
    actor.slug = "new-slug"
    actor.save()
    Case.objects.filter(pk=case.pk).update(title="Another")
    make_version(case, None, "Renamed.")
    restore(case, version(case, 2), None, "Back.")
    assert [part.actor for part in case.involvements.filter(role="speaker")] == [actor]


def test_restore_names_an_actor_that_is_gone_and_changes_nothing(case: Case) -> None:
    gone = case.involvements.get(role="speaker")
    case.claims.filter(involvement=gone).delete()
    gone.delete()
    Actor.objects.filter(pk=gone.actor_id).delete()
    make_version(case, None, "Taken out.")
    record = case_record(detail(case))
    with pytest.raises(ValidationError, match="is not in the casebook any more"):
        restore(case, version(case, 2), None, "Back.")
    assert case_record(detail(case)) == record


def test_restore_names_a_source_that_is_gone(case: Case) -> None:
    note = case.notes.get()
    note.delete()
    Source.objects.filter(pk=note.evidence_id).delete()
    make_version(case, None, "Taken out.")
    with pytest.raises(ValidationError, match="Source “"):
        restore(case, version(case, 2), None, "Back.")
    assert not Note.objects.filter(case=case).exists()


def test_restore_of_a_version_that_todays_checks_refuse_changes_nothing(case: Case) -> None:
    bad = version(case, 2).record
    bad["claims"] = []
    made = Version.objects.create(
        case=case, number=3, record=bad, change_note="Of old.", digest="0" * 64
    )
    with pytest.raises(NotPublishableError):
        restore(case, made, None, "Back.")
    assert Claim.objects.filter(case=case).exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_restore_without_a_reason_is_refused(case: Case, reason: str) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        restore(case, version(case, 1), None, reason)


def test_restore_of_another_cases_version_is_refused(case: Case) -> None:
    other = make_case(published=True)
    with pytest.raises(ValidationError, match="another case"):
        restore(case, version(other, 1), None, "By mistake.")


def test_restore_of_a_withdrawn_case_is_refused(case: Case) -> None:
    withdraw(case, None, "Wrong.")
    with pytest.raises(ValidationError, match="Only a published case"):
        restore(case, version(case, 1), None, "Back.")


def test_outcome_of_restoring_is_told_and_nothing_is_changed(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title="Another")
    make_version(case, None, "Changed.")
    record = case_record(detail(case))
    parts = preview(case, version(case, 2))
    assert [(part.title, [found.label for found in part.differences]) for part in parts] == [
        ("The case", ["Title"])
    ]
    assert case_record(detail(case)) == record
    assert Version.objects.filter(case=case).count() == 3
    assert preview(case, version(case, 3)) == []


def test_restore_writes_only_what_differs(
    case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        make_claim(case, "kind")
    make_version(case, None, "Thirty claims.")
    Case.objects.filter(pk=case.pk).update(title="Another")
    make_version(case, None, "Changed.")
    with django_assert_max_num_queries(95):  # and not three more for each of the claims
        restore(case, version(case, 3), None, "Back.")


def test_restore_names_the_record_that_the_models_refuse(case: Case) -> None:
    bad = version(case, 2).record
    bad["claims"][0]["quote"] = "word " * 20
    made = Version.objects.create(
        case=case, number=3, record=bad, change_note="Of old.", digest="0" * 64
    )
    with pytest.raises(ValidationError, match=r"Claim 1.*A quote has 15 words at most"):
        restore(case, made, None, "Back.")
