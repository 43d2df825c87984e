"""Chains within other pages: those of the warnings of an actor, and that of one case."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Case
from cases.presentation.charts.chains.in_page import chain_in_page, chains_in_page
from cases.presentation.charts.drawing.renderer import RenderingError
from tests.support.coding_sheets import sheet_of

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SLUGS = ("moscow-concert-hall-2024", "khashoggi-2018")


def test_page_of_an_actor_has_the_chains_of_its_warnings(client: Client) -> None:
    page = client.get("/actors/united-states/")
    assert page.context["chains"].finding.startswith("In 2 of 5 cases")
    html = page.content.decode()
    assert html.count("<svg") >= 2
    for query in ("issuer=united-states", "recipient=united-states"):
        assert f"/charts/chains/?{query}" in html
    without = client.get("/actors/islamic-state/")
    assert without.context["chains"] is None


def test_page_of_an_actor_stays_without_a_picture(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(spec: object) -> str:
        raise RenderingError

    monkeypatch.setattr("cases.presentation.charts.chains.in_page.svg_of", fail)
    page = client.get("/actors/russia/")
    assert page.status_code == 200
    assert "/charts/chains/?" in page.content.decode()


def test_chain_of_a_case_is_drawn_for_another_page_if_it_has_two_dates() -> None:
    records = {slug: sheet_of(Case.objects.get(slug=slug)).record for slug in SLUGS}
    drawn = chain_in_page(records["moscow-concert-hall-2024"])
    assert drawn is not None
    assert drawn.wide.startswith("<svg")
    assert drawn.wide != drawn.narrow
    assert chain_in_page(records["khashoggi-2018"]) is None
    several = chains_in_page(records.values(), "2 cases")
    assert several is not None
    assert several.finding == (
        "In 1 of 2 cases a warning can be dated before the incident, by 11 to 17 days."
    )
