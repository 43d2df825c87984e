"""The list of cases as a feed: the same set, in its order or by what changed last."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases import synthetic
from cases.exchange.downloads.feed_formats import MAX_ENTRIES
from cases.finding.selection import SORTS
from cases.models import Case
from tests.support.factories import show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ATOM = "{http://www.w3.org/2005/Atom}"
HERE = "https://casebook.example"


@pytest.fixture(autouse=True)
def site_url(settings: Any) -> None:
    settings.SITE_URL = HERE


def feed(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/cases.atom?{query}")
    assert response.status_code == 200, response.text
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def numbers(client: Client, query: str = "") -> list[str]:
    """Return the numbers of the cases in the feed, in its order."""
    found = feed(client, query).iter(f"{ATOM}entry")
    return [entry.findtext(f"{ATOM}id", "").split("/")[-2] for entry in found]


def changed(number: str, day: int) -> None:
    when = dt.datetime(2030, 1, day, tzinfo=dt.UTC)
    Case.objects.filter(number=number).update(updated_at=when)
    show(Case.objects.get(number=number))


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
def test_feed_in_an_order_asked_for_is_that_of_the_page(client: Client, sort: str) -> None:
    page = client.get(f"/cases/?kind=warning_given&sort={sort}")
    shown = [case.number for case in page.context["object_list"]]
    assert numbers(client, f"kind=warning_given&sort={sort}") == shown


def test_feed_without_an_order_has_first_what_changed_last(client: Client) -> None:
    changed("DTW-0007", 3)
    changed("DTW-0002", 2)
    assert numbers(client)[:2] == ["DTW-0007", "DTW-0002"]
    assert set(numbers(client)) == {f"DTW-000{number}" for number in range(1, 8)}
    assert numbers(client, "q=attack+kerman")[0] == "DTW-0002"
    found = numbers(client, "q=attack")
    assert found == numbers(client, "q=attack&sort=-updated")
    by_relevance = numbers(client, "q=attack&sort=relevance")
    page = client.get("/cases/?q=attack&sort=relevance")
    assert by_relevance == [case.number for case in page.context["object_list"]]
    assert sorted(found) == sorted(by_relevance)


def test_feed_names_itself_its_page_and_what_it_shows(client: Client) -> None:
    root = feed(client, "relation=adversary&view=table&page=1&per_page=2")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"{HERE}/cases/?relation=adversary",
        "self": f"{HERE}/cases.atom?relation=adversary",
    }
    assert root.findtext(f"{ATOM}id") == f"{HERE}/cases.atom?relation=adversary"
    assert root.findtext(f"{ATOM}title") == (
        "Cases of the duty-to-warn casebook in which the relation to the issuer is “Adversary”"
    )
    assert root.findtext(f"{ATOM}subtitle") == (
        "3 of 7 cases. Order: last changed. "
        "Cases that no longer match have an entry too, and so does every withdrawn case. "
        "In all 3 cases editors inferred the relation to the issuer."
    )
    by_relevance = feed(client, "q=attack&sort=relevance")
    assert by_relevance.findtext(f"{ATOM}id") == f"{HERE}/cases.atom?q=attack&sort=relevance"


def test_feed_without_an_entry_is_as_old_as_the_collection(client: Client) -> None:
    changed("DTW-0003", 4)
    assert feed(client, "q=zebra").findtext(f"{ATOM}updated") == "2030-01-04T00:00:00+00:00"
    Case.objects.update(status="draft")
    assert feed(client).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_feed_entry_has_a_lasting_identity_and_what_its_card_says(client: Client) -> None:
    changed("DTW-0003", 4)
    case = Case.objects.get(number="DTW-0003")
    case.slug = "renamed"
    case.save()
    show(case)
    (entry,) = feed(client, "q=DTW-0003").iter(f"{ATOM}entry")
    link, category = entry.find(f"{ATOM}link"), entry.find(f"{ATOM}category")
    assert link is not None
    assert category is not None
    assert entry.findtext(f"{ATOM}id") == f"{HERE}/id/DTW-0003/#v1"
    assert link.get("href") == f"{HERE}/cases/renamed/v/1/"
    assert entry.findtext(f"{ATOM}title") == f"{case.title} (DTW-0003): added"
    assert unescape(entry.findtext(f"{ATOM}summary", "")) == case.summary
    assert entry.findtext(f"{ATOM}updated") == "2030-01-04T00:00:00+00:00"
    assert entry.findtext(f"{ATOM}published") == "2030-01-04T00:00:00+00:00"
    assert category.get("term") == "warning_given"


def test_feed_holds_what_xml_cannot_and_what_html_would_run(client: Client) -> None:
    # In SQL, because a model would not store such a text.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET title = %s, summary = %s WHERE number = 'DTW-0003'",
            ["A\x0b<b>", "<script>alert(1)</script>\x1f\ufffe"],
        )
    show(Case.objects.get(number="DTW-0003"))
    (entry,) = feed(client, "q=DTW-0003").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A�<b> (DTW-0003): added"
    assert entry.findtext(f"{ATOM}summary") == "&lt;script&gt;alert(1)&lt;/script&gt;��"


@pytest.mark.slow
def test_feed_of_very_many_holds_the_first_hundred_and_says_so(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    synthetic.make(cases=120, seed=3)
    root = feed(client, "sort=title")
    total = Case.objects.published().count()
    told = f"{total} of {total} cases; this feed has the first {MAX_ENTRIES}. Order: title."
    assert root.findtext(f"{ATOM}subtitle") == told
    assert len(numbers(client, "sort=title")) == MAX_ENTRIES
    # The version of the dataset, twice; the versions of the cases; the rows of withdrawals, of two
    # kinds; the withdrawn cases; names of those merged into.
    with django_assert_num_queries(7):
        client.get("/cases.atom")


def test_feed_of_nothing_is_a_feed_to_follow(client: Client) -> None:
    root = feed(client, "kind=policy_origin&reception=dismissed")
    assert list(root.iter(f"{ATOM}entry")) == []
    assert (root.findtext(f"{ATOM}subtitle") or "").startswith("0 of 7 cases.")
