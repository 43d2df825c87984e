"""The page that describes the API: drawn by Swagger UI under the policy of the site."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from cases.api.document import document
from tests.browser.test_every_page import faults
from tests.support.public_pages import DOCS

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_address_can_be_tried_on_the_page_with_nothing_from_elsewhere(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(DOCS)
    warnings = page.locator("[id$=-warnings]").first
    warnings.locator(".opblock-summary-control").click()
    expect(warnings.locator("[data-param-name=channel]").first).to_contain_text("public")
    warnings.get_by_role("button", name="Try it out").click()
    warnings.locator("[data-param-name=per_page] input").fill("1")
    warnings.get_by_role("button", name="Execute").click()
    body = warnings.locator(".live-responses-table .highlight-code code").first
    expect(body).to_contain_text('"per_page": 1')
    assert json.loads(body.inner_text())["items"]
    origin = page.evaluate("location.origin")
    assert {address for address in asked if not address.startswith(f"{origin}/")} == set()


def test_page_keeps_the_rules_of_accessibility_but_for_one_of_swagger_ui(page: Page) -> None:
    page.goto(DOCS)
    expect(page.locator(".opblock").first).to_be_visible()
    # A link in a button, which is Swagger UI's own.
    assert {fault for fault in faults(page) if "nested-interactive" not in fault} == set()


def test_page_is_dark_where_the_reader_wants_it_so(page: Page) -> None:
    def is_dark(selector: str) -> bool:
        colour = page.locator(selector).first.evaluate("e => getComputedStyle(e).color")
        return int(colour.removeprefix("rgb(").split(",")[0]) > 128

    page.emulate_media(color_scheme="dark")
    page.goto(DOCS)
    expect(page.locator(".opblock").first).to_be_visible()
    assert is_dark(".opblock-summary-path")
    assert {fault for fault in faults(page) if "nested-interactive" not in fault} == set()
    page.locator("html").evaluate("e => e.dataset.theme = 'light'")
    expect(page.locator("html.dark-mode")).to_have_count(0)
    assert not is_dark(".opblock-summary-path")


def test_page_without_scripts_leads_to_the_description(plain: Page) -> None:
    plain.goto(DOCS)
    listed = plain.locator("noscript dt, main dt")
    expect(listed).to_have_count(len(document()["paths"]))
    plain.get_by_role("link", name="The same as JSON").click()
    assert '"openapi"' in plain.content()
