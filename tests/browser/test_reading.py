"""A reader's ways through the pages, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Actor, Case
from tests.support.public_pages import MISSING, PAGES, STATES

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOSCOW = "/cases/moscow-concert-hall-2024/"


SHIFT = """() => new Promise(tell => {
  let total = 0;
  const add = entries => { for (const entry of entries) total += entry.value; };
  const observer = new PerformanceObserver(list => add(list.getEntries()));
  observer.observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords());
    tell(total);
  })));
})"""
"""Returns by how much the parts of the open page have moved since it began to show."""

# A busy browser paints a page before its last part has come: a row that wraps then moves a little.
MAX_SHIFT = 0.01


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_stays_still_keeps_the_security_policy_and_fetches_nothing_from_elsewhere(
    page: Any, site: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    shifted = {}
    messages: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    for address in [*PAGES, *STATES, MISSING]:
        page.goto(address)
        shifted[address] = page.evaluate(SHIFT)
    assert {address: shift for address, shift in shifted.items() if shift > MAX_SHIFT} == {}
    assert messages == [
        "Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]
    assert requested
    assert not [url for url in requested if not url.startswith(site.url)]


def test_page_whose_parts_move_is_noticed(page: Any) -> None:
    page.goto("/about/")
    assert page.evaluate(SHIFT) <= MAX_SHIFT
    page.evaluate("document.body.style.marginTop = '200px'")
    assert page.evaluate(SHIFT) > MAX_SHIFT


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
