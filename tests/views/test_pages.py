"""The other public pages, as a reader sees them."""

from __future__ import annotations

import csv
import gc
import io
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from cases.evidence.values import label_of_path
from cases.finding.claim_filter import PublicClaim, claims_of_source, reading_order
from cases.finding.facets import Facet
from cases.finding.facets import facet as facet_of
from cases.finding.filters import Choice
from cases.finding.public_notes import notes_by_evidence, notes_by_source
from cases.finding.query_string import Query
from cases.index import case_index
from cases.index.public_names import only_public
from cases.models import Actor, Case, Claim, DirectiveException, ExceptionAssessment, Note, Source
from cases.models.vocabulary import Modality
from cases.presentation import roles_of_actor
from cases.presentation.figures import Figures
from cases.views import actors, site, sources, styleguide
from tests.support.factories import (
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_note,
    make_source,
    show,
    show_all,
)
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]


def test_home_says_what_it_is_and_over_how_many_cases_it_counts(client: Client) -> None:
    response = client.get("/")
    page = words(response)
    assert "disputed chain of claims" in page
    order = [
        response.text.index(f'id="{name}"') for name in ("featured", "shows", "map", "reading")
    ]
    assert order == sorted(order)  # the key of the marks comes after the first facts
    assert "deaths sum to at least 227, over 3 of 7 cases" in page
    for modality in Modality:
        assert modality.label in page


def test_home_without_any_case_still_reads(client: Client) -> None:
    Case.objects.update(status="draft")
    assert "No case is published yet." in words(client.get("/"))


def test_home_without_a_directive_speaks_of_no_exceptions(client: Client) -> None:
    assert "unless one of six exceptions applies" in words(client.get("/"))
    Note.objects.all().delete()
    Claim.objects.exclude(assessment=None).delete()
    ExceptionAssessment.objects.all().delete()
    DirectiveException.objects.all().delete()
    assert "exceptions applies" not in words(client.get("/"))


def test_home_and_about_count_the_exceptions_of_icd_191_alone(client: Client) -> None:
    make_exception(directive=make_directive(code="Rule 2"))
    assert "unless one of six exceptions applies" in words(client.get("/"))
    assert "unless one of its six exceptions applies" in words(client.get("/about/"))


