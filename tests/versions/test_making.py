"""Public versions: one for each change the public sees, and none that changes afterwards."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from cases.models import Case, ImmutableError, Note, Version, Warning
from cases.record.stored import digest
from cases.versions.making import RELATIONS, cases_mentioning, make_version, make_versions
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)
from tests.support.records import case_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return make_case(published=True)


@pytest.fixture
def version(case: Case) -> Version:
    found: Version = Version.objects.get(case=case)
    return found


def retitle(case: Case, title: str) -> None:
    """Change the row of a case alone: its version is still to be made."""
    Case.objects.filter(pk=case.pk).update(title=title)


def test_version_holds_the_record_as_it_was(case: Case, version: Version) -> None:
    record = case_record(detail(case))
    assert version.number == 1
    assert version.record == record
    assert version.digest == digest(record)
    retitle(case, "Another")
    version.refresh_from_db()
    assert version.record["title"] == case.title
    assert digest(version.record) == version.digest


def test_version_of_an_unchanged_case_is_not_made(case: Case) -> None:
    assert make_version(case, None, "Nothing changed.") is None
    assert Version.objects.filter(case=case).count() == 1


def test_version_of_a_changed_case_is_the_next(case: Case) -> None:
    retitle(case, "Another")
    version = make_version(case, None, "Another title.")
    assert version is not None
    assert version.number == 2
    assert str(version) == f"{case.number}, version 2"


def test_version_of_a_case_changed_back_is_a_version_again(case: Case) -> None:
    retitle(case, "Another")
    make_version(case, None, "Another title.")
    retitle(case, case.title)
    version = make_version(case, None, "The first title again.")
    assert version is not None
    assert version.number == 3
    assert version.digest == Version.objects.get(case=case, number=1).digest


def test_version_reads_the_case_as_stored(case: Case) -> None:
    case.title = "Not saved"
    assert make_version(case, None, "Nothing changed.") is None


def test_version_cannot_be_changed(version: Version) -> None:
    version.change_note = "Something else."
    with pytest.raises(ImmutableError, match="cannot be changed"):
        version.save()
    with pytest.raises(ImmutableError):
        Version.objects.filter(pk=version.pk).update(change_note="Something else.")
    with pytest.raises(ImmutableError), transaction.atomic():
        Version.objects.bulk_update([version], ["change_note"])
    version.refresh_from_db()
    assert version.change_note == "First published."


def test_version_cannot_be_deleted(version: Version) -> None:
    with pytest.raises(ImmutableError, match="cannot be deleted"):
        version.delete()
    with pytest.raises(ImmutableError):
        Version.objects.all().delete()
    assert Version.objects.count() == 1


def test_version_with_the_key_of_another_does_not_replace_it(case: Case, version: Version) -> None:
    twin = Version(
        pk=version.pk, case=case, number=7, record={}, change_note="Forged.", digest="0" * 64
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    version.refresh_from_db()
    assert version.number == 1


@pytest.mark.parametrize("fields", [{"change_note": ""}, {"number": 0}, {"number": 1}])
def test_version_without_a_note_or_a_free_number_is_refused(
    case: Case, fields: dict[str, object]
) -> None:
    values = {"number": 2, "record": {}, "change_note": "Why.", "digest": "0" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(case=case, **values | fields)
    Version.objects.create(case=case, **values)


def test_version_stays_when_its_editor_goes(case: Case) -> None:
    editor = User.objects.create_user("editor")
    retitle(case, "Another")
    version = make_version(case, editor, "Another title.")
    assert version is not None
    assert version.editor == editor
    editor.delete()
    version.refresh_from_db()
    assert version.editor is None
    assert version.change_note == "Another title."


@pytest.mark.slow
def test_cases_showing_a_record_are_those_that_name_it_in_any_way() -> None:
    actor, source, exception = make_actor(kind="state"), make_source(), make_exception()
    showing: list[Case] = [make_case(published=True) for _ in range(8)]
    make_warning(showing[0], issuer=actor)
    make_warning(showing[1], recipients=[actor, make_actor()])
    make_incident(showing[2], country=actor)
    make_involvement(showing[3], actor=actor)
    make_claim(showing[4], speaker=actor, source=source)
    make_note(showing[5], source=source)
    note = make_note(showing[6], evidence=source)
    make_assessment(showing[7], exception=exception)
    make_warning(make_case(), issuer=actor)  # a draft
    assert list(cases_mentioning(actor).order_by("pk")) == showing[:5]
    assert list(cases_mentioning(source).order_by("pk")) == showing[4:7]
    assert list(cases_mentioning(exception)) == [showing[7]]
    assert list(cases_mentioning(note)) == [showing[6]]


def test_cases_showing_an_actor_are_found_by_every_relation_between_the_two() -> None:
    """A relation that is added to the models is to be added to the list, too."""
    related = {
        (relation.related_model, relation.field.name)
        for model in RELATIONS
        for relation in model._meta.related_objects
        if hasattr(relation.related_model, "case")
    }
    related.add((Warning, "intermediaries__actor"))  # whose rows are parts of a warning
    # A note on a directive or an exception is on no case.
    related -= {(Note, "directive"), (Note, "exception")}
    listed = {
        (Case._meta.get_field(part).related_model, name)
        for paths in RELATIONS.values()
        for part, _, name in (path.partition("__") for path in paths)
        if name
    }
    assert related == listed


@pytest.mark.slow
def test_versions_of_cases_that_a_renamed_actor_changes_are_made_and_others_not() -> None:
    actor = make_actor(name="Before")
    cases = [make_case(published=True) for _ in range(3)]
    for case in cases[:2]:
        make_warning(case, issuer=actor)
    actor.name = "After"
    actor.save()
    made = make_versions(cases_mentioning(actor), None, "Renamed.")
    assert [(version.case, version.number) for version in made] == [(cases[0], 2), (cases[1], 2)]
    assert made[0].record["warnings"][-1]["issuer"]["actor"]["name"] == "After"
    assert make_versions(cases_mentioning(actor), None, "Again.") == []
