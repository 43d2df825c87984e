"""A reader's ways of finding cases: filters, search, sorts, pages and the table, in a real browser.

With JavaScript the list is refreshed in place; without it every way is an ordinary page.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

CASES = "/cases/"
TITLES = ".results h2 a"
MOSCOW = "US warnings before the attack on a Moscow concert hall, 2024"


SHOW = re.compile(r"^Show( \d+ cases?)?$")
"""The button of the filters; it has the number of cases where a script keeps it true."""


def box(page: Any, name: str, value: str) -> Any:
    return page.locator(f"#narrow input[name={name}][value={value}]")


def option_count(page: Any, name: str, value: str) -> Any:
    return page.locator(f"#narrow label:has(input[name={name}][value={value}]) span")


def chip(page: Any, text: str) -> Any:
    return page.locator(".chips a", has_text=text)


def sort_by(page: Any, order: str) -> None:
    """Choose an order in the menu of orders."""
    page.locator("#sorting summary").click()
    page.locator("#sorting").get_by_role("link", name=order, exact=True).click()


def expect_address(page: Any, address: str) -> None:
    """Wait until the address is this one; the order of what is asked for does not matter."""

    def is_it(url: str) -> bool:
        return parts(url) == parts(address)

    page.wait_for_url(is_it, wait_until="commit", timeout=5_000)


def parts(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the path of an address and, in alphabetical order, what it asks for."""
    split = urlsplit(url)
    return split.path, sorted(parse_qsl(split.query))


def expect_count(page: Any, shown: int) -> None:
    text = "All 7 cases" if shown == 7 else f"{shown} of 7 cases"
    expect(page.locator("#count strong")).to_have_text(text)
    expect(page.locator(TITLES)).to_have_count(shown)


def mark(page: Any) -> None:
    """Leave a mark that is gone once the page is loaded anew."""
    page.evaluate("window.marked = true; document.getElementById('count').marked = true")


def is_marked(page: Any) -> bool:
    """Tell whether the page, and the line with the count in it, are those that were marked."""
    return bool(
        page.evaluate("window.marked === true && document.getElementById('count').marked === true")
    )


def go(page: Any, steps: int) -> None:
    """Press the back or forward button so many times; what follows waits for what it expects.

    `setTimeout` lets the script return first; otherwise `evaluate` fails when its page is left.
    """
    page.evaluate("steps => { setTimeout(() => history.go(steps)) }", steps)


def focused(page: Any) -> str:
    """Return what has the focus: the id, the name and value of a box, or the text."""
    return str(
        page.evaluate(
            """() => {
              const e = document.activeElement;
              return e.id || (e.name ? `${e.name}=${e.value}` : e.innerText);
            }"""
        )
    )


# In place, with JavaScript


