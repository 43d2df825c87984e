"""The comparison and the table in a real browser: what stays in view, and where cells lead."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

WIDE = {"width": 1280, "height": 700}


def scroll(page: Any, selector: str, left: int, top: int) -> None:
    region = page.locator(selector)
    region.evaluate(
        "(it, to) => it.scrollTo({...to, behavior: 'instant'})", {"left": left, "top": top}
    )
    assert region.evaluate("it => [it.scrollLeft, it.scrollTop]") == [left, top]


def test_headings_and_cases_of_the_comparison_stay_in_view_both_ways(page: Any) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/matrix/")
    page.locator(".matrix").scroll_into_view_if_needed()
    scroll(page, ".matrix", 700, 300)
    region = page.locator(".matrix").bounding_box()
    corner = page.locator("thead th").first.bounding_box()
    assert (corner["x"], corner["y"]) == pytest.approx((region["x"], region["y"]), abs=1)
    for heading in page.locator("thead th").all():
        assert heading.bounding_box()["y"] == pytest.approx(region["y"], abs=1)
    for case in page.locator("tbody th").all():
        assert case.bounding_box()["x"] == pytest.approx(region["x"], abs=1)
    on_top = "at => document.elementFromPoint(at.x + 20, at.y + 20).closest('th').innerText"
    assert page.evaluate(on_top, corner) == "Case"


def test_whole_comparison_fits_in_the_window_and_its_page_does_not_scroll_sideways(
    page: Any,
) -> None:
    for width, height in [(1280, 700), (768, 1024), (700, 500)]:
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/matrix/")
        assert page.locator(".matrix").bounding_box()["height"] <= height
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_comparison_on_a_desk_shows_nine_columns_whole_and_says_that_there_is_more(
    page: Any,
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/matrix/")
    headings = [heading.bounding_box() for heading in page.locator("thead th").all()]
    region = page.get_by_role("region", name="Comparison of cases")
    edge = region.bounding_box()["x"] + region.bounding_box()["width"]
    seen = [each for each in headings if each["x"] + each["width"] <= edge + 1]
    assert len(seen) == 10  # the cases and nine variables
    widths = page.locator("td > *, td .entry > *").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().width)"
    )
    assert 0 < max(widths) <= headings[1]["width"]
    expect(region).to_have_accessible_description(
        "7 cases in 17 columns: scroll within the table, down and sideways, "
        "to those that do not fit."
    )


@pytest.mark.parametrize("size", [(390, 844), (320, 256), (1000, 400)])
def test_comparison_in_a_small_window_does_not_scroll_within_itself(
    page: Any, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/matrix/")
    region = page.locator(".matrix")
    assert region.evaluate("it => it.scrollHeight <= it.clientHeight + 1")
    assert page.locator("thead th").first.evaluate("it => getComputedStyle(it).top") == "auto"


def test_table_that_does_not_fit_says_so_and_scrolls_by_keyboard_beside_its_cases(
    page: Any,
) -> None:
    page.set_viewport_size(WIDE)
    columns = ["recipient", "reception", "follow_up", "lead_time", "window_covered", "deaths"]
    page.goto("/cases/?view=table&" + "&".join(f"column={name}" for name in columns))
    region = page.get_by_role("region", name="Cases as a table")
    expect(region).to_have_accessible_description(
        "Scroll sideways for the columns that do not fit."
    )
    expect(page.locator("#how-to-scroll")).to_be_in_viewport(ratio=1)
    assert region.evaluate("it => it.scrollWidth > it.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(region).not_to_have_js_property("scrollLeft", 0)
    edge = region.bounding_box()["x"]
    for fixed in (region.locator("thead th").first, region.locator("tbody th").first):
        assert fixed.bounding_box()["x"] == pytest.approx(edge, abs=1)


def test_table_that_fits_does_not_ask_to_scroll(page: Any) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/cases/?view=table")
    line, region = page.locator("#how-to-scroll"), page.locator(".table-scroll")
    assert region.evaluate("it => it.scrollWidth == it.clientWidth")
    expect(line).to_be_hidden()
    page.set_viewport_size({"width": 700, "height": 900})
    assert region.evaluate("it => it.scrollWidth > it.clientWidth")
    expect(line).to_be_visible()


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("lead_time", "warning-2-lead-time"),
        ("window_covered", "warning-2-window-covered-the-incident"),
        ("era", "case-icd-191"),
        ("reception", "warning-2-reception"),
    ],
)
def test_cell_leads_to_the_very_row_and_the_case_back_to_the_comparison(
    plain: Any, column: str, target: str
) -> None:
    plain.set_viewport_size(WIDE)
    address = f"/matrix/?recipient=russia&column={column}"
    plain.goto(address)
    plain.locator(f"#DTW-0001 a[href$='#{target}']").click()
    row = plain.locator(f"#{target}")
    expect(row).to_be_in_viewport()
    expect(plain.locator(".coded:has(:target)")).to_have_css("outline-style", "solid")
    place = plain.get_by_role("navigation", name="In the list")
    expect(place).to_contain_text("Case 1 of 2 in which the recipient is “Russia”")
    place.get_by_role("link", name="Next").click()
    expect(place).to_contain_text("Case 2 of 2")
    place.get_by_role("link", name="Back to the comparison").click()
    assert plain.url.endswith(f"{address}#DTW-0006")
    expect(plain.locator("#DTW-0006 th")).to_be_in_viewport()


def test_way_back_to_the_comparison_shows_the_case_below_the_headings(page: Any) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/matrix/#DTW-0003")
    case = page.locator("#DTW-0003 th").bounding_box()
    headings = page.locator("thead th").first.bounding_box()
    assert case["y"] >= headings["y"] + headings["height"] - 1


def test_ticks_hold_from_page_to_page_until_they_are_compared(page: Any) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/cases/?per_page=1&sort=title")
    page.get_by_role("checkbox", name="Compare").check()
    first = page.get_by_role("checkbox", name="Compare").get_attribute("value")
    number = page.locator(".card").get_attribute("id")
    page.get_by_role("spinbutton", name="Page").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).not_to_have_id(number)
    expect(page.get_by_role("spinbutton", name="Page")).to_have_value("5")
    box = page.get_by_role("checkbox", name="Compare")
    expect(box).not_to_be_checked()
    box.check()
    second = box.get_attribute("value")
    expect(page.locator("#pick")).to_contain_text("2 cases ticked")
    # The first mark of each meaning takes the focus, and explains itself.
    mark = page.locator(".badge[role=button]").first
    mark.press("Enter")
    expect(page.locator(".meaning")).to_contain_text(mark.get_attribute("title"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare the ticked cases").click()
    boxes = page.locator(".beside label.pick input")
    expect(boxes).to_have_count(2)
    assert {box.get_attribute("value") for box in boxes.all()} == {first, second}
    expect(page.locator("form.has-ticks")).to_have_count(0)  # nothing else is ticked
    page.goto(f"/cases/{first}/")
    expect(page.get_by_role("checkbox", name="Add to the comparison")).to_be_checked()
    page.get_by_role("button", name="Untick all").click()
    expect(page.get_by_role("checkbox", name="Add to the comparison")).not_to_be_checked()


@pytest.mark.parametrize("address", ["/cases/", "/cases/kerman-2024/"])
def test_comparing_without_a_tick_asks_for_ticks(page: Any, address: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto(address)
    page.get_by_role("button", name="Compare the ticked cases").click()
    expect(page.locator("#pick [role=status]")).to_have_text("Tick at least two cases first.")
    assert page.url.endswith(address)
    page.locator('input[name="case"][form="pick"]').first.check()
    expect(page.locator("#pick [role=status]")).to_have_text("1 case ticked")