@pytest.mark.slow
def test_home_leads_to_sections_that_are_there(client: Client) -> None:
    main = client.get("/").text.partition("<main")[2].partition("</main>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)', main)):
        assert client.get(address).status_code == 200, address


def test_actor_page_lists_cases_of_its_affiliates(client: Client) -> None:
    page = words(client.get("/actors/islamic-state/"))
    assert "Claimed responsibility" in page
    assert "DTW-0001" in page
    assert "DTW-0002" in page
    assert "through" in page


def test_actor_list_counts_the_cases_of_what_belongs_to_an_actor(client: Client) -> None:
    page = words(client.get("/actors/"))
    assert "Islamic State 2 cases" in page
    assert "Iran 1 case " in page  # through its officials
    assert "Kenya Russia" in page  # where something happened, and no more


def test_actor_list_defines_each_kind(client: Client) -> None:
    assert "Armed group A non-state organisation that uses violence." in words(
        client.get("/actors/")
    )


def test_actor_page_says_what_it_is_and_defines_its_roles(client: Client) -> None:
    page = words(client.get("/actors/islamic-state/"))
    assert "Kind Armed group" in page
    assert "Also known as IS, ISIS" in page
    assert "Includes Islamic State’s affiliate in Afghanistan" in page
    assert "Claimed responsibility The group or state that said it was behind the incident." in page
    assert "DTW-0001 · Warning given · 22 March 2024 · through Islamic State’s affiliate" in page


def test_actor_page_gives_issuers_and_recipients_from_the_warnings(client: Client) -> None:
    assert "Recipient of a warning" in words(client.get("/actors/russia/"))
    page = words(client.get("/actors/federal-security-service/"))
    assert "Issuer of a warning" in page
    assert "DTW-0004" in page


def test_actor_page_leaves_out_unpublished_cases(client: Client) -> None:
    Case.objects.filter(number="DTW-0002").update(status="draft")
    assert "DTW-0002" not in words(client.get("/actors/islamic-state/"))


def test_actor_and_source_of_drafts_only_are_not_public(client: Client) -> None:
    Actor.objects.create(slug="secret-agent", name="Secret Agent", kind="individual")
    Source.objects.create(slug="secret-memo", title="Secret memo", kind="other")
    for address in ("/actors/", "/sources/", "/cases/", "/notes/"):
        assert "Secret" not in client.get(address).text
    assert client.get("/actors/secret-agent/").status_code == 404
    assert client.get("/sources/secret-memo/").status_code == 404


def test_actor_page_former_slug_redirects(client: Client) -> None:
    actor = Actor.objects.get(slug="al-qaeda")
    actor.slug = "al-qaida"
    actor.save()
    show_all()
    assert client.get("/actors/al-qaeda/")["Location"] == "/actors/al-qaida/"


def test_exceptions_page_shows_ground_status_wording_and_blind_spot(client: Client) -> None:
    page = words(client.get("/exceptions/"))
    for exception in DirectiveException.objects.all():
        assert exception.code in page
        assert exception.title in page
    assert "¶13" in page
    assert "Not mentioned" in page
    assert "“remain unknown” (¶15)" in page


ORIGIN = "It is a rewritten copy of a report by Ellen Knickmeyer of the Associated Press"


@pytest.mark.parametrize("address", ["/about/", "/sources/daily-true-news/"])
def test_page_says_where_the_article_comes_from_and_leads_to_the_note(
    client: Client, address: str
) -> None:
    page = client.get(address)
    before, _, after = page.text.partition(ORIGIN)
    assert after
    link = before.rpartition('href="')[2].partition('"')[0]
    assert link.removeprefix("/sources/daily-true-news/") == "#article-rewrites-ap-report"


def test_source_leads_to_what_it_is_derived_from_if_that_has_a_page(client: Client) -> None:
    article = Source.objects.get(slug="daily-true-news")
    hidden = make_source(title="An agency’s report")
    for origin, is_linked in (
        (Source.objects.get(slug="ap-duty-to-warn-2024"), True),
        (hidden, False),
    ):
        article.derived_from = origin
        article.save()
        page = client.get("/sources/daily-true-news/")
        assert f"Derived from {origin}" in words(page)
        particulars = page.text.partition('<dl class="particulars">')[2].partition("</dl>")[0]
        assert (origin.get_absolute_url() in particulars) is is_linked


def test_about_says_how_many_claims_come_from_the_article(client: Client) -> None:
    count = Claim.objects.count()
    assert f"All {count} claims are drawn from it" in words(client.get("/about/"))
    make_claim(Case.objects.get(number="DTW-0001"))
    told = f"Of the {count + 1} claims, {count} are drawn from it."
    assert told in words(client.get("/about/"))


def test_exception_page_without_case_says_so(client: Client) -> None:
    page = words(client.get("/exceptions/violent-actor/"))
    assert "No case in this collection reports that it was invoked." in page
    assert "remain unknown" in page


def test_exception_page_with_case_leads_to_it(client: Client) -> None:
    ExceptionAssessment.objects.create(
        case=Case.objects.get(number="DTW-0005"),
        exception=DirectiveException.objects.get(slug="violent-actor"),
        status="withheld",
    )
    show_all()
    page = words(client.get("/exceptions/violent-actor/"))
    assert "Withheld" in page
    assert "No case in this collection reports that it was invoked." in page
    ExceptionAssessment.objects.update(status="officially_invoked")
    show_all()
    assert "No case in this collection" not in words(client.get("/exceptions/violent-actor/"))


def test_source_page_lists_claims_in_paragraph_order(client: Client) -> None:
    response = client.get("/sources/daily-true-news/")
    locators = [locator for locator, _ in response.context["paragraphs"]]
    assert locators == sorted(locators, key=reading_order)
    assert len(set(locators)) == len(locators)
    assert sum(len(claims) for _, claims in response.context["paragraphs"]) > 100


def test_source_page_sets_claims_beside_their_paragraph_by_case(client: Client) -> None:
    text = client.get("/sources/daily-true-news/").text
    part = text[text.index('<section class="paragraph" id="18">') :].partition("</section>")[0]
    assert part.count("US warning to Iran before the bombings in Kerman, 2024") == 1
    assert 'href="/cases/kerman-2024/#incident-1-deaths">Incident 1, deaths</a>' in part
    assert "95 people</q>" in part
    assert "Islamic State (Claimed responsibility)</a>" in part  # a role is meant as a whole


def test_source_page_leads_to_each_paragraph_it_shows(client: Client) -> None:
    text = client.get("/sources/daily-true-news/").text
    places = text[text.index('<nav class="places"') :].partition("</nav>")[0]
    named = re.findall(r'href="#([^"]+)"', places)
    assert named == re.findall(r'<section class="paragraph" id="([^"]+)"', text)
    assert "h" in named
    assert "18" in named


def test_source_page_keeps_what_a_claim_disputes_apart(client: Client) -> None:
    case = Case.objects.get(number="DTW-0002")
    source = Source.objects.create(slug="denial", title="A denial", kind="press")
    make_claim(case, "incident-1.deaths", source=source, stance="disputes", gist="It was fewer.")
    page = words(client.get("/sources/denial/"))
    assert "Incident 1, deaths It was fewer. Stated Disputes" in page
    assert 'class="places"' not in client.get("/sources/denial/").text  # of one paragraph


def unclaimed(client: Client, slug: str) -> list[str]:
    """Return the words of each entry of the section on paragraphs without a claim."""
    section = client.get(f"/sources/{slug}/").text.partition('<h2 id="unclaimed">')[2]
    entries = re.findall(r"<dt.*?</dd>", section.partition("</dl>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", entry).split()) for entry in entries]


