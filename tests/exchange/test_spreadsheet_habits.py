"""Tables as spreadsheets and people make them: read as they are meant, or refused with a remedy."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook

from cases.exchange.bundle.files.faults import rows_in_words
from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.sheets import FileRefusedError
from cases.exchange.bundle.files.uploaded import read_file
from cases.exchange.bundle.importing.importer import Importer
from cases.exchange.bundle.importing.plan import UNCHANGED, Plan, refusals_in
from tests.support.bundles import table
from tests.support.factories import make_actor, make_case

from .test_import_files import refusal, workbook

pytestmark = pytest.mark.django_db

HEADER = ["slug", "title", "kind", "publisher", "url", "description"]
LINE = ["a", "A title", "press", "AP", "", ""]


def plan_of(subject: str, data: str | bytes) -> Plan:
    """Return what an import of a file would do."""
    content = data.encode() if isinstance(data, str) else data
    sheets = read_file(subject, content, Limits(size=1_000_000, rows=1_000))
    return Importer(sheets, "A test", dry_run=True).run()


def stored(plan: Plan) -> dict[str, str]:
    """Return what the only row of a file would store."""
    assert refusals_in(plan.rows) == []
    (row,) = plan.rows
    return {change.column: change.new for change in row.changes}


def csv_file(*lines: list[str], delimiter: str = ",", ending: str = "\r\n") -> str:
    return "".join(delimiter.join(line) + ending for line in lines)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (csv_file(HEADER, LINE), {"title": "A title", "kind": "press", "publisher": "AP"}),
        ("\ufeff" + csv_file(['"slug"', *HEADER[1:]], LINE), {"title": "A title"}),
        (csv_file(HEADER, LINE, delimiter=";"), {"title": "A title"}),
        ("sep=;\r\n" + csv_file(HEADER, LINE, delimiter=";"), {"title": "A title"}),
        (csv_file(HEADER, LINE, ending="\r"), {"title": "A title"}),
        # Excel leaves out the last empty cells of a row.
        (csv_file(HEADER, LINE[:4]), {"publisher": "AP"}),
        (csv_file(HEADER, [*LINE, " ", "", ""]), {"publisher": "AP"}),
        (csv_file(["Slug", " TITLE ", "Kind", "Date-words"], LINE[:3]), {"title": "A title"}),
        (csv_file(["slug", "title", "kind", "Published EDTF", "Published basis"], [
            *LINE[:3], "2024-03", "resolved",
        ]), {"published_edtf": "2024-03"}),
        (csv_file(HEADER, ["a", "  A title  ", "press", " AP ", "", ""]), {"publisher": "AP"}),
        (csv_file(HEADER, ["a", '"A\r\ntitle"', "press", "", "", '"line 1\r\nline 2"']), {
            "title": "A title", "description": "line 1\nline 2",
        }),
        (csv_file(HEADER, ["a", "A\x0btitle", "press", "N/A", "", "Not stated"]), {
            "title": "A title", "publisher": "", "description": "Not stated",
        }),
        (workbook([name.title() for name in HEADER], LINE), {"title": "A title"}),
        (workbook([*HEADER, None, None], [*LINE, None, " "]), {"title": "A title"}),
        (workbook(HEADER, ["a", "US warned Iran\nbefore", "press", "Associated\nPress"]), {
            "title": "US warned Iran before", "publisher": "Associated Press",
        }),
        (workbook(HEADER, [*LINE[:5], "First._x000D_\n_x005F_x000D_"]), {
            "description": "First.\n_x000D_",
        }),
    ],
)  # fmt: skip
def test_table_as_a_spreadsheet_writes_it_is_read_as_it_is_meant(
    data: str | bytes, expected: dict[str, str]
) -> None:
    found = stored(plan_of("sources", data))
    assert {name: found.get(name, "") for name in expected} == expected


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (workbook([*HEADER, "title"], [*LINE, "again"]), "the column “title” is there twice"),
        (csv_file(["slug", "Title", "TITLE"], LINE[:3]), "the column “title” is there twice"),
        (csv_file(HEADER, ["a", "\u200b\u2060", "press"]), "column title: It is empty"),
        (csv_file(["slug", "title", "kind"], LINE[:3]).encode().replace(b"A t", b"\x84"), "UTF-8"),
        (csv_file(["slug", "titel", "kind"], LINE[:3]), "no column “titel”; did you mean “title”?"),
        (
            workbook(HEADER, [*LINE, "aside"]),
            "row 2: Column G has “aside” and no name in the first row.",
        ),
    ],
)  # fmt: skip
def test_table_that_cannot_be_meant_is_refused_with_a_remedy(
    data: str | bytes, sentence: str
) -> None:
    try:
        said = "\n".join(refusals_in(plan_of("sources", data).rows))
    except FileRefusedError as error:
        said = str(error)
    assert sentence in said


def test_columns_that_the_table_lacks_are_left_out_and_named() -> None:
    header = ["slug", "title", "kind", "# mine", "Notes", "publishr", ""]
    plan = plan_of("sources", csv_file(header, [*LINE[:3], "=1+1", "x", "AP", ""]))
    assert stored(plan) == {"title": "A title", "kind": "press"}
    assert plan.summary() == (
        "1 row: 1 added, 0 changed. Columns of sources that were not read: “# mine”, “Notes”, "
        "“publishr” (did you mean “publisher”?)."
    )


def test_dates_of_a_spreadsheet_are_read_as_days_if_they_show_one() -> None:
    header = ["slug", "title", "kind", "published_edtf", "published_basis", "accessed_on", "Notes"]
    day = dt.datetime(2024, 3, 7)  # noqa: DTZ001 - as a spreadsheet has it
    line = ["a", "A title", "press", day, "stated", day, dt.time(12)]
    plan = plan_of("sources", workbook(header, line))
    assert (stored(plan)["published_edtf"], stored(plan)["accessed_on"]) == ("2024-03-07",) * 2
    assert "Dates of the spreadsheet were read as days in row 2 of sources." in plan.summary()


@pytest.mark.parametrize("shown_as", ["mmm-yy", "yyyy", "d-mmm", 'mmmm "d" yyyy'])
def test_date_that_does_not_show_its_day_and_year_is_refused_once_for_all_rows(
    shown_as: str,
) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["slug", "published_edtf"])
    for number in range(2, 32):
        sheet.append([f"s-{number}", dt.datetime(2024, 3, 1)])  # noqa: DTZ001 - as above
        sheet.cell(number, 2).number_format = shown_as
    file = io.BytesIO()
    book.save(file)
    said = refusal("sources", file.getvalue())
    assert said.startswith("sources, rows 2–31, column published_edtf: The spreadsheet made a date")
    assert "\n" not in said


def test_rows_are_named_in_runs() -> None:
    assert rows_in_words([2]) == "row 2"
    assert rows_in_words([4, 2, 3, 9]) == "rows 2–4, 9"
    assert rows_in_words(range(0, 40, 2)).endswith("16, 18 and 10 more")


# Values


def test_missing_values_are_understood_in_any_words() -> None:
    case = make_case()
    row = {
        "case": case.slug,
        "sequence": "1",
        "kind": "Not stated",
        "place": "Not stated",
        "target": "N/A",
        "country": "n/a",
        "date_edtf": "Not stated",
        "deaths": "N/A",
        "deaths_qualifier": "Does not apply",
    }
    found = stored(plan_of("incidents", table([row])))
    assert {found.pop(name) for name in ("kind", "place", "target", "country")} == {"not_stated"}
    assert found["deaths_qualifier"] == "not_applicable"
    refused = plan_of("incidents", table([row | {"date_basis": "N/A"}]))
    assert refusals_in(refused.rows) == [
        "incidents, row 2, column date_basis: “N/A” is not a value; write not_stated if no source "
        "says."
    ]


def test_actors_are_understood_by_a_name_that_only_one_of_them_has() -> None:
    case = make_case()
    police = make_actor(name="Metropolitan Police", aliases=["Scotland Yard"])
    for slug in ("fsb-1", "fsb-2"):
        make_actor(name="FSB", slug=slug)
    row = {"case": case.slug, "sequence": "1", "issuer": "scotland yard", "recipients": "fsb-1"}
    assert stored(plan_of("warnings", table([row])))["issuer"] == police.slug
    rows = [row | {"issuer": "FSB"}, row | {"sequence": "2", "recipients": "fsb-1, fsb-2"}]
    assert refusals_in(plan_of("warnings", table(rows)).rows) == [
        "warnings, row 2, column issuer: Several actors are called “FSB”; write the slug: fsb-1, "
        "fsb-2.",
        "warnings, row 3, column recipients: “fsb-1, fsb-2” is not a single actor; separate "
        "several with semicolons, not with commas.",
    ]


def test_change_of_typography_alone_is_a_change_and_is_named() -> None:
    make_actor(slug="al-qaeda", name="al-Qaeda")
    (row,) = plan_of("actors", table([{"slug": "al-qaeda", "name": "al\u2011Qaeda"}])).rows
    assert str(row) == (
        "actors, row 2: al-qaeda changes: name: “al-Qaeda” → “al\u2011Qaeda” (only another kind of "
        "space, hyphen or quotation mark)"
    )


def test_differences_that_nobody_sees_are_no_change() -> None:
    make_actor(slug="venezuela", name="Venezuela")
    make_actor(slug="hugo-chavez", name="Hugo Chávez", aliases=["Chávez"])
    rows = [
        {"slug": "venezuela", "name": "Venezuela ", "aliases": ""},
        {"slug": "hugo-chavez", "name": "Hugo Cha\u0301vez", "aliases": "Cha\u0301vez ; \u200b"},
    ]
    case = make_case(published=True, summary="One.\r\n\r\nTwo.")
    summaries = [{"slug": case.slug, "summary": "One._x000D_\n_x000D_\nTwo._x000D_\n"}]
    for plan in (
        plan_of("actors", table(rows)),
        plan_of("cases", table([{"slug": case.slug, "summary": "One.\r\n\r\nTwo.\r\n"}])),
        plan_of("cases", workbook(*map(list, ([*summaries[0]], summaries[0].values())), title="x")),
    ):
        assert {row.action for row in plan.rows} == {UNCHANGED}
        assert plan.versions == []