def test_box_ticked_refreshes_the_list_in_place(page: Any) -> None:
    page.goto(CASES)
    page.locator("#facet-channel summary").click()
    page.locator("#facet-kind summary").click()  # closes it
    mark(page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    box(page, "follow_up", "not_stated").check()
    expect_address(page, "/cases/?follow_up=not_stated")
    assert requests == [page.url]  # without a detour by an address with empty fields
    expect_count(page, 2)
    expect(page.locator("#count")).to_contain_text("in which the follow-up is “Not stated”")
    expect(chip(page, "Follow-up: Not stated")).to_be_visible()
    expect(option_count(page, "kind", "alleged_failure_to_warn")).to_have_text("0")
    assert focused(page) == "follow_up=not_stated"
    expect(page.locator("#facet-channel")).to_have_attribute("open", "")
    expect(page.locator("#facet-kind")).not_to_have_attribute("open", "")
    assert is_marked(page)


def test_second_box_widens_and_unticking_narrows_again(page: Any) -> None:
    page.goto(CASES)
    mark(page)
    box(page, "follow_up", "not_stated").check()
    expect_count(page, 2)
    box(page, "follow_up", "unclear").check()
    expect_address(page, "/cases/?follow_up=not_stated&follow_up=unclear")
    expect_count(page, 3)
    box(page, "follow_up", "not_stated").uncheck()
    expect_address(page, "/cases/?follow_up=unclear")
    expect_count(page, 1)
    box(page, "follow_up", "unclear").uncheck()
    expect_address(page, "/cases/")
    expect_count(page, 7)
    assert is_marked(page)


def test_files_offered_are_those_of_the_list_that_is_shown(page: Any) -> None:
    page.goto(f"{CASES}?sort=title&per_page=2&page=2")
    box(page, "follow_up", "not_stated").check()
    offered = page.locator(".downloads")
    expect(offered).to_contain_text("Download these 2 cases: Excel · JSON · JSON Lines")
    offered.locator("summary").click()
    query = "sort=title&follow_up=not_stated"
    for name, address in (
        ("Excel", "cases.xlsx"),
        ("JSON", "cases.json"),
        ("JSON Lines", "cases.jsonl"),
        ("warnings.csv", "warnings.csv"),
        ("cases.csv", "cases.csv"),
        ("Atom feed", "cases.atom"),
        ("JSON Feed", "cases.feed.json"),
    ):
        link = offered.get_by_role("link", name=name, exact=True)
        assert parts(link.get_attribute("href")) == parts(f"/{address}?{query}")
    for address in ("cases.csv", "cases.json", "cases.atom"):
        told = page.locator(f'link[data-of-list="/{address}"]').get_attribute("href")
        assert parts(told) == parts(f"/{address}?{query}")
    with page.expect_download() as begun:
        offered.get_by_role("link", name="cases.csv", exact=True).click()
    name = begun.value.suggested_filename
    assert re.fullmatch(r"duty-to-warn-cases-version-\d+-[a-z0-9-]+\.csv", name)
    assert begun.value.path().read_text().count("DTW-") == 4  # two numbers, two addresses


def test_removed_chip_unticks_its_box_and_the_focus_goes_on(page: Any) -> None:
    page.goto(CASES)
    mark(page)
    box(page, "follow_up", "not_stated").check()
    expect_count(page, 2)
    box(page, "reception", "disbelieved").check()
    expect_count(page, 1)
    chip(page, "Reception").focus()
    page.keyboard.press("Enter")
    expect_address(page, "/cases/?follow_up=not_stated")
    expect(box(page, "reception", "disbelieved")).not_to_be_checked()
    expect(box(page, "follow_up", "not_stated")).to_be_checked()
    assert focused(page).startswith("Follow-up: Not stated")
    page.keyboard.press("Enter")
    expect_address(page, "/cases/")
    expect_count(page, 7)
    expect(box(page, "follow_up", "not_stated")).not_to_be_checked()
    assert focused(page) == "count"
    assert is_marked(page)


def test_dates_and_their_choice_go_with_their_chip(page: Any) -> None:
    page.goto(CASES)
    mark(page)
    page.locator("#facet-date summary").click()
    page.locator("[name=date_from]").fill("2024")
    page.locator("[name=date_from]").press("Tab")
    expect_count(page, 2)
    page.locator("[name=date_match]").select_option("certain")
    expect_address(page, "/cases/?date_from=2024&date_match=certain")
    chip(page, "From").click()
    expect_count(page, 7)
    expect(page.locator("[name=date_from]")).to_have_value("")
    page.locator("[name=date_from]").fill("yesterday")
    page.locator("[name=date_from]").press("Tab")
    expect(page.locator(".notice").first).to_contain_text("“date_from” is a year")
    expect(page.locator("[name=date_from]")).to_have_value("")  # as on the page loaded anew
    page.get_by_role("link", name="Clear all").first.click()
    expect_address(page, "/cases/")
    expect(page.locator("[name=date_match]")).to_have_value("")
    assert is_marked(page)


def test_enter_in_the_search_box_searches_in_place(page: Any) -> None:
    page.goto(CASES)
    mark(page)
    box(page, "kind", "warning_given").check()
    expect_count(page, 4)
    page.locator("#q").fill("attack")
    page.locator("#q").press("Enter")
    expect_address(page, "/cases/?kind=warning_given&q=attack")
    expect_count(page, 4)
    expect(page.locator(".snippet mark").first).to_have_text("attack")
    assert focused(page) == "q"
    steps = page.evaluate("history.length")
    with page.expect_response("**/cases/?*"):
        page.locator("#q").press("Enter")
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert page.evaluate("history.length") == steps  # the same again is no step to go back
    expect(page.locator("#sorting summary strong")).to_have_text("Relevance")
    page.locator("#q").fill("$& attack")
    page.locator("#q").press("Enter")
    expect(page).to_have_title(re.compile(r"^Cases: .*search \$& attack – "))
    page.get_by_role("link", name="Clear all").first.click()
    expect_address(page, "/cases/")
    expect_count(page, 7)
    expect(page.locator("#q")).to_have_value("")
    expect(box(page, "kind", "warning_given")).not_to_be_checked()
    expect(page.locator(".chips")).to_have_count(0)
    assert focused(page) == "count"
    assert is_marked(page)


def test_clear_all_beside_the_chips_empties_the_filters_and_gives_the_focus_to_the_count(
    page: Any,
) -> None:
    page.goto(CASES + "?channel=public&era=after_icd191")
    mark(page)
    page.locator(".chips").get_by_role("link", name="Clear all").click()
    expect_address(page, "/cases/")
    expect_count(page, 7)
    expect(box(page, "channel", "public")).not_to_be_checked()
    assert focused(page) == "count"
    assert is_marked(page)


def test_search_for_a_number_leads_to_its_case(page: Any) -> None:
    page.goto(CASES)
    page.locator("#q").fill("DTW-0001")
    page.locator("#q").press("Enter")
    expect_address(page, "/cases/moscow-concert-hall-2024/")
    expect(page.locator("h1")).to_have_text(MOSCOW)
    expect(page.locator("#listing")).to_have_count(0)
    go(page, -1)
    expect_count(page, 7)


def test_sort_and_view_stay_while_boxes_are_ticked(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(CASES)
    mark(page)
    page.evaluate("scrollTo(0, 200)")
    sort_by(page, "Oldest first")
    expect_address(page, "/cases/?sort=date")
    expect(page.locator(TITLES).first).to_contain_text("1998")
    assert page.evaluate("scrollY") == 200
    page.get_by_role("link", name="Table", exact=True).click()
    expect_address(page, "/cases/?sort=date&view=table")
    expect(page.locator("tbody th").first).to_contain_text("1998")
    box(page, "kind", "warning_given").check()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect_address(page, "/cases/?sort=date&view=table&kind=warning_given")
    expect(page.locator("tbody th").first).to_contain_text("2004")
    assert is_marked(page)


def test_columns_are_chosen_and_sorted_by_in_place(page: Any) -> None:
    page.goto(CASES + "?view=table")
    mark(page)
    heads = page.locator("thead th")
    expect(heads).to_have_count(7)
    page.get_by_text("Choose the columns").click()
    for name in ("recipient", "reception", "follow_up"):
        page.locator(f"#choose-columns input[value={name}]").uncheck()
    page.locator("#choose-columns input[value=basis]").check()
    expect(heads).to_have_text([re.compile(t) for t in ("Case", "Date", "Basis", "Lead", "Deaths")])
    expect(page.locator("#choose-columns")).to_have_attribute("open", "")
    page.get_by_role("link", name="Lead time", exact=True).click()
    expect(heads.nth(3)).to_have_attribute("aria-sort", "ascending")
    heads.nth(3).get_by_role("link").click()
    expect(heads.nth(3)).to_have_attribute("aria-sort", "descending")
    expect(heads.nth(1)).not_to_have_attribute("aria-sort", re.compile("."))
    address = "/cases/?view=table&column=basis&column=lead_time&column=deaths&sort=-lead_time"
    expect_address(page, address)
    assert is_marked(page)


def test_default_columns_fit_a_screen_of_1280(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(CASES + "?view=table")
    room, needed = page.evaluate(
        "(e => [e.clientWidth, e.scrollWidth])(document.querySelector('.table-scroll'))"
    )
    assert needed <= room


def test_next_page_begins_at_its_top_with_the_focus(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(CASES + "?per_page=2")
    mark(page)
    page.get_by_role("link", name="Next page").click()
    expect_address(page, "/cases/?per_page=2&page=2")
    expect(page.get_by_role("spinbutton", name="Page")).to_have_value("2")
    expect(page.locator(TITLES)).to_have_count(2)
    expect(page.locator("#count")).to_be_focused()
    page.wait_for_function("document.getElementById('count').getBoundingClientRect().top < 50")
    box(page, "kind", "warning_given").check()
    expect_address(page, "/cases/?per_page=2&kind=warning_given")
    assert is_marked(page)


def test_back_and_forward_restore_list_boxes_and_address(page: Any) -> None:
    page.goto(CASES)
    box(page, "follow_up", "not_stated").check()
    expect_count(page, 2)
    box(page, "follow_up", "unclear").check()
    expect_count(page, 3)
    go(page, -1)
    expect_address(page, "/cases/?follow_up=not_stated")
    expect_count(page, 2)
    expect(box(page, "follow_up", "not_stated")).to_be_checked()
    expect(box(page, "follow_up", "unclear")).not_to_be_checked()
    go(page, -1)
    expect_address(page, "/cases/")
    expect_count(page, 7)
    expect(box(page, "follow_up", "not_stated")).not_to_be_checked()
    go(page, 2)
    expect_address(page, "/cases/?follow_up=not_stated&follow_up=unclear")
    expect_count(page, 3)
    expect(box(page, "follow_up", "unclear")).to_be_checked()


def test_back_pressed_again_before_the_page_is_ready_is_followed(page: Any) -> None:
    page.goto(CASES)
    box(page, "follow_up", "not_stated").check()
    expect_count(page, 2)
    box(page, "follow_up", "unclear").check()
    expect_count(page, 3)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/htmx-4*.js", hold)
    go(page, -1)
    expect_count(page, 2)
    go(page, -1)
    page.unroute("**/htmx-4*.js")
    expect_count(page, 7)
    expect_address(page, CASES)


def test_address_shows_the_same_after_a_reload_and_to_somebody_else(page: Any, plain: Any) -> None:
    page.goto(CASES)
    box(page, "follow_up", "not_stated").check()
    expect_count(page, 2)
    sort_by(page, "Title")
    expect_address(page, "/cases/?follow_up=not_stated&sort=title")
    expect(page.locator("#sorting summary strong")).to_have_text("Title")
    expect(page.locator(TITLES)).to_have_count(2)
    titles, sentence = page.locator(TITLES).all_inner_texts(), page.inner_text("#count")
    page.reload()
    plain.goto(page.url)
    for other in (page, plain):
        assert other.locator(TITLES).all_inner_texts() == titles
        assert other.inner_text("#count") == sentence
        expect(box(other, "follow_up", "not_stated")).to_be_checked()


def test_case_leads_to_its_neighbours_and_back_to_the_very_list(page: Any) -> None:
    page.goto(CASES + "?per_page=2")
    box(page, "kind", "warning_given").check()
    expect(page.get_by_text("Page 1 of 2")).to_be_attached()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_attached()
    listed = page.url
    titles = page.locator(TITLES).all_inner_texts()
    page.locator(TITLES).first.click()
    place = page.get_by_role("navigation", name="In the list")
    expect(page.locator("h1")).to_have_text(titles[0])
    expect(place).to_contain_text("Case 3 of 4 in which the kind is “Warning given”")
    place.get_by_role("link", name="Next").click()
    expect(page.locator("h1")).to_have_text(titles[1])
    expect(place).to_contain_text("Case 4 of 4")
    expect(place.get_by_role("link", name="Next")).to_have_count(0)
    place.get_by_role("link", name="Previous").click()
    expect(page.locator("h1")).to_have_text(titles[0])
    place.get_by_role("link", name="Back to the list").click()
    expect(page.locator(TITLES).first).to_have_text(titles[0])
    back, _, fragment = page.url.partition("#")
    assert back == listed
    assert page.locator(f"#{fragment}").inner_text().startswith(titles[0])


def test_links_to_cases_and_to_the_comparison_are_ordinary(page: Any) -> None:
    page.goto(CASES + "?view=table")
    mark(page)
    page.get_by_role("link", name="Comparison with evidence").click()
    expect(page.locator("h1")).to_have_text("Comparison")
    assert page.evaluate("window.marked") is None


# What goes wrong, and what comes too fast


def test_boxes_ticked_faster_than_the_server_answers_are_all_kept(page: Any) -> None:
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.goto(CASES)
    mark(page)
    steps = page.evaluate("history.length")
    page.route("**/cases/?*", hold_the_first)
    for value in ("not_stated", "unclear", "inadequate"):
        box(page, "follow_up", value).check()
    expect(page.locator(".results")).to_have_class(re.compile("htmx-request"))
    held[0].continue_()
    expect_address(page, "/cases/?follow_up=inadequate&follow_up=not_stated&follow_up=unclear")
    expect_count(page, 4)
    for value in ("not_stated", "unclear", "inadequate"):
        expect(box(page, "follow_up", value)).to_be_checked()
    assert page.evaluate("history.length") == steps + 1  # only the last answer was shown
    assert is_marked(page)


def test_double_click_on_a_box_leaves_the_list_as_it_was(page: Any) -> None:
    page.goto(CASES)
    box(page, "kind", "warning_given").dblclick()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect_count(page, 7)
    expect_address(page, "/cases/")
    expect(box(page, "kind", "warning_given")).not_to_be_checked()


def test_no_answer_is_said_and_can_be_tried_again(page: Any) -> None:
    page.goto(CASES)
    page.route("**/cases/?*", lambda route: route.abort())
    box(page, "kind", "warning_given").check()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The list could not be updated")
    expect_address(page, "/cases/")
    page.unroute("**/cases/?*")
    alert.get_by_role("link", name="Try again").click()
    expect_address(page, "/cases/?kind=warning_given")
    expect_count(page, 4)
    expect(alert).to_be_hidden()


def test_error_of_the_server_is_shown_as_a_page_of_its_own(page: Any) -> None:
    page.goto(CASES)
    page.route(
        "**/cases/?*", lambda route: route.fulfill(status=500, body="<h1>Something broke</h1>")
    )
    box(page, "kind", "warning_given").click()
    expect(page.locator("h1")).to_have_text("Something broke")
    expect(page.locator("#listing")).to_have_count(0)
    page.unroute("**/cases/?*")
    go(page, -1)
    expect_count(page, 7)


def test_every_way_of_finding_leaves_the_console_empty(page: Any) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(CASES)
    box(page, "kind", "warning_given").check()
    expect_count(page, 4)
    page.locator("#q").fill('attack "concert')
    page.locator("#q").press("Enter")
    expect(page.locator(".results")).to_contain_text("cases")
    page.get_by_role("link", name="Clear all").first.click()
    expect_count(page, 7)
    page.get_by_role("link", name="Table", exact=True).click()
    page.get_by_text("Choose the columns").click()
    page.locator("#choose-columns input[value=basis]").check()
    expect(page.locator("thead th")).to_have_count(8)
    page.locator("thead").get_by_role("link", name="Deaths").click()
    expect(page.locator("thead th[aria-sort=descending]")).to_contain_text("Deaths")
    go(page, -1)
    expect(page.locator("thead th[aria-sort=descending]")).to_contain_text("Date")
    assert messages == []


# On a phone, and by keyboard


def test_filters_on_a_phone_stay_open_while_boxes_are_ticked(page: Any) -> None:
    requests: list[str] = []
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(CASES)
    page.on("request", lambda request: requests.append(urlsplit(request.url).path))
    expect(page.locator("#narrow")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.locator("#narrow")).to_be_visible()
    assert CASES not in requests
    box(page, "kind", "warning_given").check()
    expect_count(page, 4)
    expect(page.locator("#narrow")).to_be_visible()
    expect(page.locator("#show-facets")).to_be_checked()
    page.get_by_role("button", name=SHOW).click()
    expect(page.locator("#count")).to_be_focused()
    expect(page.locator("#count")).to_be_in_viewport()


def test_list_is_narrowed_and_a_case_reached_by_keyboard_alone(page: Any) -> None:
    def tab_to(description: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if focused(page).startswith(description):
                return
        raise AssertionError(f"Tab does not lead to {description!r}")

    page.goto(CASES)
    tab_to("Channel")
    page.keyboard.press("Enter")
    tab_to("channel=public")
    page.keyboard.press("Space")
    expect_address(page, "/cases/?channel=public")
    assert focused(page) == "channel=public"
    tab_to("Channel: Public")
    page.keyboard.press("Enter")
    expect_address(page, "/cases/")
    expect(page.locator("#count")).to_be_focused()
    tab_to(MOSCOW)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(MOSCOW)


# Without JavaScript


def test_filters_chips_and_back_work_without_javascript(plain: Any) -> None:
    plain.goto(CASES)
    box(plain, "follow_up", "not_stated").check()
    box(plain, "reception", "disbelieved").check()
    plain.get_by_role("button", name=SHOW).click()
    expect_address(plain, "/cases/?reception=disbelieved&follow_up=not_stated")
    expect_count(plain, 1)
    chip(plain, "Reception").click()
    expect_address(plain, "/cases/?follow_up=not_stated")
    expect_count(plain, 2)
    plain.go_back()
    expect_count(plain, 1)
    expect(box(plain, "reception", "disbelieved")).to_be_checked()
    plain.go_back()
    expect_count(plain, 7)
    expect(box(plain, "reception", "disbelieved")).not_to_be_checked()
    plain.go_forward()
    plain.get_by_role("link", name="Clear all").first.click()
    expect_count(plain, 7)


def test_search_sort_and_pages_work_without_javascript(plain: Any) -> None:
    plain.goto(CASES + "?per_page=2")
    plain.locator("#q").fill("attack")
    plain.locator("#q").press("Enter")
    expect_address(plain, "/cases/?per_page=2&q=attack")
    sort_by(plain, "Oldest first")
    expect(plain.locator(TITLES).first).to_contain_text("1998")
    plain.get_by_role("link", name="Next page").click()
    expect_address(plain, "/cases/?per_page=2&q=attack&sort=date&page=2")
    title = plain.locator(TITLES).nth(1).inner_text()
    plain.locator(TITLES).nth(1).click()
    expect(plain.get_by_role("navigation", name="In the list")).to_contain_text("Case 4 of 5")
    plain.get_by_role("link", name="Back to the list").click()
    expect(plain.locator(TITLES).nth(1)).to_have_text(title)


def test_table_and_columns_work_without_javascript(plain: Any) -> None:
    plain.goto(CASES)
    plain.get_by_role("link", name="Table", exact=True).click()
    plain.get_by_text("Choose the columns").click()
    plain.locator("#choose-columns input[value=deaths]").uncheck()
    plain.get_by_role("button", name="Show these columns").click()
    expect(plain.locator("thead th")).to_have_count(6)
    plain.locator("thead").get_by_role("link", name="Lead time").click()
    expect(plain.locator("thead th[aria-sort=ascending]")).to_contain_text("Lead time")
    expect(plain.locator("thead th")).to_have_count(6)


def test_page_of_a_long_facet_finds_and_chooses_without_javascript(plain: Any) -> None:
    plain.goto(CASES + "?kind=warning_given")
    plain.locator("#facet-actor summary").click()
    plain.locator("#facet-actor").get_by_role("link", name="more, exclude").click()
    expect(plain.locator("h1")).to_have_text("Actor")
    expect(plain.locator(".lede")).to_contain_text("the kind is “Warning given”")
    plain.get_by_label("Find in this list").fill("chavez")
    plain.get_by_role("button", name="Find").click()
    expect(plain.locator(".columns label")).to_have_count(1)
    plain.get_by_label("Hugo Chávez").check()
    plain.get_by_role("button", name="Show the cases").click()
    expect_address(plain, "/cases/?kind=warning_given&actor=hugo-chavez")
    expect_count(plain, 1)
