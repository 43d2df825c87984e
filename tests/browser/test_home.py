"""The first page: what it tells on one screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_one_screen_of_a_desk_shows_the_subject_a_chain_and_what_the_collection_shows(
    page: Any,
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    for shown in (".lede", ".search", ".featured .finding", ".picture-wide svg", ".shows > p"):
        expect(page.locator(f"main {shown}").first).to_be_in_viewport(ratio=0.9)


def test_phone_begins_with_what_a_case_is_and_the_first_facts(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    for shown in ("h1", ".lede", ".search", ".featured .finding"):
        expect(page.locator(f"main {shown}").first).to_be_in_viewport(ratio=1)


def test_chain_of_the_first_page_leads_to_the_parts_of_its_case(page: Any) -> None:
    page.goto("/")
    page.locator(".featured .picture-wide a").first.click()
    page.wait_for_url("**/cases/moscow-concert-hall-2024/#*")
