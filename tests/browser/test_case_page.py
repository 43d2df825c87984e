"""The page of a case in a real browser: first screen, links to evidence, picture and print."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Actor, Case, Claim
from tests.support.factories import make_actor, show

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOSCOW = "/cases/moscow-concert-hall-2024/"


def bottom(page: Any, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return float(box["y"] + box["height"])


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
@pytest.mark.parametrize("slug", ["moscow-concert-hall-2024", "kerman-2024", "khashoggi-2018"])
def test_first_screen_has_the_story_and_the_outcome(
    page: Any, size: tuple[int, int], slug: str
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/cases/{slug}/")
    assert bottom(page, ".lede") < height
    assert bottom(page, ".in-short") < height
    if width == 1280:
        assert bottom(page, ".in-page") < height


@pytest.mark.parametrize("width", [390, 1280])
def test_lead_time_of_the_outcome_has_every_mark_that_lists_have(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(MOSCOW)
    lead_time = page.locator(".short-warning .facts li", has_text="Lead time: 15 days")
    expect(lead_time.locator(".badge")).to_have_text("Completed by editors")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_in_page_navigation_stays_at_hand(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(MOSCOW + "#notes")
    navigation = page.locator(".in-page")
    expect(navigation).to_be_in_viewport(ratio=1)
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Cite").press(
        "Enter"
    )
    expect(page.locator("#cite")).to_be_in_viewport(ratio=1)
    expect(navigation).to_be_in_viewport(ratio=1)


def test_mark_that_speaks_against_a_value_leads_to_its_evidence(page: Any) -> None:
    page.goto("/cases/kerman-2024/")
    mark = page.locator(".case-head .badge", has_text="Contradicted by")
    mark.press("Enter")
    expect(page).to_have_url(re.compile("#kind$"))
    expect(page.locator("#kind").get_by_role("link", name="contradiction")).to_be_in_viewport()


@pytest.mark.parametrize("target", ["notes", "warning-2-reception", "roles"])
def test_in_page_navigation_of_a_phone_hides_nothing_that_it_leads_to(
    page: Any, target: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{MOSCOW}#{target}")
    assert page.locator(f"#{target}").bounding_box()["y"] >= bottom(page, ".in-page")


@pytest.mark.parametrize("target", ["warning-2-reception", "claim-50", "warning-1-as-a-whole"])
def test_address_of_evidence_opens_it_without_javascript(plain: Any, target: str) -> None:
    plain.goto(f"{MOSCOW}#{target}")
    expect(plain.locator(f"#{target}")).to_be_in_viewport()
    expect(plain.locator("details[open]")).to_have_count(1)


def test_opened_value_is_seen_with_its_label(plain: Any) -> None:
    plain.goto(MOSCOW + "#warning-2-reception")
    opened = plain.locator(".coded:has(details[open])")
    expect(opened.locator(".coded-label")).to_be_in_viewport(ratio=1)
    expect(opened.locator("summary")).to_be_in_viewport(ratio=1)


def test_link_in_the_page_opens_the_evidence_it_leads_to(plain: Any) -> None:
    plain.goto(MOSCOW)
    link = plain.locator(".chain .link-statement a.locator").first
    target = link.get_attribute("href")
    claim = plain.locator(target)
    expect(claim).not_to_be_visible()
    link.click()
    expect(claim).to_be_visible()
    assert plain.url.endswith(target)


def test_link_to_the_key_opens_it(plain: Any) -> None:
    plain.goto(MOSCOW)
    expect(plain.locator("#key")).not_to_be_visible()
    plain.get_by_role("link", name="What the marks mean").click()
    expect(plain.locator("#key .badge").first).to_be_in_viewport()


def test_mark_says_what_it_means_to_the_keyboard(page: Any) -> None:
    page.goto(MOSCOW)
    mark = page.locator(".badge[role=button]").first
    mark.evaluate("mark => mark.before(Object.assign(document.createElement('a'), {href: '#'}))")
    mark.locator("xpath=preceding-sibling::a[1]").focus()
    page.keyboard.press("Tab")
    expect(mark).to_be_focused()
    expect(page.locator(".meaning")).to_contain_text(mark.get_attribute("title"))
    page.locator("main a").first.focus()
    expect(page.locator(".meaning")).to_be_hidden()


def test_row_that_opens_reads_as_a_link_and_a_row_without_evidence_not_as_a_value(
    page: Any,
) -> None:
    page.goto(MOSCOW)
    count = page.locator(".coded summary .evidence-count").first
    expect(count).to_have_css("text-decoration-line", "underline")
    row = page.locator(".coded:has(> .self)").first
    link = row.locator("> .self")
    expect(link).to_have_css("opacity", "0")
    row.hover()
    expect(link).to_have_css("opacity", "1")


def test_opened_evidence_can_be_closed_again(plain: Any) -> None:
    plain.goto(MOSCOW + "#warning-2-reception")
    evidence = plain.locator("#warning-2-reception")
    expect(evidence).to_be_visible()
    plain.locator("details[open] summary").click()
    expect(evidence).not_to_be_visible()
    plain.get_by_label("Open all evidence").check()
    assert all(quote.is_visible() for quote in plain.locator(".claim blockquote").all())


def test_contents_of_the_page_mark_what_is_being_read(page: Any) -> None:
    page.goto(MOSCOW)
    current = page.locator(".in-page [aria-current]")
    expect(current).to_have_count(0)
    for section in ("Sources", "Chain"):
        page.evaluate("id => document.getElementById(id).scrollIntoView()", section.lower())
        expect(current).to_have_text(section)


def test_marks_to_link_to_are_large_enough(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(MOSCOW + "#warning-2-reception")
    for link in page.locator(".self:visible").all():
        box = link.bounding_box()
        assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_words_of_the_picture_are_legible_and_uncut(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for slug in ("moscow-concert-hall-2024", "boston-2013", "ukraine-2022"):
        page.goto(f"/cases/{slug}/")
        picture = page.locator(".timeline > svg")
        frame = picture.bounding_box()
        # On a phone, names that are too long end in “…”.
        spans = ".row-words > span" if width == 1280 else ".row-words > span:not(.row-names)"
        for words in picture.locator(f":is(text, {spans}):visible").all():
            assert words.evaluate("words => words.scrollWidth <= words.clientWidth")
            box = words.bounding_box()
            assert box["height"] >= 12
            assert box["x"] >= frame["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, words.inner_html()
        dates = [each.bounding_box() for each in picture.locator(".tick-text:visible").all()]
        for before, after in pairwise(dates):
            assert before["x"] + before["width"] < after["x"]


def test_words_of_the_picture_name_the_issuer_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(MOSCOW)
    names = page.locator(".timeline .row-names:visible")
    assert "US officials" in names.first.inner_text()
    assert min(each.bounding_box()["width"] for each in names.all()) > 30


SHOWN = """words => {
  const name = document.createTreeWalker(words.querySelector("bdi") || words, 4).nextNode();
  const letters = [document.createRange(), document.createRange()];
  letters[0].setEnd(name, 8);
  letters[0].setStart(name, 2);
  letters[1].selectNodeContents(name);
  const [start, all] = letters.map((range) => range.getBoundingClientRect());
  const cut = [words, ...words.querySelectorAll("bdi")].filter((box) =>
    box.scrollWidth > box.clientWidth && getComputedStyle(box).textOverflow === "ellipsis");
  const frame = (words.querySelector("bdi") || words).getBoundingClientRect();
  const seen = (box) => box.left >= frame.left - 1 && box.right <= frame.right + 1;
  return [seen(start), seen(all), cut.length];
}"""
"""Returns whether the first letters and all letters of a name are seen, and how many boxes end
with “…”."""


@pytest.mark.usefixtures("live_demo")
@pytest.mark.parametrize("name", ["وزارت اطلاعات جمهوری اسلامی ", "The ministry of intelligence "])
def test_long_name_in_the_picture_is_cut_at_its_end(page: Any, name: str) -> None:
    case = Case.objects.get(slug="moscow-concert-hall-2024")
    case.warnings.get(sequence=1).recipients.set([make_actor(name=(name * 6).strip())])
    show(case)
    for width in (800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(MOSCOW)
        words = page.locator(".row-warning .row-names", has_text=name.strip())
        assert words.evaluate(SHOWN) == [True, False, 1]
        picture, row = page.locator(".timeline > svg").bounding_box(), words.bounding_box()
        assert row["x"] + row["width"] <= picture["x"] + picture["width"] + 1


@pytest.mark.usefixtures("live_demo")
def test_contested_value_shows_its_sides_beside_each_other(page: Any) -> None:
    case = Case.objects.get(slug="kerman-2024")
    claim = Claim.objects.get(case=case, incident__isnull=False, field="deaths")
    claim.pk, claim.sequence, claim.stance, claim.quote = None, 999, "disputes", ""
    claim.speaker = Actor.objects.get(slug="iran")
    claim.save()
    show(case)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cases/kerman-2024/#incident-1-deaths")
    asserts, disputes = (side.bounding_box() for side in page.locator(".taken").all())
    assert asserts["y"] == disputes["y"]
    assert asserts["x"] + asserts["width"] <= disputes["x"]


def test_lone_claim_is_as_wide_as_the_evidence(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(MOSCOW + "#warning-1-conduit")
    claims = page.locator("#warning-1-conduit .claims")
    expect(claims.locator(".claim")).to_have_count(1)
    claim = claims.locator(".claim").bounding_box()
    assert claim["width"] == claims.bounding_box()["width"]


def test_print_is_a_record_with_all_evidence_and_the_address_of_citation(page: Any) -> None:
    page.goto(MOSCOW)
    page.emulate_media(media="print")
    for quote in page.locator(".claim blockquote").all():
        assert quote.is_visible()
    main = page.inner_text("main")
    assert re.search(r"DTW-0001, version 1\s+24 November 2026|DTW-0001, version 1", main)
    assert re.search(r"https?://\S+/id/DTW-0001/", main)
    for controls in (".in-page", ".place", ".self", ".skip", ".menu", ".breadcrumbs"):
        assert not page.locator(controls).first.is_visible(), controls


def test_citation_is_copied_by_its_button_and_said_to_be(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(MOSCOW)
    page.get_by_role("button", name="Copy as APA").click()
    expect(page.locator(".citations [role=status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Duty-to-warn casebook. (")
    assert copied.endswith("/id/DTW-0001/v/1/")
    page.get_by_text("BibTeX as text").click()
    page.get_by_role("button", name="Copy as BibTeX").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@incollection{DTW-0001-v1,")


def test_citation_that_cannot_be_copied_is_selected(page: Any) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")  # as on a site without https
    page.goto(MOSCOW)
    page.get_by_role("button", name="Copy as Chicago").click()
    expect(page.locator(".citations [role=status]")).to_contain_text("Selected")
    assert page.evaluate("String(getSelection())").startswith("Duty-to-warn casebook. 2")


def test_screen_keeps_evidence_closed_until_it_is_asked_for(page: Any) -> None:
    page.goto(MOSCOW)
    quotes = page.locator(".claim blockquote")
    assert not quotes.first.is_visible()
    assert not page.locator(".print-only").first.is_visible()
    switch = page.get_by_label("Open all evidence")
    switch.check()
    assert all(quote.is_visible() for quote in quotes.all())
    # One can still be closed, and a mark in its line explains itself instead.
    mark = page.locator(".coded summary .badge").first
    mark.click()
    expect(page.locator(".meaning")).to_contain_text(mark.get_attribute("title"))
    assert page.locator(".coded details:not([open])").count() == 0
    page.locator(".coded summary").first.click(position={"x": 5, "y": 5})
    assert page.locator(".coded details:not([open])").count() == 1
    switch.uncheck()
    assert page.locator(".coded details[open]").count() == 0
