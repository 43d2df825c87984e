"""Narrowing the list of cases: facets with their counts, the sentence, the address, ways on."""

from __future__ import annotations

import gzip
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from cases import synthetic
from cases.models import Actor
from tests.support.lists import counts, numbers, sentence
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ = "DTW-0001", "DTW-0002", "DTW-0003"
BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = "DTW-0004", "DTW-0005", "DTW-0006", "DTW-0007"

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
    assert (
        f'href="/facets/actor/?actor=vladimir-putin">{facet.more} more, exclude or combine<' in page
    )


def _facet(response: Any, name: str) -> Any:
    return next(facet for facet in response.context["facets"] if facet.name == name)


def test_facet_page_lists_every_value_and_finds_without_accents(client: Client) -> None:
    response = client.get("/facets/actor/?kind=warning_given")
    assert len(response.context["options"]) == response.context["of"] > 12
    assert all(option.count for option in response.context["options"])
    found = client.get("/facets/actor/?kind=warning_given&find=CHAVEZ")
    assert [option.text for option in found.context["options"]] == ["Hugo Chávez"]
    assert "1 of" in words(found)


@pytest.mark.slow
def test_facet_page_has_the_values_that_the_list_shows(client: Client) -> None:
    for query in ("", "kind=policy_origin", "actor=speaker&exception=not_stated"):
        for facet in client.get(f"/cases/?{query}").context["facets"]:
            options = client.get(f"/facets/{facet.name}/?{query}").context["options"]
            assert {option.value for option in facet.options} <= {each.value for each in options}
            assert facet.more == len(options) - len(facet.options)
    page = words(client.get("/facets/exception/"))
    assert "7 values" in page
    assert "None mentioned 6" in page
    assert "E.3.a Already aware 1" in page
    assert page.index("E.3.a Already aware") < page.index("E.3.b Takes part in armed conflict 0")


def test_facets_tell_what_their_values_do_not(client: Client) -> None:
    page = words(client.get("/cases/"))
    assert "an editorial note is about the case itself" in page
    assert "The date of a case is that of its earliest incident" in page
    assert "None named 4" in page  # of armed groups: it may be known all the same who acted
    chips = client.get("/cases/?armed_group=not_stated").context["active"]
    assert [chip.text for chip in chips] == ["None named"]


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


@pytest.mark.parametrize(
    ("criteria", "told"),
    [
        ("channel=public&bogus=1", "bogus"),
        ("channel=public&date_from=xx", "date_from"),
        ("channel=public&channel=nonsense", "nonsense"),
    ],
)
def test_facet_page_tells_what_it_did_not_understand_before_it_leads_on(
    client: Client, criteria: str, told: str
) -> None:
    page = client.get(f"/facets/channel/?{criteria}&show=cases")
    assert page.status_code == 200
    assert told in " ".join(page.context["query"].notices)
    assert page.context["query"].notices[0] in unescape(page.text)
    assert re.search(r'value="public" checked', page.text)