def test_source_page_of_the_article_says_why_paragraphs_have_no_claim(client: Client) -> None:
    entries = unclaimed(client, "daily-true-news")
    assert [entry.split()[0] for entry in entries] == ["¶2", "¶8", "¶13", "¶15"]
    assert "No reason given." not in " ".join(entries)


def test_source_page_finds_the_paragraphs_without_a_published_claim(client: Client) -> None:
    source = make_source(paragraphs=9, paragraphs_without_claims="¶1: General.\n¶2: Repeats.")
    case = Case.objects.get(number="DTW-0002")
    make_claim(case, source=source, locator="¶2, ¶4–5")
    make_claim(make_case(), "kind", source=source, locator="¶9")
    assert unclaimed(client, source.slug) == [
        "¶1 General.",
        "¶3 No reason given.",
        "¶6–9 No reason given.",
    ]
    Source.objects.filter(pk=source.pk).update(paragraphs=None)
    assert unclaimed(client, source.slug) == []


def test_source_page_without_an_address_says_so(client: Client) -> None:
    assert "Address Not stated" in words(client.get("/sources/daily-true-news/"))
    assert "Address https://" in words(client.get("/sources/ap-duty-to-warn-2024/"))


def test_source_page_without_an_archived_address_says_why_it_has_none(client: Client) -> None:
    case = make_case(published=True)
    source = make_source(url="https://a.example/", archiving="cannot_be_archived")
    make_claim(case, source=source)
    assert "Archived Cannot be archived" in words(client.get(source.get_absolute_url()))


def test_source_page_prints_a_sentence_once_with_all_values_it_supports(client: Client) -> None:
    case = Case.objects.get(number="DTW-0002")
    source = Source.objects.create(slug="wire", title="A wire", kind="press")
    sentence = {"source": source, "locator": "¶1", "gist": "A warning was given."}
    make_claim(case, "warning-1.issuer", modality="reported", **sentence)
    make_claim(case, "warning-1.date", modality="inferred", **sentence)
    make_claim(case, "warning-1.recipients", modality="reported", **sentence)
    page = words(client.get("/sources/wire/"))
    assert "Warning 1, issuer Warning 1, recipients A warning was given. Reportedly" in page
    assert "Warning 1, date A warning was given. The editors Inferred" in page
    assert page.count("A warning was given.") == 2


def test_reading_order_puts_the_headline_first_and_counts_numbers() -> None:
    locators = ["¶10", "p. 2", "¶9", "H", "passim", "¶9, ¶11"]
    assert sorted(locators, key=reading_order) == ["H", "p. 2", "¶9", "¶9, ¶11", "¶10", "passim"]


