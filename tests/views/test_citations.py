"""Citations of cases, versions and lists: their addresses, and where pages lead to them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.exchange.dataset.releases import make_release
from cases.models import Case
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.factories import make_case
from tests.support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SUFFIXES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


@pytest.fixture
def case() -> Case:
    """Return a case of two versions; the second has another title."""
    case = make_case(published=True, title="The first title", slug="the-case")
    Case.objects.filter(pk=case.pk).update(title="The second title")
    make_version(case, None, "A clearer title.")
    return case


def merged(case: Case, into: Case) -> None:
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", withdrawn_reason="The same.", merged_into=into
    )


def paths_of(case: Case) -> list[str]:
    """Return the addresses of a case and of its first version, without their ends."""
    paths = [f"/cases/{case.slug}", f"/id/{case.number}"]
    return [*paths, *(f"{path}/v/1" for path in paths)]


@pytest.mark.parametrize(("suffix", "media_type"), SUFFIXES.items())
def test_case_and_version_are_sent_as_files(
    client: Client, case: Case, suffix: str, media_type: str
) -> None:
    for path, number, title in [
        ("/cases/the-case", 2, "The second title"),
        ("/cases/the-case/v/2", 2, "The second title"),
        ("/cases/the-case/v/1", 1, "The first title"),
    ]:
        response = client.get(f"{path}.{suffix}")
        assert response["Content-Type"] == f"{media_type}; charset=utf-8"
        name = f"{case.number}-v{number}.{suffix}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert f"{title} ({case.number}, version {number})" in response.text
        assert f"http://testserver/id/{case.number}/v/{number}/" in response.text


def test_permanent_addresses_lead_to_the_present_ones(client: Client, case: Case) -> None:
    number = case.number
    for address, present in {
        f"/id/{number}.bib": "/cases/the-case.bib",
        f"/id/{number.lower()}.csl.json": "/cases/the-case.csl.json",
        f"/id/{number}/v/1/": "/cases/the-case/v/1/",
        f"/id/{number}/v/1.ris": "/cases/the-case/v/1.ris",
    }.items():
        assert client.get(address).headers["Location"] == present, address


def test_former_slug_leads_to_the_present_address(client: Client, case: Case) -> None:
    case.refresh_from_db()
    case.slug = "renamed"
    case.save()
    make_version(case, None, "Renamed.")
    assert client.get("/cases/the-case.bib").headers["Location"] == "/cases/renamed.bib"
    assert client.get("/cases/the-case/v/1.ris").headers["Location"] == "/cases/renamed/v/1.ris"
    cited = client.get(f"/id/{case.number}/v/1/", follow=True)
    assert "Version 1 of 3" in words(cited)


def test_withdrawn_case_gives_its_reason_at_every_address(client: Client, case: Case) -> None:
    case.refresh_from_db()
    withdraw(case, None, "Two events were confused.")
    files = [f"{path}.bib" for path in paths_of(case)]
    for address in (*files, f"/id/{case.number}/v/1/"):
        response = client.get(address)
        assert response.status_code == 410, address
        assert "Two events were confused." in response.text


def test_merged_case_leads_to_the_citation_of_the_other(client: Client, case: Case) -> None:
    other = make_case(published=True, slug="the-other")
    merged(other, into=case)
    assert words_of(client.get("/cases/the-other.ris", follow=True)).startswith("TY - CHAP")
    assert client.get(f"/id/{other.number}.bib").headers["Location"] == "/cases/the-case.bib"
    # The numbers of its versions mean nothing in the other case.
    for address in ("/cases/the-other/v/1.bib", f"/id/{other.number}/v/1/"):
        assert client.get(address).headers["Location"] == "/cases/the-case/history/"


def test_version_that_a_case_does_not_have_is_answered_as_its_page(
    client: Client, case: Case
) -> None:
    response = client.get("/cases/the-case/v/3.bib")
    assert response.status_code == 404
    assert "has versions 1 to 2" in words_of(response)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_case_that_was_never_public_has_no_citation(admin_client: Client, status: str) -> None:
    case = make_case(slug="unseen", status=status)
    for path in paths_of(case):
        assert admin_client.get(f"{path}.bib").status_code == 404
    assert admin_client.get(f"/id/{case.number}/v/1/").status_code == 404


@pytest.mark.parametrize("address", ["/cases/none.bib", "/id/DTW-9999.bib", "/cite.xml"])
def test_unknown_address_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_page_leads_to_its_citations_and_shows_them(client: Client, case: Case) -> None:
    for path, number, title, heading in [
        ("/cases/the-case", 2, "second", "Cite this case"),
        ("/cases/the-case/v/1", 1, "first", "Cite this version"),
    ]:
        response = client.get(f"{path}/")
        for suffix, media_type in SUFFIXES.items():
            link = re.escape(media_type) + rf'" [^>]*href="{path}.{suffix}">'
            assert re.search(rf'<link rel="alternate" type="{link}', response.text)
            assert client.get(f"{path}.{suffix}").status_code == 200
        section = words(response).partition(heading)[2]
        today = timezone.now()
        pinned = f"{case.number}, version {number}, {today:%-d %B %Y}"
        assert f"“The {title} title.” {pinned}. http://testserver/id/" in section
        assert f"@incollection{{{case.number}-v{number}," in section
        tags = dict(re.findall(r'<meta name="([\w.]+)" content="([^"]*)">', response.text))
        assert tags["citation_title"] == f"The {title} title ({case.number}, version {number})"
        assert tags["citation_public_url"].endswith(f"/id/{case.number}/v/{number}/")


def test_tags_of_a_title_with_markup_stay_whole(client: Client) -> None:
    case = make_case(published=True, title='A "quoted" & <odd> title')
    page = client.get(case.get_absolute_url()).text
    quoted = "A &quot;quoted&quot; &amp; &lt;odd&gt; title"
    assert f'<meta name="citation_title" content="{quoted} ({case.number}, version 1)">' in page


def test_draft_can_be_cited_once_it_is_published(admin_client: Client) -> None:
    page = admin_client.get(make_case().get_absolute_url())
    assert "It can be cited once it is published." in words(page)
    assert "citation_title" not in page.text


def test_list_leads_to_its_citation(client: Client, case: Case) -> None:
    page = client.get("/cases/?kind=warning_given&page=1&view=table").text
    assert '<a href="/cite/?kind=warning_given">Cite this list</a>' in page
    assert '<a href="/cite/">Cite this list</a>' in client.get("/cases/").text
    assert "Cite this list" in client.get("/matrix/").text


def test_list_has_each_case_for_reference_managers(client: Client, case: Case) -> None:
    make_case(published=True)
    for view in ("cards", "table"):
        page = client.get(f"/cases/?view={view}").text
        coins = re.findall(r'<span class="Z3988" title="([^"]+)"></span>', page)
        assert len(coins) == 2
        assert any(f"%2Fid%2F{case.number}%2Fv%2F2%2F" in each for each in coins)


def test_list_describes_itself_to_search_engines(client: Client) -> None:
    make_case(published=True, title="A script, b")
    page = client.get("/cases/?q=%3C%2Fscript%3E%3Cb%3E").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    assert json.loads(found[0])["name"].endswith("found by the search “</script><b>”")


def test_citation_of_a_list_pins_query_version_and_date(client: Client, case: Case) -> None:
    page = client.get("/cite/?kind=warning_given&sort=title&page=1")
    text = words(page)
    assert "Cite this list 1 of 1 case in which the kind is “Warning given”." in text
    version = re.search(r"The dataset version is (\d+), last changed on", text)
    assert version is not None
    address = "http://testserver/cases/?kind=warning_given&sort=title"
    assert f"Dataset version {version[1]}, {timezone.now():%-d %B %Y}. {address}." in text
    assert 'href="/cases.csv?kind=warning_given&amp;sort=title"' in page.text
    for suffix in SUFFIXES:
        assert f'href="/cite.{suffix}?kind=warning_given&amp;sort=title"' in page.text
        found: Any = client.get(f"/cite.{suffix}?kind=warning_given&sort=title")
        assert address in found.text
        assert re.search(
            rf'"duty-to-warn-casebook-{version[1]}-\w+\.', found["Content-Disposition"]
        )


def test_citation_without_a_query_is_that_of_the_casebook(client: Client, case: Case) -> None:
    page = words(client.get("/cite/"))
    assert "Cite the casebook" in page
    assert "Duty-to-warn casebook (Version " in page
    assert "url = {http://testserver/}" in client.get("/cite.bib?sort=title").text


def test_page_names_the_newest_releases_or_says_that_there_is_none(
    client: Client, case: Case
) -> None:
    assert "There is none yet" in words(client.get("/cite/"))
    for name in ("2026.11", "2026.12"):
        make_release(name, "New.")
    text = client.get("/cite/").text
    assert 'href="/data/releases/2026.12/#cite"' in text
    assert text.index("2026.12</a>") < text.index("2026.11</a>")


def test_page_offers_the_cases_as_a_workbook_unless_they_are_too_many(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "kind=warning_given"
    assert f'href="/cases.xlsx?{query}"' in client.get(f"/cite/?{query}").text
    monkeypatch.setattr("cases.views.citations.MAX_CASES", 0)
    assert "cases.xlsx" not in client.get("/cite/").text


def test_citation_of_a_list_says_what_of_its_address_it_ignored(client: Client) -> None:
    assert "There is no parameter “nonsense”" in words(client.get("/cite/?nonsense=1"))
    response = client.get("/cite.bib?nonsense=1")
    assert response.status_code == 400
    assert "There is no parameter “nonsense”" in response.text


def test_citation_of_a_comparison_names_the_picked_cases(client: Client, case: Case) -> None:
    make_case(published=True)
    response = client.get("/cite.bib?view=matrix&case=the-case")
    assert "1 of 2 cases picked by name" in response.text
    assert "http://testserver/cases/?case=the-case&view=matrix" in response.text


def test_about_names_the_people_behind_the_casebook(client: Client, settings: Any) -> None:
    assert "Publisher" not in words(client.get("/about/"))
    settings.CASEBOOK_EDITORS = [("Lee", "Ann"), ("Centre", "")]
    settings.CASEBOOK_PUBLISHER = "Example University"
    settings.CASEBOOK_CONTACT = "mailto:editors@example.org"
    page = client.get("/about/")
    text = words(page)
    assert "Editors Ann Lee; Centre Publisher Example University" in text
    assert '<a href="mailto:editors@example.org">editors@example.org</a>' in page.text
    assert '<a href="/cite/">' in page.text


@pytest.mark.parametrize("address", ["/cite/", "/cite/?channel=private"])
def test_page_that_cites_a_data_set_has_its_tags(client: Client, case: Case, address: str) -> None:
    page = client.get(address).text
    assert '<meta name="citation_author" content="Duty-to-warn casebook,">' in page
    assert '<meta name="DC.type" content="Dataset">' in page
