"""A reader's ways through the pages, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Actor, Case

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOSCOW = "/cases/moscow-concert-hall-2024/"


def test_evidence_opens_with_one_click_and_by_keyboard(page: Any) -> None:
    page.goto(MOSCOW)
    evidence = page.locator("#warning-2-reception")
    expect(evidence.locator(".claim").first).not_to_be_visible()
    page.locator(".coded:has(#warning-2-reception) summary").click()
    expect(evidence).to_contain_text("provocative statements")
    page.locator(".coded:has(#warning-2-follow-up) summary").press("Enter")
    evidence = page.locator("#warning-2-follow-up")
    expect(evidence.locator(".claim").first).to_be_visible()
    expect(evidence).to_contain_text("¶3")


def test_evidence_opens_without_javascript(plain: Any) -> None:
    plain.goto(MOSCOW)
    plain.locator(".coded:has(#warning-2-reception) summary").click()
    expect(plain.locator("#warning-2-reception .claim").first).to_be_visible()


def test_columns_begin_at_one_height_and_the_boxes_of_dates_below_each_other(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    tops = """of => Object.values(Object.groupBy(document.querySelectorAll(of),
      it => it.getBoundingClientRect().x)).map(column => column[0].getBoundingClientRect().y)"""
    page.goto("/facets/actor/")
    columns = page.evaluate(tops, ".columns label")
    assert len(columns) == 3
    assert len(set(columns)) == 1
    page.goto("/cases/?date_from=2013")
    assert len(page.evaluate(tops, "#facet-date :is(input, select)")) == 1


def test_skip_link_is_the_first_stop_and_leads_to_the_content(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.usefixtures("live_demo")
def test_long_names_without_a_break_do_not_widen_the_page(page: Any) -> None:
    Actor.objects.filter(slug="hugo-chavez").update(name="X" * 200)
    Case.objects.filter(slug="chavez-2004").update(title="Y" * 200)
    page.set_viewport_size({"width": 320, "height": 900})
    for address in ("/", "/cases/", "/cases/chavez-2004/", "/actors/hugo-chavez/", "/matrix/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (
            address
        )