def test_notes_page_is_narrowed_by_kind(client: Client) -> None:
    assert "Contradiction" in words(client.get("/notes/?kind=contradiction"))
    shown = client.get("/notes/?kind=contradiction").context["object_list"]
    assert {public.note.kind for public in shown} == {"contradiction"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [("kind", {"contradiction"}), ("kind__all", {"contradiction"})],
)
def test_notes_page_takes_the_forms_of_a_filter(
    client: Client, form: str, expected: set[str]
) -> None:
    shown = client.get(f"/notes/?per_page=100&{form}=contradiction").context["object_list"]
    assert {public.note.kind for public in shown} == expected


def test_notes_page_leaves_kinds_out_and_finds_none_of_two_at_once(client: Client) -> None:
    criteria = "/notes/?per_page=100&kind__not=contradiction&kind__not=correction"
    kinds = {public.note.kind for public in client.get(criteria).context["object_list"]}
    assert kinds
    assert not kinds & {"contradiction", "correction"}
    both = client.get("/notes/?kind__all=contradiction&kind__all=correction")
    assert not both.context["object_list"]


@pytest.mark.slow
def test_notes_page_names_the_value_of_each_note_on_a_case_and_leads_to_it(client: Client) -> None:
    text = client.get("/notes/?per_page=100").text
    for note in Note.objects.exclude(case=None).exclude(field=""):
        page = client.get(note.case.get_absolute_url()).text
        told = re.search(
            rf'id="{note.slug}">.*?<p class="note-about">On <a href="([^"]*)#([^"]*)">([^<]*)</a>',
            text,
            re.DOTALL,
        )
        assert told
        assert told[1] == note.case.get_absolute_url()
        assert f' id="{told[2]}"' in page
        assert f">{told[3]}<" in page.replace("The case, requests", "Requests")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("warning-2.place_specificity", "Warning 2, how specific: place"),
        ("incident-1.deaths", "Incident 1, deaths"),
        ("records_status", "Requests for records"),
        ("incident-1", "Incident 1"),
        ("intended-victim-hugo-chavez", "Intended victim"),
        ("exception-no-way.status", "Exception no way, status"),
        ("warning-1.lost_since", "Warning 1, lost since"),
    ],
)
def test_path_of_a_value_is_put_into_words(path: str, text: str) -> None:
    assert label_of_path(path) == text


def test_notes_page_leaves_out_notes_on_unpublished_cases(client: Client) -> None:
    Case.objects.filter(number="DTW-0002").update(status="draft")
    shown = client.get("/notes/").context["object_list"]
    assert not [note for note in shown if note.case and note.case.number == "DTW-0002"]


@pytest.mark.parametrize("address", ["/", "/about/", "/matrix/", "/cases/kerman-2024/"])
def test_key_of_certainty_says_what_a_quotation_is_certain_about(
    client: Client, address: str
) -> None:
    assert "“Quoted” is certain about the words, not about the thing said" in words(
        client.get(address)
    )


def test_about_says_what_the_collection_cannot_tell(client: Client) -> None:
    page = words(client.get("/about/"))
    assert "What this collection cannot tell" in page
    assert "“remain unknown” (¶15)" in page


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ("/actors/?kind=place", "“place” is not a value of “kind”"),
        ("/actors/?q=%3F!", "“q” has no letter or figure that could be searched for."),
        ("/sources/?page=2", "There is no page 2; the last one, page 1, is shown."),
        ("/sources/daily-true-news/?page=x", "“page” is a whole number from 1 up."),
        ("/sources/daily-true-news/?page=9", "There is no page 9; the last one, page 1, is shown."),
        ("/sources/daily-true-news/?q=x", "There is no parameter “q”."),
    ],
)
def test_page_says_what_of_its_address_it_ignored(
    client: Client, address: str, notice: str
) -> None:
    assert notice in words(client.get(address))
    assert "could not be used" not in words(client.get(address.partition("?")[0]))


