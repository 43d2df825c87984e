"""Every public page in a real browser: rules of accessibility, and room at every width."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import RequestFactory
from django.views.defaults import server_error

from cases.models import Case
from cases.versions.making import make_version
from tests.support.public_pages import MISSING, PAGES, STATES, STYLEGUIDE

pytestmark = [pytest.mark.browser, pytest.mark.once]

# The widths of a phone, a tablet and a desktop.
WIDTHS = [320, 768, 1280]
# A phone and a desktop have different menus; a tablet has the one or the other. Colours take four
# fifths of the time of all rules, so that each scheme is looked at on one of the two.
SCHEME_AT = {320: "dark", 1280: "light"}
FAILURE = "/failure/"

# Every rule of WCAG 2.0 to 2.2, A and AA, that axe knows, and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IS_TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"

# A bar that sticks covers some control or other, which a scroll uncovers.
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
            colours = dark or scheme == "light"
            found += [f"at {width}, {scheme}: {one}" for one in violations(page, colours=colours)]
    # A screen of 1280 zoomed to 200 %; 320 is the same at 400 %.
    page.set_viewport_size({"width": 640, "height": 450})
    if page.evaluate(IS_TOO_WIDE):
        found.append("zoomed to 200 %: scrolls sideways")
    return found


@pytest.mark.parametrize("address", [*PAGES, *STATES, MISSING])
def test_page_keeps_the_rules_of_accessibility_at_every_width_in_light_and_dark(
    page: Any, address: str
) -> None:
    page.goto(address)
    # Other states of a page have its colours.
    assert faults(page, dark=address not in STATES) == []


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
