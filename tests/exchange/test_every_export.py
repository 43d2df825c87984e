"""What holds of every file: no words of a program for nothing, and nothing undefined."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from cases import synthetic
from cases.exchange.tables.registry import TABLES
from cases.views.headers import OPEN_DATA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]

ADDRESSES = {
    **{f"{name}_csv": f"/{name}.csv" for name in TABLES},
    "cases_xlsx": "/cases.xlsx",
    "cases_json": "/cases.json",
    "cases_jsonl": "/cases.jsonl",
    "cases_atom": "/cases.atom",
    "source_claims": "/sources/daily-true-news/claims.csv",
    "cases_json_feed": "/cases.feed.json",
    "change_feed": "/changes.atom",
    "changes_json_feed": "/changes.feed.json",
    "changes_csv": "/changes.csv",
    "changes_json": "/changes.json",
    "case_citation": "/cases/moscow-concert-hall-2024.bib",
    "version_citation": "/cases/moscow-concert-hall-2024/v/1.ris",
    "permanent_citation": "/id/DTW-0001.csl.json",
    "permanent_version_citation": "/id/DTW-0001/v/1.bib",
    "list_citation": "/cite.csl.json",
    "case_schema": "/schema/case.json",
    "codebook_json": "/codebook.json",
    "codebook_csv": "/codebook.csv",
    "case_json": "/cases/moscow-concert-hall-2024.json",
    "version_json": "/cases/moscow-concert-hall-2024/v/1.json",
    "permanent_json": "/id/DTW-0001.json",
    "permanent_version_json": "/id/DTW-0001/v/1.json",
    "chart_file": "/charts/reception-by-follow-up.csv",
    "chart_citation": "/charts/reception-by-follow-up.bib?recipient=russia",
    "data_file": "/data/cases.json",
    "release_file": "/data/releases/2026.12/claims.csv",
    "release_citation": "/data/releases/2026.12/citation.bib",
}

# How programs write nothing. “None named” is a label, and “None if no source says so” a sentence.
NOTHING = re.compile(r"(?<!\w)(?:None(?! [a-z])|nan|NaN|NaT|null|1970-01-01)(?!\w)")


def texts(address: str, content: bytes) -> Iterator[str]:
    """Yield the texts in a file, each value of its own as far as it has any."""
    if address.endswith(".xlsx"):
        for sheet in load_workbook(io.BytesIO(content), read_only=True):
            for row in sheet.iter_rows(values_only=True):
                yield from (str(cell) for cell in row if cell is not None)
    elif address.endswith(".csv"):
        for line in csv.reader(io.StringIO(content.decode(), newline="")):
            yield from line
    elif address.endswith(".json"):
        yield from leaves(json.loads(content))
    elif address.endswith(".jsonl"):
        for case in content.decode().splitlines():
            yield from leaves(json.loads(case))
    else:
        yield from re.split(r"<[^>]*>", content.decode())


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield str(value)


@pytest.mark.parametrize("name", OPEN_DATA)
def test_no_file_has_the_words_of_a_program_for_nothing(client: Client, name: str) -> None:
    synthetic.make(cases=5, seed=3)
    call_command("release", "2026.12", note="The first.", verbosity=0)
    response = client.get(ADDRESSES[name], follow=True)
    assert response.status_code == 200
    found = list(texts(ADDRESSES[name], response.getvalue()))
    assert found
    # The codebook says that an absent number is null in JSON.
    defines = "schema" in name or "codebook" in name
    wrong = [text for text in found if NOTHING.search(text)]
    assert [
        text for text in wrong if not (defines and set(NOTHING.findall(text)) == {"null"})
    ] == []


def entries(client: Client, kind: str) -> set[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(client.get("/codebook.csv").text, newline=""))
    return {(row["of"], row["name"]) for row in rows if row["entry"] == kind and row["meaning"]}


def test_every_column_of_every_table_has_an_entry(client: Client) -> None:
    known = entries(client, "column")
    files = {name: f"/{name}.csv" for name in TABLES} | {
        "claims of a source": ADDRESSES["source_claims"]
    }
    for name, address in files.items():
        table = name.partition(" ")[0]
        header = next(csv.reader([client.get(address).getvalue().decode().partition("\r\n")[0]]))
        assert {(table, column) for column in header} <= known
    book = load_workbook(io.BytesIO(client.get("/cases.xlsx").getvalue()), read_only=True)
    for table in TABLES:
        names = next(iter(book[table].iter_rows(max_row=1, values_only=True)))
        assert {(table, column) for column in names} <= known


def test_every_column_and_key_of_the_changes_has_an_entry(client: Client) -> None:
    known = entries(client, "column")
    header = client.get("/changes.csv").getvalue().decode().partition("\r\n")[0].split(",")
    assert {("changes", column) for column in header} <= known
    for change in json.loads(client.get("/changes.json").getvalue())["changes"]:
        assert {("changes", key) for key in change} <= known


def test_every_key_of_the_json_has_an_entry(client: Client) -> None:
    found = client.get("/codebook.json").json()
    objects = {
        one["name"]: {field["name"]: field for field in one["fields"]} for one in found["objects"]
    }
    fields = {
        f"{one['name']}.{field['name']}" for one in found["entities"] for field in one["fields"]
    }
    file = json.loads(client.get("/cases.json").getvalue())
    seen = set()

    def check(part: dict[str, Any], of: str) -> None:
        assert set(part) == set(objects[of]), of
        for name, value in part.items():
            entry = objects[of][name]
            assert entry["description"] or entry["defined_at"] in fields, (of, name)
            seen.add(of)
            for one in value if isinstance(value, list) else [value]:
                if entry["holds"] and one is not None:
                    check(one, entry["holds"])

    check(file, "File")
    assert seen == set(objects)
    for line in client.get("/cases.jsonl").getvalue().decode().splitlines():
        check(json.loads(line), "PublishedCase")