@pytest.mark.parametrize("address", ["/nowhere/", "/cases/nothing/", "/actors/x/", "/sources/y/"])
def test_wrong_address_is_a_helpful_404(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "There is no page at this address" in response.text
    assert 'href="/cases/"' in response.text


@pytest.mark.once
def test_security_txt_has_the_contact_of_the_settings(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    page = client.get("/.well-known/security.txt")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert page.text.startswith("Contact: mailto:security@example.org\nExpires: 20")


def test_favicon_by_its_customary_name_leads_to_the_mark(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/images/mark.svg"


@pytest.mark.parametrize(
    ("address", "queries"),
    # Each page asks for the version of the dataset: for its ETag, and for the notice on synthetic
    # cases.
    [
        (
            "/",
            15,
        ),  # version of the dataset; latest changes: three kinds, 3, their records and those
        # before; the featured case; its exceptions, directives and actors for the pictures
        ("/actors/", 6),  # actors; version of the dataset three times more: who is public twice,
        # counts
        (
            "/actors/united-states/",
            10,
        ),  # the actor; what belongs to it; records of the cases shown,
        # of those with the passages and of those whose chains are drawn; version of the dataset
        # three times more
        ("/exceptions/", 7),  # version of the dataset twice; directives, their exceptions and
        # notes; records of the cases
        ("/exceptions/violent-actor/", 6),  # exception, notes, siblings; version of the dataset
        ("/sources/", 8),  # version of the dataset three times more; which match, their kinds, page
        ("/sources/daily-true-news/", 10),  # the source; records of its cases for the filters and
        # for the page; version of the dataset five times more
        ("/notes/", 6),  # sources for the filter; version of the dataset three times more
        ("/codebook/", 3),  # version of the dataset once more: how often each value occurs
        (
            "/about/",
            9,
        ),  # exceptions; notes on the article, records of its cases; version of the dataset
        # four times more
    ],
)
def test_page_queries_are_constant(
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
) -> None:
    case_index.current()  # made once a process, as the list of notes is
    notes_by_source(), notes_by_evidence()
    client.get("/")  # its counts and pictures are made once a version of the dataset
    with django_assert_max_num_queries(queries):
        client.get(address)


def test_actor_page_shows_the_newest_cases_of_a_role_and_leads_to_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles_of_actor, "MAX_CASES", 1)
    response = client.get("/actors/united-states/")
    role = response.context["roles"][0]
    assert (role.total, [shown.case.number for shown in role.cases]) == (4, ["DTW-0001"])
    assert response.text.count('href="/cases/?issuer=united-states"') == 2
    assert "All 4 in the list: Issuer of a warning" in words(response)


def test_actor_page_lists_the_cases_of_incidents_there(client: Client) -> None:
    response = client.get("/actors/kenya/")
    (role,) = response.context["roles"]
    assert role.label == "Place of an incident"
    assert [shown.case.number for shown in role.cases] == ["DTW-0007"]
    assert 'href="/cases/?country=kenya"' in response.text
    assert 'href="/cases/?actor=kenya"' not in response.text
    Case.objects.filter(number="DTW-0007").update(status="draft")
    assert client.get("/actors/kenya/").status_code == 404


@pytest.mark.slow
def test_actor_page_leads_to_the_cases_of_each_role_in_the_list(client: Client) -> None:
    for slug in ("united-states", "islamic-state", "iran", "kenya"):
        roles = client.get(f"/actors/{slug}/").context["roles"]
        assert roles
        for role in roles:
            found = client.get(f"/cases/?{role.query}").context
            assert found["query"].notices == []
            assert found["paginator"].count == role.total, role.query


def test_place_that_belongs_to_another_actor_has_no_list_of_its_own(client: Client) -> None:
    alliance = Actor.objects.create(slug="alliance", name="Alliance", kind="collective")
    Actor.objects.filter(slug="kenya").update(parent=alliance)
    (role,) = client.get("/actors/alliance/").context["roles"]
    assert (role.total, role.query) == (1, "")


def test_actor_page_shows_the_passages_of_the_newest_cases_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "in which it is a speaker" not in words(client.get("/actors/us-officials/"))
    monkeypatch.setattr(actors, "MAX_PASSAGES", 1)
    response = client.get("/actors/us-officials/")
    assert "These are 1 passage, those of the newest cases first." in words(response)
    assert [said.case.number for said in response.context["statements"]] == ["DTW-0001"]
    assert "The case in which it is a speaker" in words(response)
    assert client.get("/cases/?speaker=us-officials").context["paginator"].count == 1


@pytest.mark.parametrize("slug", ["us-officials", "united-states"])
def test_actor_page_lists_no_inference_of_the_editors_as_a_statement(
    client: Client, slug: str
) -> None:
    response = client.get(f"/actors/{slug}/")
    assert "inferred" not in {each.claim.modality for each in response.context["statements"]}
    assert "We infer" not in words(response)
    assert "Attributed In the words of the source: “" in words(response)


def test_actor_page_without_a_statement_says_that_editors_infer(client: Client) -> None:
    Claim.objects.filter(speaker__slug="us-officials").update(modality="inferred")
    show_all()
    page = words(client.get("/actors/us-officials/"))
    assert "Statements attributed to it" not in page
    assert "Inferences of the editors from what it said" in page


def test_source_page_tells_its_own_words_from_those_of_a_speaker(client: Client) -> None:
    page = words(client.get("/sources/daily-true-news/"))
    assert "In the words of the source: intended to intimidate Russians" in page
    assert "The editors, from what Vladimir Putin said, 19 March 2024 Inferred" in page
    assert "of the source: We did that" not in page  # which is quoted
    assert "of the source: a remarkably specific warning" not in page  # in its own voice


def test_actor_page_folds_what_belongs_to_it_beyond_the_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = client.get("/actors/united-states/").context["children"]
    assert len(children) > 1
    monkeypatch.setattr(actors, "MAX_CHILDREN", 1)
    response = client.get("/actors/united-states/")
    assert response.context["children"] + response.context["more_children"] == children
    assert f"{len(children) - 1} more" in words(response)


@pytest.mark.slow
def test_source_page_is_paged_and_takes_any_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get("/sources/daily-true-news/").context["paragraphs"]
    monkeypatch.setattr(sources, "CLAIMS_A_PAGE", 60)
    shown = []
    for number in (1, 2, 3):
        response = client.get(f"/sources/daily-true-news/?page={number}")
        shown += [claim for _, claims in response.context["paragraphs"] for claim in claims]
    assert shown == [claim for _, claims in whole for claim in claims]
    for page in ("0", "x", "99", "%00"):
        assert client.get(f"/sources/daily-true-news/?page={page}").status_code == 200


def test_source_list_counts_cases_and_notes_apart(client: Client) -> None:
    source = Source.objects.create(slug="both", title="Both", kind="press")
    case = Case.objects.get(number="DTW-0002")
    for _ in range(3):
        make_claim(case, source=source)
        make_note(case, evidence=source)
    draft = make_case()
    make_claim(draft, source=source)
    make_note(draft, evidence=source)
    listed = client.get("/sources/").context["sources"]
    assert [counts for one, *counts in listed if one == source] == [[1, 3]]


def test_thousands_are_parted_by_commas_wherever_cases_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Figures(13_087, 21_000, 340_001, 5_678, 4_321)
    for module in (site, styleguide):
        monkeypatch.setattr(module, "collection_figures", lambda: many)
    monkeypatch.setattr(case_index.CaseIndex, "counts", lambda *_: {"united-states": 1_724})
    paged = {
        "page_obj": Paginator(range(50_000), 25).page(1_112),
        "query": Query(QueryDict()),
    }
    shown = (
        *(client.get(address).text for address in ("/", "/about/", "/actors/")),
        render_to_string(
            "case_list/_downloads.html", {"paginator": {"count": 1_950}, "max_in_workbook": 1_000}
        ),
        render_to_string("shared/_pager.html", paged, RequestFactory().get("/")),
    )
    for text, counts in zip(
        shown,
        [("13,087", "5,678", "4,321"), ("13,087", "340,001"), ("1,724",), ("1,950",), ("2,000",)],
        strict=True,
    ):
        said = " ".join(re.sub(r"<[^>]*>", " ", text).split())
        assert all(count in said for count in counts), counts
        assert not re.search(r"\b[0-9]{5,}\b|13087|1724|1950|2000", said)


def actors_listed(client: Client, query: str = "") -> list[str]:
    """Return the slugs of the actors that a page of the list shows, in order."""
    groups = client.get(f"/actors/?{query}").context["groups"]
    return [actor.slug for _, members in groups for actor, _ in members]


def test_actor_list_is_paged_in_a_stable_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = actors_listed(client)
    monkeypatch.setattr(actors, "ACTORS_A_PAGE", 15)
    pages = client.get("/actors/").context["page_obj"].paginator.num_pages
    assert pages > 1
    shown = [
        slug for number in range(1, pages + 1) for slug in actors_listed(client, f"page={number}")
    ]
    assert shown == whole
    assert f"{len(whole)} actors, 1 to 15 on this page." in words(client.get("/actors/"))


def test_actor_list_is_searched_by_name_and_alias_and_narrowed_by_kind(client: Client) -> None:
    assert actors_listed(client, "q=DAESH") == ["islamic-state"]
    assert "hugo-chavez" in actors_listed(client, "q=CHAVEZ")
    assert actors_listed(client, "q=state+islam") == ["islamic-state", "islamic-state-afghanistan"]
    states = actors_listed(client, "kind=state")
    assert set(states) == {one.slug for one in only_public(Actor.objects.filter(kind="state"))}
    response = client.get("/actors/?q=iran&kind=state")
    assert f"1 of {len(actors_listed(client))} actors" in words(response)
    assert '<input type="hidden" name="kind" value="state">' in response.text
    assert "No actor matches." in words(client.get("/actors/?q=nobody"))
    assert client.get("/actors/?q=&kind=state")["Location"] == "/actors/?kind=state"


def test_source_list_is_paged_searched_and_narrowed_by_kind(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(query: str) -> list[Source]:
        return list(client.get(f"/sources/?{query}").context["page_obj"])

    whole = listed("")
    assert [source.slug for source in listed("q=TRUE+news")] == ["daily-true-news"]
    assert {source.kind for source in listed("kind=court")} == {"court"}
    assert f"1 of {len(whole)} sources" in words(client.get("/sources/?q=true+news"))
    assert "No source matches." in words(client.get("/sources/?q=nothing-has-this"))
    monkeypatch.setattr(sources, "SOURCES_A_PAGE", 4)
    assert listed("page=1") + listed("page=2") == whole[:8]


def test_notes_page_is_searched_within_its_filters(client: Client) -> None:
    found = client.get("/notes/?q=CLOAKROOM").context["object_list"]
    assert found
    assert all("cloakroom" in public.words.lower() for public in found)
    kinds = {
        public.note.kind
        for public in client.get("/notes/?q=moscow&kind=contradiction").context["object_list"]
    }
    assert kinds == {"contradiction"}
    text = client.get("/notes/?q=moscow").text
    assert text.count('<input type="hidden" name="q" value="moscow">') == 1  # kept by the filters
    assert "No note matches." in words(client.get("/notes/?q=nothing-has-this"))


def test_source_page_of_many_notes_shows_the_first_and_leads_to_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_NOTES", 2)
    case, source, evidence = Case.objects.get(number="DTW-0001"), make_source(), make_source()
    for _ in range(3):
        make_note(case, source=source, evidence=evidence)
    for one, query in ((source, f"source={source.slug}"), (evidence, f"q={evidence.slug}")):
        response = client.get(one.get_absolute_url())
        assert response.text.count('<article class="note"') == 2
        assert "The first 2 of 3 are shown." in words(response)
        assert f'href="/notes/?{query}"' in response.text
        assert client.get(f"/notes/?{query}").context["paginator"].count == 3
    on_it = make_note(source=source)
    response = client.get(source.get_absolute_url())
    assert f'id="{on_it.slug}"' in response.text, "its address leads here"
    assert "The first 3 of 4 are shown." in words(response)


# The claims of a source

SEED = "daily-true-news"
ARTICLE = f"/sources/{SEED}/"


def claims_shown(client: Client, query: str) -> list[PublicClaim]:
    paragraphs = client.get(f"{ARTICLE}?{query}").context["paragraphs"]
    return [claim for _, claims in paragraphs for claim in claims]


@pytest.mark.slow
def test_source_page_narrows_its_claims_by_each_value_that_they_have(client: Client) -> None:
    whole = claims_shown(client, "")
    for facet in client.get(ARTICLE).context["facets"]:
        assert sum(option.count for option in facet.options) == len(whole), facet.name
        for option in (facet.options[0], facet.options[-1]):
            shown = claims_shown(client, urlencode({facet.name: option.value}))
            assert len(shown) == option.count, (facet.name, option.value)
            rest = claims_shown(client, urlencode({f"{facet.name}__not": option.value}))
            assert len(shown) + len(rest) == len(whole)
    both = claims_shown(client, "case=kerman-2024&modality=reported&modality=alleged")
    assert both
    assert {said.case.slug for said in both} == {"kerman-2024"}
    assert {said.claim.modality for said in both} <= {"reported", "alleged"}
    values = {said.value for said in claims_shown(client, "field=warning.reception")}
    assert values == {"warning.reception"}
    assert f"{len(both)} of {len(whole)} claims" in words(
        client.get(f"{ARTICLE}?case=kerman-2024&modality=reported&modality=alleged")
    )


def test_source_page_counts_its_claims_once_for_each_version_of_the_dataset(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ticked(query: str) -> list[tuple[str, int | None]]:
        facets = client.get(f"{ARTICLE}?{query}").context["facets"]
        return [(one.value, one.count) for f in facets for one in f.options if one.chosen]

    counted = Counter[str]()

    def counting(filter_: Choice, *arguments: Any) -> Facet:
        counted[filter_.name] += 1
        return facet_of(filter_, *arguments)

    monkeypatch.setattr("cases.finding.address_filter.facet", counting)
    assert ticked("") == []
    ((_, before),) = ticked("stance=asserts")
    assert before
    assert ticked("") == []
    assert set(counted.values()) == {2}, "once for each address that narrows, once for the rest"
    make_claim(Case.objects.get(number="DTW-0002"), source=Source.objects.get(slug=SEED))
    assert ticked("stance=asserts") == [("asserts", before + 1)]
    assert ticked("") == []
    assert set(counted.values()) == {4}


def test_source_page_names_a_case_by_its_number_or_a_former_slug(client: Client) -> None:
    shown = claims_shown(client, "case=dtw-2")
    assert shown == claims_shown(client, "case=kerman-2024")
    assert "Case: Reported US warning to Iran" in words(client.get(f"{ARTICLE}?case=DTW-0002"))
    case = Case.objects.get(slug="kerman-2024")
    case.slug = "kerman"
    case.save()
    show(case)
    again = claims_shown(client, "case=kerman-2024")
    assert [said.claim for said in again] == [said.claim for said in shown]
    assert "is not a value of “case”" in words(client.get(f"{ARTICLE}?case=DTW-9999"))


def test_claims_of_a_source_are_left_alone_by_the_collector_of_garbage() -> None:
    assert not any(map(gc.is_tracked, claims_of_source(SEED).found))


def test_file_of_the_claims_of_a_source_holds_what_its_page_lists(client: Client) -> None:
    query = "modality=reported&case__not=kerman-2024"
    assert (
        f'href="{ARTICLE}claims.csv?modality=reported&amp;case__not=kerman-2024"'
        in client.get(f"{ARTICLE}?{query}").text
    )
    response = client.get(f"{ARTICLE}claims.csv?{query}&page=1")
    assert response["Content-Type"].startswith("text/csv")
    assert 'filename="duty-to-warn-claims-of-daily-true-news-' in response["Content-Disposition"]
    text = response.getvalue().decode()
    assert text.count("\r\n") == text.count("\n")  # RFC 4180
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    shown = claims_shown(client, query)
    assert [(row["case"], int(row["claim"])) for row in rows] == [
        (said.case.slug, said.claim.sequence) for said in shown
    ]
    assert rows[0]["about"] == shown[0].claim.about
    assert rows[0]["address"].endswith(
        f"{shown[0].case.get_permanent_url()}#claim-{shown[0].claim.sequence}"
    )
    refusal = client.get(f"{ARTICLE}claims.csv?modality=certain")
    assert (refusal.status_code, "is not a value of “modality”" in refusal.text) == (400, True)
    assert client.get("/sources/nobody/claims.csv").status_code == 404


def test_file_of_claims_leaves_out_drafts_and_runs_no_formula(client: Client) -> None:
    source = make_source()
    make_claim(make_case(), source=source, gist="A draft.")
    make_claim(Case.objects.get(number="DTW-0002"), source=source, gist="=1+1")
    text = client.get(f"/sources/{source.slug}/claims.csv").getvalue().decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["gist"] == "'=1+1"


def test_pager_of_many_pages_leads_to_any_of_them(client: Client) -> None:
    def pager(query: str) -> str:
        return (
            client.get(f"/cases/?{query}").text.partition('class="pager"')[2].partition("</nav>")[0]
        )

    form = pager("kind=warning_given&kind=policy_origin&per_page=1&page=2")
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form)
    assert hidden == [("kind", "warning_given"), ("kind", "policy_origin"), ("per_page", "1")]
    assert re.search(r'type="number"\s+name="page"\s+value="2"\s+min="1"\s+max="5"', form)
    assert "<form" not in pager("per_page=3")
