"""An editor's first steps in the admin, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Case
from tests.support.factories import make_case

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]


def test_editor_adds_an_eighth_case_and_previews_it(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.fill("#id_title", "A warning of a test")
    editing.select_option("#id_kind", "warning_given")
    editing.fill("#id_summary", "Somebody warned somebody.")
    editing.click("input[name=_continue] >> nth=0")
    case = Case.objects.get(number="DTW-0008")
    assert (case.slug, case.status) == ("a-warning-of-a-test", "draft")
    editing.goto("/cases/a-warning-of-a-test/")
    assert "Draft: seen by staff only" in editing.inner_text("main")


def open_draft(page: Any) -> None:
    """Open the form of a small draft."""
    draft = make_case(title="A warning of a test")
    page.goto(f"/admin/cases/case/{draft.pk}/change/")


def test_step_asks_before_typed_changes_are_lost(editing: Any) -> None:
    open_draft(editing)
    questions: list[str] = []

    def dismiss(dialog: Any) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    editing.once("dialog", dismiss)
    editing.fill("#id_summary", "Typed, and not saved.")
    editing.get_by_role("button", name="Submit for review").click()
    assert questions == ["Your changes are not saved. Go on without them?"]
    assert Case.objects.get(number="DTW-0008").status == "draft"
    assert editing.input_value("#id_summary") == "Typed, and not saved."


def questions_on(page: Any) -> list[str]:
    """Answer each question of the browser with yes, and return the list that they are put on."""
    questions: list[str] = []

    def accept(dialog: Any) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return questions


def test_leaving_asks_before_typed_changes_are_lost_and_not_once_they_are_saved(
    editing: Any,
) -> None:
    open_draft(editing)
    questions = questions_on(editing)
    editing.fill("#id_summary", "Typed, and not saved.")
    editing.click("text=View on site")
    assert questions == ["beforeunload"]
    editing.go_back()
    editing.fill("#id_summary", "Typed, and saved.")
    editing.keyboard.press("Control+s")
    editing.wait_for_selector(".messagelist .success")
    editing.click("text=View on site")
    assert questions == ["beforeunload"]
    assert Case.objects.get(number="DTW-0008").summary == "Typed, and saved."


def test_leaving_asks_when_a_form_came_back_with_errors(editing: Any) -> None:
    open_draft(editing)
    editing.fill("#id_summary", "")
    editing.click("input[name=_continue] >> nth=0")
    questions = questions_on(editing)
    editing.click("#id_title")
    editing.click("text=View on site")
    assert questions == ["beforeunload"]


def test_case_saved_after_the_session_ended_is_saved_with_the_sign_in(editing: Any) -> None:
    open_draft(editing)
    editing.fill("#id_summary", "Typed before\nthe session ended.")
    editing.context.clear_cookies(name="sessionid")
    editing.click("input[name=_continue] >> nth=0")
    editing.fill("#id_sign-in-username", "editor")
    editing.fill("#id_sign-in-password", PASSWORD)
    editing.click("input[type=submit]")
    editing.wait_for_selector(".messagelist .success")
    saved = Case.objects.get(number="DTW-0008").summary.replace("\r\n", "\n")
    assert saved == "Typed before\nthe session ended."


def test_actor_is_found_by_an_alias_while_typing(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.locator("#id_warnings-0-issuer + .select2 .select2-selection").click()
    editing.keyboard.type("FSB")
    option = editing.locator(".select2-results__option", has_text="Federal Security Service")
    option.wait_for()
    assert option.count() == 1


def test_picker_that_finds_nothing_offers_to_add_what_was_typed(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.locator("#id_warnings-0-issuer + .select2 .select2-selection").click()
    editing.keyboard.type("Person A")
    editing.get_by_role("button", name="Add “Person A”").wait_for()
    with editing.expect_popup() as popup:
        editing.keyboard.press("Enter")
    popup.value.wait_for_selector("#id_name")
    assert popup.value.input_value("#id_name") == "Person A"
    expect(popup.value.locator("#id_slug")).to_have_value("person-a")
