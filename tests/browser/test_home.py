"""The first page: what it tells on one screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_one_screen_of_a_desk_shows_the_subject_the_first_facts_and_where_to_start(
    page: Any,
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    for shown in (".steps", ".ways", ".figures", ".caveat", ".search"):
        expect(page.locator(f"main {shown}")).to_be_in_viewport(ratio=1)


def test_phone_begins_with_what_a_case_is(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    for shown in ("h1", ".lede", ".steps", ".search"):
        expect(page.locator(f"main {shown}")).to_be_in_viewport(ratio=1)
