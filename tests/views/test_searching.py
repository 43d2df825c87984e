"""Searching the list of cases: words, numbers, and the orders of what is found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import search
from cases.index import case_index
from cases.models import Actor, Case, Incident, Note, Warning
from tests.support.factories import make_incident, make_note, make_source, make_warning, show
from tests.support.lists import numbers
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ = "DTW-0001", "DTW-0002", "DTW-0003"
BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = "DTW-0004", "DTW-0005", "DTW-0006", "DTW-0007"


def edit(number: str, **fields: Any) -> None:
    """Change a case, and its version with it."""
    Case.objects.filter(number=number).update(**fields)
    show(Case.objects.get(number=number))


# Search


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=concert", [MOSCOW]),
        ("q=FSB", [BOSTON]),
        ("q=hugo+chavez", [CHAVEZ]),
        ("q=%22concert+hall%22", [MOSCOW]),
        ("q=%22hall+concert%22", []),
        ("q=khash*", [KHASHOGGI]),
        ("q=concert&kind=policy_origin", []),
        ("q=khashoggi+-russia", [KHASHOGGI]),  # cites an article with Russia in its title
    ],
)
def test_search_finds_the_expected_cases(client: Client, query: str, expected: list[str]) -> None:
    assert numbers(client, query) == expected


def test_search_is_sorted_by_where_it_matches(client: Client) -> None:
    edit(EMBASSIES, title="Kerman and the embassies")
    assert numbers(client, "q=kerman") == [KERMAN, EMBASSIES]
    assert numbers(client, "q=kerman&sort=date") == [EMBASSIES, KERMAN]


def test_search_has_what_only_a_source_is_called_last_and_says_so(client: Client) -> None:
    # All seven cite “Russia Didn’t Listen to US ‘Duty to Warn’ on ISIS Terrorist Threat”.
    edit(EMBASSIES, summary="Before ISIS.")
    assert numbers(client, "q=isis")[:3] == [MOSCOW, KERMAN, EMBASSIES]
    assert len(numbers(client, "q=isis")) == 7
    page = words(client.get("/cases/?q=isis"))
    assert page.count("Source cited : Russia Didn’t Listen") == 4
    assert "Summary : Before ISIS" in page


def test_search_shows_where_it_matched(client: Client) -> None:
    text = client.get("/cases/?q=destabilize").text
    assert "<mark>destabilize</mark>" in text
    shown = re.search(r'<p class="snippet"><a href="([^"]*)">([^<]*)</a>', text)
    assert shown
    address, _, fragment = shown[1].partition("#")
    assert f'id="{fragment}"' in client.get(address).text


@pytest.mark.parametrize("typed", ["DTW-0002", " dtw-0002 "])
def test_search_for_a_number_leads_to_its_case(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response["Location"] == "/cases/kerman-2024/"


def test_search_for_a_number_that_is_not_public_finds_nothing(client: Client) -> None:
    Case.objects.filter(number=KERMAN).update(status="draft")
    assert numbers(client, "q=DTW-0002") == []
    assert numbers(client, "q=DTW-9999") == []


@pytest.mark.parametrize("typed", ["***", '""', "-bomb", "-a -b", "?!"])
def test_search_without_a_word_says_so_and_shows_everything(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response.context["paginator"].count == 7
    page = words(response)
    assert "Part of this address could not be used" in page
    assert f"“q” has no word to search for, only “{typed}”." in page
    assert ("A minus leaves cases out; it needs another word" in page) is typed.startswith("-")
    assert "All 7 cases" in page
    assert not response.context["active"]


def test_search_chip_takes_the_search_away(client: Client) -> None:
    response = client.get("/cases/?q=concert&kind=warning_given")
    chip = next(chip for chip in response.context["active"] if chip.parameter == "q")
    assert (chip.label, chip.text, chip.without) == ("Search", "concert", "kind=warning_given")


def test_relevance_without_a_search_says_so(client: Client) -> None:
    response = client.get("/cases/?sort=relevance")
    assert "sorted by relevance only where" in words(response)
    assert response.context["sort"] == "-date"
    assert "sort=relevance" not in response.context["query"].cleaned


@pytest.mark.once
def test_search_for_another_name_finds_what_the_actor_filter_finds() -> None:
    by_actor = case_index.current().having("actor")
    assert len(by_actor) > 30
    for actor in Actor.objects.filter(slug__in=by_actor):
        for name in (actor.name, *actor.aliases):
            found = search.Searches().find(search.read(f'"{name}"')).tiers[-1]
            assert set(by_actor[actor.slug]) <= set(found), name


def test_search_follows_the_name_of_what_an_actor_belongs_to(client: Client) -> None:
    assert numbers(client, "q=daesh") == [MOSCOW, KERMAN]
    Actor.objects.filter(slug="islamic-state").update(aliases=["Caliphate"])
    assert numbers(client, "q=daesh") == []
    assert numbers(client, "q=caliphate") == [MOSCOW, KERMAN]
    Actor.objects.filter(parent__slug="islamic-state").update(parent=None)
    assert numbers(client, "q=caliphate") == [KERMAN]


# Orders


def test_lead_time_sorts_what_is_not_computable_last_both_ways(client: Client) -> None:
    assert numbers(client, "sort=lead_time")[:2] == [KERMAN, MOSCOW]
    assert numbers(client, "sort=-lead_time")[:2] == [KERMAN, MOSCOW]
    rest = [CHAVEZ, BOSTON, KHASHOGGI, UKRAINE, EMBASSIES]
    assert set(numbers(client, "sort=lead_time")[2:]) == set(rest)
    assert numbers(client, "sort=lead_time")[2:] == numbers(client, "sort=-lead_time")[2:]


def test_lead_time_sorts_an_unknown_order_after_what_is_computable(client: Client) -> None:
    Warning.objects.filter(case__number=KERMAN).update(before_incident="not_stated")
    show(Case.objects.get(number=KERMAN))
    for sort in ("lead_time", "-lead_time"):
        assert numbers(client, f"sort={sort}")[:2] == [MOSCOW, KERMAN]
        page = words(client.get(f"/cases/?sort={sort}"))
        assert "order unknown: up to 30 days before or after" in page.lower()


def test_lead_time_goes_by_the_shortest_or_by_the_longest_of_a_case(client: Client) -> None:
    moscow = Case.objects.get(number=MOSCOW)
    make_warning(moscow, date="1999-01-01")
    assert numbers(client, "sort=lead_time")[:2] == [KERMAN, MOSCOW]
    assert numbers(client, "sort=-lead_time")[:2] == [MOSCOW, KERMAN]


def test_deaths_sort_by_the_sum_of_lower_bounds(client: Client) -> None:
    assert numbers(client, "sort=-deaths")[:3] == [MOSCOW, KERMAN, KHASHOGGI]
    kerman = Case.objects.get(number=KERMAN)
    make_incident(kerman, deaths=40, qualifier="at_least")
    assert numbers(client, "sort=-deaths")[:2] == [KERMAN, MOSCOW]
    Incident.objects.filter(case=kerman, deaths=40).update(deaths_qualifier="about")
    show(kerman)
    assert numbers(client, "sort=-deaths")[:2] == [MOSCOW, KERMAN]


def test_list_says_which_cases_other_evidence_challenges(client: Client) -> None:
    for view in ("cards", "table"):
        text = client.get(f"/cases/?view={view}&follow_up=unclear").text
        assert "Read with care" in text
        assert 'href="/cases/kerman-2024/?' in text
        for unchallenged in ("kind=alleged_failure_to_warn", "recipient=united-states"):
            assert "Read with care" not in client.get(f"/cases/?view={view}&{unchallenged}").text
        assert "Read with care" not in client.get(f"/cases/?view={view}&q=DTW-0003+plot").text


@pytest.mark.parametrize("address", ["/cases/?", "/cases/?view=table&", "/matrix/?"])
@pytest.mark.slow
def test_list_warns_of_notes_on_the_passages_that_a_case_rests_on(
    client: Client, address: str
) -> None:
    embassies = f"{address}kind=policy_origin"
    assert "2 editorial notes correct or contradict the sources" in words(client.get(embassies))
    note = Note.objects.get(slug="no-such-director-in-1998")
    for other_pages in ({"kind": "completion"}, {"locator": "¶99"}, {"source": make_source()}):
        Note.objects.filter(pk=note.pk).update(**other_pages)
        assert "1 editorial note corrects or contradicts" in words(client.get(embassies))
        Note.objects.filter(pk=note.pk).update(
            kind=note.kind, locator=note.locator, source=note.source
        )
    make_note(Case.objects.get(slug="embassies-1998"), kind="contradiction")
    assert "3 editorial notes correct or contradict" in words(client.get(embassies))


def test_comparison_is_reached_without_what_only_the_list_has(client: Client) -> None:
    text = client.get("/cases/?view=table&column=deaths&era=after_icd191").text
    assert 'href="/matrix/?column=deaths&amp;era=after_icd191"' in text
    page = words(client.get("/matrix/?era=after_icd191"))
    assert "4 of 7 cases in which the era is “After ICD 191”." in page


def test_repeated_parameter_that_takes_one_value_is_told(client: Client) -> None:
    page = words(client.get("/cases/?q=moscow&q=kerman"))
    assert "“q” was given 2 times; only the last one counts." in page


# Numbers


@pytest.mark.parametrize(
    "typed", ["DTW-0001", "dtw-1", " dtw 0001 ", "DTW–1", "DTW0001", "dtw - 00001"]
)
def test_number_however_typed_leads_to_its_case(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response["Location"] == "/cases/moscow-concert-hall-2024/"


@pytest.mark.parametrize(
    "beside", ["sort=title", "view=table&column=deaths", "per_page=1&page=2", "date_match=certain"]
)
def test_number_beside_what_narrows_nothing_leads_to_its_case(client: Client, beside: str) -> None:
    response = client.get(f"/cases/?{beside}&q=DTW-0003")
    assert response["Location"] == "/cases/chavez-2004/"


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ("kind=policy_origin", []),
        ("kind=warning_given", [CHAVEZ]),
        ("date_from=2024", []),
        ("bogus=1", [CHAVEZ]),
        ("sort=nonsense", [CHAVEZ]),
    ],
)
@pytest.mark.parametrize("page", ["/cases/?", "/cases/?view=table&", "/matrix/?"])
def test_number_beside_a_filter_or_a_fault_shows_what_matches_and_the_way_to_its_case(
    client: Client, page: str, beside: str, found: list[str]
) -> None:
    response = client.get(f"{page}q=dtw+3&{beside}")
    assert [case.number for case in response.context["object_list"]] == found
    title = Case.objects.get(number=CHAVEZ).title
    assert f"DTW-0003 is “{title}” ." in words(response)
    assert 'is <a href="/cases/chavez-2004/">' in response.text


@pytest.mark.parametrize("typed", ["DTW-0099", "dtw 99"])
def test_number_that_no_case_has_is_told(client: Client, typed: str) -> None:
    told = "No published case has the number DTW-0099."
    assert told in words(client.get("/cases/", {"q": typed}))


def test_number_of_a_withdrawn_case_leads_to_the_reason_and_that_of_a_draft_to_nothing(
    client: Client,
) -> None:
    Case.objects.filter(number=CHAVEZ).update(status="withdrawn", withdrawn_reason="It was a copy.")
    response = client.get("/cases/", {"q": "dtw 3"}, follow=True)
    assert response.status_code == 410
    assert "It was a copy." in response.text
    page = words(client.get("/cases/?q=dtw+3&kind=policy_origin"))
    assert "DTW-0003 was withdrawn: the reason ." in page
    Case.objects.filter(number=KERMAN).update(status="draft")
    response = client.get("/cases/", {"q": KERMAN})
    assert f"No published case has the number {KERMAN}." in words(response)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("moscow OR kerman", "“OR” is searched for like any other word"),
        ("NOT moscow", "“NOT” is searched for like any other word"),
        ("moscow or kerman", None),
        ('"moscow OR kerman"', None),
        ("ORDER", None),
    ],
)
def test_search_with_an_operator_says_that_it_is_a_word(
    client: Client, typed: str, told: str | None
) -> None:
    page = words(client.get("/cases/", {"q": typed}))
    assert ("like any other word" in page) is bool(told)
    assert told is None or told in page
    assert client.get("/cases.csv", {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("*cert", "“*cert” was read as “cert”: a star finds beginnings, and only where it ends"),
        ("moscow -co*rt*", "“co*rt*” was read as “co rt*”"),
        ('"con* hall"', "“con* hall” was read as “con hall”"),
        ("concert*", None),
        ('"concert hall"*', None),
        ("(dism*)", None),
    ],
)
def test_search_with_a_star_before_a_word_says_how_it_was_read(
    client: Client, typed: str, told: str | None
) -> None:
    page = words(client.get("/cases/", {"q": typed}))
    assert ("a star finds beginnings" in page) is bool(told)
    assert told is None or told in page
    assert client.get("/cases.csv", {"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["1", "DTW", "DTW-0000", "DTW-1 concert", "concert"])
def test_other_words_are_searched_for(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response.status_code == 200
    assert "has the number" not in words(response)


def test_page_that_finds_nothing_asks_the_search_index_no_question_twice(client: Client) -> None:
    client.get("/cases/?q=word")  # brings the documents up to date
    with CaptureQueriesContext(connection) as captured:
        assert "No case matches" in words(client.get("/cases/?q=conzert+russia&country=iran"))
    asked = [one["sql"] for one in captured if "cases_search" in one["sql"]]
    assert len(asked) > 5
    assert len(asked) == len(set(asked))
