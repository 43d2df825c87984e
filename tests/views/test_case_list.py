"""The list of cases: what it shows, how it is narrowed, and what it says of a bad address."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cases.finding import address_form
from cases.index import case_index
from cases.models import Actor, Case, Claim, DirectiveException, ExceptionAssessment, Incident
from tests.support.factories import show
from tests.support.properties import tried
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ = "DTW-0001", "DTW-0002", "DTW-0003"
BOSTON, KHASHOGGI, UKRAINE, EMBASSIES = "DTW-0004", "DTW-0005", "DTW-0006", "DTW-0007"


def numbers(client: Client, query: str) -> list[str]:
    """Return the numbers of the cases that the list shows, in its order."""
    response = client.get(f"/cases/?{query}")
    assert response.status_code == 200
    return [case.number for case in response.context["object_list"]]


def test_case_list_shows_all_newest_first(client: Client) -> None:
    newest_first = [MOSCOW, KERMAN, UKRAINE, KHASHOGGI, BOSTON, CHAVEZ, EMBASSIES]
    assert numbers(client, "") == newest_first
    assert "All 7 cases" in words(client.get("/cases/"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=alleged_failure_to_warn", {KHASHOGGI}),
        ("kind=alleged_failure_to_warn&kind=policy_origin", {KHASHOGGI, EMBASSIES}),
        ("recipient=united-states", {BOSTON}),
        ("actor=islamic-state", {MOSCOW, KERMAN}),
        ("reception=dismissed", {MOSCOW}),
        ("reception=disbelieved", {CHAVEZ}),
        ("follow_up=unclear", {KERMAN}),
        ("follow_up=none_visible", {MOSCOW}),
        ("follow_up=not_stated", {CHAVEZ, UKRAINE}),
        ("follow_up=inadequate", {BOSTON}),
        ("channel=not_stated", {KERMAN, CHAVEZ, BOSTON}),
        ("channel=public&channel=private", {MOSCOW, UKRAINE}),
        ("incident=attack&kind=warning_given", {MOSCOW, KERMAN}),
        ("relation=adversary&incident=attack", {MOSCOW, KERMAN}),
        ("records_status=requested_no_response", {KHASHOGGI}),
        ("kind=policy_origin&reception=dismissed", set()),
        ("era=before_icd191", {EMBASSIES, CHAVEZ, BOSTON}),
        ("era=after_icd191", {KHASHOGGI, UKRAINE, KERMAN, MOSCOW}),
        ("era=not_stated", set()),
        ("armed_group=islamic-state", {MOSCOW, KERMAN}),
        ("modality=reported", {KERMAN, KHASHOGGI}),
        ("modality=unclear", {KERMAN}),
        ("has_notes=no", {CHAVEZ, UKRAINE}),
        (
            "has_notes=yes&has_notes=no",
            {MOSCOW, KERMAN, CHAVEZ, BOSTON, KHASHOGGI, UKRAINE, EMBASSIES},
        ),
        ("contested=yes", set()),
        ("exception=already-aware", {MOSCOW}),
        ("exception=violent-actor", set()),
        ("assessment=ruled_out", {MOSCOW}),
        ("assessment=officially_invoked", set()),
        ("exception=already-aware&assessment=ruled_out", {MOSCOW}),
        ("exception=not_stated", {KERMAN, CHAVEZ, BOSTON, KHASHOGGI, UKRAINE, EMBASSIES}),
        ("armed_group=not_stated", {CHAVEZ, BOSTON, KHASHOGGI, UKRAINE}),
        ("armed_group=not_stated&kind=alleged_failure_to_warn", {KHASHOGGI}),
        ("actor=not_stated", set()),
        ("issuer=not_stated", set()),
        ("recipient=not_stated", set()),
        ("channel__all=public&channel__all=private", {MOSCOW}),
        ("channel__not=not_stated&kind=warning_given", {MOSCOW}),
        ("actor__not=united-states&kind=warning_given", set()),
        ("kind__not=warning_given&kind__not=policy_origin", {KHASHOGGI, UKRAINE}),
        ("actor__all=islamic-state&actor__all=iran", {KERMAN}),
        ("date_from=2024-02", {MOSCOW}),
        ("date_to=2004", {EMBASSIES, CHAVEZ}),
        ("date_from=2024-01-15&date_to=2024-01-20", {KERMAN}),
        ("date_from=2024-01-15&date_to=2024-01-20&date_match=certain", set()),
        ("date_from=2024-01&date_to=2024-01&date_match=certain", {KERMAN}),
        ("date_from=2013-06-01&date_to=2013-06-30&date_match=possible", {BOSTON}),
        ("country=kenya", {EMBASSIES}),
        ("country__all=kenya&country__all=tanzania", {EMBASSIES}),
        ("role=accused", {KHASHOGGI}),
        ("actor=islamic-state&role=claimant", {MOSCOW, KERMAN}),
        ("actor=islamic-state&role=accused", set()),
        ("actor=islamic-state&actor=united-states&role=accused", {KHASHOGGI}),
        ("precision=year", {KHASHOGGI, BOSTON, CHAVEZ}),
        ("precision=not_stated", set()),
        ("source=daily-true-news&role=accused", {KHASHOGGI}),
        ("speaker=united-states", {MOSCOW, EMBASSIES}),
        ("conduit=embassy_alert", {MOSCOW}),
        ("specificity_who=named", {UKRAINE}),
        ("specificity_place=named&conduit=embassy_alert", {MOSCOW}),
        ("specificity_time=category&conduit=embassy_alert", {MOSCOW}),
        ("country=not_applicable", {CHAVEZ}),
        # All warning filters must match the same warning: Moscow's public one went to US citizens.
        ("channel=public&recipient=russia", {UKRAINE}),
        ("channel=private&recipient=russia", {MOSCOW}),
        ("reception=dismissed&recipient=us-citizens-in-moscow", set()),
    ],
)
def test_case_list_filter_keeps_the_expected_cases(
    client: Client, query: str, expected: set[str]
) -> None:
    assert set(numbers(client, query)) == expected


def test_case_list_contested_finds_the_case_and_only_it(client: Client) -> None:
    claim = Claim.objects.get(case__number=KERMAN, incident__isnull=False, field="deaths")
    claim.pk, claim.sequence, claim.stance = None, 999, "disputes"
    claim.save()
    show(claim.case)
    assert numbers(client, "contested=yes") == [KERMAN]
    assert KERMAN not in numbers(client, "contested=no")
    claim.field = "kind"  # asserted of the incident too, but this one only disputes the case's kind
    claim.incident = None
    claim.save()
    show(claim.case)
    assert numbers(client, "contested=yes") == [KERMAN]
    Claim.objects.filter(
        case__number=KERMAN, incident=None, field="kind", stance="asserts"
    ).delete()
    show(claim.case)
    assert numbers(client, "contested=yes") == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "actor=islamic-state&role=claimant",
            "the actor is “Islamic State”, in the role “Claimed responsibility”",
        ),
        ("role=accused", "an actor has the role “Accused of not warning”"),
        ("assessment=argued", "an exception has the assessment “Argued”"),
        (
            "exception=already-aware&assessment=argued&assessment=withheld",
            "the exception is “E.3.a Already aware”, with the assessment “Argued” or “Withheld”",
        ),
        ("assessment__not=argued", "no exception has the assessment “Argued”"),
        ("role__not=accused", "no actor has the role “Accused of not warning”"),
        ("country=not_stated", "an incident has no stated country"),
        ("speaker__not=not_stated", "every claim has a named speaker"),
        ("precision=month", "the precision of the date is “Month”"),
        ("specificity_time=category", "the specificity about the time is “Kind only”"),
        (
            "conduit=embassy_alert&specificity_place=named",
            "the conduit is “Embassy alert” and the specificity about the place is “Named”, by the",
        ),
    ],
)
def test_case_list_says_in_words_what_is_asked(client: Client, query: str, sentence: str) -> None:
    assert sentence in client.get(f"/cases/?{query}").context["sentence"]


def test_case_list_labels_specificity_as_what_it_is(client: Client) -> None:
    page = words(client.get("/cases/?specificity_who=category"))
    assert "How specific: who — Kind only" in page
    sheet = words(client.get("/cases/moscow-concert-hall-2024/"))
    assert "How specific: who" in sheet
    assert "Who was to attack" not in sheet


def test_case_list_new_facets_are_folded(client: Client) -> None:
    text = client.get("/cases/").text
    for name in ("role", "country", "speaker", "source", "conduit", "precision"):
        assert f'<details id="facet-{name}">' in text
    assert '<details id="facet-role" open>' in client.get("/cases/?role=accused").text


def test_table_has_columns_for_country_and_specificity(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case_index.current()  # made once a process
    query = "view=table&column=country&column=specificity_place"
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        rows = client.get(f"/cases/?{query}").context["rows"]
    assert [variable.name for variable, _ in rows[0].cells.values] == [
        "specificity_place",
        "country",
    ]
    (russia,) = rows[0].cells.values[1][1]
    assert russia.reading.text == "Russia"
    compared = client.get("/matrix/?column=country&case=embassies-1998").context["rows"][0]
    texts = [entry.reading.text for _, entries in compared.cells for entry in entries]
    assert texts == ["Kenya", "Tanzania"]


def test_case_list_exception_finds_what_is_known_not_what_is_not_reported(client: Client) -> None:
    assessment = ExceptionAssessment.objects.create(
        case=Case.objects.get(number=KHASHOGGI),
        exception=DirectiveException.objects.get(slug="violent-actor"),
        status="not_reported",
    )
    show(assessment.case)
    assert numbers(client, "exception=violent-actor") == []
    ExceptionAssessment.objects.filter(pk=assessment.pk).update(status="withheld")
    show(assessment.case)
    assert numbers(client, "exception=violent-actor") == [KHASHOGGI]


def test_case_list_undated_case_matches_no_range_but_has_an_era_of_its_own(client: Client) -> None:
    Claim.objects.filter(incident__case__number=KHASHOGGI).delete()
    Incident.objects.filter(case__number=KHASHOGGI).delete()
    case = Case.objects.get(number=KHASHOGGI)
    case.save()
    show(case)
    assert KHASHOGGI not in numbers(client, "date_from=0001&date_to=9999")
    assert numbers(client, "era=not_stated") == [KHASHOGGI]


def test_case_list_empty_fields_of_the_form_leave_the_address(client: Client) -> None:
    response = client.get("/cases/?date_from=&kind=&kind=policy_origin&date_match=&page=&q=é&q=")
    assert response["Location"] == "/cases/?kind=policy_origin&q=%C3%A9"
    assert client.get("/cases/?date_from=&page=")["Location"] == "/cases/"
    assert client.get("/matrix/?date_from=&era=after_icd191")["Location"] == (
        "/matrix/?era=after_icd191"
    )


def test_case_list_forms_of_a_parameter_are_chips_and_survive_the_form(client: Client) -> None:
    response = client.get("/cases/?channel__not=not_stated&date_from=2024")
    chips = {chip.text: chip.without for chip in response.context["active"]}
    assert chips == {
        "not: Not stated": "date_from=2024",
        "2024": "channel__not=not_stated",
    }
    assert '<input type="hidden" name="channel__not" value="not_stated">' in response.text


def test_case_list_filter_in_force_is_a_chip_that_takes_it_away(client: Client) -> None:
    response = client.get("/cases/?reception=dismissed&kind=warning_given&page=1")
    chips = {chip.text: chip.without for chip in response.context["active"]}
    assert chips == {
        "Dismissed": "kind=warning_given",
        "Warning given": "reception=dismissed",
    }
    assert "1 of 7 cases" in words(response)


@pytest.mark.parametrize(
    ("query", "sentence", "cleaned"),
    [
        ("colour=red", "There is no parameter “colour”", ""),
        (
            "kind=nonsense",
            "“nonsense” is not a value of “kind”, which has: warning_given, "
            "alleged_failure_to_warn, strategic_disclosure, policy_origin.",
            "",
        ),
        ("channel=withheld&channel=x", "“channel”, which has: public, private, not_stated.", ""),
        ("channel=withheld&channel=x", "“x” is not a value of “channel”.", ""),
        ("actor=islamic-stat", "not a value of “actor”; perhaps “islamic-state” is meant.", ""),
        ("column=recipients", "value of “column”; perhaps “recipient” is meant.", ""),
        ("followup=acted", "no parameter “followup”; perhaps “follow_up” is meant.", ""),
        ("kind=policy_origin&kind=x", "“x” is not a value of “kind”", "kind=policy_origin"),
        ("actor=nobody", "“nobody” is not a value of “actor”.", ""),
        ("kind__some=x", "There is no parameter “kind__some”", ""),
        ("kind__not=x", "“x” is not a value of “kind__not”", ""),
        ("date_from=Friday", "“date_from” is a year, a month or a day", ""),
        ("date_to=/2024", "“date_to” is a year, a month or a day", ""),
        # Of what spans more, only one end would count.
        ("date_from=2014/2024", "“date_from” is a year, a month or a day", ""),
        ("date_to=2013~", "“2013~” is none of these", ""),
        ("date_to=20XX", "“20XX” is none of these", ""),
        ("date_from=2024-02-30", "“date_from” is “2024-02-30”. There is no 30 February.", ""),
        ("date_match=maybe", "“date_match” is “possible” or “certain”", ""),
        (
            "date_from=2024&date_to=2023&sort=date",
            "“date_from” (2024) is after “date_to” (2023).",
            "sort=date",
        ),
        ("sort=size", "cannot be sorted by “size”; “sort” is", ""),
        ("page=0", "“page” is a whole number from 1", ""),
        ("page=two", "“page” is a whole number from 1", ""),
        ("page=99", "There is no page 99; the last one, page 1, is shown", "page=1"),
        ("per_page=1000", "“per_page” is a whole number from 1 to 100", ""),
    ],
)
def test_case_list_says_what_it_ignored_and_offers_the_mended_address(
    client: Client, query: str, sentence: str, cleaned: str
) -> None:
    response = client.get(f"/cases/?{query}")
    assert sentence in words(response)
    assert response.context["query"].cleaned == cleaned
    assert not [chip for chip in response.context["active"] if chip.value in query.split("=")[-1:]]


def test_case_list_looks_for_the_nearest_spelling_of_few_things(client: Client) -> None:
    told = client.get("/cases/?" + "&".join(f"chanel{n}=public" for n in range(9))).context
    assert sum("perhaps “channel”" in notice for notice in told["query"].notices) == 3


def test_notice_is_as_true_of_a_file_that_is_refused_as_of_the_page(client: Client) -> None:
    address = "channel=withheld&bogus=1&date_from=yesterday&sort=size&view=x&page=0&per_page=0&q=-x"
    notices = client.get(f"/cases/?{address}").context["query"].notices
    assert len(notices) == 8
    assert client.get(f"/cases.json?{address}").json()["errors"] == notices
    told = " ".join(notices)
    assert not [word for word in ("ignored", "shown", "used") if word in told], told


def test_case_list_reads_only_so_many_values_of_all_filters(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_form, "MAX_IN_ALL", 3)
    few = "kind=policy_origin&reception=dismissed&era__not=not_stated"
    read = client.get(f"/cases/?{few}&incident=attack&incident=averted").context["query"]
    assert read.cleaned == few
    assert read.notices == ["Only the first 3 values of all filters count, of 5."]
    assert client.get(f"/cases/?{few}").context["query"].notices == []


def test_case_list_understood_address_has_no_notice(client: Client) -> None:
    page = words(client.get("/cases/?kind=policy_origin&sort=title&page=1&per_page=5"))
    assert "could not be used" not in page


@pytest.mark.parametrize(
    ("sort", "first"),
    [("date", EMBASSIES), ("-date", MOSCOW)],
)
def test_case_list_sort_orders_the_cases(client: Client, sort: str, first: str) -> None:
    assert numbers(client, f"sort={sort}")[0] == first


def test_case_list_sort_by_title_is_alphabetical(client: Client) -> None:
    titles = [case.title for case in client.get("/cases/?sort=title").context["object_list"]]
    assert titles == sorted(titles)


def test_case_list_pages_keep_the_filters(client: Client) -> None:
    response = client.get("/cases/?kind=warning_given&per_page=2&page=2")
    assert len(response.context["object_list"]) == 2
    assert "kind=warning_given&amp;per_page=2&amp;page=1" in response.text


def test_case_list_empty_result_offers_a_way_back(client: Client) -> None:
    page = words(client.get("/cases/?kind=policy_origin&reception=dismissed"))
    assert "No case matches all of these filters." in page
    assert "No case matches this search." in words(client.get("/matrix/?q=nosuchword"))
    assert "see all 7 cases" in page


def test_case_list_leaves_out_what_is_not_published(client: Client) -> None:
    Case.objects.filter(number=KERMAN).update(status="draft")
    assert KERMAN not in numbers(client, "")
    assert "All 6 cases" in words(client.get("/cases/"))


def test_case_list_many_values_are_cut_with_a_notice(client: Client) -> None:
    query = "&".join(f"kind=x{number}" for number in range(500))
    response = client.get(f"/cases/?{query}&kind=policy_origin")
    assert "Only the first 40 values of “kind” count, of 501." in words(response)
    assert len(response.content) < 88_000


def test_case_list_every_actor_chosen_asks_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    query = "&".join(f"actor={slug}" for slug in Actor.objects.values_list("slug", flat=True))
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        client.get(f"/cases/?{query}")


def test_case_list_form_keeps_the_sort_and_the_page_size(client: Client) -> None:
    text = client.get("/cases/?sort=title&per_page=5&page=2").text
    assert '<input type="hidden" name="sort" value="title">' in text
    assert '<input type="hidden" name="per_page" value="5">' in text


QUERIES_OF_THE_LIST = 7
"""The records of the cases on the page; the version of the dataset, four times; and what is cached
by it: the passages that notes about no case challenge, and whether there are synthetic cases."""

QUERIES_OF_A_SEARCH = 10
"""How far the search index is; what matches anywhere, in titles, and in the cases themselves; what
other words find, if these find few cases, likewise; directives, sources and actors with the words;
the passages."""


def test_case_list_search_asks_ten_queries_more(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST + QUERIES_OF_A_SEARCH):
        client.get("/cases/?q=concert+hall")


def test_case_list_by_weak_firmness_asks_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        client.get("/cases/?modality=inferred&modality=reported")


@pytest.mark.parametrize("query", ["", "per_page=1", "kind=warning_given", "view=table"])
def test_case_list_queries_do_not_grow_with_the_cases(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        client.get(f"/cases/?{query}")


@tried(15)
@given(
    st.dictionaries(
        st.sampled_from(["kind", "actor", "page", "per_page", "sort", "channel"]) | st.text(),
        st.text(),
        max_size=4,
    )
)
def test_case_list_any_query_string_answers_200(client: Client, query: dict[str, str]) -> None:
    # Surrogates cannot be encoded; browsers send a replacement for them too.
    address = f"/cases/?{urlencode(query, errors='replace')}"
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize(
    "raw",
    ["kind=%00", "%ff=%fe", "page=%F0%9F%99%82", "actor=%ed%a0%80", "a=" + "x" * 9000, "&&=&"],
)
def test_case_list_raw_bytes_answer_200(client: Client, raw: str) -> None:
    assert client.get(f"/cases/?{raw}", follow=True).status_code == 200