def test_facet_page_has_not_stated_last_and_says_so(client: Client) -> None:
    # Each page once as it is, and once where another value has no case left.
    for criteria, last in (
        ("channel/", "Not stated"),
        ("channel/?channel__not=private", "Not stated"),
        ("exception/?kind=policy_origin", "None mentioned"),
    ):
        page = client.get(f"/facets/{criteria}")
        assert [option.value for option in page.context["options"]][-1] == "not_stated"
        assert f"the most frequent first, “{last}” last." in words(page)
    assert "the most frequent first." in words(client.get("/facets/kind/"))


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
        ("", "All 7 cases"),
        (
            "recipient=russia&recipient=iran",
            "3 of 7 cases in which the recipient is “Russia” or “Iran”.",
        ),
        (
            "channel=private&recipient=russia",
            "1 of 7 cases in which the recipient is “Russia” and the channel is “Private”, by "
            "the same warning.",
        ),
        ("kind__not=policy_origin", "6 of 7 cases in which the kind is not “Policy origin”."),
        (
            "channel__all=public&channel__all=private",
            "1 of 7 cases in which the warnings together have the channels “Public” and “Private”.",
        ),
        (
            "recipient__not=iran",
            "6 of 7 cases in which no warning has the recipient “Iran” (including cases "
            "without a warning).",
        ),
        (
            "recipient__not=iran&channel=private",
            "1 of 7 cases in which the channel is “Private” and no warning has the recipient "
            "“Iran”.",
        ),
        (
            "recipient__not=not_stated&recipient__not=iran&date_from=2024",
            "1 of 7 cases in which no warning has the recipient “Iran” and every warning has a "
            "named recipient (including cases without a warning), that may date from 2024 or "
            "later.",
        ),
        (
            "relation__all=adversary",
            "3 of 7 cases in which a warning has the relation to the issuer “Adversary”.",
        ),
        ("contested=no", "7 of 7 cases in which no source disputes a value."),
        ("contested__not=no", "0 of 7 cases in which sources dispute a value."),
        (
            "has_notes__not=yes",
            "2 of 7 cases in which no editorial note is about the case itself.",
        ),
        ("armed_group=not_stated", "4 of 7 cases in which no armed group is named."),
        ("armed_group__not=not_stated", "3 of 7 cases in which an armed group is named."),
        (
            "armed_group=not_stated&armed_group=islamic-state",
            "6 of 7 cases in which the armed group is “Islamic State” or no armed group is named.",
        ),
        (
            "exception__all=not_stated",
            "6 of 7 cases in which no source says anything of an exception.",
        ),
        (
            "incident__not=attack&actor__all=iran&actor__all=united-states",
            "0 of 7 cases in which the actors include “Iran” and “United States” and no incident "
            "is “Attack”.",
        ),
        ("modality__not=unclear", "6 of 7 cases in which no claim has the certainty “Unclear”."),
        (
            "modality__all=unclear&modality__all=reported",
            "1 of 7 cases in which the claims together have the certainties “Unclear” and "
            "“Reportedly”.",
        ),
        ("date_from=2024", "2 of 7 cases that may date from 2024 or later."),
        (
            "date_from=2018&date_to=2022&date_match=certain",
            "2 of 7 cases that certainly date from 2018 to 2022.",
        ),
        (
            "reception=not_applicable&follow_up__not=not_stated",
            "1 of 7 cases in which the reception is “Does not apply” and no warning has the "
            "follow-up “Not stated”.",
        ),
        (
            "era=after_icd191&q=concert",
            "1 of 7 cases in which the era is “After ICD 191”, found by the search “concert”.",
        ),
        (
            "&".join(f"modality={name}" for name in ("quoted", "stated", "alleged", "unclear"))
            + "&modality=reported&modality=inferred",
            "7 of 7 cases in which a claim has the certainty “Quoted”, “Stated”, “Alleged”, "
            "“Unclear” or 2 others.",
        ),
    ],
)
def test_list_says_in_one_sentence_what_it_shows(client: Client, query: str, expected: str) -> None:
    # What editors inferred is said in a sentence of its own; see test_inferences.py.
    assert sentence(client, query).partition(" In ")[0] == expected


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
    assert found == [[MOSCOW, KERMAN, UKRAINE, KHASHOGGI, BOSTON, CHAVEZ], [MOSCOW]]
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
    assert "“yesterday” is none of these" in told[1]
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
    assert '/facets/channel/">Exclude or combine</a>' in client.get("/cases/").text
    page = client.get(f"/facets/channel/?have={have}&channel=public")
    assert re.search(rf'value="{have}" checked', page.text)
    chosen = f"/facets/channel/?channel=public&channel=private&have={have}&show=cases"
    address = client.get(chosen)["Location"]
    assert address == f"/cases/?{form}=public&{form}=private"
    assert numbers(client, address.partition("?")[2]) == found


def test_page_of_a_facet_keeps_what_was_left_out_before(client: Client) -> None:
    criteria = "channel=private&channel__not=not_stated&kind=warning_given&have=none&show=cases"
    address = client.get(f"/facets/channel/?{criteria}")["Location"]
    assert address == "/cases/?channel__not=not_stated&channel__not=private&kind=warning_given"
    assert client.get("/facets/channel/?have=none&show=cases")["Location"] == "/cases/"


def test_page_of_a_facet_offers_all_of_only_where_a_case_can_have_several(client: Client) -> None:
    for name, several in {"channel": True, "kind": False, "actor": True}.items():
        assert ('value="all"' in client.get(f"/facets/{name}/").text) is several
    assert "“have” is one of: any, all, none" in words(client.get("/facets/kind/?have=some"))
    assert "/facets/contested/" not in client.get("/cases/").text


# In place, with htmx


def test_list_answers_htmx_with_the_part_that_changes(client: Client) -> None:
    whole = client.get("/cases/?kind=policy_origin")
    part = client.get("/cases/?kind=policy_origin", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="listing"')
    assert part.text.strip() in whole.text
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" not in client.get("/matrix/").get("Vary", "")


# Synthetic cases


@pytest.mark.once
@pytest.mark.slow
def test_every_page_says_that_there_are_synthetic_cases(client: Client) -> None:
    addresses = ["/", "/cases/", "/actors/", "/codebook/", "/cases/chavez-2004/", "/nowhere/"]
    for address in addresses:
        assert "made up for tests of scale" not in client.get(address).text
    synthetic.make(cases=20, seed=3)
    for address in addresses:
        assert "made up for tests of scale" in client.get(address).text


@pytest.mark.once
@pytest.mark.slow
def test_list_of_many_cases_and_actors_stays_light(client: Client) -> None:
    synthetic.make(cases=600, seed=3)
    assert Actor.objects.count() > 50
    response = client.get("/cases/")
    assert len(gzip.compress(response.content)) < 60_000
    for facet in response.context["facets"]:
        assert len(facet.options) <= 14
