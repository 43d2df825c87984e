"""The admin's forms and lists on a phone, a tablet and a desktop: nothing is cut off or covered."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from cases.models import Case
from cases.review.corrections import settle
from cases.versions.making import make_version
from tests.support.admin_forms import page_of
from tests.support.factories import make_actor, make_case, make_involvement

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

# CSS pixels: a phone; tablets, also where Django's own style changes; a small and a usual desktop.
WIDTHS = [390, 768, 800, 1024, 1112, 1280]
ADDED = ["case", "note", "import", "actor", "source", "directive", "directiveexception"]
# It has an exception, and claims about all of its parts.
FILLED = "moscow-concert-hall-2024"

CUT_OFF = """() => {
  const cut = [];
  const controls = "input, select, textarea, button, a, .select2-selection";
  for (const control of document.querySelectorAll(`#content :is(${controls})`)) {
    const box = control.getBoundingClientRect();
    if (!box.width || !control.checkVisibility({ visibilityProperty: true })) continue;
    // Select2 shows a list of its own in place of the select, and clips what is inside it.
    if (control.matches(".select2-hidden-accessible, .select2-selection *")) continue;
    // A table that is wider than the page scrolls; see LIST.
    if (control.matches("#result_list *")) continue;
    let [left, right] = [0, document.documentElement.clientWidth];
    for (let around = control.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowX === "visible") continue;
      const bounds = around.getBoundingClientRect();
      [left, right] = [Math.max(left, bounds.left), Math.min(right, bounds.right)];
    }
    if (box.left < left - 1 || box.right > right + 1) {
      const name = control.id || control.className || control.textContent.trim();
      cut.push(`${name}: ${[box.left, box.right, left, right].map(Math.round)}`);
    }
  }
  return cut;
}"""
"""Names each control that is partly outside the screen or a box that clips it, with the left and
right side of the control and those between which it can be seen."""

LIST = """() => {
  const faults = [];
  const heading = document.createRange();
  heading.selectNodeContents(document.querySelector("#content h1"));
  const words = heading.getBoundingClientRect();
  for (const tool of document.querySelectorAll(".object-tools li")) {
    const box = tool.getBoundingClientRect();
    const beside = box.left >= words.right || box.top >= words.bottom || !box.width;
    if (!beside) faults.push(`${tool.textContent.trim()} covers the heading`);
  }
  const results = document.querySelector("#changelist .results");
  if (!results) return faults;
  const box = results.getBoundingClientRect();
  if (box.left < 0 || box.right > document.documentElement.clientWidth) {
    faults.push("the table is wider than the page");
  }
  const bar = document.querySelector("#changelist .actions")?.getBoundingClientRect();
  if (bar && bar.right > box.right) faults.push("the actions are wider than the table");
  const first = results.querySelector("tbody th").getBoundingClientRect();
  if (first.right > box.right) faults.push("the first column is cut off");
  const hidden = results.scrollWidth - results.clientWidth;
  if (hidden && innerWidth > 767) faults.push(`${hidden} pixels of the table are hidden`);
  return faults;
}"""
"""Names what is wrong with a list: its heading is covered, or its table is cut off. On a phone the
table scrolls, with its first column in view."""

FIRST_LETTERS_SHOWN = """box => {
  const letters = document.createRange();
  const text = [...box.childNodes].find((node) => node.nodeType === 3 && node.data.trim());
  letters.setEnd(text, text.data.trimStart().indexOf(" ") + text.data.search(/\\S/));
  letters.setStart(text, text.data.search(/\\S/));
  const [seen, bounds] = [letters, box].map((each) => each.getBoundingClientRect());
  const cut = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  return cut && seen.left >= bounds.left && seen.right <= bounds.right
    && seen.top < bounds.bottom;
}"""
"""Returns whether a text is cut, but its first word is seen."""

LABELS = """() => Object.fromEntries(
  [...document.querySelectorAll(".tabular .has_original td:not(.original)")].map((cell) => {
    const head = cell.closest("table").querySelector("thead tr").cells[cell.cellIndex];
    return [head.textContent.trim(), getComputedStyle(cell, "::before").content];
  }))"""
"""Returns the labels of the cells in tables of rows, by the head of their columns."""


@pytest.fixture
def reviewer(staff_page: Any) -> Any:
    """Return a page on which a reviewer is signed in, without a visit to the form for that."""
    User.objects.get(username="maker").groups.add(Group.objects.get(name="Reviewers"))
    return staff_page


def cut_off(page: Any) -> list[str]:
    """Return the controls that are cut off at each width."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"at {width}: {one}" for one in page.evaluate(CUT_OFF)]
    return found


