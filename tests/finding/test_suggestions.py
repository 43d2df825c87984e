"""What is offered where a list finds no case, or few: filters to leave out, and other words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.index import case_index
from cases.models import Actor, Case
from tests.support.factories import make_claim, make_source, show
from tests.support.lists import numbers
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def ways(client: Client, query: str) -> dict[str, tuple[str, int]]:
    """Return what is offered where nothing is found: query string and count by words."""
    found = client.get(f"/cases/?{query}").context["suggestions"]
    return {way.text: (way.query, way.count) for way in found}


@pytest.mark.parametrize("path", ["/cases/", "/matrix/"])
@pytest.mark.parametrize("asked", ["contested=yes", "contested__not=no&kind=warning_given"])
def test_no_contested_case_leads_to_the_notes_that_challenge_a_source(
    client: Client, path: str, asked: str
) -> None:
    response = client.get(f"{path}?{asked}")
    (link,) = re.findall(r'<a href="(/notes/\?[^"]+)"', response.text)
    notes = client.get(unescape(link))
    count = notes.context["paginator"].count
    assert notes.context["query"].notices == []
    assert {public.note.kind for public in notes.context["object_list"]} == {
        "contradiction",
        "correction",
    }
    assert f"read the {count} notes that do ." in words(response)
    assert "This collection holds only" not in words(response)
    assert "read the" not in words(client.get(f"{path}?kind=policy_origin&reception=dismissed"))


def test_list_with_a_contested_case_does_not_lead_to_notes_instead(client: Client) -> None:
    make_claim(Case.objects.get(slug="kerman-2024"), "incident-1.deaths", stance="disputes")
    assert len(numbers(client, "contested=yes")) == 1
    assert "/notes/?" not in client.get("/cases/?contested=yes").text


def test_nothing_found_names_each_filter_that_could_go_with_what_that_finds(
    client: Client,
) -> None:
    found = ways(client, "kind=policy_origin&reception=dismissed&sort=title")
    assert found == {
        "without “Kind of case: Policy origin”": ("reception=dismissed&sort=title", 1),
        "without “Reception: Dismissed”": ("kind=policy_origin&sort=title", 1),
    }
    for query, count in found.values():
        assert len(numbers(client, query)) == count
    assert "Without “Reception: Dismissed” : 1 case" in words(
        client.get("/cases/?kind=policy_origin&reception=dismissed")
    )


def test_nothing_found_counts_without_searches_dates_and_what_is_left_out(client: Client) -> None:
    query = "kind__not=policy_origin&date_to=1999&q=embassies"
    for other, count in ways(client, query).values():
        assert count == len(numbers(client, other)) > 0
    assert set(ways(client, query)) == {
        "without “Kind of case: not: Policy origin”",
        "without “Until: 1999”",
    }
    assert "without “Search: concert”" in ways(client, "kind=policy_origin&q=concert")


def test_nothing_found_offers_words_that_begin_so_if_they_find_something(client: Client) -> None:
    assert ways(client, "q=dismis") == {"words with other endings: dismis*": ("q=dismis%2A", 2)}
    assert ways(client, "q=xyzzy") == {}
    assert ways(client, "q=dismis*+xyzzy") == {"without “xyzzy”": ("q=dismis%2A", 2)}
    assert ways(client, "q=di") == {}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Khashogi", "khashoggi"),  # misspelt
        ("attacks+Kermann", "attacks kerman"),
        ('"concert+halls"', '"concert hall"*'),
        ("crisis", None),
        ("Kherman+plotts+hallz+embasys", None),  # too many to guess at
        ("bom", "bom*"),
        ("Mosxyzw", None),
    ],
)
def test_nothing_found_offers_other_forms_and_near_spellings(
    client: Client, typed: str, offered: str | None
) -> None:
    assert numbers(client, f"q={typed}") == []
    found = ways(client, f"q={typed}")
    wording = "words with other endings: {}" if "*" in str(offered) else "the spelling “{}”"
    assert set(found) == ({wording.format(offered)} if offered else set())
    for query, count in found.values():
        assert len(numbers(client, query)) == count > 0


@pytest.mark.parametrize("page", ["/cases/", "/matrix/"])
def test_nothing_found_says_which_words_no_case_has_and_what_is_found_without_them(
    client: Client, page: str
) -> None:
    response = client.get(page, {"q": "xyzzy Kerman plugh -Moscow"})
    assert "No case has “xyzzy” or “plugh”." in words(response)
    (way,) = response.context["suggestions"]
    assert (way.text, way.count) == ("without “xyzzy” and “plugh”", 1)
    assert client.get(f"{page}?{way.query}").context["paginator"].count == 1
    assert "No case has" not in words(client.get(page, {"q": "xyzzy"}))


def test_nothing_found_counts_without_each_word_if_some_case_has_it(client: Client) -> None:
    assert ways(client, "q=destabilize+khashoggi") == {
        "without “destabilize”": ("q=khashoggi", 1),
        "without “khashoggi”": ("q=destabilize", 1),
    }
    assert "No case has" not in words(client.get("/cases/?q=destabilize+khashoggi"))


@pytest.mark.parametrize(
    ("typed", "query", "count"),
    [
        ("22 March 2024", "date_from=2024-03-22&date_to=2024-03-22", 1),
        ("“Friday, 22 March 2024”", "date_from=2024-03-22&date_to=2024-03-22", 1),
        ("2003 to 2005", "date_from=2003-01-01&date_to=2005-12-31", 1),
        ("20 to 24 March 2024", "date_from=2024-03-20&date_to=2024-03-24", 1),
        ("22 March 1924", "", 0),
        ("30 February 2024", "", 0),
        ("since 2024", "", 0),
    ],
)
def test_search_for_a_date_that_finds_nothing_leads_to_the_filter(
    client: Client, typed: str, query: str, count: int
) -> None:
    response = client.get("/cases/", {"q": typed, "sort": "relevance"})
    assert not list(response.context["object_list"])
    found = [way for way in response.context["suggestions"] if "date_from" in way.query]
    assert [(way.query, way.count) for way in found] == ([(query, count)] if query else [])
    assert len(numbers(client, query)) == count or not query


def test_search_says_how_many_cases_match_only_by_a_source(client: Client) -> None:
    # All seven cite an article of the Daily True News.
    page = words(client.get("/cases/?q=daily+true+news"))
    assert "All 7 match only by the title or publisher of a source." in page
    summarize("DTW-0002", "From the Daily True News.")
    page = words(client.get("/cases/?q=daily+true+news&sort=title"))
    assert "6 of them match only by the title or publisher of a source." in page
    one = words(client.get("/cases/?q=daily+true+news&kind=policy_origin"))
    assert "It matches only by the title or publisher of a source." in one
    assert "only by the title" not in words(client.get("/cases/?q=concert"))
    assert "only by the title" not in words(client.get("/cases/?kind=policy_origin"))


def summarize(number: str, words: str) -> None:
    """Give a case another summary, in its version too."""
    case = Case.objects.get(number=number)
    case.summary = words
    case.save()
    show(case)


@pytest.mark.slow
def test_few_found_are_told_what_finds_more_and_how_to_find_exactly_the_words(
    client: Client,
) -> None:
    summarize("DTW-0001", "Kashogi, as one source spells it.")
    summarize("DTW-0002", "Khashoggi.")
    spelled = client.get("/cases/?q=kashogi").context["wider_searches"]
    assert [(way.text, way.count) for way in spelled] == [("the spelling “khashoggi”", 2)]
    response = client.get("/cases/?q=warned")
    assert "Other forms of the words count too" in words(response)
    link = re.search(r'href="([^"]*)">Search for exactly these words', response.text)
    assert link
    exactly = numbers(client, unescape(link[1]).partition("?")[2])
    assert exactly == numbers(client, "q=%22warned%22")
    assert len(exactly) < len(numbers(client, "q=warned"))
    assert "Other forms" not in words(client.get("/cases/?q=%22warned%22"))
    beginning = client.get("/cases/?q=%22warned%22").context["wider_searches"]
    assert [(way.text, way.query) for way in beginning] == [
        ("words with other endings: warn*", "q=warn%2A")
    ]
    assert beginning[0].count == len(numbers(client, "q=warn*")) > len(exactly)


@pytest.mark.parametrize("page", ["/cases/", "/matrix/"])
def test_search_in_another_script_that_finds_nothing_says_how_names_are_spelled(
    client: Client, page: str
) -> None:
    Actor.objects.filter(slug="islamic-state").update(aliases=["داعش"])
    said = "Names are recorded in Latin letters"
    for typed in ("خاشقجي", "Путин attack"):
        assert words(client.get(page, {"q": typed})).count(said) == 1, typed
    for typed in ("xyzzy -Путин", "Łódź", "داعش"):
        assert said not in words(client.get(page, {"q": typed})), typed
    # Without the other filter there is a case.
    assert said not in words(client.get(page, {"q": "داعش", "kind": "policy_origin"}))


@pytest.mark.slow
def test_few_found_are_told_of_no_search_that_only_titles_of_sources_would_widen(
    client: Client,
) -> None:
    source = make_source(title="Zorkov and Plamenko")
    for case in Case.objects.published():
        make_claim(case, source=source)
    summarize("DTW-0001", "Zorkow, or the group Zorkov-K.")
    for typed in ("zorkow", "Zorkov-K", "plamenko*", "plamenkoz"):
        response = client.get("/cases/", {"q": typed})
        assert not response.context.get("wider_searches"), typed
        assert not response.context["suggestions"], typed
    assert len(numbers(client, "q=zorkov")) == 7
    summarize("DTW-0002", "Zorkov.")
    summarize("DTW-0003", "Zorkov.")
    page = words(client.get("/cases/?q=zorkow"))
    assert "Few cases match. Try the spelling “zorkov” (7 cases)." in page
    assert "Try the spelling" not in words(client.get("/cases/?q=zorkov-k"))


def test_search_that_nothing_would_widen_offers_nothing(client: Client) -> None:
    for query in ("q=attack*", "q=concert+hall", "kind=policy_origin&q=attacks", ""):
        assert not client.get(f"/cases/?{query}").context.get("wider_searches")


def test_search_that_finds_cases_offers_other_pages_beside_them(client: Client) -> None:
    response = client.get("/cases/?q=dismissed")
    assert list(response.context["object_list"])
    named = {(page.kind, page.name) for page in response.context["pages_beside"]}
    assert ("Codebook", "Reception: Dismissed") in named
    assert "Other pages with these words: Codebook Reception: Dismissed" in words(response)
    beside = client.get("/cases/?q=isil").context["pages_beside"]
    assert ("Actor", "Islamic State") in {(page.kind, page.name) for page in beside}
    assert client.get("/cases/?kind=policy_origin").context.get("pages_beside") is None


@pytest.mark.parametrize("page", ["/cases/", "/matrix/"])
@pytest.mark.parametrize(
    ("typed", "named"),
    [
        (
            "community dir*",
            "Directive: ICD 191: Intelligence Community Directive 191, Duty to Warn",
        ),
        ("knight", "Source: Knight First Amendment Institute"),
        ("reasonable wa*", "Exception: E.3.f No reasonable way"),
        ("islamic state -warning", "Actor: Islamic State"),
    ],
)
def test_search_that_finds_no_case_names_the_pages_that_have_its_words(
    client: Client, page: str, typed: str, named: str
) -> None:
    response = client.get(page, {"q": typed, "kind": "policy_origin", "reception": "dismissed"})
    assert not list(response.context["object_list"])
    assert named in words(response)
    for found in response.context["other_pages"]:
        assert client.get(found.address).status_code == 200


def test_pages_named_elsewhere_are_few_and_public_and_have_every_word(client: Client) -> None:
    nothing = "/cases/?kind=policy_origin&reception=dismissed&q="
    case_index.current()  # else the first list makes it
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{nothing}knight")
    tables = [query["sql"].partition(' FROM "')[2].partition('"')[0] for query in queries]
    # The sources and directives by name; the index has the names of exceptions.
    assert (tables.count("cases_source"), tables.count("cases_directive")) == (1, 1)
    assert tables.count("cases_directiveexception") == 0
    for number in range(6):
        make_claim(Case.objects.get(number="DTW-0001"), source=make_source(title=f"Zebra {number}"))
    make_source(title="Zebra of a draft")
    shown = client.get(f"{nothing}zebra").context["other_pages"]
    assert [page.name.partition(" (")[0] for page in shown] == [f"Zebra {n}" for n in range(4)]
    assert client.get(f"{nothing}zebra+draft").context["other_pages"] == []
    assert "Pages whose names" not in words(client.get("/cases/?q=xyzzy"))


def test_nothing_found_without_any_way_out_says_so(client: Client) -> None:
    page = words(client.get("/cases/?kind=policy_origin&q=xyzzy&reception=dismissed"))
    assert "Leaving out any one filter would not change that." in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "case=chavez-2004&q=bombingz&kind=warning_given",
            {"without “Search: bombingz”": 1},
        ),
        ("case=chavez-2004&q=xyzzy", {"without “Search: xyzzy”": 1}),
        (
            "case=kerman-2024&q=bombingz",
            {"words with other endings: bombing*": 1, "without “Search: bombingz”": 1},
        ),
        (
            "case=kerman-2024&case=chavez-2004&kind=alleged_failure_to_warn",
            {"without “Kind of case: Alleged failure to warn”": 2},
        ),
        ("case=kerman-2024&kind=policy_origin&reception=dismissed", {}),
    ],
)
def test_ways_out_of_a_comparison_count_among_the_cases_picked(
    client: Client, query: str, expected: dict[str, int]
) -> None:
    response = client.get(f"/matrix/?{query}")
    assert not list(response.context["object_list"])
    assert {way.text: way.count for way in response.context["suggestions"]} == expected
    for way in response.context["suggestions"]:
        assert client.get(f"/matrix/?{way.query}").context["paginator"].count == way.count


def test_comparison_does_not_look_for_other_forms_of_the_words(client: Client) -> None:
    response = client.get("/matrix/?q=attacks")
    assert list(response.context["object_list"])
    assert "other_forms" not in response.context


def test_nearest_spelling_is_found_in_few_searches(client: Client) -> None:
    query = f"q={'x' * 50}+{'y' * 50}+{'z' * 50}"
    with CaptureQueriesContext(connection) as queries:
        assert ways(client, query) == {}
    searches = [query for query in queries if "cases_search" in query["sql"]]
    assert len(searches) <= 25  # some five for each word, where one for each length would be 50
