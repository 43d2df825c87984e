"""The list of cases for programs: the same cases as the page, typed values, and honest refusals."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from cases import changelog, synthetic
from cases.exchange.downloads import portions, transfers
from cases.exchange.tables.registry import TABLES
from cases.finding.case_filter import CaseFilter
from cases.index import case_index
from cases.models import Actor, Case
from cases.review.steps import withdraw
from tests.support.downloads import give_up, in_csv, in_json, records, table
from tests.support.factories import (
    detail,
    make_actor,
    make_case,
    make_incident,
    make_warning,
    show,
)
from tests.support.reading import text_of
from tests.support.records import case_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

FILES = ["/cases.csv", "/cases.json", "/cases.jsonl"]
FEEDS = ["/cases.atom", "/cases.feed.json"]
ADDRESSES = [*FILES, *FEEDS]
# Those that pages lead to in their heads, for programs.
ALTERNATES = ["/cases.csv", "/cases.json", *FEEDS]
NEWEST_FIRST = [f"DTW-000{number}" for number in (1, 2, 6, 5, 4, 3, 7)]


@pytest.fixture(autouse=True)
def site_url(settings: Any) -> None:
    settings.SITE_URL = "https://casebook.example"


def row(client: Client, number: str) -> dict[str, str]:
    return next(row for row in table(client) if row["number"] == number)


def edit(number: str, **fields: Any) -> None:
    """Change a case, and its version with it."""
    Case.objects.filter(number=number).update(**fields)
    show(Case.objects.get(number=number))


def record(client: Client, number: str) -> dict[str, Any]:
    return next(case for case in records(client)["cases"] if case["number"] == number)


# --- The same set --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", NEWEST_FIRST),
        ("sort=title", None),
        ("sort=-deaths&kind=warning_given", None),
        ("sort=lead_time", None),
        ("q=attack", None),
        ("actor=islamic-state", ["DTW-0001", "DTW-0002"]),
        ("recipient=united-states", ["DTW-0004"]),
        ("channel=public&recipient=russia", ["DTW-0006"]),
        ("relation=adversary&incident=attack", ["DTW-0001", "DTW-0002"]),
        ("date_from=2024-01-15&date_to=2024-01-20&date_match=certain", []),
        ("kind=policy_origin&reception=dismissed", []),
        ("era=", NEWEST_FIRST),
        ("nonsense=", NEWEST_FIRST),  # an empty field of a form, which the page sends away
    ],
)
def test_files_hold_the_cases_of_the_page_in_its_order(
    client: Client, query: str, expected: list[str] | None
) -> None:
    page = client.get(f"/cases/?{query}", follow=True)
    shown = [case.number for case in page.context["object_list"]]
    assert in_csv(client, query) == shown
    assert in_json(client, query) == shown
    assert expected is None or shown == expected


@pytest.mark.parametrize("query", ["page=2&per_page=3", "view=table&column=era", "page=99"])
def test_files_hold_the_whole_set_however_a_page_shows_it(client: Client, query: str) -> None:
    """Beyond the last page nothing is missing either, so there is nothing to refuse."""
    assert in_csv(client, query) == NEWEST_FIRST
    assert in_json(client, query) == NEWEST_FIRST


@pytest.mark.parametrize("spelling", ["DTW-0001", "dtw-1", "%20DTW-0001%20"])
def test_files_searched_for_a_number_hold_its_case_alone(client: Client, spelling: str) -> None:
    edit("DTW-0002", summary="It resembles DTW-0001.")
    assert client.get(f"/cases/?q={spelling}")["Location"] == "/cases/moscow-concert-hall-2024/"
    assert in_csv(client, f"q={spelling}") == ["DTW-0001"]
    assert in_json(client, f"q={spelling}") == ["DTW-0001"]
    assert in_csv(client, f"q={spelling}&kind=policy_origin") == []  # narrowed like any search


# --- What the sources say, typed -----------------------------------------------------------------


def test_json_holds_the_nested_record_of_each_case_and_what_is_derived(client: Client) -> None:
    found = records(client, "q=DTW-0001")["cases"][0]
    own = case_record(detail(Case.objects.get(number="DTW-0001")))
    assert {name: found[name] for name in own} == own
    beside = {"derived", "version", "permanent_address", "address", "synthetic"}
    assert set(found) - set(own) == beside
    assert found["version"] == 1
    assert found["permanent_address"] == "https://casebook.example/id/DTW-0001/"
    assert found["incidents"][0]["deaths"] == {"figure": 130, "qualifier": "more_than"}
    assert found["derived"]["incidents"] == [{"sequence": 1, "deaths_lower_bound": 131}]
    first, second = found["derived"]["warnings"]
    assert first["lead_time"] == {"status": "known", "minimum": 15, "maximum": 15}
    assert (first["window_covered"], second["window_covered"]) == ("no", "not_stated")
    (ukraine,) = record(client, "DTW-0006")["derived"]["warnings"]
    (chavez,) = record(client, "DTW-0003")["derived"]["warnings"]
    statuses = [warning["lead_time"]["status"] for warning in (ukraine, chavez)]
    assert statuses == ["not_stated", "not_applicable"]
    assert record(client, "DTW-0002")["warnings"][0]["relation"] == "adversary"


@pytest.mark.parametrize(
    "query", ["", "sort=title&kind=warning_given", "kind=policy_origin&page=9"]
)
def test_json_lines_hold_the_records_of_the_json_file_one_on_each_line(
    client: Client, query: str
) -> None:
    response = client.get(f"/cases.jsonl?{query}")
    assert response["Content-Type"] == "application/x-ndjson"
    name = response["Content-Disposition"].partition("filename=")[2]
    assert re.fullmatch(r'"duty-to-warn-cases-version-[0-9]+[a-z-]*\.jsonl"', name)
    text = response.getvalue().decode()
    assert text.endswith("\n")
    assert [json.loads(line) for line in text.splitlines()] == records(client, query)["cases"]


NEW_YEARS_EVE = dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


def test_json_says_what_was_asked_and_of_which_version(client: Client) -> None:
    with mock.patch("django.utils.timezone.now", return_value=NEW_YEARS_EVE):
        found = records(client, "relation=adversary&sort=title&page=1&view=table")
    assert found["description"] == (
        "3 of 7 cases in which the relation to the issuer is “Adversary”. "
        "In all 3 cases editors inferred the relation to the issuer."
    )
    assert (found["count"], found["total"], found["given"]) == (3, 7, 3)
    asked = "?relation=adversary&sort=title"
    assert found["address"] == f"https://casebook.example/cases.json{asked}"
    assert found["page"] == f"https://casebook.example/cases/{asked}"
    assert found["dataset_version"] == changelog.latest()
    assert found["generated_at"] == "2026-12-31T23:59:59Z"
    assert found["licence"]["name"] == "CC-BY-4.0"
    assert found["how_to_cite"] == f"https://casebook.example/cite/{asked}"
    assert found["schema"] == "https://casebook.example/schema/case.json"


# --- Refusals ------------------------------------------------------------------------------------

WRONG = [
    "nonsense=1",
    "=x",
    "kind=nonsense",
    "kind=warning_given&kind=nonsense",
    "channel__all=loud&channel__not=quiet",
    "actor=nobody",
    "exception=none-such",
    "page=0",
    "page=x&per_page=0",
    "per_page=101",
    "view=circle",
    "column=colour",
    "sort=random",
    "sort=relevance",
    "sort=title&sort=date",
    "q=a&q=b",
    "date_from=yesterday",
    "date_to=2024-13",
    "date_match=perhaps",
    "date_from=2024&date_to=2023",
    "q=%22open",
    "q=-only",
    "q=!!!",
    "q=%00",
    "q=" + "x" * 600,
    "q=" + "+".join(f"w{n}" for n in range(30)),
    "case=moscow-concert-hall-2024",  # cases are picked where they are compared
    "kind=<b>&a=1&reception=dismissed",
    "&".join(f"kind=k{n}" for n in range(50)),
]


@pytest.mark.parametrize("query", WRONG)
def test_machine_addresses_refuse_what_the_page_names_in_the_same_words(
    client: Client, query: str
) -> None:
    page = client.get(f"/cases/?{query}")
    assert page.status_code == 200
    notices = page.context["query"].notices
    assert notices
    cleaned = page.context["query"].cleaned
    for address in ADDRESSES:
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        whole = f"https://casebook.example{address}{f'?{cleaned}' if cleaned else ''}"
        if "json" in address:
            assert response["Content-Type"] == "application/json"
            assert response.json() == {"errors": notices, "mended": whole}
        else:
            assert response["Content-Type"] == "text/plain; charset=utf-8"
            rest = "Without it: " if len(notices) == 1 else "Without them: "
            assert response.text == "\n".join([*notices, rest + whole]) + "\n"
        response = client.get(whole)
        assert response.status_code == 200
        give_up(response)
        assert "<b>" not in unescape(page.text.partition("<main")[0])


@pytest.mark.parametrize("address", ADDRESSES)
def test_machine_addresses_answer_safe_methods_only(client: Client, address: str) -> None:
    head = client.head(address)
    assert (head.status_code, head.getvalue()) == (200, b"")
    assert head["Content-Type"] == client.get(address)["Content-Type"]
    assert client.head(f"{address}?kind=x").status_code == 400
    for method in ("post", "put", "delete", "patch"):
        refused = getattr(client, method)(address)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")


def test_json_is_of_the_version_in_which_its_cases_were_found() -> None:
    query = CaseFilter(QueryDict(""))
    assert len(query.keys) == 7
    before = changelog.latest()
    edit("DTW-0001", title="Another title")
    assert case_index.current().version > before  # another thread brought the index up to date
    assert query.version == before


# --- On the pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/cases/", "/matrix/"])
def test_pages_lead_to_the_files_of_what_they_show(client: Client, page: str) -> None:
    query = "kind=warning_given&sort=title&page=1&per_page=2&column=basis&nonsense=1"
    text = client.get(f"{page}?{query}{'&view=table' if page == '/cases/' else ''}").text
    assert "Download these 4 cases:" in text
    for address in ALTERNATES:
        shown = f'href="{address}?kind=warning_given&amp;sort=title"'
        assert text.count(shown) == 2  # in the head and in the page
        found = client.get(f"{address}?kind=warning_given&sort=title").getvalue().decode()
        assert found.count("/id/DTW-") == 4
    named = ("cases.xlsx", "cases.jsonl", *(f"{name}.csv" for name in TABLES))
    for name in named:
        assert f'href="/{name}?kind=warning_given&amp;sort=title"' in text
    for known in TABLES.values():
        assert f"a row for each {known.unit}" in text_of(text)
    assert 'href="/cases.csv"' in client.get(page).text
    assert "Download this case:" in client.get(f"{page}?kind=policy_origin").text


def test_comparison_of_chosen_cases_leads_to_their_files(client: Client) -> None:
    query = "case=kerman-2024&case=chavez-2004"
    text = client.get(f"/matrix/?{query}&column=basis").text
    assert "Download these 2 cases:" in text
    for address in ALTERNATES:
        shown = f'href="{address}?{escape(query)}&amp;view=matrix"'
        assert text.count(shown) == 2
    assert in_csv(client, f"{query}&view=matrix") == ["DTW-0002", "DTW-0003"]
    assert in_json(client, f"{query}&view=matrix&kind__not=warning_given") == []
    found = records(client, f"{query}&view=matrix")
    assert found["description"] == "2 of 7 cases picked by name"
    assert found["page"] == f"https://casebook.example/cases/?{query}&view=matrix"
    compared = client.get(f"/cases/?{query}&view=matrix", follow=True)
    assert [case.number for case in compared.context["object_list"]] == ["DTW-0002", "DTW-0003"]


def test_tables_of_a_list_lead_excel_to_the_workbook(client: Client) -> None:
    text = client.get("/cases/?relation=adversary").text
    panel = text.partition("<summary>CSV tables</summary>")[2].partition("</details>")[0]
    assert panel.index('href="/cases.xlsx?relation=adversary"') < panel.index("cases.csv")


def test_list_of_too_many_cases_for_a_workbook_offers_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.case_list.MAX_CASES", 6)
    for page in ("/cases/", "/matrix/"):
        text = client.get(page).text
        assert "cases.xlsx" not in text
        assert "An Excel workbook has 6 cases at most." in text
        assert (
            'href="/cases.xlsx?relation=adversary"' in client.get(f"{page}?relation=adversary").text
        )


def test_list_without_cases_offers_no_file(client: Client) -> None:
    for page in ("/cases/", "/matrix/"):
        assert "Download" not in client.get(f"{page}?kind=policy_origin&reception=dismissed").text


def test_robots_are_kept_from_the_files_of_each_combination(client: Client) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /api/v1/" in lines
    assert "Disallow: /cases.csv?" in lines
    assert "Disallow: /cases.json?" in lines
    assert "Disallow: /cases.jsonl?" in lines
    assert "Disallow: /cases.xlsx?" in lines
    assert "Disallow: /cases.atom?" in lines
    assert "Disallow: /changes.feed.json?" in lines
    assert "Sitemap: https://casebook.example/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


# --- What is not public --------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_of_unpublished_or_withdrawn_cases_is_given(client: Client, address: str) -> None:
    secret = make_actor(slug="secret-agent", name="Secret agent")
    for status in ("draft", "in_review"):
        draft = make_case(title="Secret title", summary="Secret", slug=f"secret-{status}")
        Case.objects.filter(pk=draft.pk).update(status=status)
        make_warning(draft, issuer=secret)
        make_incident(draft, place="Secret place")
    gone = make_case(published=True, title="Secret gone", slug="secret-gone")
    withdraw(gone, None, "A hoax.")
    if address in FEEDS:  # they name what was withdrawn, and give the reason
        text = client.get(address).getvalue().decode()
        assert "A hoax." in text
        assert "ecret" not in text
        address = f"{address}?sort=title&"
    for query in ("", "?q=secret", f"?q={gone.number}", "?has_notes=no"):
        text = client.get(f"{address}{query}".replace("&?", "&")).getvalue().decode()
        assert gone.number not in text.replace(f"q={gone.number}", "").replace(
            f"“{gone.number}”", ""
        )
        assert "ecret" not in text.replace("q=secret", "").replace("“secret”", "")


# --- Streams -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FILES)
@pytest.mark.slow
def test_files_cost_a_fixed_number_of_queries_for_each_portion(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address).getvalue()
        return len(queries)

    client.get(address).getvalue()
    few = count()
    synthetic.make(cases=60, seed=5)
    client.get(address).getvalue()  # the index catches up
    assert count() == few
    monkeypatch.setattr(portions, "CASES_PER_PORTION", 34)
    # Two portions instead of one: the log of changes before and after, and the records.
    assert count() == few + 3


@pytest.mark.parametrize("address", FILES)
def test_files_leave_out_what_is_withdrawn_or_deleted_while_they_are_sent(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "CASES_PER_PORTION", 2)
    response = client.get(address)
    assert isinstance(response, StreamingHttpResponse)
    parts = iter(response)
    begun = next(parts) + next(parts)
    Case.objects.filter(number="DTW-0007").update(status="withdrawn", withdrawn_reason="Gone.")
    doomed = make_case()  # its key was never in the list
    doomed.delete()
    text = (begun + b"".join(parts)).decode()
    assert "DTW-0003" in text
    assert "DTW-0007" not in text
    if address.endswith("json"):
        found = json.loads(text)
        assert (found["count"], found["given"], len(found["cases"])) == (7, 6, 6)


def test_json_that_breaks_off_is_no_json_and_the_error_is_not_swallowed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "CASES_PER_PORTION", 2)
    response = client.get("/cases.json")
    assert isinstance(response, StreamingHttpResponse)
    parts = iter(response)
    begun = next(parts) + next(parts)

    def fail(*arguments: object) -> None:
        raise OperationalError("The database went away.")

    monkeypatch.setattr(changelog, "latest", fail)
    with pytest.raises(OperationalError):
        list(parts)
    with pytest.raises(json.JSONDecodeError):
        json.loads(begun)


def test_portion_that_is_written_to_meanwhile_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[list[int]] = []

    def read(keys: Any) -> list[int]:
        tries.append(list(keys))
        if len(tries) == 1:
            Actor.objects.filter(slug="russia").update(name="The Russian Federation")
        return list(keys)

    assert list(portions.portions([1, 2], read)) == [[1, 2]]
    assert tries == [[1, 2], [1, 2]]


def test_portions_hold_no_lock_and_no_more_than_a_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    index = case_index.current()
    sizes = []

    def read(keys: Any) -> list[int]:
        sizes.append(len(keys))
        assert index.reading.acquire(blocking=False)
        index.reading.release()
        return list(keys)

    assert sum(map(len, portions.portions(list(range(450)), read))) == 450
    assert sizes == [400, 50]


def test_portions_give_the_connection_back_before_each_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_back = mock.Mock(in_atomic_block=False)
    monkeypatch.setattr(portions, "connection", given_back)
    sent = portions.portions(list(range(450)), list)
    for number, _ in enumerate(sent, start=1):
        assert given_back.close_if_unusable_or_obsolete.call_count == number


def test_files_of_an_empty_casebook_are_whole(client: Client) -> None:
    Case.objects.update(status="draft")
    assert in_csv(client) == []
    empty = {"count": 0, "total": 0, "cases": [], "given": 0}
    file = records(client)
    assert file == file | empty


def test_files_say_which_cases_are_synthetic(client: Client) -> None:
    synthetic.make(cases=1, seed=1)
    told = {row["synthetic"]: row["number"] for row in table(client)}
    assert told["yes"].startswith("DTW-9")
    assert {case["synthetic"] for case in records(client)["cases"]} == {True, False}


# --- Readers that take long ----------------------------------------------------------------------


def test_downloads_beyond_as_many_as_may_be_under_way_are_refused_for_a_while(
    client: Client,
) -> None:
    open_ones = [client.get(FILES[0]) for _ in range(transfers.MAX_TRANSFERS)]
    assert {response.status_code for response in open_ones} == {200}
    assert client.head(FILES[0]).status_code == 200
    for address in FILES:
        refused = client.get(address)
        assert (refused.status_code, refused["Retry-After"]) == (503, "10")
        words = refused.json()["errors"][0] if "json" in address else refused.text.strip()
        assert words == "Other files are being downloaded. Try again in 10 seconds."
    # The reader of one goes away; another is read to its end.
    give_up(open_ones[0])
    assert open_ones[1].getvalue()
    again = [client.get(FILES[0]).status_code for _ in range(3)]
    assert again == [200, 200, 503]


def test_reader_that_is_too_slow_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(transfers, "monotonic", lambda: now)
    part = "x" * transfers.MIN_SPEED
    sent = transfers.Transfer(lambda: iter([part] * 9))
    now = transfers.GRACE
    assert next(sent) == part
    now += 1
    assert next(sent) == part
    now += 2
    with pytest.raises(transfers.TooSlowError):
        next(sent)
    sent.close()


def test_file_may_be_buffered_by_a_proxy(client: Client) -> None:
    assert "X-Accel-Buffering" not in client.get(FILES[0])
