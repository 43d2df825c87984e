"""The JSON of one case: where it is, where a former address leads, and what is not public."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.exchange.downloads.published_case import PublishedCase
from cases.merging import merge
from cases.models import Case
from cases.review.redacting import redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from cases.review.steps import withdraw
from tests.support.downloads import records
from tests.support.factories import make_case, show

pytestmark = [pytest.mark.usefixtures("db", "demo"), pytest.mark.once]

MOSCOW = "moscow-concert-hall-2024"


def load(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address, follow=True)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


@pytest.mark.parametrize(
    "address",
    [
        f"/cases/{MOSCOW}.json",
        "/id/DTW-0001.json",
        f"/cases/{MOSCOW}/v/1.json",
        "/id/DTW-0001/v/1.json",
        f"/api/v1/cases/{MOSCOW}/",
        "/api/v1/cases/DTW-0001/",
        "/api/v1/cases/dtw-1/",
        f"/api/v1/cases/{MOSCOW}/versions/1/",
        "/api/v1/cases/DTW-0001/versions/1/",
    ],
)
def test_case_is_the_object_of_the_json_file(client: Client, address: str) -> None:
    (case,) = (one for one in records(client)["cases"] if one["number"] == "DTW-0001")
    assert load(client, address) == case
    assert list(case) == list(PublishedCase.__struct_fields__)


ADDRESSES = [
    f"/cases/{MOSCOW}.json",
    f"/cases/{MOSCOW}/v/1.json",
    f"/api/v1/cases/{MOSCOW}/",
    f"/api/v1/cases/{MOSCOW}/versions/",
    f"/api/v1/cases/{MOSCOW}/versions/1/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_former_slug_leads_to_the_present_one(client: Client, address: str) -> None:
    case = Case.objects.get(slug=MOSCOW)
    case.slug = "concert-hall"
    case.save()
    show(case)
    assert client.get(address)["Location"] == address.replace(MOSCOW, "concert-hall")
    load(client, address)


@pytest.mark.parametrize("address", [*ADDRESSES, "/id/DTW-0001.json", "/api/v1/cases/DTW-0001/"])
def test_withdrawn_case_is_gone_with_the_reason(client: Client, address: str) -> None:
    withdraw(Case.objects.get(slug=MOSCOW), None, "It was a hoax.")
    gone = load(client, address, 410)
    assert (gone["number"], gone["reason"]) == ("DTW-0001", "It was a hoax.")
    assert "It was a hoax." in gone["errors"][0]
    assert set(gone) == {"errors", "number", "reason", "withdrawn_at"}


def test_merged_case_leads_to_the_one_it_went_into(client: Client) -> None:
    case, kept = Case.objects.get(slug=MOSCOW), Case.objects.get(slug="chavez-2004")
    withdraw(case, None, "The same events.")
    Case.objects.filter(pk=case.pk).update(merged_into=kept)
    for address in (f"/cases/{MOSCOW}.json", "/id/DTW-0001.json", "/api/v1/cases/DTW-0001/"):
        assert load(client, address)["number"] == kept.number
    # The numbers of its versions mean nothing in the other case.
    versions = f"/api/v1/cases/{kept.slug}/versions/"
    for address in (f"/cases/{MOSCOW}/v/1.json", "/api/v1/cases/DTW-0001/versions/1/"):
        assert client.get(address)["Location"] == versions


def test_version_that_there_is_not_is_named_with_the_newest(client: Client) -> None:
    for number in (0, 2, 10**30):
        for address in (
            f"/cases/{MOSCOW}/v/{number}.json",
            f"/api/v1/cases/{MOSCOW}/versions/{number}/",
        ):
            assert "the newest is version 1" in load(client, address, 404)["errors"][0]


def test_draft_is_nothing_even_after_it_was_merged(client: Client) -> None:
    kept, merged = Case.objects.get(slug="chavez-2004"), make_case(slug="secret-name")
    names = [merged.slug, merged.number]
    nothing = load(client, "/api/v1/cases/nothing/", 404)
    for is_merged in (False, True):
        if is_merged:
            merge(kept, merged, None, "The same.")
        for name in names:
            assert load(client, f"/api/v1/cases/{name}/", 404) == nothing
            assert load(client, f"/api/v1/cases/{name}/versions/", 404) == nothing
        assert load(client, f"/cases/{merged.slug}.json", 404) == nothing
        assert load(client, f"/id/{merged.number}.json", 404) == nothing


def test_draft_is_nothing_to_staff_either(editor: Client) -> None:
    load(editor, f"/cases/{make_case().slug}.json", 404)


def test_struck_name_is_in_no_version(client: Client) -> None:
    case = Case.objects.get(slug=MOSCOW)
    order = RedactionOrder(("concert hall",), "[redacted]", "By order of a court.")
    redact(case, None, order, preview(case, order).digest())
    name = load(client, "/api/v1/cases/DTW-0001/")["slug"]
    versions = load(client, f"/api/v1/cases/{name}/versions/")["items"]
    assert [version["number"] for version in versions] == [2, 1]
    assert versions[1]["redaction_reason"] == "By order of a court."
    for version in versions:
        found = client.get(version["address"]).content.decode().lower()
        assert "[redacted]" in found
        assert "concert hall" not in found


def test_one_case_costs_four_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in ("/api/v1/cases/DTW-0001/", f"/cases/{MOSCOW}/v/1.json"):
        # The version of the dataset, the case, its public name, its version.
        with django_assert_num_queries(4):
            load(client, address)


class Alternates(HTMLParser):
    """Finds the JSON that a page names as another form of itself."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (tag, given.get("rel"), given.get("type")) == ("link", "alternate", "application/json"):
            self.found = given["href"] or ""


@pytest.mark.parametrize("page", [f"/cases/{MOSCOW}/", f"/cases/{MOSCOW}/v/1/"])
def test_page_names_its_json(client: Client, page: str) -> None:
    parser = Alternates()
    parser.feed(client.get(page).content.decode())
    assert parser.found == f"{page.removesuffix('/')}.json"
    load(client, parser.found)
