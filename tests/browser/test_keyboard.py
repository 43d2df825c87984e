"""Pages by keyboard, in the reader's own colours, with nothing that moves."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

# One page of each kind of layout; the list has the most kinds of things to stop at.
WALKED = [
    "/",
    "/cases/?kind=warning_given&view=table",
    "/cases/?reception=dismissed",
    "/cases/chavez-2004/",
    "/matrix/?kind=warning_given",
    "/exceptions/",
    "/charts/?recipient=iran",
    "/facets/actor/",
    "/changes/",
    "/about/",
]

STOP = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  // The box that shows the filters is out of sight; its label stands for it.
  const seen = it.classList.contains("visually-hidden") ? it.nextElementSibling : it;
  const style = getComputedStyle(seen), box = seen.getBoundingClientRect();
  // In a picture the edge of the mark shows the focus.
  const mark = it.closest("svg") && getComputedStyle(it.querySelector("path, text, line") || it);
  const number = Number(it.dataset.stop ??= ++window.stops || (window.stops = 1));
  return {
    number,
    html: it.outerHTML.slice(0, 120),
    outlined: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
      (mark && mark.stroke !== "none" && parseFloat(mark.strokeWidth) >= 2),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !seen.contains(document.elementFromPoint(
      Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
      Math.min(Math.max(box.top + Math.min(box.height, 24) / 2, 1), innerHeight - 1))) &&
      seen.getClientRects().length === 1,
  };
}"""
"""Describes what has the focus, and numbers it when it is reached for the first time."""


def walk(page: Any, key: str = "Tab") -> list[dict[str, Any]]:
    """Press Tab from the start of the page to its end, and return each stop."""
    stops: list[dict[str, Any]] = []
    for _ in range(400):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop["number"] < stops[-1]["number"]):
            return stops
        # A field for a date stops at day, month and year.
        if not stops or stop["number"] != stops[-1]["number"]:
            stops.append(stop)
    raise AssertionError(f"The focus does not leave the page: {stops[-1]}")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", WALKED)
def test_page_by_keyboard_shows_where_the_focus_is_at_every_stop(
    page: Any, address: str, width: int
) -> None:
    page.emulate_media(forced_colors="active" if width == 320 else "none")
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address)
    reachable = page.locator("main a:visible, main summary:visible, main button:visible").count()
    stops = walk(page)
    assert len(stops) >= reachable
    assert [stop["html"] for stop in stops if not stop["outlined"]] == []
    assert [stop["html"] for stop in stops if not stop["inView"]] == []
    assert [stop["html"] for stop in stops if stop["covered"]] == []


@pytest.mark.parametrize("address", ["/cases/?kind=warning_given", "/notes/"])
def test_list_can_be_reached_past_its_filters_with_and_without_javascript(
    page: Any, plain: Any, address: str
) -> None:
    focused = "document.activeElement.matches('.with-facets > div *')"
    for each in (page, plain):
        each.goto(address)
        each.keyboard.press("Tab")
        each.keyboard.press("Tab")
        skip = each.get_by_role("link", name="Skip to the")
        expect(skip.last).to_be_focused()
        expect(skip.last).to_be_in_viewport()
        expect(skip.first).not_to_be_in_viewport()
        each.keyboard.press("Enter")
        expect(each.locator("#count")).to_be_focused()
        each.keyboard.press("Tab")
        assert each.evaluate(focused)


@pytest.mark.parametrize("width", [660, 1280])
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_comparison_by_keyboard_scrolls_each_cell_from_below_what_stays_in_view(
    page: Any, key: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/matrix/")
    stops = walk(page, key)
    assert len(stops) >= page.locator(".matrix a").count()
    assert [stop["html"] for stop in stops if stop["covered"] or not stop["inView"]] == []


def test_form_of_a_case_by_keyboard_stops_little_and_hides_nothing_behind_its_bars(
    editing: Any,
) -> None:
    editing.set_viewport_size({"width": 1280, "height": 700})
    editing.goto("/admin/cases/case/add/")
    expect(editing.locator("#id_title")).to_be_focused()
    editing.locator(".evidence .add-evidence").first.wait_for()
    for key in ("Tab", "Shift+Tab"):
        stops = walk(editing, key)
        assert [stop["html"] for stop in stops if stop["covered"] or not stop["inView"]] == []
    # From the case to its warning 23 stops, and 29 in the warning, which had 61 with those of
    # all help and of evidence for what is not stated.
    editing.locator("#id_title").focus()
    for _ in range(52):
        editing.keyboard.press("Tab")
    expect(editing.locator("#id_warnings-0-issuer_action")).to_be_focused()
    editing.keyboard.press("F1")
    expect(editing.locator("#id_warnings-0-issuer_action_helptext dl")).to_be_visible()
    editing.keyboard.press("Escape")
    expect(editing.locator("#id_warnings-0-issuer_action")).to_be_focused()
    editing.keyboard.press("F2")
    assert editing.input_value(".desk [id$=-about]") == "warnings-0.issuer_action"


MOVING = """[...document.querySelectorAll("*")].filter(e => {
  const s = getComputedStyle(e);
  return s.scrollBehavior === "smooth" || s.animationName !== "none" ||
    s.transitionDuration.split(",").some(t => parseFloat(t) > 0);
}).length"""


def test_reader_who_wants_nothing_to_move_has_nothing_that_moves(page: Any) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/cases/")
    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    for address in ("/cases/", "/cases/kerman-2024/", "/matrix/", "/"):
        page.goto(address)
        assert page.evaluate(MOVING) == 0, address


def test_editor_who_wants_nothing_to_move_has_nothing_that_moves(editing: Any) -> None:
    editing.emulate_media(reduced_motion="no-preference")
    editing.goto("/admin/cases/case/add/")
    assert editing.evaluate(MOVING) > 0
    editing.emulate_media(reduced_motion="reduce")
    assert editing.evaluate(MOVING) == 0
