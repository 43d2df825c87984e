"""Likely duplicates named in the admin: to the script of a form, and when a record is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Source
from tests.support.admin_forms import form_on, messages_on, signed_in
from tests.support.factories import make_actor, make_case, make_incident, make_source

pytestmark = pytest.mark.django_db


def named(client: Client, model: str, query: dict[str, Any]) -> list[str]:
    answer = client.get(f"/admin/cases/{model}/duplicates/", query)
    assert answer.status_code == 200
    return [found["name"] for found in answer.json()["duplicates"]]


def test_actor_while_typed_is_answered_with_those_like_it(editor: Client) -> None:
    actor = make_actor(name="Tamerlan Tsarnaev", kind="individual")
    make_actor(name="Dzhokhar Tsarnaev", kind="individual")
    query = {"name": ["", "Tamerlan Zarnajew"]}
    answer = editor.get("/admin/cases/actor/duplicates/", query).json()
    assert answer["duplicates"] == [
        {
            "name": "Tamerlan Tsarnaev",
            "what": "Individual",
            "reason": "“Tamerlan Zarnajew” is spelled like “Tamerlan Tsarnaev”.",
            "address": f"/admin/cases/actor/{actor.pk}/change/",
        }
    ]
    assert named(editor, "actor", query | {"key": actor.pk}) == []


def test_source_while_typed_is_answered_with_that_of_the_address(editor: Client) -> None:
    make_source(title="A", url="https://example.org/a-page")
    assert named(editor, "source", {"address": "http://example.org/a-page/?utm_id=1"}) == ["A"]


def test_case_while_typed_is_answered_with_that_of_the_date_and_place(editor: Client) -> None:
    case = make_case(title="One")
    make_incident(case, date="2024-01-03", place="Kerman")
    assert named(editor, "case", {"incident": "2024-01-03|Kerman"}) == [str(case)]
    assert named(editor, "case", {"warning": "2024-01-03|1,x,"}) == []


@pytest.mark.parametrize("model", ["actor", "source", "case"])
@pytest.mark.parametrize("value", ["", "\0", "|", "x" * 4_000, "9" * 40, "[", "%"])
def test_nonsense_while_typed_is_answered(editor: Client, model: str, value: str) -> None:
    names = ("name", "address", "title", "incident", "warning", "key")
    assert named(editor, model, {name: [value] * 30 for name in names}) == []


@pytest.mark.parametrize("model", ["actor", "source", "case"])
def test_duplicates_are_named_to_those_only_who_may_write(client: Client, model: str) -> None:
    address = f"/admin/cases/{model}/duplicates/"
    assert client.get(address)["Location"].startswith("/admin/login/")
    assert signed_in().get(address).status_code == 403
    assert signed_in("Editors").get(address).status_code == 200


def test_source_saved_with_the_address_of_another_is_saved_with_a_warning(editor: Client) -> None:
    make_source(title="The first", url="https://example.org/a-page")
    data = form_on(editor.get("/admin/cases/source/add/"), "source_form")
    data |= {"title": "The second", "slug": "second", "kind": "press"}
    data["url"] = "https://www.example.org/a-page?fbclid=1"
    page = editor.post("/admin/cases/source/add/", data, follow=True)
    assert "Possibly a duplicate of The first (Press). It has the same address." in messages_on(
        page
    )
    first, second = Source.objects.order_by("pk")
    assert f'href="/admin/cases/source/merge/?records={second.pk},{first.pk}"' in page.text


@pytest.mark.slow
def test_case_saved_like_another_is_saved_with_a_warning_once(editor: Client) -> None:
    make_incident(make_case(title="One"), date="2024-01-03", place="Kerman")
    case = make_case(title="Two")
    make_incident(case, date="2024-01", place="Kerman, Iran")
    address = f"/admin/cases/case/{case.pk}/change/"
    data = form_on(editor.get(address)) | {"summary": "Another."}
    assert "duplicate" not in messages_on(editor.post(address, data, follow=True))
    data = form_on(editor.get(address)) | {"incidents-0-place": "near Kerman"}
    page = editor.post(address, data, follow=True)
    assert "It has an incident of that date in Kerman." in messages_on(page)


def test_record_that_is_refused_is_not_called_a_duplicate(editor: Client) -> None:
    make_actor(name="Iran")
    data = form_on(editor.get("/admin/cases/actor/add/"), "actor_form")
    page = editor.post("/admin/cases/actor/add/", data | {"name": "Iran", "kind": "nonsense"})
    assert "duplicate" not in messages_on(page)


def test_name_with_markup_is_shown_as_typed(editor: Client) -> None:
    make_actor(name="<b>Iran</b>")
    data = form_on(editor.get("/admin/cases/actor/add/"), "actor_form")
    data |= {"name": "<b>Iran</b>", "slug": "b", "kind": "state"}
    page = editor.post("/admin/cases/actor/add/", data, follow=True)
    assert "“&lt;b&gt;Iran&lt;/b&gt;” is also a name of &lt;b&gt;Iran&lt;/b&gt;" in page.text
