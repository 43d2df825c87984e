"""The API: what it gives, a page at a time, and what it answers to what it does not understand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.api import answers
from cases.exchange.tables.registry import TABLES
from cases.models import Case, Directive, Source
from tests.support.downloads import records, table
from tests.support.factories import (
    make_actor,
    make_case,
    make_directive,
    make_exception,
    make_source,
    show,
)

pytestmark = pytest.mark.usefixtures("db", "demo")

ROWS = [name for name in TABLES if name != "cases"]
LISTS = ["cases", *ROWS, "actors", "sources", "directives", "exceptions", "changes"]


def get(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    return response.json()


def items(client: Client, address: str) -> list[Any]:
    """Return what is on all pages of a list, which the links lead to."""
    found: list[Any] = []
    page = get(client, address)
    while True:
        found += page["items"]
        if page["links"]["next"] is None:
            return found
        page = client.get(page["links"]["next"]).json()


def as_in_csv(value: Any) -> str:
    return "" if value is None else str(value)


def test_cases_are_those_of_the_json_file(client: Client) -> None:
    query = "relation=adversary&sort=title"
    assert items(client, f"cases/?{query}&per_page=1") == records(client, query)["cases"]


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_those_of_the_tidy_table_with_types(client: Client, name: str) -> None:
    rows = items(client, f"{name}/?per_page=2")
    assert [{key: as_in_csv(value) for key, value in row.items()} for row in rows] == [
        {key: value.removeprefix("'") for key, value in row.items()}
        for row in table(client, name=name)
    ]
    for row in rows:
        for column in TABLES[name].columns:
            value = row[column.name]
            if column.type == "integer":
                assert value is None or type(value) is int
            elif column.type == "date":
                assert value is None or dt.date.fromisoformat(value).isoformat() == value
            else:
                assert type(value) is str


@pytest.mark.parametrize("name", LISTS)
def test_pages_lead_to_each_other_in_body_and_header(client: Client, name: str) -> None:
    one = get(client, f"{name}/?per_page=1")
    last = client.get(one["links"]["last"]).json()
    assert (one["page"], one["pages"], one["count"]) == (1, last["page"], last["pages"])
    assert one["links"]["previous"] is None
    assert last["links"]["next"] is None
    response = client.get(f"/api/v1/{name}/?per_page=1")
    headed = {part.split(";")[0].strip(" <>") for part in response["Link"].split(",")}
    assert headed == {link for link in one["links"].values() if link}
    beyond = get(client, f"{name}/?per_page=1&page={one['pages'] + 1}", 400)
    assert beyond["mended"] == one["links"]["last"]


def test_link_header_is_left_out_where_it_would_be_long(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_LINK_HEADER", 100)
    assert "Link" not in client.get("/api/v1/cases/?per_page=1")


@pytest.mark.parametrize("query", ["nonsense=1", "channel=loud", "date_from=yesterday", "page=0"])
def test_what_is_not_understood_is_refused_in_the_words_of_the_json_file(
    client: Client, query: str
) -> None:
    expected = client.get(f"/cases.json?{query}").json()
    for name in ["cases", *ROWS]:
        refused = get(client, f"{name}/?{query}", 400)
        assert refused["errors"] == expected["errors"]
        assert client.get(refused["mended"]).status_code == 200


@pytest.mark.parametrize(
    "address", ["actors/?kind=x", "sources/?x=1", "directives/?kind=state", "changes/?since=x"]
)
def test_list_of_what_cases_share_refuses_what_it_does_not_understand(
    client: Client, address: str
) -> None:
    assert get(client, address, 400)["errors"]
    assert get(client, "cases/chavez-2004/?page=1", 400)["errors"]
    assert get(client, "codebook/?q=x", 400)["errors"]


def test_actor_says_what_its_page_shows_and_counts_its_family(client: Client) -> None:
    (actor,) = items(client, "actors/?q=islamic+state&kind=armed_group&per_page=1")[:1]
    assert actor["slug"] == "islamic-state"
    assert actor["cases"] == get(client, "cases/?actor=islamic-state")["count"]
    assert client.get(actor["page"]).status_code == 200
    child = next(one for one in items(client, "actors/") if one["parent"])
    assert child["parent"]["slug"] in {one["slug"] for one in items(client, "actors/")}


def test_changes_are_those_of_the_json_file(client: Client) -> None:
    show(make_case(published=True, title="Another title"))
    for query in ("", "q=another", "kind=added&since=2020-01-01"):
        expected = client.get(f"/changes.json?{query}")
        file = json.loads(b"".join(expected).decode())
        assert items(client, f"changes/?{query}&per_page=3") == file["changes"]


def test_codebook_is_that_of_the_json_file(client: Client) -> None:
    assert get(client, "codebook/") == client.get("/codebook.json").json()


@pytest.mark.parametrize("name", ["cases", "claims"])
def test_page_of_a_list_costs_three_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    get(client, f"{name}/")  # makes the index
    # The version of the dataset, for the ETag and for the index; the versions of the cases on the
    # page.
    with django_assert_num_queries(3):
        get(client, f"{name}/?relation=adversary")
    etag = client.get(f"/api/v1/{name}/")["ETag"]
    with django_assert_num_queries(1):  # the version of the dataset
        response = client.get(f"/api/v1/{name}/", headers={"If-None-Match": etag})
    assert response.status_code == 304


@pytest.mark.parametrize("name", [*LISTS, "cases/chavez-2004", "codebook", "schema"])
def test_only_reading_is_allowed(client: Client, name: str) -> None:
    address = f"/api/v1/{name}/"
    whole, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]
    for method in (client.post, client.put, client.patch, client.delete):
        refused = method(address)
        assert refused.status_code == 405
        assert set(refused["Allow"].split(", ")) == {"GET", "HEAD"}


def test_wrong_address_is_answered_as_json(client: Client) -> None:
    for address in ("/api/v1/nonsense/", "/api/v1/cases/nothing/", "/cases/nothing.json"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.json()["errors"]
    assert client.get("/api/v1/cases?q=attack")["Location"] == "/api/v1/cases/?q=attack"


def test_what_is_not_public_is_nowhere(client: Client) -> None:
    """Drafts, and what only they name; rules in draft; rows that are ahead of their version."""
    hidden = "Secretword"
    parent = make_actor(name=f"{hidden} parent")
    actor = make_actor(name=f"{hidden} actor", parent=parent)
    make_source(title=f"{hidden} source")
    draft = make_case(title=f"{hidden} case")
    directive = make_directive(title=f"{hidden} directive", status="draft")
    make_exception(title=f"{hidden} exception", directive=directive)
    make_exception(
        title=f"{hidden} exception", directive=Directive.objects.get(slug="icd-191"), status="draft"
    )
    public = Case.objects.get(number="DTW-0001")
    Case.objects.filter(pk=public.pk).update(title=hidden, summary=hidden)
    assert actor.pk
    for name in [*LISTS, "cases/DTW-0001", "cases/DTW-0001/versions", "cases/DTW-0001/versions/1"]:
        response = client.get(f"/api/v1/{name}/", {} if "/" in name else {"per_page": "100"})
        assert response.status_code == 200
        assert hidden not in response.content.decode()
    for word in (draft.slug, draft.number):
        assert get(client, f"cases/{word}/", 404) == get(client, "cases/nothing/", 404)
    assert Source.objects.filter(title__startswith=hidden).exists()


@pytest.mark.parametrize("address", ["/api/v1/cases/", "/api/v1/cases/moscow-concert-hall-2024/"])
def test_method_that_would_write_is_refused_in_json(client: Client, address: str) -> None:
    response = client.post(address)
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert response["Content-Type"] == "application/json"
    assert "GET" in response.json()["errors"][0]
