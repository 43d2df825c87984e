"""Finding cases: facets with their counts, the sentence, the search, the table, ways back."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from cases import synthetic
from cases.models import Actor, Case, Claim, Incident, Warning
from cases.resting import MOST_NAMED
from cases.selection import SORTS

from .factories import make_incident, make_warning
from .reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ = "DTW-0001", "DTW-0002", "DTW-0003"
BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = "DTW-0004", "DTW-0005", "DTW-0006", "DTW-0007"


def numbers(client: Client, query: str) -> list[str]:
    """Return the numbers of the cases that the list shows, in its order."""
    return [case.number for case in client.get(f"/cases/?{query}").context["object_list"]]


def counts(client: Client, query: str, name: str) -> dict[str, int]:
    """Return what the facet of a list says of each value."""
    facets = {facet.name: facet for facet in client.get(f"/cases/?{query}").context["facets"]}
    return {option.value: option.count for option in facets[name].options}


def sentence(client: Client, query: str) -> str:
    """Return the sentence over the list, with its count."""
    text = client.get(f"/cases/?{query}").text
    found = re.search(r'id="count"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split())


# Facets


def test_facet_counts_every_value_with_those_that_no_case_has(client: Client) -> None:
    assert counts(client, "", "reception") == {
        "accepted": 0,
        "disbelieved": 1,
        "dismissed": 1,
        "not_stated": 3,
        "not_applicable": 1,
    }


def test_facet_counts_leave_out_its_own_selection(client: Client) -> None:
    alone = counts(client, "", "kind")
    assert counts(client, "kind=policy_origin", "kind") == alone
    assert counts(client, "kind=policy_origin", "reception")["dismissed"] == 0
    assert counts(client, "kind=warning_given", "reception")["dismissed"] == 1


def test_facet_counts_hold_of_one_and_the_same_warning(client: Client) -> None:
    assert counts(client, "channel=public", "reception")["dismissed"] == 0
    assert counts(client, "channel=private", "reception")["dismissed"] == 1
    assert counts(client, "channel=private", "channel")["public"] == 2


def test_facet_counts_descendants_of_an_actor(client: Client) -> None:
    assert counts(client, "", "actor")["islamic-state"] == 2


def test_facet_says_what_its_terms_mean(client: Client) -> None:
    text = client.get("/cases/").text
    codebook = client.get("/codebook/").text
    fragments = re.findall(r'href="/codebook/#([^"]+)">What these mean', text)
    assert "warning.reception" in fragments
    for fragment in fragments:
        assert f'id="{fragment}"' in codebook


def test_facet_of_actors_offers_the_most_frequent_and_the_chosen(client: Client) -> None:
    facet = _facet(client.get("/cases/?actor=vladimir-putin"), "actor")
    assert [option.value for option in facet.options][:2] == ["united-states", "us-officials"]
    assert len(facet.options) == 13
    assert "vladimir-putin" in {option.value for option in facet.options if option.chosen}
    page = client.get("/cases/?actor=vladimir-putin").text
    assert f'href="/facets/actor/?actor=vladimir-putin">All, {facet.more} more' in page


def _facet(response: Any, name: str) -> Any:
    return next(facet for facet in response.context["facets"] if facet.name == name)


def test_facet_page_lists_every_value_and_finds_without_accents(client: Client) -> None:
    response = client.get("/facets/actor/?kind=warning_given")
    assert len(response.context["options"]) == response.context["of"] > 12
    assert all(option.count for option in response.context["options"])
    found = client.get("/facets/actor/?kind=warning_given&find=CHAVEZ")
    assert [option.text for option in found.context["options"]] == ["Hugo Chávez"]
    assert "1 of" in words(found)


def test_facet_page_keeps_the_query_and_the_chosen_values(client: Client) -> None:
    text = client.get("/facets/actor/?kind=warning_given&actor=iran&view=table&find=putin").text
    form = text.partition('aria-label="Choose values"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="kind" value="warning_given">' in form
    assert '<input type="hidden" name="view" value="table">' in form
    assert '<input type="hidden" name="actor" value="iran">' in form
    assert 'value="vladimir-putin"' in form
    assert 'name="find" value="putin"' in form  # one form, so that finding loses no tick


def test_facet_page_keeps_what_is_ticked_when_something_else_is_found(client: Client) -> None:
    response = client.get("/facets/actor/?find=putin&actor=iran")
    assert response.context["hidden"] == ["iran"]
    assert "1 more is ticked and kept." in words(response)


def test_facet_page_leads_on_to_the_cases_with_what_is_ticked(client: Client) -> None:
    found = client.get("/facets/actor/?kind=warning_given&find=putin&actor=iran&show=cases")
    assert found["Location"] == "/cases/?kind=warning_given&actor=iran"
    assert client.get("/facets/actor/?show=cases")["Location"] == "/cases/"


def test_facet_page_belongs_to_the_cases(client: Client) -> None:
    assert 'href="/cases/" aria-current="true"' in client.get("/facets/actor/").text


def test_facet_page_of_no_facet_is_not_found(client: Client) -> None:
    for name in ("nothing", "page", "q"):
        assert client.get(f"/facets/{name}/").status_code == 404


def test_facet_page_says_what_it_ignored(client: Client) -> None:
    assert "There is no parameter “nonsense”" in words(client.get("/facets/actor/?nonsense=1"))


# The sentence


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "7 of 7 cases, all of them."),
        (
            "recipient=russia&recipient=iran",
            "3 of 7 cases in which the recipient is “Russia” or “Iran”.",
        ),
        (
            "channel=private&recipient=russia",
            "1 of 7 cases in which the recipient is “Russia” and the channel is “Private”, of one "
            "and the same warning.",
        ),
        ("kind__not=policy_origin", "6 of 7 cases in which the kind is not “Policy origin”."),
        (
            "channel__all=public&channel__all=private",
            "1 of 7 cases in which the channels of all its warnings include “Public” and "
            "“Private”.",
        ),
        (
            "recipient__not=iran",
            "6 of 7 cases in which none of its warnings has the recipient “Iran”.",
        ),
        ("contested=no", "7 of 7 cases in which no source disputes a value."),
        (
            "has_notes__not=yes",
            "3 of 7 cases in which it is not so that an editorial note is about the case itself.",
        ),
        ("date_from=2024", "2 of 7 cases that may date from 2024 or later."),
        (
            "date_from=2018&date_to=2022&date_match=certain",
            "2 of 7 cases that certainly date from 2018 to 2022.",
        ),
        (
            "reception=not_applicable&follow_up__not=not_stated",
            "1 of 7 cases in which the reception is “Does not apply” and none of its "
            "warnings has the follow-up “Not stated”.",
        ),
        (
            "era=after_icd191&q=concert",
            "1 of 7 cases in which the era is “After ICD 191”, found by the search “concert”.",
        ),
        (
            "&".join(f"modality={name}" for name in ("quoted", "stated", "alleged", "unclear"))
            + "&modality=reported&modality=inferred",
            "7 of 7 cases in which the firmness of a claim is “Quoted”, “Stated”, “Alleged”, "
            "“Unclear” or 2 others.",
        ),
    ],
)
def test_list_says_in_one_sentence_what_it_shows(client: Client, query: str, expected: str) -> None:
    assert sentence(client, query) == expected


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
    ],
)
def test_search_finds_the_expected_cases(client: Client, query: str, expected: list[str]) -> None:
    assert numbers(client, query) == expected


def test_search_is_sorted_by_where_it_matches(client: Client) -> None:
    Case.objects.filter(number=EMBASSIES).update(title="Kerman and the embassies")
    assert numbers(client, "q=kerman") == [KERMAN, EMBASSIES]
    assert numbers(client, "q=kerman&sort=date") == [EMBASSIES, KERMAN]


def test_search_shows_where_it_matched(client: Client) -> None:
    text = client.get("/cases/?q=provocative").text
    assert "<mark>provocative</mark>" in text
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


@pytest.mark.parametrize("typed", ["***", '""', "-bomb", "?!"])
def test_search_without_a_word_says_so_and_shows_everything(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response.context["paginator"].count == 7
    assert "Part of this address could not be used" in words(response)
    assert not response.context["active"]


def test_search_chip_takes_the_search_away(client: Client) -> None:
    response = client.get("/cases/?q=concert&kind=warning_given")
    chip = next(chip for chip in response.context["active"] if chip.parameter == "q")
    assert (chip.label, chip.text, chip.without) == ("Search", "concert", "kind=warning_given")


def test_relevance_without_a_search_says_so(client: Client) -> None:
    response = client.get("/cases/?sort=relevance")
    assert "sorted by relevance only where" in words(response)
    assert response.context["sort"] == "-date"
    assert "sort=relevance" not in response.context["query"].mended


def test_search_for_another_name_finds_what_the_actor_filter_finds(client: Client) -> None:
    for actor in Actor.objects.all():
        listed = set(numbers(client, f"actor={actor.slug}"))
        for name in (actor.name, *actor.aliases):
            assert listed <= set(numbers(client, urlencode({"q": f'"{name}"'}))), name


def test_search_follows_the_name_of_what_an_actor_belongs_to(client: Client) -> None:
    assert numbers(client, "q=daesh") == [MOSCOW, KERMAN]
    Actor.objects.filter(slug="islamic-state").update(aliases=["Caliphate"])
    assert numbers(client, "q=daesh") == []
    assert numbers(client, "q=caliphate") == [MOSCOW, KERMAN]
    Actor.objects.filter(parent__slug="islamic-state").update(parent=None)
    assert numbers(client, "q=caliphate") == [KERMAN]


# Orders


def test_lead_time_sorts_what_is_not_computable_last_both_ways(client: Client) -> None:
    assert numbers(client, "sort=lead_time")[:2] == [MOSCOW, BOSTON]
    assert numbers(client, "sort=-lead_time")[:2] == [BOSTON, MOSCOW]
    rest = [KERMAN, CHAVEZ, KHASHOGGI, UKRAINE, EMBASSIES]
    assert set(numbers(client, "sort=lead_time")[2:]) == set(rest)
    assert numbers(client, "sort=lead_time")[2:] == numbers(client, "sort=-lead_time")[2:]


def test_lead_time_goes_by_the_shortest_or_by_the_longest_of_a_case(client: Client) -> None:
    moscow = Case.objects.get(number=MOSCOW)
    make_warning(moscow, date="1999-01-01")
    assert numbers(client, "sort=lead_time")[:2] == [MOSCOW, BOSTON]
    assert numbers(client, "sort=-lead_time")[:2] == [MOSCOW, BOSTON]
    Warning.objects.filter(case=moscow, date_edtf="1999-01-01").update(date_edtf="/1999")


def test_deaths_sort_by_the_sum_of_lower_bounds(client: Client) -> None:
    assert numbers(client, "sort=-deaths")[:3] == [MOSCOW, KERMAN, KHASHOGGI]
    kerman = Case.objects.get(number=KERMAN)
    make_incident(kerman, deaths=40, qualifier="at_least")
    assert numbers(client, "sort=-deaths")[:2] == [KERMAN, MOSCOW]
    Incident.objects.filter(case=kerman, deaths=40).update(deaths_qualifier="about")
    assert numbers(client, "sort=-deaths")[:2] == [MOSCOW, KERMAN]


def test_list_says_which_cases_other_evidence_challenges(client: Client) -> None:
    for view in ("cards", "table"):
        text = client.get(f"/cases/?view={view}&kind=alleged_failure_to_warn").text
        assert "Read with care" in text
        assert 'href="/cases/khashoggi-2018/?' in text
        assert "Read with care" not in client.get(f"/cases/?view={view}&q=DTW-0003+plot").text


def test_comparison_is_reached_without_what_only_the_list_has(client: Client) -> None:
    text = client.get("/cases/?view=table&column=deaths&era=after_icd191").text
    assert 'href="/matrix/?column=deaths&amp;era=after_icd191"' in text
    page = words(client.get("/matrix/?era=after_icd191"))
    assert "4 of 7 cases in which the era is “After ICD 191”." in page


def test_repeated_parameter_that_takes_one_value_is_told(client: Client) -> None:
    page = words(client.get("/cases/?q=moscow&q=kerman"))
    assert "“q” was given 2 times; only the last one was used." in page


# What a card says


def card(client: Client, number: str, query: str = "") -> str:
    """Return the words of the card of a case."""
    text = client.get(f"/cases/?{query}").text
    article = text.partition(f'id="{number}"')[2].partition("</article>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", article.partition(">")[2])).split())


def test_card_tells_every_incident_and_what_orders_it_by_deaths(client: Client) -> None:
    assert "Outcome Attack, 95 deaths" in card(client, KERMAN)
    kerman = Case.objects.get(number=KERMAN)
    make_incident(kerman, deaths=40, qualifier="more_than")
    make_incident(kerman, deaths=500, qualifier="about")
    words = card(client, KERMAN, "sort=-deaths")
    assert (
        words.replace(" No claim", "")
        .replace(" ,", ",")
        .replace(" ;", ";")
        .endswith(
            "3 incidents: Attack, 95 deaths Contradicted by a note; Attack, over 40 deaths; "
            "Attack, about 500 deaths . Together at least 136 deaths"
        )
    ), words
    make_incident(kerman, deaths=1, qualifier="exact")
    words = card(client, KERMAN).replace(" No claim", "")
    assert "about 500 deaths ; 1 more. Together at least 137 deaths" in words


def test_card_marks_values_that_are_weaker_than_stated_and_no_others(client: Client) -> None:
    assert "Disbelieved Attributed" in card(client, CHAVEZ)
    assert "US officials to Iranian officials Reported" in card(client, KERMAN)
    moscow = card(client, MOSCOW)
    assert "Dismissed Follow-up: None visible" in moscow
    assert "Quoted" not in moscow
    Claim.objects.filter(case__number=MOSCOW, field="reception").update(modality="alleged")
    assert "Dismissed Alleged" in card(client, MOSCOW)
    text = client.get("/cases/?view=table&column=reception").text
    assert re.search(r"Dismissed <span class=\"firmness firmness-alleged\">Alleged", text)


def test_card_goes_by_the_firmest_claim_that_asserts_a_value(client: Client) -> None:
    claim = Claim.objects.filter(case__number=CHAVEZ, field="reception").get()
    claim.pk, claim.sequence, claim.modality, claim.stance = None, 999, "quoted", "disputes"
    claim.save()
    assert "Disbelieved Attributed" in card(client, CHAVEZ)
    claim.stance = "asserts"
    claim.save()
    assert "Disbelieved Follow-up" in card(client, CHAVEZ)


def test_list_tells_what_does_not_apply_from_a_warning_that_is_not_coded(client: Client) -> None:
    assert "Warning None coded : alleged failure to warn" in card(client, KHASHOGGI)
    assert "Reception: Does not apply" in card(client, MOSCOW)
    text = client.get("/cases/?view=table&column=reception").text
    assert text.count("No warning coded") == 2
    assert text.count("Does not apply</span>") == 1


@pytest.mark.parametrize(
    ("sort", "words_of_order"),
    [
        ("lead_time", "by the shortest that the dates allow"),
        ("-lead_time", "by the longest that the dates allow"),
        ("-deaths", "by what the incidents of a case sum to at least"),
    ],
)
def test_list_says_what_an_order_goes_by(client: Client, sort: str, words_of_order: str) -> None:
    assert words_of_order in words(client.get(f"/cases/?sort={sort}"))
    assert words_of_order not in words(client.get("/cases/"))


# Title, description and the one address of a list


def head(client: Client, address: str) -> dict[str, str]:
    """Return the title, the description and the canonical address of a page."""
    text = client.get(address).text
    found = {
        "title": r"<title>(.*?) – Duty",
        "description": r'name="description" content="([^"]*)"',
        "canonical": r'rel="canonical" href="https?://[^/]*([^"]*)"',
    }
    return {
        name: unescape(match[1]) if (match := re.search(pattern, text)) else ""
        for name, pattern in found.items()
    }


def test_list_is_named_after_what_it_shows(client: Client) -> None:
    assert head(client, "/cases/")["title"] == "Cases"
    shown = head(client, "/cases/?era=after_icd191&per_page=2&page=2")
    assert shown["title"] == "Cases: era After ICD 191, page 2"
    assert shown["description"].startswith("4 of 7 cases in which the era is “After ICD 191”.")
    query = "kind=warning_given&channel=public&reception=dismissed&follow_up=acted&q=moscow"
    assert head(client, f"/cases/?{query}")["title"].endswith("; 2 more")


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", "/cases/"),
        ("view=cards&sort=-date&page=1&per_page=25&column=deaths", "/cases/"),
        (
            "reception=dismissed&kind=warning_given",
            "/cases/?kind=warning_given&reception=dismissed",
        ),
        ("sort=title&view=table&page=1", "/cases/?sort=title&view=table"),
        ("nonsense=1&kind=policy_origin", "/cases/?kind=policy_origin"),
        # Of a search the usual order is another.
        ("q=warning&sort=-date", "/cases/?q=warning&sort=-date"),
        ("q=warning&sort=relevance", "/cases/?q=warning"),
    ],
)
def test_list_has_one_address_for_the_same_page(client: Client, query: str, canonical: str) -> None:
    assert head(client, f"/cases/?{query}")["canonical"] == canonical


# Ways on


def test_help_shows_how_to_exclude_and_to_ask_for_all_with_links_that_work(client: Client) -> None:
    text = client.get("/cases/").text.partition('id="search-help"')[2].partition("</details>")[0]
    links = [unescape(link) for link in re.findall(r'href="([^"]*)"', text)]
    found = [numbers(client, link.partition("?")[2]) for link in links]
    assert found == [[MOSCOW, UKRAINE, KHASHOGGI, EMBASSIES], [MOSCOW]]
    for link in links:
        assert not client.get(link).context["query"].notices


def test_clear_all_keeps_the_view_the_order_and_the_columns(client: Client) -> None:
    query = "view=table&sort=title&per_page=5&column=deaths"
    text = client.get(f"/cases/?{query}&kind__not=policy_origin&q=attack&date_from=2004").text
    link = re.search(r'href="([^"]*)"[^>]*>Clear all', text)
    assert link
    assert unescape(link[1]) == f"/cases/?{query}"


@pytest.mark.parametrize("page", ["/cases/", "/matrix/"])
def test_chips_of_several_filters_end_in_one_that_clears_all(client: Client, page: str) -> None:
    def chips(query: str) -> str:
        text = client.get(f"{page}?{query}").text
        return text.partition('<ul class="chips"')[2].partition("</ul>")[0]

    several = chips("sort=title&channel=public&era=after_icd191")
    assert f'<a href="{page}?sort=title">Clear all</a>' in several
    assert "Clear all" not in chips("sort=title&channel=public")


def test_way_to_match_dates_alone_narrows_nothing_and_is_no_chip(client: Client) -> None:
    alone = client.get("/cases/?date_match=certain")
    assert not alone.context["active"]
    assert "Clear all" not in alone.text
    dated = client.get("/cases/?date_match=certain&date_from=2024").context["active"]
    assert [chip.parameter for chip in dated] == ["date_from", "date_match"]


def test_date_that_was_ignored_is_told_beside_its_field(client: Client) -> None:
    text = client.get("/cases/?date_from=yesterday").text
    field = re.search(r'<input type="text" name="date_from"[^>]*>', text)
    assert field
    assert 'aria-invalid="true" aria-describedby="wrong-date_from"' in field[0]
    told = re.search(r'id="wrong-date_from">([^<]*)', text)
    assert told
    assert "“yesterday” was ignored" in told[1]
    assert 'id="facet-date" open' in text
    assert "aria-invalid" not in client.get("/cases/?date_from=2024").text


@pytest.mark.parametrize(
    ("have", "form", "found"),
    [
        ("any", "channel", [MOSCOW, UKRAINE]),
        ("all", "channel__all", [MOSCOW]),
        ("none", "channel__not", [KERMAN, KHASHOGGI, BOSTON, CHAVEZ, EMBASSIES]),
    ],
)
def test_page_of_a_facet_shows_cases_with_any_all_or_none_of_its_values(
    client: Client, have: str, form: str, found: list[str]
) -> None:
    assert '/facets/channel/">Leave out, or all of</a>' in client.get("/cases/").text
    page = client.get(f"/facets/channel/?have={have}&channel=public")
    assert re.search(rf'value="{have}" checked', page.text)
    chosen = f"/facets/channel/?channel=public&channel=private&have={have}&show=cases"
    address = client.get(chosen)["Location"]
    assert address == f"/cases/?{form}=public&{form}=private"
    assert numbers(client, address.partition("?")[2]) == found


def test_page_of_a_facet_keeps_what_was_left_out_before(client: Client) -> None:
    asked = "channel=private&channel__not=not_stated&kind=warning_given&have=none&show=cases"
    address = client.get(f"/facets/channel/?{asked}")["Location"]
    assert address == "/cases/?channel__not=not_stated&channel__not=private&kind=warning_given"
    assert client.get("/facets/channel/?have=none&show=cases")["Location"] == "/cases/"


def test_page_of_a_facet_offers_all_of_only_where_a_case_can_have_several(client: Client) -> None:
    for name, several in {"channel": True, "kind": False, "actor": True}.items():
        assert ('value="all"' in client.get(f"/facets/{name}/").text) is several
    assert "“have” is one of: any, all, none" in words(client.get("/facets/kind/?have=some"))
    assert "/facets/contested/" not in client.get("/cases/").text


# Numbers


@pytest.mark.parametrize(
    "typed", ["DTW-0001", "dtw-1", " dtw 0001 ", "DTW–1", "DTW0001", "dtw - 00001"]
)
def test_number_however_typed_leads_to_its_case(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response["Location"] == "/cases/moscow-concert-hall-2024/"


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


@pytest.mark.parametrize("typed", ["1", "DTW", "DTW-0000", "DTW-1 concert", "concert"])
def test_other_words_are_searched_for(client: Client, typed: str) -> None:
    response = client.get("/cases/", {"q": typed})
    assert response.status_code == 200
    assert "has the number" not in words(response)


# Firmness


def resting(client: Client, query: str) -> set[tuple[str, str, str]]:
    """Return the values that a list names for their firmness: case, anchor and words."""
    text = client.get(f"/cases/?{query}").text
    links = re.findall(r'href="/cases/([\w-]+)/\?[^"#]*#([\w-]+)">([^<]*)</a>', text)
    return {link for link in links if link[1] != "notes"}


@pytest.mark.parametrize("view", ["cards", "table"])
def test_list_by_weak_firmness_names_the_values_that_have_it(client: Client, view: str) -> None:
    unclear = resting(client, f"modality=unclear&view={view}")
    assert unclear == {("kerman-2024", "warning-1-follow-up", "Warning 1, follow-up")}
    alleged = resting(client, f"modality=alleged&modality=unclear&view={view}")
    assert alleged > unclear
    assert ("khashoggi-2018", "kind", "Kind") in alleged
    assert "Unclear Warning 1, follow-up" in words(client.get("/cases/?modality__all=unclear"))


def test_list_by_firmness_leads_to_each_value_that_has_a_claim_of_it(client: Client) -> None:
    for modality in ("attributed", "reported", "alleged", "unclear", "inferred"):
        named = {link[:2] for link in resting(client, f"modality={modality}")}
        claims = Claim.objects.filter(modality=modality).select_related("case")
        having = {(claim.case.slug, claim.anchor) for claim in claims}
        assert named <= having
        shown, had = (Counter(slug for slug, _ in places) for places in (named, having))
        assert shown == {slug: min(count, MOST_NAMED) for slug, count in had.items()}
        for slug, anchor in named:
            assert f' id="{anchor}"' in client.get(f"/cases/{slug}/").text


def test_list_by_firmness_counts_what_is_too_much_to_name(client: Client) -> None:
    Claim.objects.filter(case__number=MOSCOW).update(modality="reported")
    page = words(client.get("/cases/?modality=reported&recipient=russian-officials"))
    assert re.search(r"Reported( [^·]+ ·){7} .+? and \d+ more", page)


def test_list_names_no_values_for_what_most_rest_on_or_without_a_firmness(client: Client) -> None:
    for query in ("modality=stated", "modality=quoted", "modality__not=alleged", "era__not=x"):
        assert resting(client, query) == set()


# The table


def test_table_shows_the_cases_of_the_list_in_its_order(client: Client) -> None:
    for sort in set(SORTS) - {"relevance"}:
        response = client.get(f"/cases/?view=table&sort={sort}")
        assert [row.case.number for row in response.context["rows"]] == numbers(
            client, f"sort={sort}"
        )


def test_table_shows_the_chosen_columns_and_offers_all(client: Client) -> None:
    response = client.get("/cases/?view=table&column=deaths&column=channel")
    assert [column.name for column in response.context["columns"]] == ["channel", "deaths"]
    page = words(response)
    assert "over 130" in page
    assert "Warning 1: Public Warning 2: Private" in page
    assert "Requests for records" in page


def test_table_column_that_is_not_there_is_told(client: Client) -> None:
    assert "“nonsense” is not a value of “column”" in words(
        client.get("/cases/?view=table&column=nonsense")
    )
    assert "There is no parameter “column__not”" in words(
        client.get("/cases/?view=table&column__not=deaths")
    )


def test_table_header_says_the_order_and_sorts_the_other_way(client: Client) -> None:
    def header(query: str, title: str) -> str:
        text = client.get(f"/cases/?view=table&{query}").text
        found = re.search(rf"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?{title}.*?</th>", text)
        assert found
        return found[0]

    assert 'aria-sort="descending"' in header("", "Date")
    assert "sort=date" in header("", "Date")
    assert 'aria-sort="ascending"' in header("sort=lead_time", "Lead time")
    assert "sort=-lead_time" in header("sort=lead_time", "Lead time")
    assert "aria-sort" not in header("sort=title", "Lead time")
    assert "<a" not in header("", "Reception")


def test_unknown_view_is_told_and_cards_are_shown(client: Client) -> None:
    assert "“view” is one of: cards, table" in words(client.get("/cases/?view=map"))


# From a list to a case and back


def test_case_links_of_a_list_carry_the_list(client: Client) -> None:
    text = client.get("/cases/?era=after_icd191&sort=title&per_page=2&page=2").text
    assert (
        'href="/cases/khashoggi-2018/?era=after_icd191&amp;sort=title&amp;per_page=2"' not in text
    )
    assert "?era=after_icd191&amp;sort=title&amp;per_page=2" in text
    assert 'href="/cases/moscow-concert-hall-2024/"' in client.get("/cases/").text


def test_case_page_leads_on_within_the_list_and_back_to_its_page(client: Client) -> None:
    query = "era=after_icd191&sort=title&per_page=2"
    order = numbers(client, "era=after_icd191&sort=title")
    third = Case.objects.get(number=order[2])
    place = client.get(f"{third.get_absolute_url()}?{query}").context["place"]
    assert (place.number, place.count) == (3, 4)
    assert [place.previous.number, place.next.number] == [order[1], order[3]]
    page = words(client.get(f"{third.get_absolute_url()}?{query}"))
    assert "Case 3 of 4 in which the era is “After ICD 191”" in page
    back = client.get(place.back)
    assert third.number in [case.number for case in back.context["object_list"]]


def test_case_page_at_either_end_leads_one_way(client: Client) -> None:
    first = client.get("/cases/moscow-concert-hall-2024/").context["place"]
    assert (first.number, first.previous, first.next.number) == (1, None, KERMAN)
    last = client.get("/cases/embassies-1998/").context["place"]
    assert (last.number, last.next) == (7, None)


def test_case_page_outside_the_list_says_so_and_leads_to_it(client: Client) -> None:
    response = client.get("/cases/moscow-concert-hall-2024/?kind=policy_origin&view=table")
    assert "Not among the 1 case in which the kind is “Policy origin”: to that list" in words(
        response
    )
    assert response.text.count('href="/cases/?kind=policy_origin&amp;view=table"') == 2
    assert 'aria-label="In the list"' not in response.text


def test_case_page_with_a_filter_that_was_ignored_is_in_the_list_of_all(client: Client) -> None:
    page = words(client.get("/cases/moscow-concert-hall-2024/?kind=nonsense"))
    assert "Case 1 of 7" in page
    assert "Not among" not in page


def test_case_page_names_its_address_without_the_list(client: Client) -> None:
    text = client.get("/cases/moscow-concert-hall-2024/?kind=warning_given").text
    canonical = re.search(r'<link rel="canonical" href="([^"]*)"', text)
    assert canonical
    assert canonical[1].endswith("/cases/moscow-concert-hall-2024/")


# In place, with htmx


def test_list_answers_htmx_with_the_part_that_changes(client: Client) -> None:
    whole = client.get("/cases/?kind=policy_origin")
    part = client.get("/cases/?kind=policy_origin", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="listing"')
    assert part.text.strip() in whole.text
    assert "HX-Request" in whole["Vary"]
    restored = client.get(
        "/cases/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<!doctype html>" in restored.text


# Synthetic cases


def test_every_page_says_that_there_are_synthetic_cases(client: Client) -> None:
    addresses = ["/", "/cases/", "/actors/", "/codebook/", "/cases/chavez-2004/", "/nowhere/"]
    for address in addresses:
        assert "made up for tests of scale" not in client.get(address).text
    synthetic.make(cases=20, seed=3)
    for address in addresses:
        assert "made up for tests of scale" in client.get(address).text


def test_list_of_many_cases_and_actors_stays_light(client: Client) -> None:
    synthetic.make(cases=600, seed=3)
    assert Actor.objects.count() > 50
    response = client.get("/cases/")
    assert len(gzip.compress(response.content)) < 60_000
    for facet in response.context["facets"]:
        assert len(facet.options) <= 14
