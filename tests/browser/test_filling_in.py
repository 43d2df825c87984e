"""Forms that begin filled in, from a citation."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Source

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

BIBTEX = "@misc{a, title={A Story of Warnings}, author={Lee, Ann}, year=2022, month=nov}"


def test_source_is_filled_in_from_a_citation_and_saved_by_keyboard(editing: Any) -> None:
    editing.goto("/admin/cases/source/add/")
    expect(editing.locator("#id_title")).to_be_focused()
    editing.keyboard.type("A Title of Mine")
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
