"""Conditional requests: what is answered with 304, until when, and what nobody may store."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from tests.support.factories import make_case, show
from tests.support.public_pages import MISSING, PAGES

pytestmark = [pytest.mark.usefixtures("db", "demo"), pytest.mark.once]

FILES = [
    *("/cases.csv", "/cases.json?relation=adversary", "/schema/case.json"),
    *("/cases.atom", "/cases.feed.json?relation=adversary", "/changes.atom", "/changes.feed.json"),
    *("/changes.csv", "/changes.json?kind=added", "/sitemap.xml", "/sitemap-cases.xml"),
    *("/cases/moscow-concert-hall-2024.bib", "/cases/moscow-concert-hall-2024/v/1.ris"),
    *("/cite.csl.json", "/cite.bib?relation=adversary"),
    *("/cases/moscow-concert-hall-2024.json", "/cases/moscow-concert-hall-2024/v/1.json"),
    *("/api/v1/cases/?sort=title", "/api/v1/claims/", "/api/v1/actors/", "/api/v1/codebook/"),
]
SEARCHES = ["/cases/?q=attack", "/api/v1/warnings/?q=attack", "/cases.atom?q=attack"]


def get(client: Client, address: str, etag: str = "", **headers: str) -> tuple[int, str]:
    """Request an address, with the ETag of an earlier response; return status and ETag."""
    known = {"If-None-Match": etag} if etag else {}
    response = client.get(address, headers=known | headers)
    if response.status_code == 304:
        assert not response.content
    else:
        b"".join(response)
    return response.status_code, response["ETag"]


@pytest.mark.parametrize("address", [*PAGES, *FILES, *SEARCHES])
def test_address_is_answered_with_304_until_a_record_changes(client: Client, address: str) -> None:
    status, etag = get(client, address)
    assert status == 200
    assert get(client, address, etag) == (304, etag)
    Case.objects.filter(number="DTW-0001").update(title="A new title with an attack")
    show(Case.objects.get(number="DTW-0001"))
    status, changed = get(client, address, etag)
    assert (status, changed != etag) == (200, True)


def test_304_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, etag = get(client, "/cases.json")
    with django_assert_num_queries(1):  # the version of the dataset
        assert get(client, "/cases.json", etag)[0] == 304


def test_304_names_what_a_stored_page_varies_on(client: Client) -> None:
    _, etag = get(client, "/cases/")
    response = client.get("/cases/", headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    assert {"Accept-Encoding", "HX-Request"} <= set(response["Vary"].split(", "))
    assert response["Cache-Control"] == "no-cache"


def test_part_of_a_list_for_htmx_is_not_taken_for_the_whole(client: Client) -> None:
    _, etag = get(client, "/cases/")
    status, part = get(client, "/cases/", etag, **{"HX-Request": "true"})
    assert (status, part != etag) == (200, True)


@pytest.mark.parametrize("address", ["/cases.atom", "/changes.atom", "/sitemap-cases.xml"])
def test_feed_has_no_date_that_would_hide_a_redaction(client: Client, address: str) -> None:
    """A redaction or a withdrawal changes a feed, and its newest entry may stay the same."""
    assert "Last-Modified" not in client.get(address)


def test_star_stands_for_whatever_page_there_is(client: Client) -> None:
    for address, status in (("/cases/", 304), ("/cases/nothing/", 404)):
        assert client.get(address, headers={"If-None-Match": "*"}).status_code == status


def test_draft_that_staff_sees_is_never_stored(client: Client, editor: Client) -> None:
    address = make_case().get_absolute_url()
    response = editor.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    # For others it is nothing, whatever header they look at.
    draft, nothing = client.get(address), client.get(MISSING)
    assert draft.status_code == 404
    assert dict(draft.items()).keys() == dict(nothing.items()).keys()
    assert draft["Vary"] == nothing["Vary"]


def test_public_page_is_stored_for_everybody(editor: Client) -> None:
    response = editor.get("/cases/moscow-concert-hall-2024/")
    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" not in response.get("Vary", "")
