"""The frame around every page: its head, its ways on, and the pages shown when something fails."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.test import Client, RequestFactory
from django.urls import URLPattern, resolve, reverse
from django.views.defaults import permission_denied, server_error

from cases.models import Case
from cases.urls import urlpatterns
from cases.views.errors import bad_request
from tests.support.factories import show
from tests.support.public_pages import MISSING, PAGES, STATES, STYLEGUIDE

pytestmark = pytest.mark.once


def head(text: str) -> dict[str, str]:
    """Return what the head of a page says of it, by name or property."""
    told = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text)
    title = re.findall(r"<title>(.*?)</title>", text)
    assert len(title) == 1
    return {name: unescape(value) for name, value in [*told, ("title", title[0])]}


@pytest.mark.usefixtures("db", "demo")
@pytest.mark.parametrize("address", PAGES)
def test_head_tells_the_page_to_search_engines_and_to_those_who_share_it(
    client: Client, address: str
) -> None:
    text = client.get(address).text
    told = head(text)
    own = told["title"].removesuffix("Duty-to-warn casebook").removesuffix(" – ")
    assert told["og:title"] == (own or "Duty-to-warn casebook")
    assert told["og:description"] == told["description"]
    assert 40 < len(told["description"].strip()) < 400
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
    assert len(canonical) == 1
    # Another view of a page is that page; a version is an edition of its case.
    assert canonical[0] in (
        f"http://testserver{address.partition('?')[0]}",
        f"http://testserver{address.partition('v/')[0]}",
    )
    assert told["og:url"].startswith("http://testserver/")
    assert told["og:site_name"] == "Duty-to-warn casebook"


@pytest.mark.usefixtures("db", "demo")
@pytest.mark.parametrize(
    ("address", "picture"),
    [
        ("/", "chains.png"),
        ("/charts/", "chains.png"),
        ("/charts/where/?recipient=russia", "where.png?recipient=russia"),
        ("/cases/kerman-2024/", "chains.png?case=kerman-2024"),
    ],
)
def test_shared_link_has_a_picture(client: Client, address: str, picture: str) -> None:
    told = head(client.get(address).text)
    assert told["og:image"] == f"http://testserver/charts/{picture}"
    assert told["og:image:alt"]
    assert (
        client.get(told["og:image"].removeprefix("http://testserver"))["Content-Type"]
        == "image/png"
    )


@pytest.mark.usefixtures("db", "demo")
def test_page_on_paper_names_its_whole_address(client: Client) -> None:
    text = client.get('/cases/?q="concert hall"&x=<b>').text
    printed = re.findall(r'<p class="print-only">(.*?)</p>', text)
    assert len(printed) == 1
    assert printed[0].endswith("/cases/?q=%22concert%20hall%22&amp;x=%3Cb%3E")


@pytest.mark.usefixtures("db", "demo")
@pytest.mark.slow
def test_head_has_a_title_of_its_own_on_every_page(client: Client) -> None:
    titles = [head(client.get(address).text)["title"] for address in PAGES if "?" not in address]
    assert len(set(titles)) == len(titles)


@pytest.mark.usefixtures("db", "demo")
@pytest.mark.parametrize("address", [*PAGES, *STATES, MISSING])
def test_page_has_one_heading_a_language_and_a_way_back(client: Client, address: str) -> None:
    text = client.get(address).text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert re.search(r'<html lang="en-(GB|gb)"', text)
    if address.count("/") > 2 and "/admin/" not in address:
        path = re.findall(r'<nav class="breadcrumbs".*?</nav>', text, re.DOTALL)
        assert len(path) == 1
        assert 'aria-current="page"' in path[0]


def test_list_of_public_pages_has_every_page_there_is() -> None:
    """A page that is missing here is not held to anything: add it to tests/public_pages.py."""
    pages = [each for each in urlpatterns if isinstance(each, URLPattern)]
    # What has no name is a redirect.
    patterns = {page.name or "" for page in pages if str(page.pattern).endswith("/")}
    listed = {resolve(address.partition("?")[0]).url_name for address in [*PAGES, STYLEGUIDE]}
    # The permanent addresses lead to the case, or are the page of a withdrawn one; only staff see
    # the page of a correction; a casebook has no release before somebody makes one; the description
    # of the API is JSON.
    permanent = {"case_permanent", "version_permanent"}
    others = {"case_correction", "release", "api_schema", *permanent}
    assert patterns - {""} - listed == others


@pytest.mark.usefixtures("db", "demo")
def test_head_of_a_title_with_quotation_marks_stays_whole(client: Client) -> None:
    Case.objects.filter(number="DTW-0001").update(title='A "quoted" & <odd> title')
    case = Case.objects.get(number="DTW-0001")
    show(case)
    told = head(client.get(case.get_absolute_url()).text)
    assert told["og:title"].startswith('A "quoted" & <odd> title')


@pytest.mark.usefixtures("db", "demo")
def test_navigation_says_which_section_the_page_is_in(client: Client) -> None:
    assert 'href="/actors/" aria-current="page"' in client.get("/actors/").text
    assert 'href="/actors/" aria-current="true"' in client.get("/actors/islamic-state/").text
    assert 'href="/actors/" aria-current' not in client.get("/sources/").text


@pytest.mark.usefixtures("db", "demo")
def test_codebook_leads_within_itself_to_places_that_are_there(client: Client) -> None:
    text = client.get("/codebook/").text
    names = re.findall(r' id="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(names)
    assert {"case.kind", "warning.channel", "claim.modality", "involvement.role"} <= set(names)


@pytest.mark.django_db
def test_wrong_address_offers_the_search_and_the_sections(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert f'action="{reverse("case_list")}"' in response.text
    assert 'name="q"' in response.text
    for view in ("case_list", "actor_list", "exception_list", "source_list", "codebook"):
        assert f'href="{reverse(view)}"' in response.text.partition("<main")[2]
    assert 'rel="canonical"' not in response.text


@pytest.mark.usefixtures("db", "demo")
def test_withdrawn_case_gives_its_reason(client: Client) -> None:
    Case.objects.filter(number="DTW-0001").update(
        status="withdrawn", withdrawn_reason="It was counted <twice>."
    )
    response = client.get("/id/DTW-0001/")
    assert response.status_code == 410
    assert "It was counted &lt;twice&gt;." in response.text
    assert 'name="q"' in response.text


@pytest.mark.django_db
def test_refusal_tells_visitors_from_accounts_without_the_permission(
    rf: RequestFactory, django_user_model: type[User]
) -> None:
    request = rf.get("/")
    request.user = django_user_model(username="reader")
    response = permission_denied(request, PermissionError())
    assert response.status_code == 403
    assert b"Your account does not have the permission" in response.content
    del request.user
    assert b"editors who have signed in" in permission_denied(request, PermissionError()).content


def test_request_for_another_host_is_led_to_the_casebook(client: Client) -> None:
    response = client.get("/cases/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "The casebook is not at this address" in response.text
    assert 'href="http://testserver/"' in response.text


@pytest.mark.parametrize(
    ("exception", "sentence"),
    [
        (TooManyFieldsSent(), "Your form was not saved"),
        (BadRequest(), "This request could not be read"),
    ],
)
def test_request_that_cannot_be_read_is_answered_in_words(
    rf: RequestFactory, exception: Exception, sentence: str
) -> None:
    response = bad_request(rf.get("/"), exception)
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_failure_page_needs_neither_database_nor_context(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in text
    assert "<style" not in text
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', text)
    assert files
    assert [file for file in files if not finders.find(file)] == []
