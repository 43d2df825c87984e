"""The pages and files of pictures."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client

from cases.presentation.charts.drawing import renderer
from cases.presentation.charts.registry import CHARTS
from tests.support.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

NAME = "reception-by-follow-up"


def test_charts_show_every_picture_of_the_cases_that_are_asked_for(client: Client) -> None:
    page = client.get("/charts/?recipient=russia&recipient=iran").content.decode()
    assert page.count("<svg") == 2 * len(CHARTS)
    assert "3 of 7 cases" in text_of(page)
    for name, chart in CHARTS.items():
        assert f"/charts/{name}/?recipient=russia&amp;recipient=iran" in page
        assert chart.title in page


def test_charts_of_no_case_say_so(client: Client) -> None:
    page = client.get("/charts/?kind=policy_origin&reception=dismissed").content.decode()
    assert "<svg" not in page
    assert page.count("No case matches these filters.") == 1
    assert '<a href="/charts/">Clear all filters</a>' in page
    page = client.get(f"/charts/{NAME}/?kind=policy_origin&reception=dismissed").content.decode()
    assert page.count("No case matches these filters.") == 1
    assert "No case here" not in page.partition("<h1")[2].partition('id="cite"')[0]


def test_picture_has_its_numbers_in_a_table_that_can_be_sorted(client: Client) -> None:
    page = client.get(f"/charts/{NAME}/?order=-cases")
    numbers = [row[-1].value for row in page.context["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    assert 'aria-sort="descending"' in page.content.decode()


def test_picture_can_be_drawn_in_another_way(client: Client) -> None:
    page = client.get("/charts/who-warned-whom/?recipient=iran&group=state").content.decode()
    assert re.search(r'<a href="\?recipient=iran&amp;group=actor"\s*>Actors as named</a>', page)
    assert re.search(r'group=state"\s+aria-current="true">States</a>', page)
    assert "How it is drawn" not in client.get(f"/charts/{NAME}/").content.decode()


def test_picture_csv_has_the_rows_of_the_table_with_addresses(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/charts/{NAME}.csv").content.decode())))
    shown = client.get(f"/charts/{NAME}/").context["rows"]
    assert [int(row["cases"]) for row in rows] == [row[-1].value for row in shown]
    for row in rows:
        listed = client.get(row["address"].partition("example.org")[2] or row["address"])
        assert listed.context["paginator"].count == int(row["cases"])


def test_specification_has_its_data_and_its_source(client: Client) -> None:
    response = client.get(f"/charts/{NAME}.vl.json?recipient=russia")
    spec = json.loads(response.content)
    assert spec["$schema"].endswith("/vega-lite/v6.json")
    assert spec["data"]["values"]
    assert "dataset version" in spec["usermeta"]["source"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("suffix", ["svg", "png", "csv", "vl.json"])
def test_file_refuses_what_it_does_not_understand(client: Client, suffix: str) -> None:
    response = client.get(f"/charts/{NAME}.{suffix}?recipient=nobody")
    assert response.status_code == 400
    assert "nobody" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/charts/nothing/", "/charts/nothing.svg", f"/charts/{NAME}.gif"]
)
def test_unknown_picture_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_picture_that_cannot_be_drawn_leaves_its_table(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: dict[str, object]) -> str:
        raise renderer.RenderingError("on purpose")

    monkeypatch.setattr(renderer._renderer, "ask", fail)
    # Another address than any test before, so that nothing is kept.
    asked = "?recipient=russia&has_notes=yes&channel=private"
    page = client.get(f"/charts/{NAME}/{asked}")
    assert page.status_code == 200
    assert "could not be drawn" in page.content.decode()
    assert page.context["rows"]
    assert client.get(f"/charts/{NAME}.csv{asked}").status_code == 200
    failed = client.get(f"/charts/{NAME}.png{asked}")
    assert failed.status_code == 503
    assert failed.headers["Retry-After"]
    assert "on purpose" in caplog.text


def test_picture_says_how_it_is_cited_and_embedded(client: Client) -> None:
    page = client.get(f"/charts/{NAME}/?recipient=russia").content.decode()
    assert f"/charts/{NAME}.svg?recipient=russia" in page
    bib = client.get(f"/charts/{NAME}.bib?recipient=russia").content.decode()
    assert f"/charts/{NAME}/?recipient=russia" in bib
    assert "Dataset version" in bib
