"""Addresses that name records by slugs they had before."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.merging import merge
from cases.models import Actor, Case, DirectiveException, Source
from tests.support.factories import make_actor, make_involvement, show_all, support
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN = "DTW-0001", "DTW-0002"


def rename(model: Any, slug: str, new: str) -> None:
    record = model.objects.get(slug=slug)
    record.slug = new
    record.save()
    show_all()


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
    cleaned = "actor=daesh&kind=warning_given&exception__not=violence"
    assert response.context["query"].cleaned == cleaned
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
    assert "“chavez-2004” is not a value of “case”." in words(response)
    assert "secret-title" not in response.text


def test_former_name_of_an_actor_that_is_not_public_gives_nothing_away(client: Client) -> None:
    make_actor(slug="code-name")
    rename(Actor, "code-name", "real-name")
    response = client.get("/cases/?actor=code-name")
    assert "“code-name” is not a value of “actor”." in words(response)
    assert "real-name" not in response.text


def test_names_of_today_are_not_looked_up(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/cases/?actor=islamic-state&exception=violent-actor")
    assert not [query for query in queries if "formerslug" in query["sql"]]
    with CaptureQueriesContext(connection) as queries:
        client.get("/cases/?" + "&".join(f"actor=a-{number}" for number in range(400)))
    assert len([query for query in queries if "formerslug" in query["sql"]]) == 1


def test_notes_are_found_by_the_former_names_of_cases_and_sources(client: Client) -> None:
    before = client.get("/notes/?case=moscow-concert-hall-2024").context["paginator"].count
    rename(Case, "moscow-concert-hall-2024", "crocus")
    rename(Source, "daily-true-news", "true-news")
    response = client.get("/notes/?case=moscow-concert-hall-2024&source=daily-true-news")
    assert response.context["paginator"].count == before > 0
    assert "“moscow-concert-hall-2024” is called “crocus” now" in words(response)
    assert "“daily-true-news” is called “true-news” now" in words(response)


def test_former_name_is_told_once_and_found_behind_many_repetitions(client: Client) -> None:
    rename(Actor, "islamic-state", "daesh")
    address = "/cases/?actor__all=islamic-state&armed_group=islamic-state" + "&actor=iran" * 45
    response = client.get(address + "&actor=islamic-state")
    assert words(response).count("is called “daesh” now") == 1
    assert response.context["query"].data.getlist("actor") == ["iran", "daesh"]
    assert [case.number for case in response.context["object_list"]] == [MOSCOW, KERMAN]
    facet = client.get("/facets/actor/?actor=islamic-state")
    assert "is called “daesh” now" in words(facet)


def test_merged_actor_is_found_as_the_one_that_was_kept(client: Client) -> None:
    merged, kept = make_actor(slug="isil", kind="armed_group"), Actor.objects.get(slug="al-qaeda")
    case = Case.objects.get(number=KERMAN)
    make_involvement(case, actor=merged, role="context")
    support(case)
    assert found(client, "actor=isil") == [KERMAN]
    merge(kept, merged, None, "One and the same.")
    assert found(client, "actor=isil") == [KERMAN, "DTW-0007"]


def found(client: Client, query: str) -> list[str]:
    return [case.number for case in client.get(f"/cases/?{query}").context["object_list"]]
