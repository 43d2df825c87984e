"""Likely duplicates, named while one types."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Actor, Case
from tests.support.factories import make_source

from .accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]


def test_name_in_another_spelling_is_answered_below_the_field(editing: Any) -> None:
    editing.goto("/admin/cases/actor/add/")
    region = editing.locator(".duplicates[aria-live=polite]")
    assert region.inner_text() == ""
    editing.locator("#id_name").press_sequentially("Dschamal Chaschukdschi")
    link = region.get_by_role("link", name="Jamal Khashoggi")
    link.wait_for()
    key = Actor.objects.get(slug="jamal-khashoggi").pk
    assert link.get_attribute("href") == f"/admin/cases/actor/{key}/change/"
    assert "is spelled like" in region.inner_text()
    assert violations(editing, ".duplicates") == []
    editing.fill("#id_name", "Nobody at all")
    region.locator("li").wait_for(state="detached")


def test_date_and_place_typed_in_the_parts_of_a_case_are_answered_too(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.fill("#id_incidents-0-date_edtf", "2024-01-03")
    editing.fill("#id_incidents-0-place", "Kerman")
    found = editing.locator(".duplicates li")
    found.wait_for()
    assert Case.objects.get(slug="kerman-2024").number in found.inner_text()
    assert "It has an incident of that date" in found.inner_text()


def test_duplicate_is_named_in_view_after_saving_from_a_field_below_the_messages(
    editing: Any,
) -> None:
    make_source(title="A source with a title of its own")
    pages = [
        ("actor", "name", "Jamal Khashoggi", "aliases"),
        ("source", "title", "A source with a title of its own", "paragraphs"),
    ]
    for kind, name, known, field in pages:
        editing.goto(f"/admin/cases/{kind}/add/")
        editing.fill(f"#id_{name}", known)
        editing.fill("#id_slug", "the-same-again")
        editing.select_option("#id_kind", index=1)
        editing.locator(f"#id_{field}").click()
        editing.keyboard.press("Control+s")
        merge = editing.locator(".save-outcome .warning a", has_text="merge them")
        expect(merge).to_be_in_viewport()
        assert known in editing.inner_text(".save-outcome .warning")
        expect(editing.locator(f"#id_{field}")).to_be_focused()
