"""What search engines and browsers look for: sitemaps, and the description of the search."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.db.models import QuerySet
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.exchange.dataset.releases import make_release
from cases.models import Case, Version
from cases.presentation.charts.registry import CHARTS
from cases.review.steps import withdraw
from cases.views.sitemaps import PublicSitemap
from tests.support.factories import make_actor, make_case
from tests.support.public_pages import CASES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]

HERE = "https://casebook.example"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(autouse=True)
def site_url(settings: Any) -> None:
    settings.SITE_URL = HERE


def listed(client: Client, address: str) -> dict[str, str]:
    """Return the addresses in a sitemap, or in the list of them, with when each last changed."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return {one.findtext(f"{MAP}loc", ""): one.findtext(f"{MAP}lastmod", "") for one in root}


def path(address: str) -> str:
    assert address.startswith(HERE)
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_sitemaps_lead_to_every_kind_of_public_page_and_each_answers(client: Client) -> None:
    found = [
        path(page) for one in listed(client, "/sitemap.xml") for page in listed(client, path(one))
    ]
    assert len(found) == len(set(found))
    expected = {
        *("/", "/cases/", "/actors/islamic-state/", "/exceptions/violent-actor/"),
        *(
            "/sources/daily-true-news/",
            "/changes/",
            *(f"/charts/{name}/" for name in CHARTS),
            *(f"/cases/{slug}/" for slug in CASES),
        ),
    }
    assert expected <= set(found)
    assert {client.get(address).status_code for address in found} == {200}


def test_sitemap_of_releases_has_one_as_soon_as_it_is_made(client: Client) -> None:
    assert listed(client, "/sitemap-releases.xml") == {}
    before = client.get("/sitemap-releases.xml").headers["ETag"]
    make_release("2026.12", "The first.")
    assert [*listed(client, "/sitemap-releases.xml")] == [f"{HERE}/data/releases/2026.12/"]
    response = client.get("/sitemap-releases.xml", headers={"If-None-Match": before})
    assert response.status_code == 200
    assert client.get("/data/releases/2026.12/").status_code == 200


def test_sitemap_says_when_each_case_last_changed(client: Client) -> None:
    versions: QuerySet[Version] = QuerySet(Version)
    case = Case.objects.get(slug="kerman-2024")
    versions.exclude(case=case).update(made_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    versions.filter(case=case).update(made_at=dt.datetime(2024, 5, 6, tzinfo=dt.UTC))
    assert listed(client, "/sitemap-cases.xml")[f"{HERE}/cases/kerman-2024/"] == "2024-05-06"
    newest = listed(client, "/sitemap.xml")[f"{HERE}/sitemap-cases.xml"]
    assert newest == "2024-05-06T00:00:00+00:00"


def test_sitemap_of_very_many_cases_is_several(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(PublicSitemap, "limit", 3)
    maps = [path(one) for one in listed(client, "/sitemap.xml")]
    assert [one for one in maps if "cases" in one] == [
        f"/sitemap-cases.xml{query}" for query in ("", "?p=2", "?p=3")
    ]
    found = [page for one in maps if "cases" in one for page in listed(client, one)]
    assert {path(page) for page in found} == {f"/cases/{slug}/" for slug in CASES}
    assert len(found) == len(CASES)
    # The version of the dataset, twice; the addresses.
    with django_assert_num_queries(3):
        listed(client, "/sitemap-cases.xml?p=2")
    for wrong in ("/sitemap-cases.xml?p=9", "/sitemap-cases.xml?p=x", "/sitemap-nothing.xml"):
        assert client.get(wrong).status_code == 404


def test_sitemaps_name_nothing_that_is_not_public(client: Client) -> None:
    make_case(complete=True, slug="secret-draft")
    make_actor(slug="secret-agent")
    withdraw(make_case(published=True, slug="secret-gone"), None, "A hoax.")
    for one in listed(client, "/sitemap.xml"):
        assert "secret" not in client.get(path(one)).text


def test_search_is_described_for_browsers(client: Client) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    assert root.tag == f"{SEARCH}OpenSearchDescription"
    assert len(root.findtext(f"{SEARCH}ShortName", "")) <= 16
    urls = {url.get("type"): url.get("template", "") for url in root.findall(f"{SEARCH}Url")}
    for kind in ("text/html", "application/atom+xml"):
        address = urls[kind].replace("{searchTerms}", "attack")
        assert client.get(path(address)).status_code == 200
    assert 'href="/opensearch.xml"' in client.get("/").text
