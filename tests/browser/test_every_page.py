"""Every public page in a real browser, in one visit: how it comes, what it says without scripts,
and the rules of accessibility and room at every width."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import RequestFactory
from django.views.defaults import server_error
from playwright.sync_api import expect

from cases.models import Case
from cases.versions.making import make_version
from tests.support.public_pages import CASES, DOCS, MISSING, PAGES, STATES, STYLEGUIDE

pytestmark = [pytest.mark.browser, pytest.mark.once]

# The widths of a phone, a tablet and a desktop.
WIDTHS = [320, 768, 1280]
# A phone and a desktop have different menus; a tablet has the one or the other. Colours take four
# fifths of the time of all rules, so that each scheme is looked at on one of the two.
SCHEME_AT = {320: "dark", 1280: "light"}
FAILURE = "/failure/"
# The other cases, and the texts of the codebook, have the colours of the first case. Each colour is
# held against its ground in both schemes by `test_styleguide.py`, too.
COLOURED_ALIKE = {*STATES, *(f"/cases/{slug}/" for slug in CASES[1:]), "/codebook/"}

# Every rule of WCAG 2.0 to 2.2, A and AA, that axe knows, and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IS_TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"

# A bar that sticks covers some control or other, which a scroll uncovers.
TWO_FRAMES = "new Promise(then => requestAnimationFrame(() => requestAnimationFrame(then)))"
UNSTICK = """
    for (const element of document.querySelectorAll("*")) {
        if (getComputedStyle(element).position === "sticky") element.style.position = "static"
    }
"""


def violations(page: Any, *, colours: bool) -> list[str]:
    """Return the rules that the page breaks, with or without those of colours, and a place each."""
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        # Neither what only rules of films need, nor a selector for each place that breaks a rule.
        "preload": False,
        "selectors": False,
        # It has a tag of WCAG 2.2, but is switched off unless it is asked for.
        "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": colours}},
    }
    broken = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in broken]


def faults(page: Any, *, dark: bool = True) -> list[str]:
    """Return what is wrong with the page that is open, at each width.

    Without `dark`, its colours are looked at in the light scheme only.
    """
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(IS_TOO_WIDE):
            found.append(f"at {width}: scrolls sideways")
        if scheme := SCHEME_AT.get(width):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(UNSTICK)
            page.evaluate(TWO_FRAMES)  # in which scripts hear of the scheme
            colours = dark or scheme == "light"
            found += [f"at {width}, {scheme}: {one}" for one in violations(page, colours=colours)]
    # A screen of 1280 zoomed to 200 %; 320 is the same at 400 %.
    page.set_viewport_size({"width": 640, "height": 450})
    if page.evaluate(IS_TOO_WIDE):
        found.append("zoomed to 200 %: scrolls sideways")
    return found


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

NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"


@pytest.mark.parametrize("address", [*(page for page in PAGES if page != DOCS), *STATES, MISSING])
def test_page_stays_still_asks_nobody_else_needs_no_script_and_keeps_the_rules_of_accessibility(
    page: Any, plain: Any, site: Any, address: str
) -> None:
    messages: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert page.evaluate(SHIFT) <= MAX_SHIFT, width
    # The browser tells of what is against the security policy, too.
    assert messages == ([NOT_FOUND] * 2 if address == MISSING else [])
    assert requested
    assert [url for url in requested if not url.startswith(site.url)] == []
    if not address.startswith("/admin/"):
        says_the_same_without_scripts(page, plain, address)
    assert faults(page, dark=address not in COLOURED_ALIKE) == []


def says_the_same_without_scripts(page: Any, plain: Any, address: str) -> None:
    plain.goto(address)
    expect(plain.locator("h1")).to_be_visible()
    told = [each.locator("main").inner_text().split() for each in (plain, page)]
    # But for the number on the button of the filters, which a script shows and keeps true.
    plainly, fully = (" ".join(words) for words in told)
    assert len(plainly) > len(fully) - 20
    assert plain.locator("button:visible", has_text="Theme").count() == 0


def test_page_whose_parts_move_is_noticed(page: Any) -> None:
    page.goto("/about/")
    assert page.evaluate(SHIFT) <= MAX_SHIFT
    page.evaluate("document.body.style.marginTop = '200px'")
    assert page.evaluate(SHIFT) > MAX_SHIFT


@pytest.mark.usefixtures("live_demo")
def test_style_guide_keeps_the_rules_of_accessibility(staff_page: Any) -> None:
    staff_page.goto(STYLEGUIDE)
    assert staff_page.locator("h1").inner_text() == "Style guide"
    assert faults(staff_page) == []


@pytest.mark.usefixtures("live_demo")
def test_page_of_a_case_withdrawn_or_changed_keeps_the_rules_of_accessibility(page: Any) -> None:
    Case.objects.filter(number="DTW-0003").update(status="withdrawn", withdrawn_reason="Twice.")
    page.goto("/id/DTW-0003/")
    assert page.locator("h1").inner_text() == "DTW-0003 was withdrawn"
    assert faults(page) == []
    # Other words, another value and one claim fewer.
    case = Case.objects.get(slug="moscow-concert-hall-2024")
    Case.objects.filter(pk=case.pk).update(summary=f"Briefly told: {case.summary}")
    case.warnings.filter(sequence=2).update(conduit="diplomatic")
    case.claims.order_by("-sequence")[0].delete()
    make_version(case, None, "The summary says that it is brief.")
    page.goto(f"{case.get_absolute_url()}history/")
    assert page.locator("ins").first.is_visible()
    assert faults(page) == []
    page.goto(f"{case.get_absolute_url()}v/1/")
    assert "the case has changed since" in page.inner_text("main")
    assert faults(page) == []


def test_page_of_a_failure_keeps_the_rules_of_accessibility(page: Any, rf: RequestFactory) -> None:
    page.route(
        f"**{FAILURE}",
        lambda route: route.fulfill(
            status=500, content_type="text/html", body=server_error(rf.get("/")).content
        ),
    )
    page.goto(FAILURE)
    assert faults(page) == []
