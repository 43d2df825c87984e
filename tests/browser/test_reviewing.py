"""A case from the blank form to the public, by two people, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Case, Claim
from tests.support.factories import make_case

from .accessibility import violations
from .actions import Hands
from .test_effort import add_source

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]


def add_case(page: Any) -> Case:
    page.goto("/admin/cases/case/add/")
    page.fill("#id_title", "A disclosure of a test")
    page.select_option("#id_kind", "strategic_disclosure")
    page.fill("#id_summary", "Somebody told the public.")
    page.click("input[name=_continue] >> nth=0")
    case: Case = Case.objects.get(number="DTW-0008")
    return case


def add_claim(page: Any) -> None:
    hands = Hands(page)
    hands.click("text=Add another Claim")
    hands.choose("#id_claims-0-about", "kind")
    hands.choose("#id_claims-0-modality", "stated")
    add_source(hands, "id_claims-0-source")
    hands.type("#id_claims-0-locator", "¶1")
    hands.type("#id_claims-0-gist", "It was told to deter.")
    page.click("input[name=_continue] >> nth=0")


def press(page: Any, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def submit_unfinished(page: Any) -> None:
    """Submit a case with a value that no claim asserts, which is asked about once more."""
    press(page, "Submit for review")
    assert "Kind: “Strategic disclosure” has no claim" in page.inner_text("#content-main")
    press(page, "Submit for review")


def test_case_is_coded_sent_back_mended_and_published_by_two_people(
    editing: Any, reviewing: Any
) -> None:
    case = add_case(editing)
    submit_unfinished(editing)

    reviewing.goto("/admin/")
    reviewing.get_by_role("link", name="Work queue").first.click()
    assert violations(reviewing) == []
    reviewing.get_by_role("link", name="Kind: “Strategic disclosure” has no claim").click()
    reviewing.locator("#id_kind:focus").wait_for()
    reviewing.get_by_role("link", name="Send back").click()
    assert violations(reviewing) == []
    reviewing.fill("#id_reason", "Who says so?")
    reviewing.click("input[type=submit][value='Send back']")

    editing.goto("/admin/queue/?show=sent_back")
    assert "Who says so?" in editing.inner_text("#content-main")
    editing.get_by_role("link", name=str(case)).click()
    assert "Who says so?" in editing.inner_text(".review-note")
    add_claim(editing)
    press(editing, "Submit for review")

    reviewing.goto(f"/admin/cases/case/{case.pk}/change/")
    press(reviewing, "Publish")
    assert "There is only one source." in reviewing.inner_text("#content-main")
    assert violations(reviewing) == []
    reviewing.fill("#id_reason", "It is the source's own disclosure.")
    reviewing.click("input[type=submit][value='Publish']")
    assert "was published" in reviewing.inner_text(".messagelist")
    reviewing.goto(case.get_absolute_url())
    assert "A disclosure of a test" in reviewing.inner_text("h1")


def test_problem_that_stops_publication_is_not_ticked_as_done(reviewing: Any) -> None:
    case = make_case(kind="strategic_disclosure", status="in_review")
    reviewing.goto(f"/admin/cases/case/{case.pk}/change/")
    press(reviewing, "Publish")
    message = reviewing.locator(".messagelist > li.error")
    style = "e => getComputedStyle(e).backgroundImage"
    assert message.evaluate(style) != "none"
    assert message.locator("li").first.evaluate(style) == "none"


def test_reviewer_who_edited_the_case_is_told_that_another_publishes(reviewing: Any) -> None:
    case = add_case(reviewing)
    submit_unfinished(reviewing)
    assert Case.objects.get(pk=case.pk).updated_by == User.objects.get(username="reviewer")
    assert "a different reviewer has to publish it" in reviewing.inner_text(".review-note")
    assert reviewing.get_by_role("button", name="Publish", exact=True).count() == 0


def test_link_to_a_folded_row_unfolds_it_and_gives_it_the_focus(editing: Any) -> None:
    case = Case.objects.get(slug="kerman-2024")
    assert Claim.objects.filter(case=case).exists()
    page = f"/admin/cases/case/{case.pk}/change/"
    editing.goto(f"{page}#id_claims-2-locator")
    editing.locator("#id_claims-2-locator:focus").wait_for()
    assert editing.locator("#id_claims-2-locator").is_visible()
    editing.evaluate("location.hash = 'id_warnings-0-issuer'")
    editing.locator(".field-issuer .select2-selection:focus").wait_for()
    editing.evaluate("location.hash = 'id_claims-3-about'")
    editing.locator("#id_claims-3-about:focus").wait_for()


def keeps_what_is_typed_while_it_waits(page: Any) -> None:
    """Type in the dialog, opened once before, while each of its requests is under way."""
    waiting: list[Any] = []
    page.route("**/comments/?about=*", lambda route: waiting.append(route))
    typed = page.locator(".comments-dialog .new-comment textarea")
    with page.expect_request("**/comments/?about=*"):
        page.locator(".field-channel .comment-tool").first.click()
    typed.fill("And who says so?")
    with page.expect_response("**/comments/?about=*"):
        waiting.pop().fallback()
    with page.expect_request("**/comments/?about=*"):
        page.get_by_role("button", name="Comment", exact=True).last.click()
    assert typed.get_attribute("readonly") is not None
    with page.expect_event("requestfailed"):
        waiting.pop().abort()
    page.locator(".comments-problem", has_text="This was not stored.").wait_for()
    assert typed.get_attribute("readonly") is None
    assert typed.input_value() == "And who says so?"
    typed.fill("")
    page.unroute("**/comments/?about=*")
    page.keyboard.press("Escape")


def test_comment_is_written_over_a_form_with_unsaved_input_and_answered(
    editing: Any, reviewing: Any
) -> None:
    case = Case.objects.get(slug="kerman-2024")
    page = f"/admin/cases/case/{case.pk}/change/"
    editing.goto(page)
    editing.fill("#id_title", "A title that is not saved")
    reviewing.goto(page)
    reviewing.focus("#id_warnings-0-channel")
    reviewing.keyboard.press("F8")
    reviewing.fill(".comments-dialog textarea", "Which channel?")
    reviewing.get_by_role("button", name="Comment", exact=True).last.click()
    reviewing.locator(".comment-thread", has_text="Which channel?").wait_for()
    assert violations(reviewing) == []
    reviewing.keyboard.press("Escape")
    keeps_what_is_typed_while_it_waits(reviewing)
    beside = reviewing.locator(".field-channel .comment-tool").first
    assert beside.inner_text() == "Comments: 1 open"
    assert "Which channel?" in reviewing.inner_text("#comments")
    assert Case.objects.get(pk=case.pk).title == case.title

    editing.locator(".field-channel .comment-tool").first.click()
    editing.locator(".comments-dialog .comment-thread").wait_for()
    answer = editing.locator(".comment-thread textarea")
    answer.fill("A private one.")
    editing.get_by_role("button", name="Resolve").click()
    editing.locator(".comments-dialog summary", has_text="1 resolved").wait_for()
    editing.get_by_role("button", name="Close").click()
    assert editing.input_value("#id_title") == "A title that is not saved"
    assert editing.locator("#comments").is_hidden()
