"""Forms that begin filled in: from a citation, or like a record that is there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Case, Source

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

BIBTEX = "@misc{a, title={A Story of Warnings}, author={Lee, Ann}, year=2022, month=nov}"


def test_source_is_filled_in_from_a_citation_and_saved_by_keyboard(editing: Any) -> None:
    editing.goto("/admin/cases/source/add/")
    expect(editing.locator("#id_title")).to_be_focused()
    editing.keyboard.type("A Title of Mine")
    expect(editing.get_by_role("combobox", name="Derived from")).to_have_count(1)
    editing.locator(".citation summary").press("Enter")
    editing.keyboard.press("Tab")
    editing.keyboard.insert_text(BIBTEX)
    editing.keyboard.press("Tab")
    editing.keyboard.press("Enter")
    outcome = editing.locator(".filled")
    expect(outcome).to_be_focused()
    expect(outcome).to_contain_text("Filled in from the citation: Author")
    assert editing.input_value("#id_title") == "A Title of Mine"
    outcome.get_by_role("link", name="Author").press("Enter")
    expect(editing.locator("#id_author")).to_be_focused()
    editing.select_option("#id_kind", "press")
    # Enter saves, although the first button that is seen fills the form in.
    editing.locator("#id_author").press("Enter")
    expect(editing.locator(".messagelist")).to_contain_text("was added successfully")
    source = Source.objects.get(title="A Title of Mine")
    assert (source.author, source.published_edtf) == ("Ann Lee", "2022-11")


def test_warning_and_claim_like_another_one_are_left_to_be_finished(editing: Any) -> None:
    case = Case.objects.get(slug="kerman-2024")
    editing.goto(f"/admin/cases/case/{case.pk}/change/")
    editing.locator("#warnings-0 .another-warning").press("Enter")
    expect(editing.locator("#id_warnings-1-date_words")).to_be_focused()
    chosen = "select => [...select.selectedOptions].map((option) => option.text)"
    for name in ("issuer", "recipients", "channel", "basis"):
        first, added = (
            editing.eval_on_selector(f"#id_warnings-{row}-{name}", chosen) for row in (0, 1)
        )
        assert added == first
    assert editing.input_value("#id_warnings-1-content") == ""
    assert editing.input_value("#id_warnings-1-follow_up") == "not_stated"

    follow_up = "div:has(> .flex-container #id_warnings-0-follow_up) > .evidence"
    editing.locator(f"{follow_up} .claim-line").first.click()
    editing.locator(".desk .another-claim").press("Enter")
    expect(editing.locator("#id_claims-18-quote")).to_be_focused()
    editing.keyboard.type("no sign of it")
    expect(editing.locator(f"{follow_up} .claim-line", has_text="no sign of it")).to_have_count(1)
    first = editing.locator(".desk .dynamic-claims").first.get_attribute("id")
    for name in ("about", "source", "locator", "modality"):
        assert editing.input_value(f"#id_claims-18-{name}") == editing.input_value(
            f"#id_{first}-{name}"
        )
    assert editing.input_value("#id_claims-18-gist") == ""
