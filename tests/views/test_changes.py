"""What was added, changed and withdrawn: the page, and the Atom feed of the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db.models import QuerySet
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.exchange.downloads.changes_files import CHANGE_COLUMNS
from cases.exchange.downloads.feed_formats import MAX_ENTRIES
from cases.models import Case, ReviewStep, Version
from cases.review.steps import reinstate, withdraw
from cases.versions.announcements import announcements, rows_since
from cases.versions.making import make_version
from cases.views.changes import ANNOUNCEMENTS_PER_PAGE
from tests.support.factories import make_case
from tests.support.reading import words

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def dated(version: Version | None, day: str) -> None:
    """Set when a version was made, which no page does."""
    assert version is not None
    rows: QuerySet[Any] = QuerySet(Version).filter(pk=version.pk)
    rows.update(made_at=dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))


def revised(case: Case, note: str) -> Version:
    Case.objects.filter(pk=case.pk).update(title=f"Title of {note}")
    version = make_version(case, None, note)
    assert version is not None
    return version


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue().decode()


@pytest.fixture
def case() -> Case:
    """Return a case added on 1 March 2024 and changed on 5 March."""
    case = make_case(published=True, slug="the-case")
    dated(case.versions.get(), "2024-03-01")
    dated(revised(case, "Clearer."), "2024-03-05")
    return case


@pytest.fixture
def gone() -> Case:
    """Return a case added on 2 March 2024 and withdrawn on 6 March."""
    case = make_case(published=True, slug="gone", title="A secret title")
    dated(case.versions.get(), "2024-03-02")
    withdraw(case, None, "It was a hoax.")
    when = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
    ReviewStep.objects.filter(status="withdrawn").update(taken_at=when)
    return case


def feed(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/changes.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def entries(client: Client, query: str = "") -> list[tuple[str, str]]:
    """Return title and summary of each entry of the feed."""
    return [
        (entry.findtext(f"{ATOM}title", ""), entry.findtext(f"{ATOM}summary", ""))
        for entry in feed(client, query).iter(f"{ATOM}entry")
    ]


def test_changes_tell_what_was_added_changed_and_withdrawn_the_newest_first(
    client: Client, case: Case, gone: Case
) -> None:
    page = words(client.get("/changes/"))
    assert "3 changes" in page
    withdrawn, changed, added = (
        page.index(f"{word} ·") for word in ("Withdrawn", "Changed", "Added")
    )
    assert withdrawn < changed < added
    assert f"{gone.number} It was a hoax." in page
    assert "Clearer." in page
    assert "First published." in page
    assert "6 March 2024, 12:00" in page
    assert "A secret title" not in page


def test_changes_lead_to_the_version_the_history_and_the_reason(
    client: Client, case: Case, gone: Case
) -> None:
    text = client.get("/changes/").text
    for address in ("/cases/the-case/", "/cases/the-case/v/2/", "/cases/the-case/history/"):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200
    assert f'href="/id/{gone.number}/"' in text
    assert client.get(f"/id/{gone.number}/").status_code == 410
    assert client.get("/cases/gone/").status_code == 410


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2024-03-01", ["withdrawn", "changed", "added"]),
        ("2024-03-02", ["withdrawn", "changed"]),
        ("2024-03-05", ["withdrawn", "changed"]),
        ("2024-03-06", ["withdrawn"]),
        ("2024-03-07", []),
        ("0001-01-01", ["withdrawn", "changed", "added"]),
        ("9999-12-31", []),
    ],
)
def test_changes_since_a_day_are_those_of_that_day_and_later(
    client: Client, case: Case, gone: Case, since: str, told: list[str]
) -> None:
    response = client.get(f"/changes/?since={since}")
    assert [found.kind for found in response.context["announcements"]] == told
    nothing = "still to come" if since.startswith("9") else "Nothing has changed since"
    assert (nothing in words(response)) is (not told)
    assert f'href="/changes.atom?since={since}"' in response.text
    assert len(entries(client, f"?since={since}")) == len(told)
    assert len(entries(client, f"?since={since}&since=")) == len(told)


BAD_DAYS = [
    "yesterday",
    "2024",
    "2024-03",
    "2024-3-5",
    "2024-13-01",
    "2024-02-30",
    "20240305",
    "٢٠٢٤-٠٣-٠٥",
    "2024-03-05T00:00",
    "%00",
    "9" * 400,
    "<b>",
]


@pytest.mark.parametrize("since", BAD_DAYS)
def test_changes_since_what_is_no_day_says_so_and_shows_all(
    client: Client, case: Case, since: str
) -> None:
    page = words(client.get(f"/changes/?since={since}"))
    assert "“since” is a day, written as year, month and day, such as 2024-03-22" in page
    assert "2 changes" in page
    response = client.get(f"/changes.atom?since={since}")
    assert response.status_code == 400
    assert "“since” is a day" in response.text


def test_changes_since_a_day_to_come_say_so_once(client: Client, case: Case) -> None:
    text = words(client.get("/changes/?since=2999-01-01"))
    assert text.count("1 January 2999 is still to come.") == 1
    assert "0 changes" not in text
    assert "Nothing has changed" not in text
    assert "still to come" not in words(client.get("/changes/?since=2020-01-01"))


def test_changes_of_a_kind_that_has_happened_to_no_case_say_so(client: Client, case: Case) -> None:
    for query, sentence in (
        ("kind=withdrawn", "No case has been withdrawn."),
        ("kind=withdrawn&kind=reinstated", "No case has been withdrawn or reinstated."),
        ("kind=merged&since=2020-01-01", "merged into another since 1 January 2020."),
        ("kind=withdrawn&q=nothing", "No change matches."),
    ):
        assert sentence in words(client.get(f"/changes/?{query}"))


def test_changes_say_what_else_of_the_address_they_ignored(client: Client, case: Case) -> None:
    assert "no parameter “until”" in words(client.get("/changes/?until=2024-01-01"))
    assert "There is no page 7; the last one, page 1" in words(client.get("/changes/?page=7"))
    response = client.get("/changes.atom?until=2024-01-01&since=2024-03-01&also=")
    said, last = response.text.splitlines()
    cleaned = last.removeprefix("Without it: ")
    assert (response.status_code, said) == (400, "There is no parameter “until”.")
    assert cleaned.endswith("/changes.atom?since=2024-03-01")
    assert client.get(cleaned).status_code == 200
    assert client.get("/changes/?since=")["Location"] == "/changes/"


def test_changes_of_merged_case_say_into_which(client: Client, case: Case, gone: Case) -> None:
    Case.objects.filter(pk=gone.pk).update(merged_into=case)
    page = words(client.get("/changes/"))
    assert f"Merged · 6 March 2024, 12:00 {gone.number} It was a hoax. Merged into" in page
    assert f"Merged into Title of Clearer., {case.number}" in page
    assert (f"{gone.number}: merged into {case.number}", "It was a hoax.") in entries(client)
    withdraw(case, None, "Both were.")
    page = words(client.get("/changes/"))
    assert "Title of" not in page
    assert f"Merged into {case.number}" in page


def test_changes_keep_the_withdrawal_of_a_case_that_was_reinstated(
    client: Client, gone: Case
) -> None:
    before = feed(client).find(f"{ATOM}entry")
    version = reinstate(gone, None, "It was none.")
    dated(version, "2024-03-08")
    kinds = [found.kind for found in announcements(rows_since())]
    assert kinds == ["reinstated", "withdrawn", "added"]
    assert [told for _, told in entries(client)] == [
        "Reinstated: It was none.",
        "It was a hoax.",
        "First published.",
    ]
    page = words(client.get("/changes/"))
    assert "Reinstated on 8 March 2024 as version 2" in page
    assert [found.kind for found in announcements(rows_since(dt.date(2024, 3, 7)))] == [
        "reinstated"
    ]
    after = feed(client).findall(f"{ATOM}entry")[1]
    assert before is not None
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")


def test_changes_of_a_case_withdrawn_again_say_so_once(client: Client, gone: Case) -> None:
    reinstate(gone, None, "It was none.")
    withdraw(gone, None, "It was one after all.")
    (found,) = announcements(rows_since())
    assert (found.kind, found.reason) == ("withdrawn", "It was one after all.")


def test_changes_leave_out_what_is_not_public(client: Client) -> None:
    draft = make_case(complete=True, title="A draft")
    Version.objects.create(case=draft, number=1, record={}, change_note="Forged.", digest="0" * 64)
    assert "Nothing has been published yet." in words(client.get("/changes/"))
    assert entries(client) == []


def test_changes_tell_a_withdrawal_without_a_step_by_the_time_of_the_case(client: Client) -> None:
    when = dt.datetime(2023, 5, 4, 12, tzinfo=dt.UTC)
    case = make_case(status="withdrawn", withdrawn_reason="Of old.", updated_at=when)
    (found,) = announcements(rows_since())
    assert (found.at, found.kind, found.title) == (when, "withdrawn", case.number)


@pytest.mark.slow
def test_changes_are_paged_and_keep_the_day(client: Client, case: Case) -> None:
    for number in range(ANNOUNCEMENTS_PER_PAGE):
        revised(case, f"Note {number}")
    first = client.get("/changes/?since=2024-03-01")
    assert len(first.context["announcements"]) == ANNOUNCEMENTS_PER_PAGE
    assert "since=2024-03-01&amp;page=2" in first.text
    second = words(client.get("/changes/?since=2024-03-01&page=2"))
    assert "First published." in second
    assert "Clearer." in second


def test_changes_page_and_feed_cost_a_fixed_number_of_queries(
    client: Client, case: Case, gone: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        revised(case, f"Note {number}")
    client.get("/about/")  # caches whether there are synthetic cases
    # Version of the dataset; of each of three kinds the count and the rows; versions, cases, names
    # of the public ones; the version again, for the notice on synthetic cases.
    with django_assert_num_queries(11):
        client.get("/changes/?since=2024-01-01")
    # Version of the dataset; rows of three kinds; versions, cases, names; the records of the
    # versions, and those before them.
    for address in ("/changes.atom", "/changes.feed.json"):
        with django_assert_num_queries(9):
            client.get(address)
    # Version of the dataset, again for the name of the file and in the JSON; rows of three kinds;
    # versions, cases, names.
    for address, count in (("/changes.csv", 8), ("/changes.json", 9)):
        with django_assert_num_queries(count):
            text_of(client, address)


def test_changes_escape_what_was_typed(client: Client) -> None:
    case = make_case(published=True)
    revised(case, "<script>alert(1)</script>\x0b\x1f & more")
    text = client.get("/changes/").text
    assert "<script>alert" not in text
    (title, summary), _ = entries(client)
    assert "Title of <script>alert(1)</script>" in title  # plain text
    assert unescape(summary).startswith("<script>")  # in HTML, escaped
    assert summary.startswith("&lt;script&gt;")
    assert summary.endswith("&amp; more")


def test_feed_entries_have_lasting_identities_times_and_absolute_addresses(
    client: Client, case: Case, gone: Case, settings: Any
) -> None:
    settings.SITE_URL = "https://casebook.example"
    root = feed(client, "?since=2024-03-01")
    assert root.findtext(f"{ATOM}id") == "https://casebook.example/changes.atom?since=2024-03-01"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://casebook.example/changes/?since=2024-03-01",
        "self": "https://casebook.example/changes.atom?since=2024-03-01",
    }
    found = list(root.iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}id") for entry in found] == [
        f"https://casebook.example/id/{gone.number}/#withdrawn-20240306T120000",
        f"https://casebook.example/id/{case.number}/#v2",
        f"https://casebook.example/id/{case.number}/#v1",
    ]
    assert found[0].findtext(f"{ATOM}updated") == "2024-03-06T12:00:00+00:00"
    link = found[1].find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://casebook.example/cases/the-case/v/2/"
    assert (f"{gone.number}: withdrawn", "It was a hoax.") in entries(client)
    case.slug = "renamed"
    case.save()
    again = [entry.findtext(f"{ATOM}id") for entry in feed(client).iter(f"{ATOM}entry")]
    assert f"https://casebook.example/id/{case.number}/#v2" in again


@pytest.mark.slow
@pytest.mark.once
def test_feed_holds_the_newest_only(client: Client, case: Case) -> None:
    for number in range(MAX_ENTRIES):
        revised(case, f"Note {number}")
    found = entries(client)
    assert len(found) == MAX_ENTRIES
    assert found[0][1] == f"Note {MAX_ENTRIES - 1}"


@pytest.mark.parametrize(
    "address", ["/changes/", "/changes.atom", "/actors/", "/sources/", "/exceptions/"]
)
def test_pages_answer_safe_methods_only(client: Client, case: Case, address: str) -> None:
    assert client.head(address).status_code == 200
    for method in ("post", "put", "delete", "trace"):
        assert getattr(client, method)(address).status_code == 405


def test_changes_are_linked_from_each_page_and_the_home_page_tells_the_latest(
    client: Client, case: Case, gone: Case
) -> None:
    response = client.get("/")
    assert 'type="application/atom+xml"' in response.text
    page = words(response)
    assert f"{gone.number} Withdrawn 6 March 2024 : It was a hoax." in page
    assert "Changed 5 March 2024 : Clearer." in page
    assert "All changes" in page
    assert 'href="/changes/"' in client.get("/about/").text.partition("<footer")[2]


def test_changes_are_searched_by_what_they_show(client: Client, case: Case, gone: Case) -> None:
    def numbers(query: str) -> list[str]:
        return [told.number for told in client.get(f"/changes/?{query}").context["announcements"]]

    assert numbers("q=CLEARER") == [case.number] * 2  # the title has the word today
    assert numbers("q=clearer+changed") == [case.number]
    assert numbers("q=hoax") == numbers("q=withdrawn") == [gone.number]
    assert numbers("q=secret") == []
    assert "No change matches." in words(client.get("/changes/?q=secret"))
    assert client.get("/changes/?since=&q=hoax")["Location"] == "/changes/?q=hoax"


# --- Kinds of changes, and files ------------------------------------------------------------------

ADDRESSES = ["/changes.csv", "/changes.json", "/changes.atom", "/changes.feed.json"]


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client, f"/changes.csv{query}"))))


def records(client: Client, query: str = "") -> list[dict[str, Any]]:
    found = json.loads(text_of(client, f"/changes.json{query}"))
    assert found["given"] == len(found["changes"])
    told: list[dict[str, Any]] = found["changes"]
    return told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("kind=added", ["added", "added"]),
        ("kind=changed", ["changed"]),
        ("kind=withdrawn", ["withdrawn", "withdrawn"]),
        ("kind=merged", ["merged"]),
        ("kind=reinstated", ["reinstated"]),
        ("kind=added&kind=merged", ["merged", "added", "added"]),
        ("kind=withdrawn&since=2024-03-07", ["withdrawn"]),
        ("since=2024-03-06&kind=changed", []),
        (
            "",
            ["withdrawn", "merged", "reinstated", "withdrawn", "changed", "added", "added"],
        ),
    ],
)
def test_changes_of_a_kind_are_the_same_on_the_page_in_files_and_in_feeds(
    client: Client, case: Case, gone: Case, query: str, told: list[str]
) -> None:
    dated(reinstate(gone, None, "It was none."), "2024-03-07")
    for slug, kept, day in (("doubled", case, 8), ("hoax", None, 9)):
        other = make_case(published=True, slug=slug)
        withdraw(other, None, "Reason.")
        Case.objects.filter(pk=other.pk).update(merged_into=kept)
        when = dt.datetime(2024, 3, day, 12, tzinfo=dt.UTC)
        ReviewStep.objects.filter(case=other, status="withdrawn").update(taken_at=when)
    page = client.get(f"/changes/?{query}")
    assert [found.kind for found in page.context["announcements"]] == told
    assert page.context["page_obj"].paginator.count == len(told)
    assert [row["kind"] for row in rows(client, f"?{query}")] == told
    assert [record["kind"] for record in records(client, f"?{query}")] == told
    assert len(entries(client, f"?{query}")) == len(told)
    feed_of_json = json.loads(text_of(client, f"/changes.feed.json?{query}"))
    assert [item["tags"] for item in feed_of_json["items"]] == [[kind] for kind in told]


def test_changes_of_a_kind_keep_it_with_the_day_and_the_files(client: Client, case: Case) -> None:
    response = client.get("/changes/?kind=added&since=2024-03-01")
    for address in ADDRESSES:
        assert response.text.count(f'href="{address}?kind=added&amp;since=2024-03-01"') >= 2
    assert '<input type="hidden" name="kind" value="added">' in response.text
    assert "Kind of change: Added" in words(response)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=new", "“new” is not a value of “kind”, which has: added, changed, withdrawn"),
        ("kind=added&kind=x", "“x” is not a value of “kind”"),
        ("since=2024-02-30", "“since” is a day"),
        ("page=0", "“page” is a whole number from 1"),
        ("q=...", "“q” has no letter or figure"),
        ("until=2024-01-01", "There is no parameter “until”"),
    ],
)
def test_changes_for_programs_refuse_what_the_page_has_a_notice_for(
    client: Client, case: Case, address: str, query: str, said: str
) -> None:
    assert said in words(client.get(f"/changes/?{query}"))
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    if address.endswith("json"):
        (sentence,) = response.json()["errors"]
        cleaned = response.json()["mended"]
    else:
        sentence, last = response.text.splitlines()
        cleaned = last.removeprefix("Without it: ")
    assert said in sentence
    assert client.get(cleaned).status_code == 200


def test_changes_in_files_have_the_version_the_reason_and_lasting_addresses(
    client: Client, case: Case, gone: Case, settings: Any
) -> None:
    settings.SITE_URL = "https://casebook.example"
    withdrawn, changed, added = rows(client)
    assert withdrawn == {
        "announced_at": "2024-03-06T12:00:00Z",
        "kind": "withdrawn",
        "number": gone.number,
        "title": "",
        "case": "",
        "version": "",
        "reason": "It was a hoax.",
        "merged_into": "",
        "reinstated_as": "",
        "redacted_at": "",
        "address": f"https://casebook.example/id/{gone.number}/",
        "id": f"https://casebook.example/id/{gone.number}/#withdrawn-20240306T120000",
    }
    assert changed["address"] == "https://casebook.example/cases/the-case/v/2/"
    assert (added["version"], added["title"]) == ("1", "Title of Clearer.")
    in_json = records(client)
    assert (in_json[0]["version"], in_json[1]["version"]) == (None, 2)
    assert [{k: "" if v is None else str(v) for k, v in one.items()} for one in in_json] == [
        withdrawn,
        changed,
        added,
    ]
    assert list(in_json[0]) == [column.name for column in CHANGE_COLUMNS]
    codebook = client.get("/codebook/").text
    for column in CHANGE_COLUMNS:
        assert f'id="changes.{column.name}"' in codebook


def test_changes_in_csv_are_no_formulas(client: Client) -> None:
    revised(make_case(published=True), "=1+1")
    assert [row["reason"] for row in rows(client, "?kind=changed")] == ["'=1+1"]


def test_changes_are_read_in_batches_without_a_gap_or_a_row_twice(
    client: Client,
    case: Case,
    gone: Case,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reinstate(gone, None, "It was none.")
    for number in range(3):
        made = revised(case, f"Note {number}")
        dated(made, "2024-03-20")  # of the same moment, and the same case
        dated(make_case(published=True).versions.get(), "2024-03-20")
    whole = rows(client)
    assert len(whole) == len({row["id"] for row in whole}) == 11
    for size in (1, 2, 3, 11):
        monkeypatch.setattr("cases.versions.announcements.ROWS_PER_BATCH", size)
        assert rows(client) == whole
    monkeypatch.setattr("cases.versions.announcements.ROWS_PER_BATCH", 6)
    # Version of the dataset; for each of two batches the rows of three kinds, versions, cases,
    # names.
    with django_assert_num_queries(14):
        text_of(client, "/changes.csv")


def test_feed_of_changes_says_what_changed_as_the_history_does(client: Client, case: Case) -> None:
    changed, added = json.loads(text_of(client, "/changes.feed.json"))["items"]
    content = changed["content_html"]
    assert "<ins>Title of Clearer.</ins>" in content
    assert "<del>" in content
    assert "<ins>" not in added["content_html"]
    first = feed(client).find(f"{ATOM}entry")
    assert first is not None
    assert first.findtext(f"{ATOM}content") == content
