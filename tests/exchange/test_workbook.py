"""The workbook of a list: the tidy tables with typed cells, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import tempfile
import zipfile
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from cases import changelog
from cases.exchange.bundle.layout.cells import excel_text, unguard
from cases.exchange.downloads import portions, transfers
from cases.exchange.tables import xlsx_file
from cases.exchange.tables.case_row import case_rows
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import DATE, INTEGER
from cases.models import Case, Claim
from tests.support.downloads import give_up, table
from tests.support.factories import show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]


def file(client: Client, query: str = "") -> bytes:
    response = client.get(f"/cases.xlsx?{query}")
    assert response.status_code == 200, response.getvalue()
    whole: bytes = response.getvalue()
    return whole


def book(client: Client, query: str = "") -> Any:
    return load_workbook(io.BytesIO(file(client, query)))


def rows(sheet: Any) -> list[dict[str, Any]]:
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.mark.parametrize("query", ["", "sort=title&relation=adversary", "kind=policy_origin"])
def test_workbook_has_the_rows_of_every_table_with_typed_cells(client: Client, query: str) -> None:
    found = book(client, query)
    assert found.sheetnames == [*TABLES, "codebook", "values", "about"]
    for name, known in TABLES.items():
        expected = table(client, query, name)
        shown = rows(found[name])
        assert [{k: "" if v is None else v for k, v in row.items()} for row in shown] == [
            {column.name: typed(column.type, row[column.name]) for column in known.columns}
            for row in expected
        ]


def typed(kind: str, cell: str) -> Any:
    """Return the value of a cell of a CSV file as a workbook has it."""
    if kind == INTEGER and cell:
        return int(cell)
    if kind == DATE and cell:
        return dt.datetime.fromisoformat(cell)
    return cell


def test_days_are_shown_as_days_and_headers_stay_in_sight(client: Client) -> None:
    found = book(client)
    for sheet in found:
        # The first column of a table, which names the case, stays in sight too.
        assert sheet.freeze_panes == ("B2" if sheet.title in TABLES else "A2")
        for cell in sheet[1]:
            assert cell.font.bold
            width = sheet.column_dimensions[cell.column_letter].width
            assert len(cell.value) + 4 <= width <= 120
    header = [cell.value for cell in found["cases"][1]]
    day = found["cases"].cell(2, 1 + header.index("date_earliest"))
    assert day.is_date
    assert day.number_format == "yyyy-mm-dd"


def test_sheets_can_be_filtered_and_the_first_cell_leads_to_the_sheets_that_explain(
    client: Client,
) -> None:
    found = book(client)
    for sheet in found:
        is_filtered = sheet.title != "about"
        assert sheet.auto_filter.ref == (sheet.dimensions if is_filtered else None)
    for name in ("about", "codebook", "values"):
        assert f"“{name}”" in found["cases"]["A1"].comment.text
    assert found.properties.creator == "Duty-to-warn casebook"
    assert found.properties.title == "Cases of the duty-to-warn casebook"


def test_addresses_are_links_up_to_the_number_that_excel_opens(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def links(sheet: Any) -> list[str]:
        return [
            f"{cell.hyperlink.target}{'#' if cell.hyperlink.location else ''}"
            f"{cell.hyperlink.location or ''}"
            for line in sheet.iter_rows()
            for cell in line
            if cell.hyperlink
        ]

    found = book(client)
    for row, address in zip(rows(found["claims"]), links(found["claims"]), strict=True):
        assert address == row["address"]
    for row in rows(found["cases"]):
        assert {row["address"], row["page"]} <= set(links(found["cases"]))
    assert any(address.endswith("/codebook/") for address in links(found["about"]))
    monkeypatch.setattr(xlsx_file, "MAX_LINKS", 3)
    assert len(links(book(client)["claims"])) == 3


def test_long_texts_are_wrapped_in_wide_columns_and_all_cells_begin_at_the_top(
    client: Client,
) -> None:
    found = book(client)
    for name, column in (("cases", "summary"), ("warnings", "content"), ("claims", "gist")):
        header = [cell.value for cell in found[name][1]]
        cell = found[name].cell(2, 1 + header.index(column))
        assert cell.alignment.wrap_text
        assert found[name].column_dimensions[cell.column_letter].width == 60
        assert {one.alignment.vertical for one in found[name][2] if one.value} == {"top"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "'=x", "#N/A", "#REF!", "_x0041_", "1.5", "TRUE", "<b>&"],
)
def test_no_cell_is_a_formula_or_an_error_and_every_text_comes_back(
    client: Client, text: str
) -> None:
    case = Case.objects.get(number="DTW-0007")
    Case.objects.filter(pk=case.pk).update(title=text)
    case.incidents.update(place=text)
    show(Case.objects.get(pk=case.pk))
    found = book(client)
    for sheet in found:
        for line in sheet.iter_rows():
            assert {cell.data_type for cell in line} <= {"s", "n", "d"}
    titles = {row["number"]: row["title"] for row in rows(found["cases"])}
    # openpyxl shows an escape as it is written; Excel shows what it stands for.
    assert unguard(titles["DTW-0007"]).replace("_x005F_", "_") == text


def test_character_that_xlsx_does_not_allow_is_left_out() -> None:
    assert excel_text("A\x0bB\x00C\ufffe") == "ABC"
    assert excel_text("=A\nB") == "'=A\nB"


def test_text_longer_than_a_cell_ends_with_dots(client: Client) -> None:
    claim = Claim.objects.filter(case__number="DTW-0007").first()
    assert claim
    Claim.objects.filter(pk=claim.pk).update(gist="x" * 40_000)
    show(claim.case)
    longest = max((row["gist"] or "" for row in rows(book(client)["claims"])), key=len)
    assert len(longest) == 32_767
    assert longest.endswith("x…")


def test_day_that_excel_does_not_know_is_a_text(client: Client) -> None:
    case = Case.objects.get(number="DTW-0007")
    day = dt.date(1899, 12, 31)
    case.incidents.update(date_edtf=day.isoformat(), date_earliest=day, date_latest=day)
    show(Case.objects.get(pk=case.pk))
    days = [row["date_earliest"] for row in rows(book(client)["incidents"])]
    assert "1899-12-31" in days


def test_codebook_sheet_says_what_every_column_has(client: Client) -> None:
    shown = {(row["table"], row["column"]): row for row in rows(book(client)["codebook"])}
    assert list(shown) == [(name, one.name) for name in TABLES for one in TABLES[name].columns]
    for name, known in TABLES.items():
        for column in known.columns:
            row = shown[name, column.name]
            assert (row["title"], row["meaning"]) == (column.title, column.meaning)
            assert (row["type"], row["unit"] or "") == (column.type, column.unit)
    assert shown["warnings", "lead_time_minimum"]["unit"] == "days"
    assert shown["warnings", "repeated"]["allowed_values"] == "yes | no | not_stated"


def test_values_sheet_says_what_every_code_means(client: Client) -> None:
    shown = {
        (row["table"], row["column"], row["value"]): row for row in rows(book(client)["values"])
    }
    assert {place: row["label"] for place, row in shown.items()} == {
        (name, column.name, value): label
        for name in TABLES
        for column in TABLES[name].columns
        for value, label in column.words
    }
    dismissed = shown["warnings", "reception", "dismissed"]["meaning"]
    codebook = csv.DictReader(io.StringIO(client.get("/codebook.csv").text))
    assert dismissed in [
        row["meaning"] for row in codebook if (row["of"], row["value"]) == ("warning", "dismissed")
    ]
    # The entry of the field has the meaning of a code, also if columns of other tables have it.
    for name, column, value in (
        ("cases", "kind_modality", "quoted"),
        ("claims", "modality", "quoted"),
        ("incidents", "deaths_qualifier", "at_least"),
    ):
        assert shown[name, column, value]["meaning"], (name, column, value)


def test_workbook_names_its_sheets_and_not_the_files_of_the_site(client: Client) -> None:
    sentences = [
        row["value"] for row in rows(book(client)["about"]) if row["name"] == "how_to_read"
    ]
    assert not any(re.search(r"/\w+\.csv", sentence) for sentence in sentences)
    assert any("A note never changes a value" in sentence for sentence in sentences)


def test_about_sheet_says_what_was_asked_and_of_which_version(
    client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://casebook.example"
    shown = {row["name"]: row["value"] for row in rows(book(client, "relation=adversary")["about"])}
    assert shown["description"].startswith("3 of 7 cases in which the relation to the issuer")
    assert shown["dataset_version"] == changelog.latest()
    assert shown["address"] == "https://casebook.example/cases.xlsx?relation=adversary"
    assert shown["count"] == 3
    assert "CC BY 4.0" in shown["rights"]
    assert "case, warning" in shown["sheet warnings"]


def test_workbook_is_the_same_each_time_except_for_its_times(client: Client) -> None:
    def parts() -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(file(client))) as found:
            return {name: found.read(name) for name in found.namelist()}

    first, second = parts(), parts()
    differ = {name for name in first if first[name] != second[name]}
    about = f"xl/worksheets/sheet{len(TABLES) + 3}.xml"
    assert differ <= {"docProps/core.xml", about}
    assert list(first) == list(second)


# --- Limits --------------------------------------------------------------------------------------


def test_workbook_of_too_many_cases_leads_to_the_other_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.downloads.MAX_CASES", 3)
    file(client, "relation=adversary")
    response = client.get("/cases.xlsx?kind=warning_given&page=2")
    assert response.status_code == 400
    sentence, *addresses = response.text.splitlines()
    assert sentence.startswith("A workbook has 3 cases at most, and these are 4.")
    for address in addresses[:-1]:
        assert address.endswith(".csv?kind=warning_given&excel=1")
        found = client.get(address)
        assert found.status_code == 200
        give_up(found)
    assert len(addresses) == len(TABLES) + 1
    assert addresses[-1].endswith("/data/")
    assert client.head("/cases.xlsx").status_code == 400


def test_workbook_refuses_what_the_list_does_not_understand(client: Client) -> None:
    response = client.get("/cases.xlsx?kind=x")
    assert response.status_code == 400
    assert "“x”" in response.text
    assert client.get("/cases.xlsx?columns=case").status_code == 400


def test_workbook_counts_as_a_download_and_leaves_no_file(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    under_way = [client.get("/cases.xlsx") for _ in range(transfers.MAX_TRANSFERS)]
    refused = client.get("/cases.xlsx")
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert client.head("/cases.xlsx").status_code == 200
    for response in under_way:
        give_up(response)
    assert client.get("/cases.csv").status_code == 200
    assert os.listdir(tmp_path) == []


def test_workbook_that_cannot_be_made_leaves_no_file_and_is_no_download(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(portions, "CASES_PER_PORTION", 2)

    def fail_later(keys: list[int]) -> Any:
        if Case.objects.get(number="DTW-0007").pk in keys:
            raise OSError("There is no space left on the disk.")
        return case_rows(keys)

    monkeypatch.setattr(xlsx_file, "case_rows", fail_later)
    for _ in range(transfers.MAX_TRANSFERS + 1):
        with pytest.raises(OSError, match="no space left"):
            client.get("/cases.xlsx")
    assert os.listdir(tmp_path) == []
