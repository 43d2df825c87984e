"""The form of a new source, filled in from a pasted citation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Source
from tests.support.admin_forms import form_on, messages_on, signed_in
from tests.support.factories import make_source

pytestmark = pytest.mark.django_db

ADD = "/admin/cases/source/add/"
RIS = """TY  - NEWS
TI  - Embassy warned of an attack
AU  - Lee, Ann
T2  - The Harbour Times
DA  - 2022/11/05/
UR  - https://example.org/a-story
SP  - 4
ER  -
"""


def fill(client: Client, citation: str, address: str = ADD, **typed: str) -> Any:
    """Type something into the form, paste a citation and press the button."""
    data = form_on(client.get(address), "source_form") | typed
    return client.post(address, data | {"_citation": citation, "_fill_in": "1"})


def test_form_is_filled_in_from_a_citation_and_saved_only_by_the_editor(editor: Client) -> None:
    page = fill(editor, RIS, f"{ADD}?_popup=1&_to_field=id")
    assert not Source.objects.exists()
    assert "Not used: pages. The form has no field for that." in page.text
    data = form_on(page, "source_form")
    assert (data["slug"], data["_popup"]) == ("the-harbour-times-embassy-warned-of-an-attack", "1")
    saved = editor.post(ADD, data | {"author": "Ann M. Lee", "_save": "1"})
    assert saved.status_code == 200  # the pop-up closes itself
    source = Source.objects.get()
    assert (source.title, source.author) == ("Embassy warned of an attack", "Ann M. Lee")
    assert (source.kind, source.publisher) == ("press", "The Harbour Times")
    assert (source.published_edtf, source.published_basis) == ("2022-11-05", "stated")
    assert source.url == "https://example.org/a-story"


def test_what_was_typed_is_kept_and_the_rest_filled_in(editor: Client) -> None:
    typed = {"title": "My <title>", "published_words": "Friday", "description": "Mine."}
    page = fill(editor, RIS, **typed)
    data = form_on(page, "source_form")
    assert {name: data[name] for name in typed} == typed
    assert (data["published_edtf"], data["publisher"]) == ("", "The Harbour Times")
    assert page.text.count("is kept as you typed it.") == 2
    assert "The citation says “Embassy warned of an attack”." in page.text
    assert "The citation says “2022-11-05”." in page.text


@pytest.mark.parametrize(
    "there",
    [
        {"title": "Other", "url": "http://www.example.org/a-story/"},
        {"title": "Embassy: “warned of an attack”"},
    ],
)
def test_source_that_is_there_already_is_named_with_a_link(
    editor: Client, there: dict[str, str]
) -> None:
    source = make_source(**there)
    make_source(title="Another story", url="https://example.org/b")
    page = fill(editor, RIS)
    assert page.text.count('target="_blank"') == 1
    assert f'href="/admin/cases/source/{source.pk}/change/"' in page.text


def test_citation_that_cannot_be_read_comes_back_with_what_was_typed(editor: Client) -> None:
    page = fill(editor, "Lee, A. <b>", title="Mine")
    assert "This is not a citation in a format that can be read." in messages_on(page)
    data = form_on(page, "source_form")
    assert (data["title"], data["_citation"]) == ("Mine", "Lee, A. <b>")
    assert "Lee, A. &lt;b&gt;" in page.text


def test_citation_pasted_without_the_right_to_add_is_refused() -> None:
    client = signed_in()
    assert client.post(ADD, {"_citation": RIS, "_fill_in": "1"}).status_code == 403
