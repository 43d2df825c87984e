"""The front page: numbers that lead to the cases they count, a case, and what changed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cases.models import Case
from cases.presentation.front_page import ASKED, featured_case, latest_changes, shown
from cases.versions.making import make_version
from tests.support.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("demo")
def test_each_number_is_that_of_the_list_it_leads_to(client: Client) -> None:
    for name, counted in shown().items():
        listed = client.get(counted.address).context
        assert listed["paginator"].count == counted.count, name
        assert not listed["query"].notices
    assert {name: counted.count for name, counted in shown().items()} == {
        "all": 7,
        "warned": 4,
        "happened": 2,
        "not_believed": 2,
        "reception_unknown": 3,
        "disputed": 0,
        "noted": 5,
        "weak": 2,
    }
    assert set(shown()) == set(ASKED)


@pytest.mark.usefixtures("demo")
def test_front_page_shows_a_chain_the_numbers_and_the_map(client: Client) -> None:
    page = client.get("/").content.decode()
    text = re.sub(r" ([;.,])", r"\1", text_of(page))
    assert "Two warnings came 11 to 17 days before the incident." in text
    assert "Attack, over 130 deaths" in text
    assert "4 of 7 cases are about a warning that was given; in 2 of these there was also" in text
    assert "Claims dispute each other in no case;" in text
    assert "Incidents were, or were to be, in 5 countries" in text
    assert "Added 29 November 2026" in text or re.search(r"Added \d+ \w+ \d{4}: ", text)
    assert page.count("<svg") == 4


@pytest.mark.usefixtures("demo", "team_of_one")
def test_latest_changes_say_what_changed() -> None:
    added = latest_changes(1)[0]
    assert re.fullmatch(r"(\d+ \w+(, | and )?)+", added.what)
    case = Case.objects.get(slug="kerman-2024")
    case.records_status = "released"
    case.save()
    make_version(case, None, "A request was answered.")
    assert (
        latest_changes(1)[0].what
        == "A request was answered. Changed: The case, Requests for records."
    )


@pytest.mark.usefixtures("demo")
def test_featured_case_has_the_most_claims() -> None:
    case = featured_case()
    assert case is not None
    assert case.slug == "moscow-concert-hall-2024"


@pytest.mark.usefixtures("demo")
def test_front_page_of_an_empty_casebook_says_so(client: Client) -> None:
    Case.objects.update(status="draft")
    page = client.get("/").content.decode()
    assert "No case is published yet." in text_of(page)
    assert "<svg" not in page
    assert featured_case() is None
