"""Numbers, slugs, sequences and uniqueness: what names a record, and keeps naming it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.models import Actor, Case, Counter, FormerSlug, Note, Warning
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)

pytestmark = pytest.mark.django_db


def number_of(case: Case) -> int:
    return int(case.number.removeprefix("DTW-"))


# Numbers


def test_case_number_is_the_next_one_with_four_digits() -> None:
    first, second = make_case(), make_case()
    assert first.number == "DTW-0001"
    assert second.number == "DTW-0002"


def test_case_number_of_a_deleted_case_is_not_used_again() -> None:
    last = make_case()
    last.delete()
    assert number_of(make_case()) == number_of(last) + 1


def test_case_number_given_by_hand_raises_the_counter() -> None:
    make_case(number="DTW-0007")
    assert make_case().number == "DTW-0008"
    make_case(number="DTW-0003")
    assert make_case().number == "DTW-0009"


def test_case_number_grows_past_four_digits() -> None:
    make_case(number="DTW-9999")
    assert make_case().number == "DTW-10000"


def test_case_number_rolls_back_with_its_case() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(status="elsewhere")
    assert make_case().number == "DTW-0001"


def test_case_number_changed_afterwards_is_refused() -> None:
    case = make_case()
    case.full_clean()
    case.number = "DTW-0815"
    with pytest.raises(ValidationError, match="A number is permanent"):
        case.full_clean()


def test_case_number_given_twice_is_refused() -> None:
    make_case(number="DTW-0007")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(number="DTW-0007")


@pytest.mark.parametrize("number", ["0001", "DTW-1", "DTW-", "dtw-0001", "DTW-00001", "DTW-000x"])
def test_case_number_of_another_form_is_refused(number: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(number=number)
    case = Case(number=number, slug="a", title="A", kind="warning_given", summary="A")
    with pytest.raises(ValidationError, match="A number looks like DTW-0001"):
        case.full_clean()


@pytest.mark.parametrize("number", ["DTW-0001", "DTW-12345", "DTW-123456789"])
def test_case_number_of_its_form_is_taken(number: str) -> None:
    make_case(number=number).full_clean()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own programs")
def test_sqlite_database_can_be_checked_by_other_programs() -> None:
    make_involvement(make_case(), actor=make_actor(wikidata_id="Q42"))
    connection.ensure_connection()
    # Without the functions that Django gives to its connections.
    with closing(sqlite3.connect(":memory:")) as other:
        other.deserialize(connection.connection.serialize())
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_case_without_a_number_yet_is_valid() -> None:
    Case(slug="a", title="A", kind="warning_given", summary="A").full_clean()


def test_case_number_left_out_by_a_bulk_write_is_refused() -> None:
    cases = [Case(slug="a", title="A", kind="warning_given", summary="A")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.bulk_create(cases)


def test_counter_hands_out_each_value_once() -> None:
    assert [Counter.objects.take("test") for _ in range(3)] == [1, 2, 3]
    Counter.objects.raise_to("test", 2)
    assert Counter.objects.take("test") == 4
    assert Counter.objects.take("another") == 1
    assert str(Counter.objects.get(name="test")) == "test: 4"


# Slugs


def test_former_slug_finds_the_record() -> None:
    case = make_case(slug="first")
    case.slug = "second"
    case.save()
    case.slug = "third"
    case.save()
    assert Case.current_slug("first") == "third"
    assert Case.current_slug("second") == "third"
    assert Case.current_slug("third") is None
    assert Case.current_slug("fourth") is None
    assert {str(former) for former in FormerSlug.objects.all()} == {"first", "second"}


def test_former_slug_taken_back_is_no_longer_former() -> None:
    case = make_case(slug="first")
    for slug in ("second", "first"):
        case.slug = slug
        case.full_clean()
        case.save()
    assert Case.current_slug("first") is None
    assert Case.current_slug("second") == "first"


def test_former_slug_of_another_record_is_refused() -> None:
    case = make_case(slug="first")
    case.slug = "second"
    case.save()
    other = Case(slug="first", title="A", kind="warning_given", summary="A")
    with pytest.raises(ValidationError, match="This was the slug of another record"):
        other.full_clean()


def test_former_slug_of_another_model_is_free() -> None:
    case = make_case(slug="first")
    case.slug = "second"
    case.save()
    make_actor(slug="first").full_clean()
    assert Actor.current_slug("first") is None


def test_former_slug_of_a_deleted_record_is_free() -> None:
    actor = make_actor(slug="first")
    actor.slug = "second"
    actor.save()
    actor.delete()
    assert Actor.current_slug("first") is None
    make_actor(slug="first").full_clean()


def test_former_slug_that_two_records_had_leads_to_the_last() -> None:
    first = make_actor(slug="shared")
    first.slug = "first"
    first.save()
    second = make_actor(slug="shared")
    second.slug = "second"
    second.save()
    assert Actor.current_slug("shared") == "second"


def test_former_slug_is_not_recorded_by_a_save_that_leaves_the_slug_out() -> None:
    case = make_case(slug="first")
    case.slug, case.title = "second", "New"
    case.save(update_fields=["title"])
    assert Case.current_slug("first") is None
    case.save(update_fields=["slug"])
    assert Case.current_slug("first") == "second"


@pytest.mark.parametrize("make", [make_actor, make_source, make_case, make_note, make_exception])
def test_slug_is_unique(make: object) -> None:
    assert callable(make)
    make(slug="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(slug="same")


@pytest.mark.parametrize("slug", ["", "two words", "Café", "a/b"])
def test_slug_that_is_no_address_is_refused(slug: str) -> None:
    case = make_case()
    case.slug = slug
    with pytest.raises(ValidationError) as refusal:
        case.full_clean()
    assert "slug" in refusal.value.message_dict


# Merged and withdrawn cases


def test_withdrawn_case_without_a_reason_is_refused() -> None:
    make_case(status="withdrawn", withdrawn_reason="It was a hoax.").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(status="withdrawn")
    case = make_case()
    case.status = "withdrawn"
    with pytest.raises(ValidationError, match="Say why the case is withdrawn"):
        case.full_clean()


def test_published_case_without_a_time_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(status="published")
    case = make_case()
    case.status = "published"
    with pytest.raises(ValidationError, match="time of its publication"):
        case.full_clean()


def test_merged_case_that_is_not_withdrawn_is_refused() -> None:
    target = make_case()
    make_case(status="withdrawn", withdrawn_reason="The same.", merged_into=target).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(merged_into=target)
    case = make_case()
    case.merged_into = target
    with pytest.raises(ValidationError, match="merged into another is withdrawn"):
        case.full_clean()


def test_case_merged_into_itself_is_refused() -> None:
    case = make_case(status="withdrawn", withdrawn_reason="The same.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(merged_into=case)


def test_cases_merged_into_each_other_are_refused() -> None:
    fields: dict[str, Any] = {"status": "withdrawn", "withdrawn_reason": "The same."}
    one = make_case(**fields)
    other = make_case(merged_into=one, **fields)
    one.merged_into = other
    with pytest.raises(ValidationError, match="gone into the other"):
        one.full_clean()


# What is unique within a case, and what it is called there


def test_parts_of_a_case_are_numbered_in_their_order() -> None:
    case, other = make_case(), make_case()
    assert [make_warning(case).sequence for _ in range(3)] == [1, 2, 3]
    assert [make_incident(case).sequence, make_claim(case).sequence] == [1, 1]
    assert make_warning(other).sequence == 1


def test_parts_of_a_case_with_the_same_number_are_refused() -> None:
    case = make_case()
    warning = make_warning(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_warning(case, sequence=1)
    twin = Warning(case=case, sequence=1, issuer=warning.issuer)
    with pytest.raises(ValidationError, match="already has a warning with this number"):
        twin.full_clean()


def test_role_of_an_actor_in_a_case_is_unique() -> None:
    case, actor = make_case(), make_actor()
    make_involvement(case, role="speaker", actor=actor)
    make_involvement(case, role="audience", actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_involvement(case, role="speaker", actor=actor)
    twin = make_involvement(case, role="context", actor=actor)
    twin.role = "speaker"
    with pytest.raises(ValidationError, match="already has this role in this case"):
        twin.full_clean()


def test_assessment_of_an_exception_in_a_case_is_unique() -> None:
    case, exception = make_case(), make_exception()
    make_assessment(case, exception=exception)
    make_assessment(make_case(), exception=exception)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_assessment(case, exception=exception)


@pytest.mark.parametrize("column", ["code", "order"])
def test_exception_code_and_order_are_unique_in_their_directive(column: str) -> None:
    directive = make_directive()
    exception = make_exception(directive=directive)
    same = {column: getattr(exception, column)}
    make_exception(**same)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_exception(directive=directive, **same)


@pytest.mark.parametrize(
    ("wording", "locator", "allowed"), [("", "", 1), ("a", "¶13", 1), ("a", "", 0)]
)
def test_exception_wording_comes_with_its_paragraph(
    wording: str, locator: str, allowed: int
) -> None:
    fields = {"article_wording": wording, "article_locator": locator}
    if allowed:
        make_exception(**fields).full_clean()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_exception(**fields)


def test_note_about_a_case_and_an_exception_at_once_is_refused() -> None:
    case = make_case()
    note = make_note(case)
    note.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_note(case, exception=make_exception())
    note.exception = make_exception()
    with pytest.raises(ValidationError, match="one case, directive or exception"):
        note.full_clean()


def test_note_about_a_value_of_no_case_is_refused() -> None:
    make_note(make_case(), field="kind").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_note(field="kind")


@pytest.mark.parametrize("column", ["source_says", "evidence_says"])
def test_note_that_says_one_side_only_is_refused(column: str) -> None:
    note = make_note()
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(**{column: ""})
    setattr(note, column, "")
    with pytest.raises(ValidationError, match="cannot be blank"):
        note.full_clean()


def test_note_subject_is_what_it_is_about() -> None:
    case, directive, exception, source = (
        make_case(),
        make_directive(),
        make_exception(),
        make_source(),
    )
    assert make_note(case).subject == case
    assert make_note(directive=directive).subject == directive
    assert make_note(exception=exception).subject == exception
    assert make_note(source=source).subject == source
