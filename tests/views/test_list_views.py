"""What cards and table say of a case, and the way from a list to a case and back."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.test import Client

from cases.finding.selection import SORTS
from cases.models import Case, Claim
from cases.presentation.matching_values import MAX_NAMED
from tests.support.factories import make_incident, show
from tests.support.lists import numbers
from tests.support.reading import words

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ = "DTW-0001", "DTW-0002", "DTW-0003"
BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = "DTW-0004", "DTW-0005", "DTW-0006", "DTW-0007"

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
            "3 incidents: Attack, Kerman, 95 deaths; "
            "Attack, over 40 deaths; "
            "Attack, about 500 deaths . Together at least 136 deaths"
        )
    ), words
    make_incident(kerman, deaths=1, qualifier="exact")
    words = card(client, KERMAN).replace(" No claim", "")
    assert "about 500 deaths ; 1 more. Together at least 137 deaths" in words


@pytest.mark.parametrize(
    "address",
    [
        "/cases/?kind=policy_origin&view=table",
        "/cases/?kind=policy_origin&view=table&column=deaths",
        "/matrix/?kind=policy_origin&column=deaths",
    ],
)
def test_table_and_comparison_name_the_place_of_each_of_several_incidents(
    client: Client, address: str
) -> None:
    page = words(client.get(address))
    unknown = "Not stated in the sources More in a note"
    assert f"Incident 1, Kenya: {unknown} Incident 2, Tanzania: {unknown}" in page
    Claim.objects.filter(case__slug="embassies-1998", field="place").update(modality="inferred")
    show(Case.objects.get(slug="embassies-1998"))
    assert f"Incident 2, Tanzania Inferred : {unknown}" in words(client.get(address))


def test_card_names_the_place_of_each_of_several_incidents(client: Client) -> None:
    assert card(client, EMBASSIES).endswith("2 incidents: Attack, Kenya; Attack, Tanzania")


def test_card_marks_values_that_are_weaker_than_stated_and_no_others(client: Client) -> None:
    assert "US officials to Government of Venezuela Attributed" in card(client, CHAVEZ)
    assert "US officials to Iranian officials Reportedly" in card(client, KERMAN)
    moscow = card(client, MOSCOW)
    assert "Dismissed Inferred Follow-up: Little or none visible" in moscow
    assert "Quoted" not in moscow
    assert "Disbelieved Follow-up" in card(client, CHAVEZ)  # quoted
    Claim.objects.filter(case__number=MOSCOW, field="reception").update(modality="alleged")
    show(Case.objects.get(number=MOSCOW))
    assert "Dismissed Alleged" in card(client, MOSCOW)
    text = client.get("/cases/?view=table&column=reception").text
    assert re.search(r"Dismissed <span class=\"badge\"[^>]*>Alleged", text)


def test_card_goes_by_the_firmest_claim_that_asserts_a_value(client: Client) -> None:
    claim = Claim.objects.filter(case__number=CHAVEZ, field="reception").get()
    Claim.objects.filter(pk=claim.pk).update(modality="attributed")
    claim.pk, claim.sequence, claim.modality, claim.stance = None, 999, "quoted", "disputes"
    claim.save()
    show(claim.case)
    assert "Disbelieved Attributed" in card(client, CHAVEZ)
    claim.stance = "asserts"
    claim.save()
    show(claim.case)
    assert "Disbelieved Follow-up" in card(client, CHAVEZ)


def test_list_tells_what_does_not_apply_from_a_warning_that_is_not_coded(client: Client) -> None:
    assert "Warning None coded : alleged failure to warn" in card(client, KHASHOGGI)
    assert "Reception: Does not apply" in card(client, MOSCOW)
    page = client.get("/cases/?view=table&column=reception").text
    text = page.partition('id="key"')[0]
    assert text.count("No warning coded") == 2
    assert text.count("Does not apply</span>") == 1


@pytest.mark.parametrize(
    ("sort", "words_of_order"),
    [
        ("lead_time", "by the shortest that the dates allow"),
        ("-lead_time", "by the longest that the dates allow"),
        ("lead_time", "then come cases in which the order of warning and incident is unknown"),
        ("-deaths", "by what the incidents of a case sum to at least"),
    ],
)
def test_list_says_what_an_order_goes_by(client: Client, sort: str, words_of_order: str) -> None:
    assert words_of_order in words(client.get(f"/cases/?sort={sort}"))
    assert words_of_order not in words(client.get("/cases/"))


# Firmness


def resting(client: Client, query: str) -> set[tuple[str, str, str]]:
    """Return the values that a list names for their firmness: case, anchor and words."""
    text = client.get(f"/cases/?{query}").text
    links = re.findall(r'href="/cases/([\w-]+)/\?[^"#]*#([\w-]+)">([^<]*)</a>', text)
    return {link for link in links if link[1] != "notes" and link[2] != "from a note"}


@pytest.mark.parametrize("view", ["cards", "table"])
def test_list_by_weak_firmness_names_the_values_that_have_it(client: Client, view: str) -> None:
    unclear = resting(client, f"modality=unclear&view={view}")
    assert unclear == {("kerman-2024", "warning-1-follow-up", "Warning 1, follow-up")}
    alleged = resting(client, f"modality=alleged&modality=unclear&view={view}")
    assert alleged > unclear
    assert ("khashoggi-2018", "kind", "Kind") in alleged
    assert "Unclear Warning 1, follow-up" in words(client.get("/cases/?modality__all=unclear"))


@pytest.mark.slow
def test_list_by_firmness_leads_to_each_value_that_has_a_claim_of_it(client: Client) -> None:
    for modality in ("attributed", "reported", "alleged", "unclear", "inferred"):
        named = {link[:2] for link in resting(client, f"modality={modality}")}
        claims = Claim.objects.filter(modality=modality).select_related("case")
        having = {(claim.case.slug, claim.anchor) for claim in claims}
        assert named <= having
        shown, had = (Counter(slug for slug, _ in places) for places in (named, having))
        assert shown == {slug: min(count, MAX_NAMED) for slug, count in had.items()}
        for slug, anchor in named:
            assert f' id="{anchor}"' in client.get(f"/cases/{slug}/").text


def test_list_by_firmness_counts_what_is_too_much_to_name(client: Client) -> None:
    Claim.objects.filter(case__number=MOSCOW).update(modality="reported")
    show(Case.objects.get(number=MOSCOW))
    page = words(client.get("/cases/?modality=reported&recipient=russian-officials"))
    assert re.search(r"Reportedly( [^·]+ ·){7} .+? and \d+ more", page)


def test_list_names_no_values_for_what_most_rest_on_or_without_a_firmness(client: Client) -> None:
    for query in ("modality=stated", "modality=quoted", "modality__not=alleged", "era__not=x"):
        assert resting(client, query) == set()


# The table


@pytest.mark.slow
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
    assert (
        "not in your list of 1 case in which the kind is “Policy origin”. Back to the list"
        in words(response)
    )
    assert response.text.count('href="/cases/?kind=policy_origin&amp;view=table"') == 2
    assert 'aria-label="In the list"' not in response.text


def test_case_page_with_a_filter_that_was_ignored_is_in_the_list_of_all(client: Client) -> None:
    page = words(client.get("/cases/moscow-concert-hall-2024/?kind=nonsense"))
    assert "Case 1 of 7" in page
    assert "This case is not in" not in page


def test_case_page_names_its_address_without_the_list(client: Client) -> None:
    text = client.get("/cases/moscow-concert-hall-2024/?kind=warning_given").text
    canonical = re.search(r'<link rel="canonical" href="([^"]*)"', text)
    assert canonical
    assert canonical[1].endswith("/cases/moscow-concert-hall-2024/")