def open_filled(page: Any) -> None:
    page.goto(f"/admin/cases/case/{Case.objects.get(slug=FILLED).pk}/change/")


@pytest.mark.parametrize("name", ADDED)
def test_form_of_a_new_record_has_no_control_cut_off_at_any_width(reviewer: Any, name: str) -> None:
    for query in ("", "?_popup=1"):
        reviewer.goto(f"/admin/cases/{name}/add/{query}")
        assert reviewer.locator("#content form .submit-row [type=submit]").first.is_visible()
        found = cut_off(reviewer)
        assert not found, "\n".join([query, *found])


def test_lists_have_nothing_cut_off_or_covered_at_any_width(reviewer: Any) -> None:
    User.objects.filter(username="maker").update(is_superuser=True)
    found = []
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        reviewer.goto(address)
        for width in WIDTHS:
            reviewer.set_viewport_size({"width": width, "height": 900})
            faults = reviewer.evaluate(LIST) + reviewer.evaluate(CUT_OFF)
            found += [f"{address} at {width}: {fault}" for fault in faults]
    assert not found, "\n".join(found)


def test_filters_below_a_list_are_reached_by_a_link(reviewer: Any) -> None:
    reviewer.goto("/admin/cases/case/?status__exact=published")
    link = reviewer.get_by_role("link", name="Filter (on)")
    assert not link.is_visible()
    reviewer.set_viewport_size({"width": 800, "height": 600})
    link.click()
    filters = reviewer.locator("#changelist-filter").bounding_box()
    table = reviewer.locator("#result_list").bounding_box()
    assert table["y"] + table["height"] <= filters["y"] < 300


def test_versions_of_a_case_fit_the_page_at_any_width(reviewer: Any) -> None:
    case = Case.objects.get(slug=FILLED)
    Case.objects.filter(pk=case.pk).update(title="Another title")
    make_version(case, None, "The time of the warning follows the statement of the ministry.")
    reviewer.goto(f"/admin/cases/case/{case.pk}/versions/")
    reason = reviewer.get_by_role("cell", name="The time of")
    restore = reviewer.get_by_role("link", name="Restore version 1 …")
    for width in WIDTHS:
        reviewer.set_viewport_size({"width": width, "height": 900})
        assert reviewer.evaluate("document.documentElement.scrollWidth") == width
        assert reason.bounding_box()["width"] > 250
        end = restore.bounding_box()
        assert end["x"] + end["width"] <= width
        assert end["height"] < 30  # one line


def test_form_of_a_filled_case_has_no_control_cut_off_at_any_width(reviewer: Any) -> None:
    open_filled(reviewer)
    reviewer.locator("#involvements-0 .claim-line").first.click()
    reviewer.locator("tr.desk .inline-related").wait_for()
    found = cut_off(reviewer)
    assert not found, "\n".join(found)


