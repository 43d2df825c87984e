"""Two with the same record open: the second save is refused, and no value of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from cases.models import Actor, Case, Source
from tests.support.admin_conflicts import is_saved, told_on
from tests.support.admin_forms import (
    changeable,
    form_on,
    messages_on,
    opened,
    page_of,
    send,
    send_and_stay,
    signed_in,
)
from tests.support.factories import (
    make_actor,
    make_case,
    make_directive,
    make_exception,
    make_full_case,
    make_note,
    make_source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RECORDS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "case": (make_full_case, "summary", "title"),
    "actor": (make_actor, "description", "name"),
    "source": (make_source, "author", "title"),
    "directive": (make_directive, "authority", "title"),
    "directiveexception": (make_exception, "statement", "title"),
    "note": (make_note, "source_says", "evidence_says"),
}
"""Of each kind of record how to make one, and two of its fields."""

# The form of a case takes ten times as long as the others; its parts are another module's.
SMALL = [kind for kind in RECORDS if kind != "case"]


def test_every_record_that_the_admin_changes_is_tried_here() -> None:
    assert {model._meta.model_name for model in changeable()} == {*RECORDS}


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.slow
def test_record_saved_second_is_refused_and_tells_who_changed_what(
    anna: Client, bert: Client, kind: str
) -> None:
    make, field, other = RECORDS[kind]
    record = make()
    before = getattr(record, field)
    form = opened(anna, record)
    assert is_saved(send(bert, record, form | {field: "What Bert wrote."}))

    page = send(anna, record, form | {field: "What Anna wrote", other: "Another value"})

    told = told_on(page)
    assert "Not saved" in told
    assert "Bert Cole" in told
    assert f"Was {before or 'nothing'} Now What Bert wrote. Yours What Anna wrote" in told
    assert "Stored now: “What Bert wrote.”" in messages_on(page)
    assert ".”." not in page.text
    record.refresh_from_db()
    assert (kind != "case") or f"<h2>{record} · Draft</h2>" in page.text
    assert getattr(record, field) == "What Bert wrote."
    typed = form_on(page, f"{kind}_form")
    assert (typed[field], typed[other]) == ("What Anna wrote", "Another value")

    assert is_saved(send(anna, record, typed))
    record.refresh_from_db()
    assert (getattr(record, field), getattr(record, other)) == ("What Anna wrote", "Another value")


@pytest.mark.parametrize("kind", SMALL)
def test_record_saved_again_and_again_in_one_tab_is_saved(anna: Client, kind: str) -> None:
    make, field, __ = RECORDS[kind]
    record = make()
    form = opened(anna, record)
    for text in ("One", "Two"):
        page = send_and_stay(anna, record, form | {field: text})
        assert is_saved(page)
        record.refresh_from_db()
        assert getattr(record, field) == text
        form = form_on(page, f"{kind}_form")


def test_value_that_only_the_other_changed_is_taken_over(anna: Client, bert: Client) -> None:
    actor = make_actor(description="An armed group.")
    form = opened(anna, actor)
    send(bert, actor, form | {"description": "What Bert wrote."})
    page = send(anna, actor, form | {"name": "Anna’s name"})
    assert "Description Was An armed group. Now What Bert wrote." in told_on(page)
    assert "Yours" not in told_on(page)
    assert is_saved(send(anna, actor, form_on(page, "actor_form")))
    actor.refresh_from_db()
    assert (actor.name, actor.description) == ("Anna’s name", "What Bert wrote.")


def test_long_text_that_another_mended_is_told_as_one_with_what_differs(
    anna: Client, bert: Client
) -> None:
    text = "A long description in which nearly every word stays as it was."
    actor = make_actor(description=text)
    form = opened(anna, actor)
    send(bert, actor, form | {"description": text.replace("nearly", "almost")})
    page = send(anna, actor, form | {"name": "Anna’s name"})
    assert "in which <del>nearly </del><ins>almost </ins>every word" in page.text
    assert f"<h2>{actor}</h2>" in page.text, "the name that is stored, not the one that was typed"


def test_save_of_the_same_person_on_another_page_counts(anna: Client) -> None:
    actor = make_actor()
    form = opened(anna, actor)
    assert is_saved(send(anna, actor, form | {"description": "First."}))
    page = send(anna, actor, form | {"description": "Second."})
    assert "You, on another page" in told_on(page)
    assert Actor.objects.get().description == "First."


def test_page_changed_again_after_its_conflict_is_refused_again(anna: Client, bert: Client) -> None:
    actor = make_actor()
    mine = opened(anna, actor)
    for text in ("One.", "Two."):
        send(bert, actor, opened(bert, actor) | {"description": text})
        page = send(anna, actor, mine | {"description": "Mine."})
        assert f"Now {text} Yours Mine." in told_on(page)
        assert told_on(page).count("Bert Cole") == 1, "who saved since the last conflict"
        mine = form_on(page, "actor_form")
    assert is_saved(send(anna, actor, mine))


def test_change_outside_the_admin_is_told_as_such(anna: Client) -> None:
    case = make_case()
    mine = opened(anna, case)
    Case.objects.filter(pk=case.pk).update(records_status="released")
    told = told_on(send(anna, case, mine))
    assert "Not on its own page: by an import" in told
    assert "Requests for records Was No request reported Now Released" in told


@pytest.mark.slow
def test_status_that_changed_meanwhile_is_told(anna: Client, reviewer: Client) -> None:
    case = make_case(complete=True)
    mine = opened(anna, case)
    reviewer.post(page_of(case, "publish"))
    page = send(anna, case, mine | {"title": "New title"})
    assert "Status Was Draft Now Published" in told_on(page)
    assert Case.objects.get().title == case.title
    assert form_on(page)["change_note"] == "", "it is public now, and asks what changes"


# Pages that do not say what they were made from


@pytest.mark.parametrize("token", [None, "", "forged", "a:b:c", "é\0", "x" * 100_000])
def test_page_without_a_valid_state_is_refused_and_keeps_what_was_typed(
    anna: Client, token: str | None
) -> None:
    actor = make_actor()
    data = opened(anna, actor) | {"name": "New name"}
    del data["_state"]
    page = send(anna, actor, data if token is None else data | {"_state": token})
    told = told_on(page)
    assert "we cannot tell which version of the record you were editing" in told
    assert f"Name differs Now {actor.name} Yours New name" in told
    assert Actor.objects.get().name == actor.name
    assert is_saved(send(anna, actor, form_on(page, "actor_form")))
    assert Actor.objects.get().name == "New name"


def test_state_of_another_record_is_refused(anna: Client) -> None:
    actor = make_actor()
    mine = opened(anna, actor)
    for record in (make_actor(), make_source(pk=actor.pk)):
        foreign = opened(anna, record)["_state"]
        page = send(anna, actor, mine | {"_state": foreign, "name": "New"})
        assert "we cannot tell" in told_on(page)
    assert not Actor.objects.filter(name="New").exists()


def test_form_for_those_who_may_only_look_carries_no_conflict(reviewer: Client) -> None:
    public = make_note(make_case(published=True))
    assert reviewer.post(page_of(public), {"_state": "x"}).status_code == 403


# A record that is gone


@pytest.mark.parametrize("kind", SMALL)
def test_record_deleted_meanwhile_stands_in_the_form_of_a_new_one(anna: Client, kind: str) -> None:
    make, field, __ = RECORDS[kind]
    record = make()
    mine = opened(anna, record) | {field: "What Anna wrote"}
    key = record.pk
    record.delete()
    record.pk = key
    page = send(anna, record, mine)
    assert "does not exist any more" in told_on(page)
    assert "What Anna wrote" in page.text


def test_record_deleted_meanwhile_is_told_to_who_may_not_add_one() -> None:
    client = signed_in()
    user = User.objects.get()
    user.user_permissions.set(Permission.objects.filter(codename="change_source"))
    source = make_source()
    mine = opened(client, source) | {"title": "A long title that was typed"}
    key = source.pk
    source.delete()
    source.pk = key
    told = told_on(client.post(page_of(source), mine))
    assert "This is what you typed" in told
    assert "A long title that was typed" in told


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 40, "1_00"])
def test_form_sent_to_no_record_is_answered_with_a_page(anna: Client, key: str) -> None:
    page = anna.post(f"/admin/cases/actor/{key}/change/", {"name": "Typed"})
    assert "does not exist any more" in told_on(page)
    assert 'value="Typed"' in page.text
    assert not Actor.objects.exists()


# Deletion


@pytest.mark.slow
def test_record_changed_since_its_deletion_was_asked_about_is_kept(
    bert: Client, reviewer: Client
) -> None:
    case = make_case()
    confirm = form_on(reviewer.get(page_of(case, "delete")), "delete_form")
    send(bert, case, opened(bert, case) | {"summary": "What Bert wrote."})
    page = reviewer.post(page_of(case, "delete"), confirm)
    assert "Not deleted" in told_on(page)
    assert "Bert Cole" in told_on(page)
    assert Case.objects.exists()
    done = reviewer.post(page_of(case, "delete"), form_on(page, "delete_form"), follow=True)
    assert "was deleted successfully" in messages_on(done)
    assert not Case.objects.exists()


@pytest.mark.parametrize("token", [None, "forged"])
def test_deletion_without_a_valid_state_is_asked_about_again(
    reviewer: Client, token: str | None
) -> None:
    source = make_source()
    data = {"post": "yes"} if token is None else {"post": "yes", "_state": token}
    page = reviewer.post(page_of(source, "delete"), data)
    assert "we cannot tell which version of the record you were shown" in told_on(page)
    assert Source.objects.exists()
    reviewer.post(page_of(source, "delete"), form_on(page, "delete_form"))
    assert not Source.objects.exists()
