"""Lists and the comparison on paper: nothing is lost, whatever the paper and the columns."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cases.evidence.variables import VARIABLES

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOSCOW = "/cases/moscow-concert-hall-2024/"


def columns(*names: str) -> str:
    return "&".join(f"column={name}" for name in names)


EVERY = columns(*VARIABLES)
SEVEN = columns(
    "recipient", "channel", "reception", "follow_up", "lead_time", "window_covered", "deaths"
)
SIX = SEVEN.replace("&column=channel", "")
COMPARED = f"/matrix/?{SEVEN}"

PRINTED = [
    "/matrix/",
    COMPARED,
    f"/matrix/?{EVERY}",
    "/matrix/?column=deaths&kind=warning_given",
    "/cases/?view=table",
    f"/cases/?view=table&{SIX}",
    f"/cases/?view=table&q=attack&{EVERY}",
    "/cases/?q=attack",
    MOSCOW,
    "/cases/boston-2013/",
]

# A4 within its margins, whole, and whole on its side.
WIDTHS = [673, 794, 1123]

CUT_OFF = """() => [...document.querySelectorAll("main, main *")].filter(it => {
  const box = it.getBoundingClientRect(), style = getComputedStyle(it);
  if (!box.width || it.closest(".visually-hidden, svg")) return false;
  const clips = style.overflowX !== "visible" && it.scrollWidth > it.clientWidth;
  return box.right > innerWidth + 1 || box.left < -1 || clips;
}).map(it => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("address", PRINTED)
def test_print_cuts_nothing_off_at_any_width(page: Any, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(CUT_OFF) == [], width


def text_of(pdf: Path, *options: str) -> str:
    """Return the text on the paper, in the order it was written, without any space."""
    return "".join(sheets_of(pdf, *options))


def sheets_of(pdf: Path, *options: str) -> list[str]:
    """Return the text on each sheet of paper, without any space."""
    program = shutil.which("pdftotext")
    if program is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but pdftotext, which reads a PDF, is not on the PATH")
    if program is None:
        pytest.skip("pdftotext, which reads a PDF, is not on the PATH")
    command = [program, "-raw", *options, str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s", "", sheet) for sheet in text.split("\f")]


@pytest.mark.parametrize("address", ["/matrix/", COMPARED, f"/cases/?view=table&{EVERY}"])
def test_pdf_has_every_heading_and_every_value_on_any_paper(
    page: Any, tmp_path: Path, address: str
) -> None:
    page.goto(address)
    headings = page.locator("thead th").all_inner_texts()
    said = page.locator("td a, td .absent, th > a, td .badge")
    words = {re.sub(r"[\s“”†▲▼?]", "", text) for text in [*headings, *said.all_inner_texts()]}
    assert len(words) > 20
    headless = {"Case"} if page.locator(".many-columns").count() else set()
    for paper, is_landscape in itertools.product(("A4", "Letter"), (True, False)):
        page.pdf(path=tmp_path / "page.pdf", format=paper, landscape=is_landscape)
        printed = text_of(tmp_path / "page.pdf")
        on = (paper, is_landscape)
        assert {text for text in words - headless if text not in printed} == set(), on
        assert printed.count("All7cases") == 1, on
        assert printed.count(f"{settings.SITE_URL}{address}") == 1, on


def test_pdf_of_a_table_repeats_its_headings_on_every_page_and_breaks_between_cases(
    page: Any, tmp_path: Path
) -> None:
    page.goto(COMPARED)
    page.pdf(path=tmp_path / "page.pdf", format="Letter")
    assert "WindowcoveredDeaths" in text_of(tmp_path / "page.pdf", "-f", "2", "-l", "2")
    page.emulate_media(media="print")
    # A case of many columns is higher than half a page, so only its cells are kept whole.
    whole = {COMPARED: "tr", "/matrix/": "td", f"/cases/?view=table&{SIX}": "tr"}
    for address, part in whole.items():
        page.goto(address)
        shown = page.locator(f"tbody {part}").first
        assert shown.evaluate("it => getComputedStyle(it).breakInside") == "avoid", address


def test_pdf_without_colour_keeps_the_forms_of_its_marks(page: Any) -> None:
    page.goto("/matrix/")
    page.emulate_media(media="print")
    for mark, style, expected in [
        (".badge", "borderLeftWidth", "1px"),
        (".badge-against", "borderLeftWidth", "4px"),
        (".badge-against", "printColorAdjust", "exact"),
    ]:
        found = page.locator(f".matrix {mark}").first
        expect(found).to_be_visible()
        assert found.evaluate(f"it => getComputedStyle(it).{style}") == expected


def test_print_of_a_list_says_where_it_is_from_and_shows_no_controls(page: Any) -> None:
    page.goto("/cases/?kind=policy_origin&view=table")
    printed = page.locator("p.print-only")
    expect(printed).to_be_hidden()
    page.emulate_media(media="print")
    expect(printed).to_have_text(re.compile(r"/cases/\?kind=policy_origin&view=table$"))
    for controls in (".list-controls", ".facets", ".search", ".columns-choice"):
        assert not page.locator(controls).first.is_visible(), controls
    expect(page.locator(".chips")).to_be_visible()


def test_print_of_the_comparison_lies_across_the_page_if_its_columns_fit_there(page: Any) -> None:
    page.emulate_media(media="print")
    beside = "/matrix/?layout=columns"
    for address, expected in [
        *((COMPARED, "across"), (beside, "across")),
        *(("/matrix/", "auto"), (MOSCOW, "auto")),
    ]:
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.body).page") == expected, address
        if address == beside:
            assert page.locator(".beside td").first.evaluate(
                "it => getComputedStyle(it).display"
            ) == ("table-cell")


def test_block_of_a_case_goes_on_over_the_page_so_that_none_is_left_half_empty(page: Any) -> None:
    page.emulate_media(media="print")
    page.goto("/matrix/")
    inside = "parts => parts.map((part) => getComputedStyle(part).breakInside)"
    rows = page.locator(".many-columns tbody tr")
    assert set(rows.evaluate_all(inside)) == {"auto"}
    assert set(rows.locator("td").evaluate_all(inside)) == {"avoid"}


def test_pdf_of_pictures_keeps_each_with_its_title_and_its_source(
    page: Any, tmp_path: Path
) -> None:
    page.goto("/charts/")
    titles = page.locator(".chart h2").all_inner_texts()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = sheets_of(tmp_path / "page.pdf")
    for title in (re.sub(r"\s", "", title) for title in titles):
        (printed,) = (sheet for sheet in sheets if title in sheet)
        assert "Casesthatneverbecamepublic" in printed.partition(title)[2]
    page.emulate_media(media="print")
    assert page.locator(".picture-narrow:visible").count() == 0
