"""Actions and steps leave alone what was changed since the page they were chosen on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from cases.changelog import kind_of
from cases.models import Actor, Case, Note, Source
from tests.support.admin_forms import (
    changeable,
    form_on,
    messages_on,
    opened,
    page_of,
    signed_in,
)
from tests.support.factories import make_actor, make_case, make_note, make_source, make_warning

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/cases/case/"


@pytest.fixture
def bert() -> Client:
    return signed_in("Editors", first_name="Bert", last_name="Cole")


def save_and_leave(client: Client, record: Any, page: Any = None, **values: str) -> None:
    """Save a record with some values, from its page if that is open already."""
    form = opened(client, record) if page is None else form_on(page)
    assert client.post(page_of(record), form | values).status_code == 302


def change(case: Case) -> None:
    """Change a case as a command does: as good as a save where nobody asks who it was."""
    Case.objects.filter(pk=case.pk).update(summary="What a command wrote.")


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


@pytest.mark.slow
def test_action_on_a_case_changed_since_the_list_was_shown_is_refused(
    reviewer: Client, bert: Client, subtests: pytest.Subtests
) -> None:
    case, other = make_case(complete=True), make_case(complete=True)
    data = chosen(reviewer, LIST, "", case, other)
    save_and_leave(bert, case, summary="What Bert wrote.")
    for action in ("submit_selected", "publish_selected", "delete_never_public"):
        with subtests.test(action=action):
            page = reviewer.post(LIST, data | {"action": action}, follow=True)
            words = messages_on(page)
            assert f"{case} was changed since this page was made. Bert Cole," in words
            assert "Changed Summary." in words
            assert str(other) not in words
            assert "Nothing was done." in words
            assert [case.status for case in Case.objects.all()] == ["draft", "draft"]


def test_action_repeated_from_a_new_list_is_done(reviewer: Client) -> None:
    case = make_case(complete=True)
    change(case)
    data = chosen(reviewer, LIST, "submit_selected", case)
    assert "was submitted for review" in messages_on(reviewer.post(LIST, data, follow=True))


def test_action_on_a_case_is_done_although_another_changed(reviewer: Client, bert: Client) -> None:
    case, other = make_case(complete=True), make_case()
    data = chosen(reviewer, LIST, "submit_selected", case)
    change(other)
    save_and_leave(bert, case.warnings.get().issuer, name="New name")
    assert "was submitted for review" in messages_on(reviewer.post(LIST, data, follow=True))


def test_action_on_all_pages_of_the_list_is_refused_for_a_changed_one(reviewer: Client) -> None:
    case, other = make_case(), make_case()
    data = chosen(reviewer, LIST, "submit_selected", other) | {"select_across": "1"}
    change(case)
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
    reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    data = chosen(reviewer, LIST, "delete_never_public", case) | {"post": "yes"}
    monkeypatch.setattr("cases.admin.base.acquire_write_lock", lambda: change(case))
    assert f"{case} was changed since" in messages_on(reviewer.post(LIST, data, follow=True))
    assert Case.objects.get().summary == "What a command wrote."


def test_withdrawal_chosen_on_an_old_list_is_refused(reviewer: Client) -> None:
    case = make_case(published=True)
    data = chosen(reviewer, LIST, "withdraw_selected", case)
    change(case)
    words = messages_on(reviewer.post(LIST, data, follow=True))
    assert f"{case} was changed since this page was made." in words


@pytest.mark.slow
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


def test_weak_case_changed_since_it_was_weighed_is_not_published(reviewer: Client) -> None:
    case = make_case(complete=True)
    address = f"/admin/cases/case/publish/?cases={case.pk}"
    data = form_on(reviewer.get(address), "reason_form") | {"reason": "It is well known."}
    change(case)
    page = reviewer.post(address, data, follow=True)
    assert f"{case} was changed since this page was made." in messages_on(page)
    again = form_on(page, "reason_form")
    assert again["reason"] == "It is well known."
    assert "was published" in messages_on(reviewer.post(address, again, follow=True))


@pytest.mark.slow
def test_button_on_a_page_older_than_a_change_is_refused(reviewer: Client, bert: Client) -> None:
    case = make_case(complete=True)
    page = reviewer.get(page_of(case))
    data = {"_seen": seen_on(page)}
    save_and_leave(bert, case, page, summary="What Bert wrote.")
    for step in ("submit", "publish"):
        page = reviewer.post(page_of(case, step), data, follow=True)
        refused = f"{case} was changed since this page was made. Bert Cole,"
        assert refused in messages_on(page), step
        assert Case.objects.get().status == "draft", step
    reviewer.post(page_of(case, "submit"), {"_seen": seen_on(page)})
    assert Case.objects.get().status == "in_review"


@pytest.mark.slow
def test_button_after_a_change_by_the_same_person_elsewhere_is_refused(reviewer: Client) -> None:
    case = make_case()
    page = reviewer.get(page_of(case))
    save_and_leave(reviewer, case, page, summary="Written in another tab.")
    page = reviewer.post(page_of(case, "submit"), {"_seen": seen_on(page)}, follow=True)
    assert "You, on another page," in messages_on(page)


def test_button_after_a_change_by_a_command_tells_so(reviewer: Client) -> None:
    case = make_case()
    make_warning(case)
    data = {"_seen": seen_on(reviewer.get(page_of(case)))}
    case.warnings.update(channel="public")
    page = reviewer.post(page_of(case, "submit"), data, follow=True)
    assert "Not on its own page: by an import" in messages_on(page)


def test_action_or_button_with_a_forged_mark_is_refused(
    reviewer: Client, subtests: pytest.Subtests
) -> None:
    case = make_case(complete=True)
    data = chosen(reviewer, LIST, "submit_selected", case)
    for token in ("", "forged", "a:b:c", "\0", "é" * 10_000):
        with subtests.test(token=token[:10]):
            # The list shows what the button led to as well, and is made sooner than the page.
            reviewer.post(page_of(case, "submit"), {"_seen": token})
            words = messages_on(reviewer.post(LIST, data | {"_seen": token}, follow=True))
            assert words.count("This page is out of date. Nothing was changed;") == 2
            assert Case.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("model", "make", "field"),
    [
        (Actor, make_actor, "name"),
        (Source, make_source, "title"),
        (Note, make_note, "source_says"),
    ],
)
@pytest.mark.slow
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
