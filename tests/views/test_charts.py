"""The pages and files of pictures."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from cases.models import Case
from cases.presentation.charts.drawing import renderer
from cases.presentation.charts.registry import CHARTS
from cases.versions.announcements import last_change
from tests.support.factories import make_case
from tests.support.reading import text_of, words

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
    numbers = [row[-2].value for row in page.context["rows"]]
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
    assert [int(row["cases"]) for row in rows] == [row[-2].value for row in shown]
    labels, codes = [row[0].value for row in shown], [row[0].codes[0] for row in shown]
    assert [row["reception_label"] for row in rows] == labels
    assert [row["reception"] for row in rows] == codes
    assert {row["reception"] for row in rows if row["reception_label"] == "All"} == {"all"}
    assert sum(int(row["inferred"]) for row in rows)
    for row in rows:
        listed = client.get(row["address"].partition("example.org")[2] or row["address"])
        assert listed.context["paginator"].count == int(row["cases"])


@pytest.mark.parametrize("name", ["chains", "lead-time", "certainty"])
def test_picture_csv_names_cases_as_other_files_do(client: Client, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/charts/{name}.csv").content.decode())))
    cases = {case.slug: case.number for case in Case.objects.published()}
    named = {row["case"]: row["case_number"] for row in rows}
    assert named.pop("all", "") == ""
    assert named.items() <= cases.items()
    assert {row["sample"] for row in rows} == {""}


def test_chains_csv_leads_to_each_event_on_the_page_of_its_case(client: Client) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/charts/chains.csv").content.decode()))
    pages: dict[str, str] = {}
    kinds = set()
    for row in rows:
        address, _, anchor = row["address"].partition("#")
        page = pages.setdefault(address, client.get(address).content.decode())
        assert anchor == row["anchor"]
        assert f'id="{anchor}"' in page
        kinds.add(row["kind"])
    assert {"warning", "statement", "incident"} <= kinds


def test_specification_has_its_data_and_its_source(client: Client) -> None:
    response = client.get(f"/charts/{NAME}.vl.json?recipient=russia")
    spec = json.loads(response.content)
    assert spec["$schema"].endswith("/vega-lite/v6.json")
    (drawing,) = spec["vconcat"]
    assert drawing["data"]["values"]
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


@pytest.mark.parametrize(
    "address", ["/charts/", f"/charts/{NAME}/", f"/charts/{NAME}.svg", "/actors/"]
)
def test_picture_can_only_be_read(address: str) -> None:
    assert Client(enforce_csrf_checks=True).post(address).status_code == 405


EMPTY = "kind=policy_origin&reception=dismissed"


@pytest.mark.parametrize("name", CHARTS)
def test_files_of_an_empty_picture_say_that_there_is_nothing(client: Client, name: str) -> None:
    svg = client.get(f"/charts/{name}.svg?{EMPTY}")
    assert svg.status_code == 200
    texts = text_of(svg.content.decode())
    assert "No case here has what this picture is about." in texts
    assert CHARTS[name].title in texts
    assert "dataset version" in texts
    assert client.get(f"/charts/{name}.png?{EMPTY}").status_code == 200
    spec = json.loads(client.get(f"/charts/{name}.vl.json?{EMPTY}").content)
    assert "No case here" in renderer.svg_of(spec)


def test_page_of_an_empty_picture_offers_its_csv_alone(client: Client) -> None:
    # A case without a lead time.
    page = client.get("/charts/lead-time/?case=chavez-2004").content.decode()
    assert "/charts/lead-time.csv" in page
    for absent in ("lead-time.svg", "lead-time.png", "lead-time.vl.json", "Embed", "SVG"):
        assert absent not in page.partition("<main")[2], absent


def test_files_say_where_and_of_when_they_are_and_what_may_be_done_with_them(
    client: Client,
) -> None:
    asked = "?recipient=russia"
    svg = text_of(client.get(f"/charts/{NAME}.svg{asked}").content.decode())
    spec = json.loads(client.get(f"/charts/{NAME}.vl.json{asked}").content)
    day = last_change()
    assert day
    for text in (svg, " ".join(spec["title"]["text"]), spec["usermeta"]["source"]):
        assert f"/charts/{NAME}/{asked}" in text
        assert f" of {day.day} {day:%B %Y}: 2 of 7 cases" in text
        assert "CC BY 4.0" in text
        assert "cannot be counted" in text
    assert "Test data" not in svg
    assert spec["usermeta"]["address"].endswith(f"/charts/{NAME}/{asked}")


@pytest.mark.parametrize("name", CHARTS)
def test_specification_is_drawn_with_its_title_and_its_source(client: Client, name: str) -> None:
    spec = json.loads(client.get(f"/charts/{name}.vl.json").content)
    drawn = text_of(renderer.svg_of(spec))
    assert CHARTS[name].title in drawn
    assert "CC BY 4.0" in drawn


def test_files_of_a_collection_with_synthetic_cases_say_so(client: Client) -> None:
    make_case(published=True, slug="synthetic-1", number="DTW-900000001")
    # Another address than any test before, so that nothing is kept.
    asked = "?follow_up=not_stated&has_notes=no"
    svg = text_of(client.get(f"/charts/{NAME}.svg{asked}").content.decode())
    assert "Test data: synthetic cases." in svg
    csv_file = client.get(f"/charts/{NAME}.csv{asked}")
    assert "synthetic-test-data" in csv_file.headers["Content-Disposition"]
    assert "Test data, synthetic cases" in client.get(f"/charts/{NAME}.bib{asked}").content.decode()


@pytest.mark.parametrize(
    ("name", "given", "cited"),
    [
        (NAME, "case=kerman-2024&order=cases&view=matrix&sort=title", "?case=kerman-2024"),
        (NAME, "group=state&per_page=10&period=year", ""),
        ("who-warned-whom", "group=state&order=cases", "?group=state"),
        ("by-year", "period=decade&order=cases&recipient=iran", "?period=decade&recipient=iran"),
        ("chains", "sort=title&layout=columns", "?sort=title"),
    ],
)
def test_citation_has_only_what_changes_the_picture(
    client: Client, name: str, given: str, cited: str
) -> None:
    address = f"/charts/{name}/{cited}"
    bib = client.get(f"/charts/{name}.bib?{given}").content.decode()
    assert f"{address}}}" in bib or f"{address}\n" in bib, bib
    page = client.get(f"/charts/{name}/?{given}").content.decode()
    shown = cited.replace("&", "&amp;")
    assert f'href="/charts/{name}.bib{shown}"' in page
    assert f'href="/charts/{name}.svg{shown}"' in page
    assert 'cite a <a href="/data/">release</a>' in page


def test_order_that_the_table_has_not_is_said_and_refused_by_files(client: Client) -> None:
    page = client.get(f"/charts/{NAME}/?order=nonsense")
    assert "“order” is one of: reception, follow_up, cases" in text_of(page.content.decode())
    assert not re.search(r'href="[^"]*order=nonsense', page.content.decode())
    assert "“order” sorts the table of one" in text_of(
        client.get("/charts/?order=cases").content.decode()
    )
    for suffix in ("csv", "svg", "vl.json", "bib"):
        refused = client.get(f"/charts/{NAME}.{suffix}?order=nonsense")
        assert refused.status_code == 400, suffix
        assert "reception, follow_up, cases" in refused.content.decode()


def test_csv_has_its_rows_in_the_order_asked_for(client: Client) -> None:
    text = client.get(f"/charts/{NAME}.csv?order=-cases").content.decode()
    numbers = [int(row["cases"]) for row in csv.DictReader(io.StringIO(text))]
    assert numbers == sorted(numbers, reverse=True)


def test_embedding_has_the_size_of_the_file_and_does_not_overflow(client: Client) -> None:
    code = client.get(f"/charts/{NAME}/").context["embedding"]
    size = fromstring(client.get(f"/charts/{NAME}.svg").content)
    width, height = size.get("width"), round(float(size.get("height", "0")))
    assert f'width="{width}" height="{height}" style="max-width: 100%; height: auto"' in code


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "Notes that challenge or complete values, in 5 of them, are not drawn."),
        ("?case=kerman-2024", "Notes that challenge or complete values are not drawn."),
        ("?has_notes=no", ""),
        ("?case=khashoggi-2018", ""),  # has no warning, and so nothing to draw
    ],
)
def test_source_says_of_which_cases_no_note_is_drawn(
    client: Client, query: str, expected: str
) -> None:
    page = words(client.get(f"/charts/specificity/{query}"))
    if expected:
        assert expected in page
    else:
        assert "not drawn" not in page
