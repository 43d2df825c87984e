"""Addresses that name records by slugs they had before."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Actor, Case, DirectiveException

from .factories import make_actor
from .reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN = "DTW-0001", "DTW-0002"


def rename(model: Any, slug: str, new: str) -> None:
    record = model.objects.get(slug=slug)
    record.slug = new
    record.save()


def test_case_list_understands_the_former_names_of_actors_and_exceptions(client: Client) -> None:
    rename(Actor, "islamic-state", "daesh")
    rename(DirectiveException, "violent-actor", "violence")
    response = client.get(
        "/cases/?actor=islamic-state&kind=warning_given&exception__not=violent-actor"
    )
    assert [case.number for case in response.context["object_list"]] == [MOSCOW, KERMAN]
    page = words(response)
    assert "In addresses “islamic-state” is called “daesh” now." in page
    assert "In addresses “violent-actor” is called “violence” now." in page
    assert response.context["query"].notices == []
    mended = "actor=daesh&kind=warning_given&exception__not=violence"
    assert response.context["query"].mended == mended
    # Asked for by both names it is asked for once.
    both = client.get("/cases/?actor=islamic-state&actor=daesh").context["query"]
    assert both.data.getlist("actor") == ["daesh"]


def test_comparison_understands_the_former_names_of_published_cases_only(client: Client) -> None:
    rename(Case, "kerman-2024", "kerman-bombings")
    rename(Case, "chavez-2004", "secret-title")
    Case.objects.filter(slug="secret-title").update(status="draft")
    response = client.get(
        "/matrix/?case=kerman-2024&case=moscow-concert-hall-2024&case=chavez-2004"
    )
    assert [row.case.number for row in response.context["rows"]] == [MOSCOW, KERMAN]
    assert "“kerman-2024” is called “kerman-bombings” now" in words(response)
    assert "“chavez-2004” is not a value of “case”; it was ignored." in words(response)
    assert "secret-title" not in response.text


def test_former_name_of_an_actor_that_is_not_public_gives_nothing_away(client: Client) -> None:
    make_actor(slug="code-name")
    rename(Actor, "code-name", "real-name")
    response = client.get("/cases/?actor=code-name")
    assert "“code-name” is not a value of “actor”; it was ignored." in words(response)
    assert "real-name" not in response.text


def test_names_of_today_are_not_looked_up(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/cases/?actor=islamic-state&exception=violent-actor")
    assert not [query for query in queries if "formerslug" in query["sql"]]
    with CaptureQueriesContext(connection) as queries:
        client.get("/cases/?" + "&".join(f"actor=a-{number}" for number in range(400)))
    assert len([query for query in queries if "formerslug" in query["sql"]]) == 1
