"""The choice between light and dark, and the menu of a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import new_context

pytestmark = [pytest.mark.browser, pytest.mark.once]


def ground(page: Any) -> str:
    """Return the colour of the page."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def test_theme_is_switched_and_remembered_on_the_next_page_and_in_the_admin(page: Any) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/about/")
    light = ground(page)
    button = page.get_by_role("button", name="Theme")
    expect(button).to_have_accessible_name("Theme: system")
    button.click()
    expect(button).to_have_accessible_name("Theme: dark")
    dark = ground(page)
    assert dark != light
    page.goto("/codebook/")
    expect(button).to_have_accessible_name("Theme: dark")
    assert ground(page) == dark
    page.goto("/admin/login/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("/about/")
    button.click()
    expect(button).to_have_accessible_name("Theme: light")
    assert ground(page) == light


def test_theme_chosen_holds_against_that_of_the_system(page: Any) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/about/")
    dark = ground(page)
    page.get_by_role("button", name="Theme: system").press("Enter")
    assert ground(page) != dark
    page.emulate_media(color_scheme="light")
    light = ground(page)
    page.emulate_media(color_scheme="dark")
    assert ground(page) == light


def test_theme_without_javascript_follows_the_system_and_has_no_button(plain: Any) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        plain.emulate_media(color_scheme=scheme)
        plain.goto("/about/")
        expect(plain.locator(".theme-toggle")).to_be_hidden()
        grounds.append(plain.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    assert grounds[0] != grounds[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_menu_on_a_narrow_screen_opens_by_keyboard_and_leads_on(
    browser: Any, site: Any, scripts: bool
) -> None:
    with new_context(browser, site, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto("/about/")
        sections = page.get_by_role("navigation", name="Sections")
        expect(sections).to_be_hidden()
        page.get_by_role("button", name="Menu").press("Enter")
        expect(sections.get_by_role("link", name="About")).to_have_attribute("aria-current", "page")
        page.keyboard.press("Escape")
        expect(sections).to_be_hidden()
        page.get_by_role("button", name="Menu").press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(site.url + "/cases/")


def test_menu_on_a_wide_screen_is_always_there(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto("/about/")
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    for label in ("Cases", "Codebook"):
        assert page.get_by_role("navigation", name="Sections").get_by_text(label).is_visible()
