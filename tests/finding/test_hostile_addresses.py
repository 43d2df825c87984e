"""Whatever an address asks for, the page stays up and says what it ignored."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from cases.finding.case_filter import CaseFilter
from cases.finding.query_string import split_form
from cases.text.excerpt import excerpt
from tests.support.downloads import give_up
from tests.support.properties import tried

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ADDRESSES = [
    "/cases/",
    "/matrix/",
    "/facets/actor/",
    "/facets/reception/",
    "/cases/moscow-concert-hall-2024/",
    "/notes/",
]
MACHINE = ["/cases.csv", "/cases.json", "/cases.atom", "/cases.feed.json"]
"""The addresses that refuse what a page would ignore."""
NAMES = [*CaseFilter.base_filters, "case", "find"]
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
TRAPS = [
    "' OR 1=1 --",
    '"unbalanced',
    "NEAR(a b, 3) OR col:x ^y*",
    "a & b | !c <-> (d",
    "\0",
    "%00",
    "2024-13-45",
    "2014/2024",
    "2013~",
    "20XX",
    "0000",
    "9" * 400,
    "-1",
    "x" * 10_000,
    "‮ـא\u0301",
    "<script>alert(1)</script>",
    "DTW-0001\n",
]

fuzzed = tried(15)
values = st.sampled_from(TRAPS) | st.text(max_size=40) | st.integers().map(str)


def check(client: Client, address: str, query: str) -> None:
    """Ask, follow where it leads, and see a page, or an answer; "ignored" is no active filter."""
    response = client.get(f"{address}?{query}", follow=True)
    if address in MACHINE:
        assert response.status_code in (200, 400)
        assert response.getvalue()  # whole: it is written as it is sent
        return
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    if "active" in (response.context or {}):
        assert_honest(response, QueryDict(response.wsgi_request.META["QUERY_STRING"]))


def assert_honest(response: Any, given: QueryDict) -> None:
    """Assert that each filter in force was asked for and exists, and all else has its notice."""
    query, notices = response.context["query"], " ".join(response.context["query"].notices)
    known = CaseFilter(QueryDict()).choices if "sentence" in response.context else {}
    for chip in response.context["active"]:
        name, _ = split_form(chip.parameter)
        assert chip.value in given.getlist(chip.parameter) or name == "q"
        assert name not in known or chip.value in known[name]
        assert name not in ("date_from", "date_to") or DATE.fullmatch(chip.value)
    for name, values in given.lists():
        for value in filter(str.strip, values):  # a blank one asks for nothing
            assert (
                value in query.data.getlist(name)
                or excerpt(value) in notices
                or (f"“{excerpt(name)}”" in notices)
                # A page is named as a number: 10 for “010”, 1,000 for “1000”.
                or (name == "page" and value.isdecimal() and f"page {int(value):,};" in notices)
            ), (name, value)


def printable(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return names and values without what has no form in UTF-8."""
    return [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())
        for name, value in pairs
    ]


@pytest.mark.parametrize("address", ADDRESSES + MACHINE)
@fuzzed
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), values), max_size=5))
@pytest.mark.slow
def test_page_stays_up_for_any_parameters(
    client: Client, address: str, pairs: list[tuple[str, str]]
) -> None:
    check(client, address, urlencode(printable(pairs)))


@pytest.mark.parametrize("address", ADDRESSES + MACHINE)
@fuzzed
@given(name=st.sampled_from(NAMES), raw=st.binary(max_size=30))
@example(name="q", raw=b"\xff\xfe\x00")
@example(name="actor", raw=b"\xed\xa0\x80")  # half of a surrogate pair
@example(name="page", raw="٣".encode())
@pytest.mark.slow
def test_page_stays_up_for_any_bytes(client: Client, address: str, name: str, raw: bytes) -> None:
    check(client, address, f"{name}={quote_from_bytes(raw)}")


@pytest.mark.parametrize("address", ADDRESSES + MACHINE)
@pytest.mark.parametrize(
    "query", ["&&&", "=", "=x", "a=b=c", "q=%", "q=%zz", "?" * 500, "&q=" * 300]
)
def test_page_stays_up_for_a_malformed_query_string(
    client: Client, address: str, query: str
) -> None:
    check(client, address, query)


@pytest.mark.parametrize("trap", TRAPS)
def test_search_for_a_trap_shows_a_page(client: Client, trap: str) -> None:
    check(client, "/cases/", urlencode({"q": trap, "kind": trap}))


@fuzzed
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), values), max_size=4))
@example(pairs=[("view", "matrix"), ("case", "kerman-2024"), ("case", "nobody")])
@example(pairs=[("q", '"' + "x y " * 200)])
@example(pairs=[("q", '-"open')])
def test_machine_address_refuses_just_what_the_page_names_and_leads_to_what_it_takes(
    client: Client, pairs: list[tuple[str, str]]
) -> None:
    criteria = urlencode(printable(pairs))
    page = client.get(f"/cases/?{criteria}", follow=True)
    if not page.request["PATH_INFO"].startswith(("/cases/", "/matrix/")) or "case" in page.context:
        return  # a number that led to its case
    notices = page.context["query"].notices
    # A file holds all pages, so that there is none that it has not.
    named = [notice for notice in notices if not notice.startswith("There is no page")]
    answer = client.get(f"/cases.json?{criteria}")
    assert answer.status_code == (400 if named else 200), named
    if named:
        assert answer.json()["errors"] == named
        answer = client.get(answer.json()["mended"])
        assert answer.status_code == 200
    give_up(answer)


TRACKED = "utm_source=x&utm_medium=social&fbclid=1&gclid=2&FBCLID=3"


@pytest.mark.parametrize("address", [*ADDRESSES, "/cases.csv", "/changes.json", "/changes.atom"])
def test_parameters_of_trackers_are_ignored_without_a_word(client: Client, address: str) -> None:
    response = client.get(f"{address}?{TRACKED}")
    assert response.status_code == 200
    if not response.streaming:
        assert "There is no parameter" not in response.text
