"""The cookbook: its Python runs as it is written, and pandas reads numbers and days."""

from __future__ import annotations

import io
import re
import urllib.request
from email.message import Message
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.conf import settings
from django.test import Client

from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import DATE, INTEGER
from tests.support.downloads import give_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]

COOKBOOK = Path(settings.BASE_DIR, "docs", "cookbook.md")
SITE = "http://127.0.0.1:8000"
KEYS = ["case", "warning", "incident"]


class Answer(io.BytesIO):
    """An answer of the site, as `urlopen` returns it."""

    headers = Message()


@pytest.fixture
def site(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the addresses of the cookbook by the test client."""

    def urlopen(request: Any, *args: Any, **named: Any) -> Answer:
        address = getattr(request, "full_url", request)
        assert address.startswith(SITE), address
        response = client.get(address.removeprefix(SITE))
        assert response.status_code == 200, address
        return Answer(response.getvalue())

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)


@pytest.fixture
def kitchen(site: None) -> dict[str, Any]:
    """Run all Python of the cookbook, and return what it names."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", COOKBOOK.read_text("utf-8"), re.DOTALL))
    names: dict[str, Any] = {}
    exec(compile(code, str(COOKBOOK), "exec"), names)  # noqa: S102 - what is tested here
    return names


def test_python_of_the_cookbook_counts_what_the_page_does(
    client: Client, kitchen: dict[str, Any]
) -> None:
    assert len(kitchen["cases"]) == client.get("/cases/").context["paginator"].count
    assert kitchen["by_reception"].sum() == len(kitchen["warnings"]) > 0
    assert kitchen["at_least"] == 227
    assert set(kitchen["warnings"]["channel"]) == {"private"}
    assert len(kitchen["evidence"]) == len(kitchen["about_reception"])
    assert kitchen["evidence"]["reception"].notna().all()
    roles = kitchen["claims"][kitchen["claims"].field == "involvement"]
    assert len(roles) > 0
    joined = kitchen["about_roles"][["case", "claim"]].drop_duplicates()
    assert len(roles.merge(joined, on=["case", "claim"])) == len(roles)
    of_kirby = kitchen["involvements"].query("actor == 'john-kirby'")
    assert set(of_kirby["actor_state"]) == {"united-states"}
    assert kitchen["without_figure"] > 0
    assert set(kitchen["days"]["lead_time_minimum"]) == {11}
    assert len(kitchen["stated"]) < len(kitchen["known"])
    assert set(kitchen["evidence"]["reception"]) >= {"dismissed"}
    assert set(kitchen["records"]["number"]) >= {"DTW-0001"}
    assert kitchen["labels"]["not_stated"] == "Not stated"


@pytest.mark.parametrize("name", TABLES)
def test_pandas_reads_numbers_days_and_codes(kitchen: dict[str, Any], name: str) -> None:
    found = kitchen["table"](name)
    for column in TABLES[name].columns:
        cells = found[column.name]
        if column.type == INTEGER:
            assert pd.api.types.is_integer_dtype(cells.dtype), column.name
        elif column.type == DATE:
            assert pd.api.types.is_datetime64_any_dtype(cells.dtype), column.name
        elif column.words:
            assert set(cells.dropna()) <= set(dict(column.words)), column.name
        assert not (column.is_required and cells.isna().any()), column.name


@pytest.mark.parametrize("name", TABLES)
def test_keys_of_the_tables_join(kitchen: dict[str, Any], name: str) -> None:
    read = kitchen["table"]
    found, cases = read(name), read("cases")
    assert not found.duplicated(list(TABLES[name].key)).any()
    if name != "cases":
        joined = found.merge(cases, on="case", suffixes=("", "_of_case"), validate="many_to_one")
        assert len(joined) == len(found)
    for part in ("warning", "incident"):
        if part in found and name != f"{part}s":
            known = found[found[part].notna()]
            whole = read(f"{part}s")
            joined = known.merge(
                whole, on=["case", part], suffixes=("", "_of_part"), validate="many_to_one"
            )
            assert len(joined) == len(known)


def test_pandas_reads_the_workbook_as_it_reads_the_tables(
    client: Client, kitchen: dict[str, Any]
) -> None:
    book = io.BytesIO(client.get("/cases.xlsx").getvalue())
    sheets = pd.read_excel(book, sheet_name=None, keep_default_na=False, na_values=[""])
    for name in TABLES:
        found, sheet = kitchen["table"](name), sheets[name]
        assert list(sheet) == list(found)
        for column in TABLES[name].columns:
            if column.type == DATE and sheet[column.name].notna().any():
                assert pd.api.types.is_datetime64_any_dtype(sheet[column.name].dtype)
            if column.type == INTEGER:
                assert pd.api.types.is_numeric_dtype(sheet[column.name].dtype)
            assert list(sheet[column.name].dropna()) == list(found[column.name].dropna())


def test_addresses_in_the_cookbook_are_there(client: Client) -> None:
    addresses = re.findall(rf"{SITE}(/[^\s\"`)]*)", COOKBOOK.read_text("utf-8"))
    assert len(addresses) > 5
    for address in set(addresses) - {"/data/casebook.sqlite"}:
        response = client.get(address.partition("#")[0])
        assert response.status_code == 200, address
        give_up(response)


def test_python_of_the_data_page_runs_from_the_address_of_the_site(
    client: Client, site: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "SITE_URL", SITE)
    page = client.get("/data/").text
    found = re.search(r'<details id="pandas">.*?<code>(.*?)</code>', page, re.DOTALL)
    assert found
    names: dict[str, Any] = {}
    exec(compile(unescape(found[1]), "/data/", "exec"), names)  # noqa: S102 - what is tested here
    assert "dismissed" in capsys.readouterr().out
    assert len(names["joined"]) == 3
    assert set(names["warnings"]["relation"]) == {"adversary"}
    assert pd.api.types.is_datetime64_any_dtype(names["warnings"]["date_earliest"].dtype)


def test_what_excel_changes_is_said_wherever_its_mark_is_offered(client: Client) -> None:
    places = (client.get("/data/").text, client.get("/codebook/").text, COOKBOOK.read_text("utf-8"))
    for text in places:
        assert "excel=1" in text
        assert "March 7" in text
        assert "double click" in text
        assert "_edtf" in text
