"""Importing a file in the admin, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Source
from tests.support.bundles import table

from .accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_demo")]

SOURCE = {"slug": "reuters-2014", "title": "A report", "kind": "press"}


def check_file(page: Any, content: str, subject: str = "sources") -> None:
    page.goto("/admin/cases/import/add/")
    page.select_option("#id_subject", subject)
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.set_input_files("#id_file", file)
    page.get_by_role("button", name="Check the file").click()


def keeps_the_rules(page: Any) -> bool:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page, ".importing") == []
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return not wide


@pytest.mark.parametrize("width", [390, 1280])
def test_editor_mends_a_file_sees_what_it_does_imports_it_and_undoes_that(
    editing: Any, width: int
) -> None:
    editing.set_viewport_size({"width": width, "height": 900})
    check_file(editing, table([SOURCE]).replace("title", "titel"))
    editing.get_by_text("there is no column “titel”; did you mean “title”?").wait_for()
    assert keeps_the_rules(editing)
    check_file(editing, table([SOURCE | {"kind": "pres"}]))
    editing.get_by_text("“pres” is not a value; did you mean “press”?").wait_for()
    assert keeps_the_rules(editing)
    check_file(editing, table([SOURCE]))
    editing.get_by_text("Nothing is imported yet.").wait_for()
    assert keeps_the_rules(editing)
    editing.get_by_role("button", name="Import this file").click()
    editing.get_by_text("Imported", exact=True).wait_for()
    assert keeps_the_rules(editing)
    assert Source.objects.filter(slug=SOURCE["slug"]).exists()
    editing.get_by_role("button", name="Undo this import …").click()
    editing.get_by_text("Nothing is undone yet.").wait_for()
    assert keeps_the_rules(editing)
    editing.get_by_label("Why it is undone").fill("The wrong file")
    editing.get_by_role("button", name="Undo this import").click()
    editing.get_by_text("Undone", exact=True).wait_for()
    assert not Source.objects.filter(slug=SOURCE["slug"]).exists()


@pytest.mark.usefixtures("early_progress")
def test_page_of_a_long_import_leads_on_by_itself(editing: Any) -> None:
    rows = [SOURCE | {"slug": f"report-{number}"} for number in range(101)]
    check_file(editing, table(rows))
    editing.get_by_text("101 rows: 101 added").wait_for()
    assert editing.url.endswith("/rows/")
