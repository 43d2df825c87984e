"""The style guide: who may see it, and that it shows what the pages are made of."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from cases.models.vocabulary import Modality
from cases.views.styleguide import contrast, palette
from tests.support.demo import load_demo
from tests.support.reading import words

SOFT_GROUNDS = {
    "warning": "warning-soft",
    "incident": "incident-soft",
    "statement": "statement-soft",
    "dispute": "dispute-soft",
    "note": "note-soft",
}


@pytest.fixture
def seeded(db: None) -> None:
    """Load the seven cases for one test: another here needs the database empty."""
    load_demo()


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_user("maker", is_staff=True))
    return client


@pytest.mark.django_db
def test_styleguide_for_the_public_is_not_there(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.django_db
def test_styleguide_for_an_account_without_staff_rights_is_not_there(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.django_db
def test_styleguide_under_debug_is_shown_to_anyone(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert client.get("/styleguide/").status_code == 200


@pytest.mark.usefixtures("seeded")
def test_styleguide_shows_each_component_with_real_data(staff: Client) -> None:
    response = staff.get("/styleguide/")
    page = words(response)
    for modality in Modality:
        assert f"{modality.label} {modality.definition}" in page
    for expected in (
        "Other evidence",
        "Page of 4 Go to this page",
        "There is no parameter “nonsense”",
        "remove this filter",
        "No case matches all of these filters.",
        "Corrected by a note",
        "(DTW-0001). Duty-to-warn casebook",
    ):
        assert expected in page, expected
    for component in (
        *("coded", "claim ", "link ", "steps", "paragraph", "drawn", "note", "card", "facets"),
        *("stacks by-exception", "shows", "caveat", "empty", "citation", "chips"),
    ):
        assert f'class="{component}' in response.text, component


@pytest.mark.usefixtures("seeded")
def test_styleguide_names_nothing_twice(staff: Client) -> None:
    names = re.findall(r' id="([^"]+)"', staff.get("/styleguide/").text)
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_styleguide_of_an_empty_collection_says_so(staff: Client) -> None:
    page = words(staff.get("/styleguide/"))
    assert "No case is published yet." in page
    assert Modality.QUOTED.definition in page


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == 4.5
    assert contrast("#17475c", "#17475c") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_palette_text_can_be_read_on_every_ground_it_stands_on(scheme: str) -> None:
    colours = {colour.name: getattr(colour, scheme) for colour in palette()}
    texts = ["ink", "ink-soft", "accent", *SOFT_GROUNDS, "absence"]
    pairs = [(text, ground) for text in texts for ground in ("paper", "surface")]
    pairs += SOFT_GROUNDS.items()
    pairs += [("ink", ground) for ground in (*SOFT_GROUNDS.values(), "accent-soft", "highlight")]
    pairs += [("paper", "ink"), ("paper", "ink-soft"), ("paper", "accent")]
    weak = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert weak == []
