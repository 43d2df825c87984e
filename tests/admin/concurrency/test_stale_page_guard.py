"""Actions and steps leave alone what was changed since the page they were chosen on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from cases.changelog import kind_of
from cases.models import Actor, Case, Note, Source
from tests.support.admin_forms import changeable, form_on, messages_on, page_of, signed_in
from tests.support.factories import make_actor, make_case, make_note, make_source

pytestmark = pytest.mark.django_db

LIST = "/admin/cases/case/"


@pytest.fixture
def bert() -> Client:
    return signed_in("Editors", first_name="Bert", last_name="Cole")


def save_and_leave(client: Client, record: Any, **values: str) -> None:
    data = form_on(client.get(page_of(record)), f"{record._meta.model_name}_form") | values
    assert client.post(page_of(record), data).status_code == 302


def chosen(client: Client, address: str, action: str, *records: Any) -> dict[str, Any]:
    """Return what the list sends when an action is chosen for some of its records."""
    data = form_on(client.get(address), "changelist-form")
    assert "_seen" in data
    return data | {"action": action, "_selected_action": [record.pk for record in records]}


def seen_on(page: Any) -> str:
    found = re.search(r'name="_seen" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def test_no_list_of_the_casebook_is_edited_in_place() -> None:
    # One that is would need the check that forms and actions have.
    assert not [page for page in admin.site._registry.values() if page.list_editable]


@pytest.mark.parametrize("action", ["submit_selected", "publish_selected", "delete_never_public"])
def test_action_on_a_case_changed_since_the_list_was_shown_is_refused(
    reviewer: Client, bert: Client, action: str
) -> None:
    case, other = make_case(complete=True), make_case(complete=True)
    data = chosen(reviewer, LIST, action, case, other)
    save_and_leave(bert, case, summary="What Bert wrote.")
    words = messages_on(reviewer.post(LIST, data, follow=True))
    assert f"{case} was changed since this page was made. Bert Cole," in words
    assert "Changed Summary." in words
    assert str(other) not in words
    assert "Nothing was done." in words
    assert {case.status for case in Case.objects.all()} == {"draft"}


def test_action_repeated_from_a_new_list_is_done(reviewer: Client, bert: Client) -> None:
    case = make_case(complete=True)
    save_and_leave(bert, case, summary="What Bert wrote.")
    data = chosen(reviewer, LIST, "submit_selected", case)
    assert "was submitted for review" in messages_on(reviewer.post(LIST, data, follow=True))


def test_action_on_a_case_is_done_although_another_changed(reviewer: Client, bert: Client) -> None:
    case, other = make_case(complete=True), make_case()
    data = chosen(reviewer, LIST, "submit_selected", case)
    save_and_leave(bert, other, summary="What Bert wrote.")
    save_and_leave(bert, case.warnings.get().issuer, name="New name")
    assert "was submitted for review" in messages_on(reviewer.post(LIST, data, follow=True))


def test_action_on_all_pages_of_the_list_is_refused_for_a_changed_one(
    reviewer: Client, bert: Client
) -> None:
    case, other = make_case(), make_case()
    data = chosen(reviewer, LIST, "submit_selected", other) | {"select_across": "1"}
    save_and_leave(bert, case, summary="What Bert wrote.")
    assert f"{case} was changed since" in messages_on(reviewer.post(LIST, data, follow=True))
    assert not Case.objects.exclude(status="draft").exists()


def test_action_on_many_changed_cases_tells_of_the_first_few(reviewer: Client) -> None:
    cases = [make_case() for _ in range(7)]
    data = chosen(reviewer, LIST, "submit_selected", *cases)
    Case.objects.update(summary="What an import wrote.")
    told = messages_on(reviewer.post(LIST, data, follow=True))
    assert told.count("was changed since") == 5
    assert "Others were changed since, too. Nothing was done." in told


def test_deletion_of_a_record_changed_while_it_waits_for_its_turn_is_refused(
    reviewer: Client, bert: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    data = chosen(reviewer, LIST, "delete_never_public", case) | {"post": "yes"}
    monkeypatch.setattr(
        "cases.admin.concurrency.stale_page_guard.acquire_write_lock",
        lambda: save_and_leave(bert, case, summary="What Bert wrote."),
    )
    assert f"{case} was changed since" in messages_on(reviewer.post(LIST, data, follow=True))
    assert Case.objects.get().summary == "What Bert wrote."


def test_withdrawal_chosen_on_an_old_list_is_refused(reviewer: Client, bert: Client) -> None:
    case = make_case(published=True)
    data = chosen(reviewer, LIST, "withdraw_selected", case)
    save_and_leave(bert, case, summary="Corrected.", change_note="A correction.")
    words = messages_on(reviewer.post(LIST, data, follow=True))
    assert f"{case} was changed since this page was made." in words


def test_withdrawal_of_a_case_changed_since_the_reason_was_asked_keeps_the_reason(
    reviewer: Client, bert: Client
) -> None:
    case = make_case(published=True)
    address = f"/admin/cases/case/withdraw/?cases={case.pk}"
    data = form_on(reviewer.get(address), "reason_form") | {"reason": "Two were one."}
    save_and_leave(bert, case, summary="Corrected.", change_note="A correction.")
    page = reviewer.post(address, data, follow=True)
    assert f"{case} was changed since this page was made. Bert Cole," in messages_on(page)
    again = form_on(page, "reason_form")
    assert again["reason"] == "Two were one."
    assert Case.objects.get().status == "published"
    assert "was withdrawn" in messages_on(reviewer.post(address, again, follow=True))


def test_weak_case_changed_since_it_was_weighed_is_not_published(
    reviewer: Client, bert: Client
) -> None:
    case = make_case(complete=True)
    address = f"/admin/cases/case/publish/?cases={case.pk}"
    data = form_on(reviewer.get(address), "reason_form") | {"reason": "It is well known."}
    save_and_leave(bert, case, summary="What Bert wrote.")
    page = reviewer.post(address, data, follow=True)
    assert f"{case} was changed since this page was made." in messages_on(page)
    again = form_on(page, "reason_form")
    assert again["reason"] == "It is well known."
    assert "was published" in messages_on(reviewer.post(address, again, follow=True))


@pytest.mark.parametrize("step", ["submit", "publish"])
def test_button_on_a_page_older_than_a_change_is_refused(
    reviewer: Client, bert: Client, step: str
) -> None:
    case = make_case(complete=True)
    data = {"_seen": seen_on(reviewer.get(page_of(case)))}
    save_and_leave(bert, case, summary="What Bert wrote.")
    page = reviewer.post(f"{LIST}{case.pk}/{step}/", data, follow=True)
    assert f"{case} was changed since this page was made. Bert Cole," in messages_on(page)
    assert Case.objects.get().status == "draft"
    data = {"_seen": seen_on(page)}
    reviewer.post(f"{LIST}{case.pk}/submit/", data)
    assert Case.objects.get().status == "in_review"


def test_button_after_a_change_by_the_same_person_elsewhere_is_refused(reviewer: Client) -> None:
    case = make_case(complete=True)
    data = {"_seen": seen_on(reviewer.get(page_of(case)))}
    save_and_leave(reviewer, case, summary="Written in another tab.")
    page = reviewer.post(f"{LIST}{case.pk}/submit/", data, follow=True)
    assert "You, on another page," in messages_on(page)


def test_button_after_a_change_by_a_command_tells_so(reviewer: Client) -> None:
    case = make_case(complete=True)
    data = {"_seen": seen_on(reviewer.get(page_of(case)))}
    case.warnings.update(channel="public")
    page = reviewer.post(f"{LIST}{case.pk}/submit/", data, follow=True)
    assert "Not on its own page: by an import" in messages_on(page)


@pytest.mark.parametrize("token", ["", "forged", "a:b:c", "\0", "é" * 10_000])
def test_action_or_button_with_a_forged_mark_is_refused(reviewer: Client, token: str) -> None:
    case = make_case(complete=True)
    sentence = "This page is out of date. Nothing was changed;"
    page = reviewer.post(f"{LIST}{case.pk}/submit/", {"_seen": token}, follow=True)
    assert sentence in messages_on(page)
    data = chosen(reviewer, LIST, "submit_selected", case) | {"_seen": token}
    assert sentence in messages_on(reviewer.post(LIST, data, follow=True))
    assert Case.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("model", "make", "field"),
    [
        (Actor, make_actor, "name"),
        (Source, make_source, "title"),
        (Note, make_note, "source_says"),
    ],
)
def test_deletion_of_a_record_changed_since_its_list_or_its_question_is_refused(
    reviewer: Client, bert: Client, model: Any, make: Any, field: str
) -> None:
    record = make()
    address = f"/admin/cases/{model._meta.model_name}/"
    data = chosen(reviewer, address, "delete_selected", record)
    save_and_leave(bert, record, **{field: "One"})
    assert "was changed since" in messages_on(reviewer.post(address, data, follow=True))

    data = chosen(reviewer, address, "delete_selected", record)
    confirm = form_on(reviewer.post(address, data), "delete_form")
    confirm["_selected_action"] = [record.pk]
    save_and_leave(bert, record, **{field: "Two"})
    assert "was changed since" in messages_on(reviewer.post(address, confirm, follow=True))
    assert model.objects.filter(pk=record.pk).exists()

    data = chosen(reviewer, address, "delete_selected", record)
    confirm = form_on(reviewer.post(address, data), "delete_form")
    done = reviewer.post(address, confirm, follow=True)
    assert "Successfully deleted 1" in messages_on(done)


def test_cases_chosen_for_deletion_are_deleted_once_confirmed(reviewer: Client) -> None:
    case = make_case()
    data = chosen(reviewer, LIST, "delete_never_public", case)
    confirm = form_on(reviewer.post(LIST, data), "delete_form")
    assert confirm["action"] == "delete_never_public"
    assert "Successfully deleted 1 case" in messages_on(reviewer.post(LIST, confirm, follow=True))
    assert not Case.objects.exists()


def test_every_record_that_the_admin_changes_is_followed_by_the_log_of_changes() -> None:
    assert [model for model in changeable() if not kind_of(model)] == []