def test_row_has_its_plus_beside_the_choice_and_a_long_name_cut_at_its_end(
    reviewer: Any,
) -> None:
    case = Case.objects.get(slug=FILLED)
    for name in ("وزارت اطلاعات جمهوری اسلامی", "Ministry of the interior"):
        make_involvement(case, actor=make_actor(name=f"{name} " * 7))
    open_filled(reviewer)
    rows = reviewer.locator("#involvements-group tr.has_original")
    for row in rows.all():
        picker = row.locator(".field-actor .select2-container").bounding_box()
        plus = row.locator(".field-actor .add-related").bounding_box()
        assert plus["x"] >= picker["x"] + picker["width"]
        assert plus["y"] < picker["y"] + picker["height"]
    for name in ("وزارت", "Ministry"):
        row = rows.filter(has_text=name).last
        assert row.locator(".original p").evaluate(FIRST_LETTERS_SHOWN)
        assert row.locator(".select2-selection__rendered").evaluate(FIRST_LETTERS_SHOWN)


def test_folded_claim_begins_on_the_line_of_its_word(reviewer: Any) -> None:
    reviewer.set_viewport_size({"width": 800, "height": 900})
    open_filled(reviewer)
    heading = reviewer.locator("#claims-group h3", has_text="its deadliest attack in years").first
    word, text = heading.locator("b").bounding_box(), heading.locator(".fold").bounding_box()
    assert text["height"] > 1.5 * word["height"]  # two lines
    assert abs(word["y"] - text["y"]) < 5


@pytest.mark.parametrize("query", ["", "?_popup=1"])
def test_name_of_an_actor_is_as_wide_as_its_slug(reviewer: Any, query: str) -> None:
    reviewer.goto(f"/admin/cases/actor/add/{query}")
    name, slug = (reviewer.locator(f"#id_{field}").bounding_box() for field in ("name", "slug"))
    assert name["width"] == slug["width"] > 500


def test_rows_shown_as_blocks_are_labelled_like_the_columns_of_the_table(reviewer: Any) -> None:
    open_filled(reviewer)
    assert set(reviewer.evaluate(LABELS).values()) == {"none"}
    reviewer.set_viewport_size({"width": 800, "height": 900})
    assert reviewer.locator(".tabular thead:visible").count() == 0
    labels = reviewer.evaluate(LABELS)
    assert len(labels) == 6
    for head, label in labels.items():
        # The text, and an empty one for screen readers, which have the label of the control.
        assert label in (f'"{head}:" / ""', f'"{head}" / ""')


def test_section_with_rows_shown_as_blocks_can_be_folded(reviewer: Any) -> None:
    reviewer.set_viewport_size({"width": 800, "height": 900})
    reviewer.goto("/admin/cases/case/add/")
    role = reviewer.locator("#id_involvements-0-role")
    assert role.is_visible()
    reviewer.locator("h2 .fold", has_text="Roles").click()
    assert not role.is_visible()


def test_no_button_is_in_capitals(reviewer: Any) -> None:
    draft = make_case(title="A draft")
    capitals = """buttons => buttons
      .filter((button) => getComputedStyle(button).textTransform === "uppercase")
      .map((button) => button.value || button.textContent)"""
    buttons = "#container :is(button, [type=submit])"
    for page in (f"cases/case/{draft.pk}/change/", "cases/actor/add/", "password_change/"):
        reviewer.goto(f"/admin/{page}")
        assert reviewer.locator(buttons).count() > 1
        assert reviewer.eval_on_selector_all(buttons, capitals) == [], page


def test_title_without_a_space_does_not_widen_the_pages_of_its_case(
    reviewer: Any, user: User
) -> None:
    case = Case.objects.get(slug=FILLED)
    Case.objects.filter(pk=case.pk).update(title="A" * 200)
    settle([case.pk], user, "A longer title.")
    for name in ("change", "correction", "checks", "comments", "versions", "history"):
        reviewer.goto(page_of(case, name))
        for width in WIDTHS:
            reviewer.set_viewport_size({"width": width, "height": 900})
            assert reviewer.evaluate("document.documentElement.scrollWidth") == width, name
