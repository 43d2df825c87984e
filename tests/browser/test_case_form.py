"""The form of a case: its sections, its save bar, and what axe finds in them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import Case
from tests.support.factories import make_case, make_incident, make_involvement, make_warning

from .accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

KERMAN = "kerman-2024"

DJANGOS_OWN = {("empty-table-header", '<th class="original"></th>')}
"""What axe finds in a template of Django: the head of the column that names a row."""


@pytest.fixture
def form(editing: Any) -> Any:
    """Return the page on which an editor has the Kerman case open."""
    return opened(editing, Case.objects.get(slug=KERMAN))


@pytest.fixture
def small_form(editing: Any) -> Any:
    """Return the page on which an editor has a draft open of which little is coded; the form comes
    in half the time."""
    case = make_case()
    make_warning(case)
    make_incident(case)
    return opened(editing, case)


def opened(page: Any, case: Case) -> Any:
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    return page


def fold(page: Any, section: str) -> Any:
    return page.locator("h2 .fold", has_text=section)


def test_folded_section_is_still_folded_when_the_page_is_opened_again(small_form: Any) -> None:
    assert small_form.locator("#id_warnings-0-channel").is_visible()
    fold(small_form, "Warnings").click()
    assert not small_form.locator("#id_warnings-0-channel").is_visible()
    small_form.reload()
    assert not small_form.locator("#id_warnings-0-channel").is_visible()
    assert small_form.locator("#id_incidents-0-kind").is_visible()
    fold(small_form, "Warnings").press("Enter")
    small_form.reload()
    assert small_form.locator("#id_warnings-0-channel").is_visible()


def test_folded_section_with_an_error_opens(small_form: Any) -> None:
    small_form.fill("#id_warnings-0-date_edtf", "March 7")
    fold(small_form, "Warnings").click()
    small_form.click("input[name=_continue]")
    assert "is not a date expression" in small_form.locator(".errorlist:visible").first.inner_text()


def test_link_to_a_folded_section_opens_it(small_form: Any) -> None:
    fold(small_form, "Incidents").click()
    small_form.locator("nav.sections a", has_text="Incidents").click()
    assert small_form.locator("#id_incidents-0-kind").is_visible()


def test_save_bar_and_sections_stay_in_view(small_form: Any) -> None:
    for y in (0, 2000):
        small_form.evaluate(f"window.scrollTo(0, {y})")
        save = small_form.locator("input[name=_save]").bounding_box()
        assert small_form.locator(".submit-row").bounding_box()["height"] < 2 * save["height"]
        assert save["y"] + save["height"] <= small_form.viewport_size["height"]
    assert small_form.locator("nav.sections").bounding_box()["y"] == 0


def open_claim(page: Any) -> None:
    """Open what can be opened: a claim beside its value, and all help."""
    page.locator("#warnings-0 .claim-line").first.click()
    page.locator("#warnings-0 .desk .inline-related").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def faults(page: Any, width: int) -> list[str]:
    """Return what axe finds at this width, except what is Django's own."""
    page.set_viewport_size({"width": width, "height": 900})
    found = [
        f"{width}: {rule}: {html}"
        for rule, html in violations(page)
        if (rule, html) not in DJANGOS_OWN
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{width}: scrolls sideways")
    return found


def test_form_has_no_accessibility_violation_of_ours(form: Any) -> None:
    form.set_viewport_size({"width": 768, "height": 900})
    assert not form.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    open_claim(form)
    found = faults(form, 1280)
    form.emulate_media(color_scheme="dark")
    found += faults(form, 320)
    assert not found, "\n".join(found)


def test_refused_form_of_a_new_case_has_no_accessibility_violation_of_ours(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.fill("#id_warnings-0-date_edtf", "March 7")
    editing.keyboard.press("Control+s")
    editing.locator(".errornote").wait_for()
    found = faults(editing, 320)
    assert not found, "\n".join(found)


def test_claim_beside_its_value_is_not_cut_off_on_a_phone(form: Any) -> None:
    form.set_viewport_size({"width": 390, "height": 844})
    open_claim(form)
    desk = form.locator("#warnings-0 .desk").bounding_box()
    for control in ("[id$=-source] + .select2", "[id$=-locator]", "[id$=-quote]", "[id$=-gist]"):
        box = form.locator(f".desk {control}").first.bounding_box()
        assert box["x"] + box["width"] <= desk["x"] + desk["width"], control


def test_form_that_comes_back_names_each_error_with_a_link_to_its_field(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.fill("#id_title", "A warning of a test")
    editing.select_option("#id_kind", "warning_given")
    editing.fill("[name='warnings-0-window_start']", "2024-03-09")
    editing.fill("[name='warnings-0-window_end']", "2024-03-01")
    editing.fill("[name='warnings-0-date_words']", "7 May 2019")
    editing.get_by_role("button", name="Code it as 7 May 2019").click()
    assert editing.input_value("[name='warnings-0-date_edtf']") == "2019-05-07"
    assert editing.input_value("[name='warnings-0-date_basis']") == "stated"
    editing.fill("[name='warnings-0-date_edtf']", "May 2019")
    editing.get_by_text("May 2019 = 1–31 May 2019").wait_for()
    for part in ("warnings", "incidents"):
        editing.fill(f"[name='{part}-0-date_edtf']", "2024-13-45")
    editing.click("input[name=_continue] >> nth=0")
    editing.locator(".error-links:focus").wait_for()  # and not the first field
    said = editing.locator(".error-links > li").all_inner_texts()
    assert said[0] == "Summary: This field is required."
    editing.locator(".error-links a", has_text="The warned window ends").click()
    editing.locator("[name='warnings-0-window_end']:focus").wait_for()
    assert editing.locator("[name^='warnings-0-window'][aria-invalid=true]").count() == 2
    assert "Date (EDTF): There is no month 13. (Warning 1, Incident 1)" in said
    editing.locator(".error-links a", has_text="Incident 1").last.click()
    editing.locator("[name='incidents-0-date_edtf']:focus").wait_for()


def test_part_that_still_has_claims_is_reported_with_a_link_to_each(editing: Any) -> None:
    case = make_case(complete=True)
    for _ in range(2):
        make_involvement(case, role="speaker")
    page = opened(editing, case)
    page.set_default_timeout(20_000)
    page.check("[name='incidents-0-DELETE']")
    rows = [
        row
        for row in range(3)
        if page.input_value(f"[name='involvements-{row}-role']") == "speaker"
    ]
    first, second = (f"[name='involvements-{row}-actor']" for row in rows)
    page.locator(second).evaluate(
        "(list, key) => { list.add(new Option('The same', key)); list.value = key; }",
        page.input_value(first),
    )
    page.click("input[name=_continue]")
    page.locator(".error-links:focus").wait_for()
    said = page.locator(".error-links > li").all_inner_texts()
    assert any(line.startswith("About: Incident 1 still has 3 claims.") for line in said)
    assert any(line.startswith("Roles: Please correct the duplicate") for line in said)
    page.locator(".error-links a", has_text="Claim").first.click()
    page.locator("[name$='-about'][aria-invalid=true]:focus").wait_for()


def test_proposed_slug_follows_the_title_after_a_refused_save_too(editing: Any) -> None:
    editing.goto("/admin/cases/case/add/")
    editing.locator("#id_title").press_sequentially("Alpha")
    editing.keyboard.press("Control+s")
    editing.locator(".errornote").wait_for()
    editing.fill("#id_title", "Beta")
    editing.locator("#id_title").press("End")
    assert editing.input_value("#id_slug") == "beta"
    editing.fill("#id_title", "سپاه پاسداران")
    editing.locator("#id_title").press("End")
    assert editing.input_value("#id_slug") == "spah-pasdaran"


def test_letters_typed_at_a_picker_are_searched_for_and_enter_waits_for_what_is_found(
    editing: Any,
) -> None:
    editing.goto("/admin/cases/case/add/")
    picker = editing.locator("#id_warnings-0-issuer + .select2 .select2-selection")
    picker.focus()
    editing.keyboard.type("fsb")
    editing.keyboard.press("Enter")
    chosen = editing.locator("#id_warnings-0-issuer option:checked")
    expect(chosen).to_have_text(re.compile("Federal Security Service"))


def test_saving_returns_to_the_field_in_use_and_not_to_the_one_in_the_address(editing: Any) -> None:
    case = Case.objects.get(slug="kerman-2024")
    editing.goto(f"/admin/cases/case/{case.pk}/change/#id_claims-0-quote")
    editing.locator("#id_claims-0-quote").wait_for()
    editing.locator("#id_incidents-0-place").fill("Kerman, at a cemetery")
    editing.fill("#id_change_note", "Says where.")
    editing.locator("#id_incidents-0-place").click()
    editing.keyboard.press("Control+s")
    editing.locator(".save-outcome").wait_for()
    expect(editing.locator("#id_incidents-0-place")).to_be_focused()
    expect(editing.locator("#id_incidents-0-place")).to_be_in_viewport()
    assert "#" not in editing.url


def test_date_that_is_typed_proposes_that_it_is_stated_until_it_is_removed(editing: Any) -> None:
    editing.goto("/admin/cases/source/add/")
    editing.fill("#id_published_edtf", "2024")
    assert editing.input_value("#id_published_basis") == "stated"
    editing.fill("#id_published_edtf", "")
    assert editing.input_value("#id_published_basis") == "not_stated"
    editing.select_option("#id_published_basis", "resolved")
    editing.fill("#id_published_edtf", "2023")
    assert editing.input_value("#id_published_basis") == "resolved"
