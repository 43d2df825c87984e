"""Submitting, publishing, changing and withdrawing cases in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Claim
from cases.review.steps import withdraw
from tests.support.admin_forms import (
    act,
    add_row,
    form_on,
    messages_on,
    page_of,
    save,
    signed_in,
    take_step,
    user_of,
)
from tests.support.factories import make_actor, make_case, make_source
from tests.support.reading import words_of
from tests.support.stored import status_of

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]

LIST = "/admin/cases/case/"


def test_complete_case_published_by_reviewer_is_public(reviewer: Client, client: Client) -> None:
    case = make_case(complete=True)
    assert "was submitted for review" in messages_on(take_step(reviewer, case, "submit"))
    assert "was published" in messages_on(take_step(reviewer, case, "publish"))
    case.refresh_from_db()
    assert case.status == "published"
    assert str(case.published_by).startswith("reviewers")
    assert case.versions.get().number == 1
    assert client.get(case.get_absolute_url()).status_code == 200
    history = reviewer.get(f"/admin/cases/case/{case.pk}/history/").text
    assert "was published" in history


def test_case_with_unsupported_value_published_is_refused_naming_it(reviewer: Client) -> None:
    case = make_case(complete=True)
    Claim.objects.filter(field="channel").delete()
    for page in (take_step(reviewer, case, "publish"), act(reviewer, "publish_selected", case)):
        words = messages_on(page)
        assert f"{case} was not published." in words
        assert "Warning 1, channel: “Private” has no claim that asserts it." in words
    assert status_of(case) == "draft"
    assert not case.versions.exists()


def test_case_with_unsupported_value_submitted_is_asked_about_once_more(editor: Client) -> None:
    good, bad = make_case(complete=True), make_case(complete=True)
    bad.claims.filter(field="channel").delete()
    asked = act(editor, "submit_selected", good, bad)
    assert (status_of(good), status_of(bad)) == ("in_review", "draft")
    assert "Warning 1, channel: “Private” has no claim that asserts it." in asked.text
    assert str(bad) in asked.text.partition("To be submitted for review:")[2]
    assert str(good) not in asked.text.partition("To be submitted for review:")[2]
    address, _ = asked.redirect_chain[-1]
    assert take_step(editor, bad, "submit").redirect_chain[-1][0] == address
    done = editor.post(address, form_on(asked, "reason_form"), follow=True)
    assert f"{bad} was submitted for review." in messages_on(done)
    assert status_of(bad) == "in_review"


def test_cases_published_from_the_list_are_taken_one_by_one(reviewer: Client) -> None:
    good, bad = make_case(complete=True), make_case()
    words = messages_on(act(reviewer, "publish_selected", good, bad))
    assert f"{good} was published." in words
    assert f"{bad} was not published." in words
    assert (status_of(good), status_of(bad)) == ("published", "draft")


def test_published_case_published_again_is_answered_with_a_sentence(reviewer: Client) -> None:
    case = make_case(published=True)
    assert f"{case} already has the status “Published”." in messages_on(
        take_step(reviewer, case, "publish")
    )
    assert case.versions.count() == 1


def test_published_case_submitted_is_answered_with_a_sentence(editor: Client) -> None:
    case = make_case(published=True)
    words = messages_on(take_step(editor, case, "submit"))
    assert "cannot be submitted for review: its status is “Published”" in words


def test_step_of_a_case_that_is_gone_is_answered_with_a_sentence(reviewer: Client) -> None:
    page = reviewer.post("/admin/cases/case/999999/publish/", follow=True)
    assert "does not exist any more" in messages_on(page)
    assert reviewer.post(f"/admin/cases/case/{'9' * 40}/publish/").status_code == 404


def test_step_asked_for_without_posting_is_refused(reviewer: Client) -> None:
    case = make_case(complete=True)
    assert reviewer.get(f"/admin/cases/case/{case.pk}/publish/").status_code == 405
    assert status_of(case) == "draft"


def test_step_posted_without_token_is_refused(reviewer: Client) -> None:
    case = make_case(complete=True)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = reviewer.cookies
    assert strict.post(f"/admin/cases/case/{case.pk}/publish/").status_code == 403
    assert status_of(case) == "draft"


def test_buttons_are_those_that_the_status_and_the_permissions_allow(
    editor: Client, reviewer: Client
) -> None:
    draft, public = make_case(), make_case(published=True)
    address = f"/admin/cases/case/{draft.pk}"
    for client, steps in ((editor, {"submit"}), (reviewer, {"submit", "publish"})):
        text = client.get(page_of(draft)).text
        assert {name for name in ("submit", "publish") if f"{address}/{name}/" in text} == steps
    withdrawal = f"/admin/cases/case/withdraw/?cases={public.pk}"
    assert withdrawal in reviewer.get(page_of(public)).text
    assert withdrawal not in editor.get(page_of(public)).text
    assert f"/{public.pk}/publish/" not in reviewer.get(page_of(public)).text


def test_required_reason_is_marked_like_other_required_fields(reviewer: Client) -> None:
    case = make_case(published=True)
    page = reviewer.get(f"/admin/cases/case/withdraw/?cases={case.pk}")
    assert '<div class="form-row required">' in page.text


def test_withdrawal_asks_for_a_reason_and_tells_it(reviewer: Client, client: Client) -> None:
    case = make_case(published=True)
    page = act(reviewer, "withdraw_selected", case)
    assert str(case) in page.text
    address = page.redirect_chain[-1][0]

    refused = reviewer.post(address, {"reason": " "})
    assert "Say why; the public reads it." in messages_on(refused)
    assert status_of(case) == "published"

    done = reviewer.post(address, {"reason": "Two cases were one."}, follow=True)
    assert "was withdrawn" in messages_on(done)
    gone = client.get(case.get_absolute_url())
    assert (gone.status_code, "Two cases were one." in gone.text) == (410, True)


def test_withdrawn_case_is_reinstated_with_a_public_reason(
    reviewer: Client, client: Client
) -> None:
    case = make_case(published=True)
    withdraw(case, None, "By mistake.")
    page = reviewer.get(page_of(case))
    address = f"{LIST}reinstate/?cases={case.pk}"
    assert address in page.text
    refused = reviewer.post(address, {"reason": " "})
    assert "Say why; the public sees it." in messages_on(refused)
    assert status_of(case) == "withdrawn"
    done = reviewer.post(address, {"reason": "It stands."}, follow=True)
    assert "was reinstated" in messages_on(done)
    assert client.get(case.get_absolute_url()).status_code == 200
    history = client.get(f"{case.get_absolute_url()}history/").text
    assert "Reinstated: It stands." in history
    assert "By mistake." in history


def test_withdrawn_case_published_says_to_reinstate_it(reviewer: Client) -> None:
    case = make_case(published=True)
    withdraw(case, None, "By mistake.")
    assert "Reinstate it instead." in messages_on(take_step(reviewer, case, "publish"))
    assert status_of(case) == "withdrawn"


def test_merged_case_is_not_offered_to_be_reinstated(reviewer: Client) -> None:
    case, other = make_case(published=True), make_case(published=True)
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", withdrawn_reason="The same.", merged_into=other
    )
    assert "/reinstate/" not in reviewer.get(page_of(case)).text
    page = reviewer.post(f"{LIST}reinstate/?cases={case.pk}", {"reason": "Why."}, follow=True)
    assert "Undo the merge instead." in messages_on(page)
    assert status_of(case) == "withdrawn"


def test_case_edited_while_withdrawn_is_reinstated_by_another_reviewer(reviewer: Client) -> None:
    case = make_case(published=True)
    withdraw(case, None, "By mistake.")
    save(reviewer, case, title="New title")
    page = reviewer.get(page_of(case))
    assert "/reinstate/" not in page.text
    assert "so a different reviewer has to reinstate it." in page.text
    address = f"{LIST}reinstate/?cases={case.pk}"
    refused = reviewer.post(address, {"reason": "It stands."}, follow=True)
    assert "so a different reviewer has to reinstate it." in messages_on(refused)
    assert status_of(case) == "withdrawn"
    signed_in("Reviewers").post(address, {"reason": "It stands."})
    assert case.versions.get(number=2).record["title"] != "New title"
    case.refresh_from_db()
    assert (case.title, case.stage_words) == ("New title", "Published, correction in draft")


def test_page_of_a_reinstatement_says_what_readers_get(reviewer: Client) -> None:
    case = make_case(published=True, title="Public title")
    withdraw(case, None, "By mistake.")
    another = signed_in("Reviewers")
    address = f"{LIST}reinstate/?cases={case.pk}"
    page = words_of(another.get(address))
    assert "Readers get version 1 again" in page
    assert "Nothing has been edited since" in page
    save(reviewer, case, title="New title")
    page = words_of(another.get(address))
    assert f"{case.number} Public title" in page
    assert "Readers get version 1 again" in page
    assert "stays a correction" in page
    assert "Title changed" in page


@pytest.mark.usefixtures("team_of_one")
def test_page_of_a_reinstatement_in_a_team_of_one_says_what_readers_get(reviewer: Client) -> None:
    case = make_case(published=True, title="Public title")
    withdraw(case, None, "By mistake.")
    save(reviewer, case, title="New title")
    page = words_of(reviewer.get(f"{LIST}reinstate/?cases={case.pk}"))
    assert "Readers get the case as it was last saved. This differs from version 1" in page


def test_draft_withdrawn_is_answered_with_a_sentence(reviewer: Client) -> None:
    case = make_case()
    page = reviewer.post(
        f"/admin/cases/case/withdraw/?cases={case.pk}", {"reason": "Why."}, follow=True
    )
    assert "cannot be withdrawn: its status is “Draft”" in messages_on(page)


@pytest.mark.parametrize("cases", ["", "abc", "1,,2", "9" * 40, "999999", "\0"])
def test_withdrawal_of_nothing_known_is_not_found(reviewer: Client, cases: str) -> None:
    address = "/admin/cases/case/withdraw/"
    assert reviewer.get(address, {"cases": cases}).status_code == 404


@pytest.mark.usefixtures("team_of_one")
def test_published_case_saved_without_note_is_refused(editor: Client) -> None:
    case = make_case(published=True)
    page = save(editor, case, title="New title", change_note=" ")
    assert "Say what changes and why" in messages_on(page)
    assert 'value="New title"' in page.text
    case.refresh_from_db()
    assert case.title != "New title"


@pytest.mark.usefixtures("team_of_one")
def test_published_case_saved_with_note_makes_version_2(editor: Client) -> None:
    case = make_case(published=True)
    page = save(editor, case, title="New title", change_note="Clearer title.")
    assert f"Version 2 of {case.number} is public." in messages_on(page)
    version = case.versions.get(number=2)
    assert (version.change_note, version.record["title"]) == ("Clearer title.", "New title")
    assert version.editor is not None


def test_published_case_saved_with_differences_that_nobody_sees_makes_no_version(
    editor: Client,
) -> None:
    case = make_case(published=True, summary="On Chávez.\n\nA second paragraph.")
    typed = " On Cha\u0301vez.\r\n\r\nA sec\u00adond paragraph.\u200b\r\n"
    page = save(editor, case, summary=typed, change_note="Nothing.")
    assert "no new version" in messages_on(page)
    assert case.versions.count() == 1


@pytest.mark.usefixtures("team_of_one")
def test_published_case_with_problem_after_saving_is_rolled_back(editor: Client) -> None:
    case = make_case(published=True)
    before = case.updated_at
    data = form_on(editor.get(page_of(case)))
    values = {"warnings-0-follow_up": "acted", "summary": "Typed.", "change_note": "It acted."}
    add_row(data, "involvements", actor=make_actor().pk, role="context")
    page = editor.post(page_of(case), data | values)
    words = messages_on(page)
    assert "Warning 1, follow-up: “Acted” has no claim that asserts it." in words
    assert "Typed." in page.text
    assert '<option value="acted" selected>' in page.text
    case = Case.objects.get(pk=case.pk)
    assert (case.warnings.get().follow_up, case.involvements.count()) == ("not_stated", 1)
    assert (case.updated_at, case.versions.count()) == (before, 1)


@pytest.mark.usefixtures("team_of_one")
def test_published_case_with_new_value_and_its_claim_makes_version_2(
    editor: Client,
) -> None:
    case = make_case(published=True)
    data = form_on(editor.get(page_of(case)))
    data |= {"warnings-0-follow_up": "acted", "change_note": "It acted."}
    add_row(
        data,
        "claims",
        about="warning-1.follow_up",
        source=make_source().pk,
        locator="¶2",
        modality="stated",
        gist="It acted.",
    )
    page = editor.post(page_of(case), data | {"_continue": "1"}, follow=True)
    assert "Version 2" in messages_on(page)


def test_withdrawn_case_saved_makes_no_version(reviewer: Client) -> None:
    case = make_case(published=True)
    address = f"/admin/cases/case/withdraw/?cases={case.pk}"
    reviewer.post(address, {"reason": "Why."})
    page = save(reviewer, case, title="New title")
    assert "was changed successfully" in messages_on(page)
    assert case.versions.count() == 1


def test_draft_deleted_by_reviewer_goes_with_all_its_parts(reviewer: Client) -> None:
    case = make_case(complete=True)
    page = act(reviewer, "delete_never_public", case, post="yes")
    assert "Successfully deleted 1 case" in messages_on(page)
    assert not Case.objects.exists()


def test_editor_deletes_drafts_of_their_own_only(editor: Client) -> None:
    me, other = user_of(editor), User.objects.create_user("somebody-else")
    own = [make_case(complete=True, created_by=me, updated_by=me) for _ in range(2)]
    edited = make_case(created_by=me, updated_by=other)
    submitted = make_case(status="in_review", created_by=me, updated_by=me)
    published = make_case(published=True, created_by=me, updated_by=me)
    for case in (edited, submitted, published, make_case()):
        page = act(editor, "delete_never_public", own[0], case, post="yes")
        assert f"the last to edit, and {case.number} is none." in messages_on(page)
        assert editor.post(page_of(case, "delete"), {"post": "yes"}).status_code == 403
    assert Case.objects.count() == 6
    assert page_of(own[0], "delete") in editor.get(page_of(own[0])).text
    act(editor, "delete_never_public", own[0], post="yes")
    confirm = form_on(editor.get(page_of(own[1], "delete")), "delete_form")
    editor.post(page_of(own[1], "delete"), confirm)
    assert not Case.objects.filter(pk__in=[case.pk for case in own]).exists()


def test_case_once_public_deleted_is_refused(reviewer: Client) -> None:
    case, draft = make_case(published=True), make_case()
    page = act(reviewer, "delete_never_public", case, draft, post="yes")
    assert f"{case.number} cannot be deleted" in messages_on(page)
    assert reviewer.post(f"/admin/cases/case/{case.pk}/delete/").status_code == 403
    assert Case.objects.count() == 2


def test_many_cases_once_public_deleted_are_refused_naming_the_first_few(reviewer: Client) -> None:
    cases = [make_case(published=True) for _ in range(7)]
    told = messages_on(act(reviewer, "delete_never_public", *cases, post="yes"))
    assert told.count("DTW-") == 5
    assert " and others cannot be deleted" in told
