"""What followers of a list learn: new, changed and withdrawn cases, and those that left it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import feedparser
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.merging import merge
from cases.models import Case
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db

HERE = "https://casebook.example"
FEEDS = ["/cases.atom", "/cases.feed.json", "/changes.atom", "/changes.feed.json"]
PRIVATE = "/cases.feed.json?channel=private"


@pytest.fixture(autouse=True)
def site_url(settings: Any) -> None:
    settings.SITE_URL = HERE


@pytest.fixture
def case() -> Case:
    """Return a case whose warning was given in private."""
    return make_case(published=True, slug="the-case", title="The case")


def items(client: Client, address: str) -> list[dict[str, Any]]:
    response = client.get(address)
    assert response["Content-Type"] == "application/feed+json"
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def titles(client: Client, address: str) -> list[str]:
    return [item["title"] for item in items(client, address)]


def code_channel(case: Case, channel: str) -> None:
    case.warnings.update(channel=channel)
    assert make_version(case, None, f"The channel was {channel}.")


def test_new_case_is_an_entry_and_each_change_of_it_a_new_one(client: Client, case: Case) -> None:
    (added,) = items(client, PRIVATE)
    assert added["title"] == f"The case ({case.number}): added"
    Case.objects.filter(pk=case.pk).update(title="The same case")
    make_version(case, None, "Better title.")
    (changed,) = items(client, PRIVATE)
    assert changed["title"] == f"The same case ({case.number}): changed"
    assert added["id"] == f"{HERE}/id/{case.number}/#v1"
    assert changed["id"] == f"{HERE}/id/{case.number}/#v2"
    assert changed["url"] == f"{HERE}/cases/the-case/v/2/"
    assert "Better title." in changed["content_html"]
    assert "<ins>" in changed["content_html"]
    assert changed["tags"] == ["warning_given", "changed"]


def test_case_that_no_longer_matches_has_an_entry_that_says_so(client: Client, case: Case) -> None:
    code_channel(case, "public")
    assert titles(client, PRIVATE) == [f"The case ({case.number}): changed, no longer in this list"]
    (item,) = items(client, PRIVATE)
    assert "it has left the list" in item["content_html"]
    assert "The channel was public." in item["content_html"]
    assert titles(client, "/cases.feed.json?channel=public") == [
        f"The case ({case.number}): changed"
    ]
    # It never matched these.
    for query in ("channel=not_stated", "channel=private&reception=accepted", "q=zebra"):
        assert titles(client, f"/cases.feed.json?{query}") == []
    # It matches the words today, and left by the channel.
    assert len(items(client, f"{PRIVATE}&q=case")) == 1


def test_case_that_left_is_told_of_until_it_changes_again(client: Client, case: Case) -> None:
    code_channel(case, "public")
    Case.objects.filter(pk=case.pk).update(title="Another title")
    make_version(case, None, "Better title.")
    assert titles(client, PRIVATE) == []


def test_order_that_is_asked_for_is_of_the_list_alone(client: Client, case: Case) -> None:
    code_channel(case, "public")
    withdraw(make_case(published=True), None, "A hoax.")
    assert titles(client, f"{PRIVATE}&sort=-updated") == []
    assert len(titles(client, PRIVATE)) == 2


@pytest.mark.parametrize("query", ["", "?channel=private", "?channel=not_stated", "?q=zebra"])
def test_withdrawn_case_is_told_of_in_each_feed_by_number_and_reason_alone(
    client: Client, case: Case, query: str
) -> None:
    """Whether it matched would tell what it said, which is no longer public."""
    gone = make_case(published=True, title="A secret title", summary="A secret.", slug="secret")
    merged = make_case(published=True, title="A double", slug="double")
    withdraw(gone, None, "A hoax.")
    merge(case, merged, None, "They are the same.")
    text = client.get(f"/cases.feed.json{query}").text
    told = {item["title"]: item["content_html"] for item in json.loads(text)["items"]}
    assert "A hoax." in told[f"{gone.number}: withdrawn"]
    assert "They are the same." in told[f"{merged.number}: merged into {case.number}"]
    assert "ecret" not in text


def test_cases_and_withdrawals_are_by_time_the_newest_first(client: Client, case: Case) -> None:
    gone, last = (make_case(published=True) for _ in range(2))
    withdraw(gone, None, "A hoax.")
    code_channel(last, "not_stated")
    dates = [item["date_modified"] for item in items(client, "/cases.feed.json")]
    assert dates == sorted(dates, reverse=True)
    assert [title.split(": ")[1] for title in titles(client, "/cases.feed.json")] == [
        "changed",
        "withdrawn",
        "added",
    ]


def test_feed_names_no_draft_and_no_correction(client: Client, case: Case) -> None:
    make_case(complete=True, title="Secret draft")
    Case.objects.filter(pk=case.pk).update(title="Secret correction", correction="draft")
    case.warnings.update(channel="public")
    for address in [*FEEDS, PRIVATE, "/changes.csv", "/changes.json", "/sitemap-cases.xml"]:
        text = client.get(address).getvalue().decode()
        assert "Secret" not in text
    assert titles(client, PRIVATE) == [f"The case ({case.number}): added"]


def test_feed_costs_a_fixed_number_of_queries(
    client: Client, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def add() -> None:
        withdraw(make_case(published=True), None, "A hoax.")
        for channel in ("public", "not_stated"):
            code_channel(make_case(published=True), channel)
        merge(case, make_case(published=True), None, "They are the same.")
        make_version(case, None, "Merged.")

    add()
    client.get(PRIVATE)
    # Version of the dataset, twice; the versions of the list, and those before them; the same of
    # the cases beside it, once more for those that left; rows of withdrawals of two kinds;
    # versions, cases, names.
    with django_assert_num_queries(11):
        client.get(PRIVATE)
    add()
    add()
    client.get(PRIVATE)
    with django_assert_num_queries(11):
        client.get(PRIVATE)


# --- The two formats ------------------------------------------------------------------------------


@pytest.fixture
def busy(case: Case) -> None:
    """Have a case added, changed, withdrawn and merged, with letters that need care."""
    Case.objects.filter(pk=case.pk).update(title="<b>Warsaw & Łódź</b>")
    code_channel(case, "public")
    withdraw(make_case(published=True), None, "A <hoax> & more.")
    merge(case, make_case(published=True), None, "They are the same.")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    "address", ["/cases.atom", "/cases.atom?channel=private", "/changes.atom", "/changes.atom?q=no"]
)
def test_feed_reader_reads_the_atom_feed_and_finds_no_fault(client: Client, address: str) -> None:
    response = client.get(address)
    read = feedparser.parse(response.content, response_headers={"content-type": "application/xml"})
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.title
    assert read.feed.updated_parsed
    assert read.feed.id == f"{HERE}{address}"
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    assert bool(read.entries) is ("q=no" not in address)
    for entry in read.entries:
        assert entry.id.startswith(f"{HERE}/id/DTW-")
        assert entry.link.startswith(HERE)
        assert entry.title
        assert entry.updated_parsed
        assert entry.published_parsed
        assert entry.content[0].type == "text/html"
        assert entry.content[0].value
        assert entry.tags
    in_json = client.get(address.replace(".atom", ".feed.json")).json()["items"]
    assert [entry.id for entry in read.entries] == [item["id"] for item in in_json]


def check_json_feed(feed: dict[str, Any]) -> None:
    """Check a document against the rules of https://www.jsonfeed.org/version/1.1/."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert feed.keys() <= {
        *("version", "title", "description", "home_page_url", "feed_url", "language"),
        *("authors", "items"),
    }
    for author in feed["authors"]:
        assert author.keys() & {"name", "url", "avatar"}
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert item.keys() <= {
            *("id", "url", "title", "summary", "content_html"),
            *("date_published", "date_modified", "tags"),
        }
        for name in ("id", "url", "title", "summary", "content_html"):
            assert isinstance(item[name], str)
        assert "content_html" in item or "content_text" in item
        for name in ("date_published", "date_modified"):
            assert dt.datetime.fromisoformat(item[name]).tzinfo  # RFC 3339
        assert all(isinstance(tag, str) for tag in item["tags"])
        for address in (item["id"], item["url"]):
            assert address.startswith(f"{HERE}/")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    "address", ["/cases.feed.json", PRIVATE, "/changes.feed.json", "/changes.feed.json?q=no"]
)
def test_json_feed_keeps_the_rules_of_its_format(client: Client, address: str) -> None:
    feed = client.get(address).json()
    check_json_feed(feed)
    assert feed["feed_url"] == f"{HERE}{address}"
    page = address.replace("cases.feed.json", "cases/").replace("changes.feed.json", "changes/")
    assert feed["home_page_url"] == f"{HERE}{page}"
    assert "<b>" not in json.dumps([item["content_html"] for item in feed["items"]])


@pytest.mark.parametrize("address", FEEDS)
def test_feed_refuses_what_it_does_not_understand(client: Client, address: str) -> None:
    response = client.get(f"{address}?nonsense=1")
    assert response.status_code == 400
    assert (
        "There is no parameter “nonsense”" in json.loads(response.content)["errors"][0]
        if (address.endswith("json"))
        else response.text
    )


@pytest.mark.parametrize("page", ["/cases/?channel=private", "/changes/?kind=added"])
def test_page_leads_feed_readers_to_its_feeds(client: Client, case: Case, page: str) -> None:
    text = client.get(page).text
    name, query = page.strip("/").split("/?")
    for kind, address in (
        ("atom+xml", f"/{name}.atom?{query}"),
        ("feed+json", f"/{name}.feed.json?{query}"),
    ):
        head = " ".join(text.partition("</head>")[0].split())
        assert f'href="{address}"' in head
        assert f'type="application/{kind}"' in head
