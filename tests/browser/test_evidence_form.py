"""Evidence entered beside the value that it supports, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Case, Claim, DirectiveException
from tests.support.factories import make_assessment, make_claim

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

FOLLOW_UP = "div:has(> .flex-container #id_warnings-0-follow_up) > .evidence"
CHANNEL = "div:has(> .flex-container #id_warnings-{}-channel) > .evidence"


def open_case(page: Any, slug: str = "kerman-2024") -> Case:
    case: Case = Case.objects.get(slug=slug)
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    wait_for_panels(page)
    page.fill("#id_change_note", "A test.")
    return case


def wait_for_panels(page: Any) -> None:
    """Wait until the script has drawn the evidence beside the values, all of it at once."""
    page.wait_for_selector("html:not([data-old]) .evidence .add-evidence", state="attached")


def assess_two_exceptions() -> None:
    """Code two exceptions of the directive in the Kerman case, the first with a claim."""
    case = Case.objects.get(slug="kerman-2024")
    first, second = DirectiveException.objects.filter(directive__cases=case)[:2]
    part = make_assessment(case, exception=first)
    make_claim(case, part.path)
    make_assessment(case, exception=second)


def save(page: Any) -> None:
    """Save by keyboard, and wait for what the page says of it and for the evidence on it."""
    page.evaluate("document.documentElement.dataset.old = ''")
    page.keyboard.press("Control+s")
    page.wait_for_selector("html:not([data-old]) .messagelist, html:not([data-old]) .errornote")
    wait_for_panels(page)


def save_and_leave(page: Any) -> None:
    """Save with the button that leads to the list, which comes much sooner than the form again."""
    page.locator("input[name=_save]").click()
    page.locator(".messagelist .success").wait_for()


def test_claims_are_named_beside_their_value_and_open_there(editing: Any) -> None:
    assess_two_exceptions()
    open_case(editing)
    assert editing.locator("#assessments-0 .claim-line").count() == 1  # as a whole
    assert editing.locator("#assessments-0 .missing").is_hidden()
    assert editing.locator("#assessments-1 .missing").is_visible()
    editing.locator("#assessments-1 .add-evidence").click()
    about = editing.locator(".desk [id$=-about] option:checked").text_content()
    assert "Argued (no claim yet)" in about
    editing.keyboard.press("Escape")
    add = editing.locator(f"{FOLLOW_UP} .add-evidence")
    assert add.get_attribute("aria-label") == "+ claim for Warning 1, follow-up"
    assert editing.locator("#id_claims-13-about option:checked").text_content() == (
        "Warning 1, follow-up: Unclear"
    )
    line = editing.locator(f"{FOLLOW_UP} .claim-line")
    assert line.inner_text().startswith("¶19 · unclear · “It is unclear whether")
    line.click()
    editing.wait_for_selector(f"{FOLLOW_UP} .claim-line[aria-expanded=true]")
    row = editing.locator("#warnings-0 .desk #claims-13")
    assert row.locator("#id_claims-13-quote").input_value().startswith("It is unclear")
    assert row.locator("h3 .inline_label").inner_text().strip() == "Warning 1, follow-up"
    editing.keyboard.press("Escape")
    assert editing.locator("#claims-group > fieldset > #claims-13").count() == 1
    assert editing.evaluate("document.activeElement.className") == "claim-line"


@pytest.mark.parametrize("button", [".claim-line", ".add-evidence"])
def test_click_counts_though_it_leaves_a_field_that_was_changed(editing: Any, button: str) -> None:
    open_case(editing)
    editing.locator("#id_summary").press_sequentially("x")
    target = editing.locator(f"{FOLLOW_UP} {button}")
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    editing.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    editing.mouse.down()  # the field is left, and the panels are drawn before the button is let go
    editing.evaluate("new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn, 0)))")
    editing.mouse.up()
    assert editing.locator("#warnings-0 .desk .dynamic-claims").count() == 1


@pytest.mark.usefixtures("team_of_one")
def test_claim_added_beside_a_value_begins_as_the_one_before_and_is_saved(editing: Any) -> None:
    case = open_case(editing)
    editing.locator("#claims-17 .fold").click()
    editing.fill("#id_claims-17-locator", "¶19")
    editing.locator("#id_claims-17-gist").press("End")
    editing.locator(f"{FOLLOW_UP} .add-evidence").click()
    assert editing.input_value("#id_claims-18-locator") == "¶19"
    assert editing.input_value("#id_claims-18-modality") == "inferred"
    line = editing.locator(f"{FOLLOW_UP} .claim-line").last
    expect(line).to_have_text("¶19 · inferred · no words yet")
    for quote in ("“no sign of it”", "«“no sign of it”»"):
        editing.locator("#id_claims-18-quote").fill(quote)
        expect(line).to_have_text("¶19 · inferred · “no sign of it”")
    editing.locator("#id_claims-18-quote").fill("“no sign” and “of it”")
    expect(line).to_have_text("¶19 · inferred · ““no sign” and “of it””")
    editing.locator("#id_claims-18-quote").fill("word " * 16)
    expect(editing.locator("#claims-18 .quote-length")).to_have_text("16 words; 15 at most")
    editing.locator("#id_claims-18-quote").fill("")
    editing.keyboard.type("no sign of it")  # the cursor stands in the quote
    expect(editing.locator("#claims-18 .quote-length")).to_have_text("4 of 15 words")
    editing.locator("#id_claims-18-locator").press("ArrowUp")
    assert editing.input_value("#id_claims-18-locator") == "¶20"
    editing.locator("#id_claims-18-locator").press("ArrowDown")
    editing.locator("#claims-18 .next-place").click()
    save(editing)
    claim = case.claims.order_by("-sequence")[0]
    assert (claim.path_of_value, claim.locator, claim.quote, claim.source.slug) == (
        "warning-1.follow_up",
        "¶20",
        "no sign of it",
        "daily-true-news",
    )
    assert editing.locator(f"{FOLLOW_UP} .claim-line").count() == 2
    # Back at the place, which is now the line of the claim that is closed.
    editing.wait_for_selector(".save-outcome")
    assert "Version 2 of DTW-0002 is public." in editing.inner_text(".save-outcome")
    line = editing.locator(f"{FOLLOW_UP} .claim-line:focus")
    assert "no sign of it" in line.inner_text()
    expect(line).to_be_in_viewport()


def test_claim_begins_with_the_certainty_saved_last_and_at_the_field_left_open(
    editing: Any,
) -> None:
    case = open_case(editing)
    editing.locator("#claims-17 .fold").click()
    editing.select_option("#id_claims-17-modality", "alleged")
    save_and_leave(editing)
    editing.goto(f"/admin/cases/case/{case.pk}/change/")
    wait_for_panels(editing)
    editing.locator("#id_warnings-0-follow_up").press("F2")
    assert editing.input_value("#id_claims-18-modality") == "alleged"
    expect(editing.locator("#id_claims-18-quote")).to_be_focused()
    editing.select_option("#id_claims-18-modality", "")
    editing.locator("#id_warnings-0-follow_up").press("F2")
    expect(editing.locator("#id_claims-19-modality")).to_be_focused()


def test_row_added_below_the_others_has_the_cursor_and_a_claim_the_source_of_the_last(
    editing: Any,
) -> None:
    open_case(editing)
    first = {"involvements": "actor", "warnings": "issuer", "incidents": "kind", "notes": "field"}
    for part, field in first.items():
        row = editing.locator(f"#{part}-group .dynamic-{part}").count()
        editing.locator(f"#{part}-group .add-row a").press("Enter")
        control = f"#id_{part}-{row}-{field}"
        focused = editing.locator(f"{control}:focus, {control} + .select2 :focus")
        expect(focused).to_be_in_viewport()
    editing.locator("#claims-group .add-row a").click()
    expect(editing.locator("#id_claims-18-about")).to_be_focused()
    for name in ("source", "locator", "modality"):
        before = editing.input_value(f"#id_claims-17-{name}")
        assert before
        assert editing.input_value(f"#id_claims-18-{name}") == before


def test_copied_claim_has_the_words_and_asks_what_it_is_about(editing: Any) -> None:
    case = open_case(editing)
    editing.locator("#claims-0 .fold").click()
    editing.locator("#claims-0 .copy-claim").click()
    assert editing.evaluate("document.activeElement.id") == "id_claims-18-about"
    editing.select_option("#id_claims-18-about", "warning-1.basis")
    save_and_leave(editing)
    first, copied = case.claims.order_by("sequence")[0], case.claims.order_by("-sequence")[0]
    assert copied.path_of_value == "warning-1.basis"
    assert (copied.quote, copied.gist, copied.modality) == (first.quote, first.gist, "inferred")


@pytest.mark.usefixtures("team_of_one")
def test_claim_follows_its_typed_row_when_another_row_is_removed(editing: Any) -> None:
    case = open_case(editing)
    for number in (1, 2):
        editing.locator("#warnings-group > fieldset > .add-row a").click()
        editing.select_option(f"#id_warnings-{number}-channel", "private")
    panel = editing.locator(CHANNEL.format(2))
    panel.locator(".missing", has_text="no claim yet").wait_for()
    panel.locator(".add-evidence").click()
    editing.keyboard.type("in private")
    assert editing.input_value("#id_claims-18-about") == "warnings-2.channel"
    editing.locator("#warnings-1 > h3 .inline-deletelink").click()
    editing.wait_for_function(
        "document.getElementById('id_claims-18-about').value === 'warnings-1.channel'"
    )
    assert "in private" in editing.locator(CHANNEL.format(1)).inner_text()
    for field, slug in (("issuer", "us-officials"), ("recipients", "iranian-officials")):
        editing.evaluate(
            """([field, slug]) => {
                const from = document.getElementById(`id_warnings-0-${field}`);
                const to = document.getElementById(`id_warnings-1-${field}`);
                for (const option of from.selectedOptions) to.append(option.cloneNode(true));
            }""",
            [field, slug],
        )
    for field in ("issuer", "recipients"):
        editing.locator(
            f"div:has(> .flex-container #id_warnings-1-{field}) > .evidence .add-evidence"
        ).click()
        editing.keyboard.type("a warning")
    save_and_leave(editing)
    assert "Version 2" in editing.inner_text(".messagelist")
    claim = case.claims.get(quote="in private")
    assert (claim.warning.sequence, claim.field) == (2, "channel")


def test_refused_save_shows_typed_claims_beside_their_values_again(editing: Any) -> None:
    open_case(editing)
    editing.locator("#incidents-group > fieldset > .add-row a").click()
    editing.select_option("#id_incidents-1-kind", "attack")
    editing.fill("#id_incidents-1-date_edtf", "March 7")
    place = "div:has(> .flex-container #id_incidents-1-kind) > .evidence"
    editing.locator(f"{place} .add-evidence").click()
    editing.keyboard.type("a second attack")
    save(editing)
    assert "is not a date expression" in editing.inner_text("#incidents-group")
    assert "a second attack" in editing.locator(f"{place} .claim-line").inner_text()
    assert not Claim.objects.filter(quote="a second attack").exists()


def test_removed_claim_is_the_one_that_goes(editing: Any) -> None:
    open_case(editing)
    for words in ("first", "second"):
        editing.locator(f"{FOLLOW_UP} .add-evidence").click()
        editing.keyboard.type(words)
    editing.locator("#claims-18 .fold").click()
    editing.locator("#claims-18 > h3 .inline-deletelink").click()
    editing.wait_for_function("!document.getElementById('claims-19')")
    assert editing.input_value("#id_claims-18-quote") == "second"
    save_and_leave(editing)
    assert Claim.objects.filter(quote="second").exists()
    assert not Claim.objects.filter(quote="first").exists()


def test_source_of_the_session_begins_the_evidence_of_the_next_case(editing: Any) -> None:
    open_case(editing)
    editing.locator(f"{FOLLOW_UP} .add-evidence").click()
    editing.keyboard.type("no sign of it")
    save_and_leave(editing)
    editing.goto("/admin/cases/case/add/")
    editing.locator("div:has(> .flex-container #id_kind) > .evidence .add-evidence").click()
    assert "Russia Didn" in editing.locator("#id_claims-0-source + .select2").inner_text()
    assert editing.input_value("#id_claims-0-locator") == "¶18"


def panel(control: str) -> str:
    """Return the selector of the evidence beside a value in one line with others."""
    return f"div:has(> .flex-container:not(.form-multiline) #id_{control}) > .evidence"


def type_sentence(page: Any, control: str, words: str) -> Any:
    """Type a sentence beside a value, and return the boxes of the other values."""
    page.locator(f"{panel(control)} .add-evidence").click()
    page.keyboard.type(words)
    return page.locator(".desk .also")


def box(boxes: Any, part: str, value: str) -> Any:
    return boxes.get_by_role("group", name=part, exact=True).get_by_label(value)


def test_sentence_supports_the_ticked_values_and_is_saved_for_each(editing: Any) -> None:
    case = open_case(editing)
    boxes = type_sentence(editing, "warnings-0-follow_up", "no sign")
    assert boxes.get_attribute("aria-label") == "This sentence also supports"
    box(boxes, "Warning 1", "Issuer").press("Space")
    box(boxes, "Incident 1", "Place").check()
    assert "no sign" in editing.locator(panel("warnings-0-issuer")).inner_text()
    assert editing.locator("#id_claims-18-quote:visible").count() == 1  # still open
    editing.fill("#id_claims-18-quote", "no sign of it")
    editing.select_option("#id_claims-18-modality", "stated")
    editing.locator("#claims-18 .next-place").click()
    save_and_leave(editing)
    claims = case.claims.filter(quote="no sign of it").order_by("sequence")
    assert [(claim.path_of_value, claim.modality, claim.locator) for claim in claims] == [
        ("warning-1.follow_up", "stated", "¶19"),
        ("warning-1.issuer", "stated", "¶19"),
        ("incident-1.place", "stated", "¶19"),
    ]
    assert claims[0].source == claims[1].source == claims[2].source


def test_ticked_value_can_be_less_certain_than_the_sentence(editing: Any) -> None:
    case = open_case(editing)
    boxes = type_sentence(editing, "warnings-0-follow_up", "no sign")
    box(boxes, "Warning 1", "Issuer").check()
    box(boxes, "Warning 1", "Relation").check()
    editing.locator(f"{panel('warnings-0-issuer')} .claim-line", has_text="no sign").click()
    editing.select_option("#id_claims-19-modality", "alleged")
    editing.locator(f"{panel('warnings-0-follow_up')} .claim-line", has_text="no sign").click()
    editing.select_option("#id_claims-18-modality", "stated")
    save_and_leave(editing)
    assert dict(case.claims.filter(quote="no sign").values_list("field", "modality")) == {
        "follow_up": "stated",
        "issuer": "alleged",
        "relation": "stated",
    }


def test_cleared_box_takes_its_claim_away_and_leaves_the_sentence_open(editing: Any) -> None:
    case = open_case(editing)
    boxes = type_sentence(editing, "warnings-0-follow_up", "no sign")
    for value in ("Issuer", "Date", "Relation"):
        box(boxes, "Warning 1", value).check()
    box(boxes, "Warning 1", "Date").press("Space")
    assert box(boxes, "Warning 1", "Date").evaluate("box => box === document.activeElement")
    assert box(boxes, "Warning 1", "Relation").is_checked()
    save(editing)
    claims = case.claims.filter(quote="no sign")
    assert set(claims.values_list("field", flat=True)) == {"follow_up", "issuer", "relation"}

    editing.locator(f"{FOLLOW_UP} .claim-line", has_text="no sign").click()
    boxes = editing.locator(".desk .also")
    assert box(boxes, "Warning 1", "Relation").is_checked()
    box(boxes, "Warning 1", "Issuer").uncheck()
    editing.fill(".desk [id$=-quote]", "no sign at all")
    editing.fill("#id_change_note", "A test.")
    save_and_leave(editing)
    claims = case.claims.filter(quote__startswith="no sign")
    assert set(claims.values_list("field", "quote")) == {
        ("follow_up", "no sign at all"),
        ("relation", "no sign at all"),
    }


def test_sentence_that_a_value_already_has_is_not_added_twice(editing: Any) -> None:
    case = open_case(editing)
    type_sentence(editing, "warnings-0-issuer", "no sign")
    boxes = type_sentence(editing, "warnings-0-follow_up", "no sign")
    box(boxes, "Warning 1", "Issuer").check()
    save_and_leave(editing)
    claims = case.claims.filter(quote="no sign")
    assert sorted(claims.values_list("field", flat=True)) == ["follow_up", "issuer"]


def test_claim_changed_for_its_value_only_leaves_the_others_as_they_were(editing: Any) -> None:
    case = open_case(editing)
    boxes = type_sentence(editing, "warnings-0-follow_up", "no sign")
    box(boxes, "Warning 1", "Issuer").check()
    editing.locator(".desk .detach-claim").click()
    assert not box(boxes, "Warning 1", "Issuer").is_checked()
    editing.keyboard.press("End")
    editing.keyboard.type(" of measures")
    save_and_leave(editing)
    claims = case.claims.filter(quote__startswith="no sign")
    assert dict(claims.values_list("field", "quote")) == {
        "follow_up": "no sign of measures",
        "issuer": "no sign",
    }


def test_values_of_a_typed_row_are_ticked_at_once_and_kept_by_a_refused_save(editing: Any) -> None:
    open_case(editing)
    editing.locator("#incidents-group > fieldset > .add-row a").click()
    editing.select_option("#id_incidents-1-kind", "attack")
    editing.fill("#id_incidents-1-place", "Kerman")
    editing.fill("#id_incidents-1-target", "A procession")
    editing.fill("#id_incidents-1-date_edtf", "March 7")
    boxes = type_sentence(editing, "incidents-1-kind", "a second attack")
    every = boxes.get_by_role("button", name="Incident 2: all 3 without a claim")
    every.click()
    assert box(boxes, "Incident 2", "Target").is_checked()
    assert not box(boxes, "Incident 2", "As a whole").is_checked()
    assert editing.locator(".dynamic-claims").count() == 22
    for value in ("Date", "Target"):
        box(boxes, "Incident 2", value).uncheck()
    save(editing)
    assert "is not a date expression" in editing.inner_text("#incidents-group")
    editing.locator(f"{panel('incidents-1-kind')} .claim-line").click()
    assert box(editing.locator(".desk .also"), "Incident 2", "Place").is_checked()
    editing.fill(".desk [id$=-gist]", "Another attack.")
    editing.fill("#id_incidents-1-date_edtf", "")
    editing.fill("#id_incidents-1-target", "not_stated")
    save_and_leave(editing)
    claims = Claim.objects.filter(quote="a second attack")
    assert {(claim.path_of_value, claim.gist) for claim in claims} == {
        ("incident-2.kind", "Another attack."),
        ("incident-2.place", "Another attack."),
    }
