"""Review: who may publish what, sending back, and the record of each step."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.models import Case, ReviewStep
from cases.review.steps import publish, send_back, submit, withdraw
from tests.support.admin_forms import (
    act,
    add_row,
    form_on,
    messages_on,
    opened,
    page_of,
    save,
    signed_in,
    take_step,
    user_of,
)
from tests.support.factories import make_case, make_claim, make_note, make_source
from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]

LIST = "/admin/cases/case/"
OWN_EDIT = "You made the last change, so a different reviewer"


def stored(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# The second person


def test_publish_by_the_last_editor_is_refused() -> None:
    user = User.objects.create_user("one")
    case = make_case(complete=True, updated_by=user)
    with pytest.raises(ValidationError, match=OWN_EDIT):
        publish(case, user)
    assert stored(case).status == "draft"
    assert not case.versions.exists()


def test_publish_by_somebody_else_or_without_a_person_is_allowed() -> None:
    user, other = User.objects.create_user("one"), User.objects.create_user("two")
    for reviewer in (other, None):
        case = make_case(complete=True, updated_by=user)
        publish(case, reviewer)
        assert stored(case).status == "published"


def test_publish_of_a_case_whose_editor_is_gone_is_allowed() -> None:
    user, other = User.objects.create_user("one"), User.objects.create_user("two")
    case = make_case(complete=True, updated_by=user)
    user.delete()
    publish(stored(case), other)
    assert stored(case).status == "published"


def test_publish_by_the_last_editor_in_a_team_of_one_is_allowed(settings: Any) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    user = User.objects.create_user("one")
    case = make_case(complete=True, updated_by=user)
    publish(case, user)
    assert stored(case).status == "published"


def test_publish_looks_at_the_editor_as_stored() -> None:
    user = User.objects.create_user("one")
    case = make_case(complete=True)
    Case.objects.update(updated_by=user)
    with pytest.raises(ValidationError, match=OWN_EDIT):
        publish(case, user)


def test_steps_leave_the_last_editor_as_it_is() -> None:
    user, other = User.objects.create_user("one"), User.objects.create_user("two")
    case = make_case(complete=True, updated_by=user)
    before = case.updated_at
    submit(case, other)
    send_back(case, other, "A doubt.")
    submit(case, other)
    assert stored(case).updated_by == user
    publish(case, other)
    withdraw(case, other, "A hoax.")
    assert stored(case).updated_by == user
    assert stored(case).updated_at > before


def test_case_submitted_by_its_editor_is_not_theirs_to_publish(reviewer: Client) -> None:
    case = make_case(complete=True)
    save(reviewer, case, title="New title")
    reviewer.post(page_of(case, "submit"))
    for page in (take_step(reviewer, case, "publish"), act(reviewer, "publish_selected", case)):
        assert OWN_EDIT in messages_on(page)
    assert stored(case).status == "in_review"
    page = reviewer.get(page_of(case))
    assert f"{case.pk}/publish/" not in page.text
    assert OWN_EDIT in words_of(page)


def test_case_of_a_team_of_one_is_theirs_to_publish(reviewer: Client, settings: Any) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    case = make_case(complete=True, updated_by=user_of(reviewer))
    page = reviewer.get(page_of(case))
    assert f"{case.pk}/publish/" in page.text
    assert OWN_EDIT not in page.text
    assert f"{stored(case)} was published." in messages_on(take_step(reviewer, case, "publish"))


def test_case_submitted_by_a_reviewer_for_its_editor_can_be_published(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(complete=True, updated_by=user_of(editor))
    assert OWN_EDIT not in take_step(reviewer, case, "submit").text
    reviewer.post(page_of(case, "publish"))
    assert stored(case).status == "published"


def test_case_edited_by_the_reviewer_in_review_needs_another(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(complete=True, updated_by=user_of(editor))
    editor.post(page_of(case, "submit"))
    save(reviewer, case, summary="Clearer words.")
    assert OWN_EDIT in messages_on(take_step(reviewer, case, "publish"))
    signed_in("Reviewers").post(page_of(case, "publish"))
    assert stored(case).status == "published"


def test_case_saved_unchanged_keeps_its_last_editor(editor: Client, reviewer: Client) -> None:
    case = make_case(complete=True, updated_by=user_of(editor))
    before = stored(case).updated_at
    save(reviewer, case)
    assert (stored(case).updated_by, stored(case).updated_at) == (user_of(editor), before)


def test_case_whose_claim_was_changed_has_a_new_last_editor(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(updated_by=user_of(editor))
    make_claim(case)
    save(reviewer, case, **{"claims-0-locator": "¶7"})
    assert stored(case).updated_by == user_of(reviewer)


def test_case_with_a_new_row_has_a_new_last_editor(editor: Client, reviewer: Client) -> None:
    case = make_case(updated_by=user_of(editor))
    data = opened(reviewer, case)
    row = {"about": "kind", "source": make_source().pk, "locator": "¶2", "gist": "So."}
    add_row(data, "claims", modality="stated", **row)
    reviewer.post(page_of(case), data)
    assert stored(case).updated_by == user_of(reviewer)


def test_note_of_a_draft_changed_or_deleted_on_its_own_page_is_an_edit(
    editor: Client, reviewer: Client
) -> None:
    case = make_case(complete=True)
    notes = [make_note(case) for __ in range(3)]
    address = reverse("admin:cases_note_change", args=[notes[0].pk])

    def last_editor_after(page: Any) -> User | None:
        assert page.status_code == 200
        editor_now: User | None = stored(case).updated_by
        Case.objects.update(updated_by=user_of(editor))
        return editor_now

    data = form_on(reviewer.get(address), "note_form")
    assert last_editor_after(reviewer.post(address, data, follow=True)) is None
    data |= {"source_says": "Something else."}
    assert last_editor_after(reviewer.post(address, data, follow=True)) == user_of(reviewer)
    address = reverse("admin:cases_note_delete", args=[notes[1].pk])
    page = reviewer.post(address, form_on(reviewer.get(address), "delete_form"), follow=True)
    assert last_editor_after(page) == user_of(reviewer)
    chosen = {"action": "delete_selected", "_selected_action": [notes[2].pk], "post": "yes"}
    page = reviewer.post("/admin/cases/note/", chosen, follow=True)
    assert last_editor_after(page) == user_of(reviewer)
    assert list(case.notes.all()) == [notes[0]]


# Sending back


def test_send_back_makes_a_draft_and_keeps_the_reason() -> None:
    user = User.objects.create_user("one")
    case = make_case(status="in_review")
    send_back(case, user, "Who said it?")
    step = case.review_steps.get()
    assert (stored(case).status, step.reason, step.taken_by) == ("draft", "Who said it?", user)
    assert str(step) == f"{case.number} sent back"


@pytest.mark.parametrize("reason", ["", "  "])
def test_send_back_without_a_reason_is_refused(reason: str) -> None:
    case = make_case(status="in_review")
    with pytest.raises(ValidationError, match="Say why the case is sent back"):
        send_back(case, None, reason)
    assert stored(case).status == "in_review"
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.create(case=case, status="draft")


@pytest.mark.parametrize("options", [{}, {"published": True}])
def test_send_back_of_a_case_not_in_review_is_refused(options: dict[str, Any]) -> None:
    case = make_case(**options)
    with pytest.raises(ValidationError, match=r"cannot be sent back|already has the status"):
        send_back(case, None, "A doubt.")


def test_case_sent_back_shows_its_editor_the_reason(editor: Client, reviewer: Client) -> None:
    case = make_case(complete=True)
    take_step(editor, case, "submit")
    button = f"{LIST}send-back/?cases={case.pk}"
    assert button in reviewer.get(page_of(case)).text

    asked = reviewer.get(button)
    assert str(case) in asked.text
    refused = reviewer.post(button, {"reason": " "})
    assert "Say why; the editor reads it." in messages_on(refused)
    done = reviewer.post(button, {"reason": "Who <b>said</b> it?"}, follow=True)
    assert f"{case} was sent back." in messages_on(done)

    page = editor.get(page_of(case))
    assert "Sent back by reviewers" in words_of(page)
    assert "Who &lt;b&gt;said&lt;/b&gt; it?" in page.text
    history = editor.get(reverse("admin:cases_case_history", args=[case.pk])).text
    assert "was sent back. Reason: Who" in history

    take_step(editor, case, "submit")
    words = words_of(editor.get(page_of(case)))
    assert "Mend it and submit the case again" not in words
    assert "Review: 3 steps, last submitted for review by editors" in words


def test_cases_sent_back_from_the_list_are_taken_one_by_one(reviewer: Client) -> None:
    waiting, draft = make_case(status="in_review"), make_case()
    page = act(reviewer, "send_back_selected", waiting, draft)
    address = page.redirect_chain[-1][0]
    words = messages_on(reviewer.post(address, {"reason": "A doubt."}, follow=True))
    assert f"{waiting} was sent back." in words
    assert f"{draft} already has the status “Draft”." in words
    assert stored(waiting).status == "draft"


def test_sending_back_by_editor_is_refused_and_not_offered(editor: Client) -> None:
    case = make_case(status="in_review")
    address = f"{LIST}send-back/?cases={case.pk}"
    assert address not in editor.get(page_of(case)).text
    assert "send_back_selected" not in editor.get(LIST).text
    assert editor.get(address).status_code == 403
    assert editor.post(address, {"reason": "Why."}).status_code == 403
    chosen = {"action": "send_back_selected", "_selected_action": [case.pk]}
    assert editor.post(LIST, chosen).status_code == 403
    assert stored(case).status == "in_review"


def test_sending_back_by_a_visitor_asks_to_sign_in(client: Client) -> None:
    case = make_case(status="in_review")
    response = client.post(f"{LIST}send-back/?cases={case.pk}", {"reason": "Why."})
    assert response.status_code == 403
    assert "Sign in and go on" in response.text
    assert stored(case).status == "in_review"


def test_draft_with_steps_deleted_by_reviewer_goes_with_them(reviewer: Client) -> None:
    case = make_case()
    submit(case, None)
    send_back(case, None, "A doubt.")
    address = f"{LIST}{case.pk}/delete/"
    reviewer.post(address, form_on(reviewer.get(address), "delete_form"))
    assert not Case.objects.exists()
    assert not ReviewStep.objects.exists()
