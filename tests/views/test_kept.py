"""What pages keep of a version shows no less than what they would make again.

Rows are written as another process writes them: past everything that could tell this one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.test import Client
from msgspec import structs
from pytest_django import DjangoAssertNumQueries

from cases.evidence.case_summaries import passage_notes_of
from cases.models import Actor, Case, Directive, DirectiveException, Note, Source, Version
from cases.versions.current import current_records
from cases.views.cases import case_parts
from tests.support.factories import make_note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]

MOSCOW = "/cases/moscow-concert-hall-2024/"
WORD = "Zyzzyva"


def page(client: Client, address: str = MOSCOW) -> str:
    html: str = client.get(address).content.decode()
    return html


def reword(field: str, word: str = WORD) -> None:
    """Put a word into the first text of this name in the version of the case."""
    version = Version.objects.get(case__number="DTW-0001")
    rows: QuerySet[Version] = QuerySet(Version)
    record = json.loads(json.dumps(version.record))
    holder = next(part for part in parts_of(record) if part.get(field))
    holder[field] = word
    rows.filter(pk=version.pk).update(record=record)


def parts_of(record: Any) -> list[dict[str, Any]]:
    """Return the objects in a record, the outer before the inner."""
    if isinstance(record, list):
        return [part for one in record for part in parts_of(one)]
    if not isinstance(record, dict):
        return []
    return [record, *(part for one in record.values() for part in parts_of(one))]


FIELDS = ("title", "summary", "content", "place", "quote", "gist", "name", "source_says", "locator")


def test_second_visit_renders_no_part_of_the_case_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword("summary", "As in no other test.")
    rendered = Counter[str]()

    def counting(name: str, context: dict[str, Any]) -> str:
        rendered[name] += 1
        return render_to_string(name, context)

    monkeypatch.setattr("cases.views.cases.render_to_string", counting)
    assert page(client) == page(client)
    assert set(rendered.values()) == {1}
    page(client, f"{MOSCOW}?relation=adversary")
    assert set(rendered.values()) == {1}


def test_what_is_kept_of_a_case_asks_the_database_for_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for record in current_records(Case.objects.values_list("pk", flat=True)).values():
        notes = passage_notes_of(record)
        another = structs.replace(record, summary="Kept by no other test.")
        with django_assert_num_queries(0):
            assert case_parts(another, notes, frozenset()).body


@pytest.mark.parametrize("field", FIELDS)
def test_page_and_card_show_a_version_that_was_changed(client: Client, field: str) -> None:
    before = page(client), page(client, "/cases/")
    reword(field)
    assert WORD not in before[0]
    assert WORD in page(client)
    if field in ("title", "summary"):
        assert WORD not in before[1]
        assert WORD in page(client, "/cases/")


@pytest.mark.parametrize(
    "address",
    ["/cases/?view=table&column=place", "/matrix/?column=place", "/matrix/?layout=columns"],
)
def test_cells_show_a_version_that_was_changed(client: Client, address: str) -> None:
    before = page(client, address)
    reword("place")
    assert WORD not in before
    assert WORD in page(client, address)


def test_cells_are_those_of_the_columns_that_are_asked_for(client: Client) -> None:
    place = Version.objects.get(case__number="DTW-0001").record["incidents"][0]["place"]
    assert place not in page(client, "/cases/?view=table&column=kind")
    assert place in page(client, "/cases/?view=table&column=place")


def note_on_source(**fields: Any) -> Note:
    source = Source.objects.get(slug="daily-true-news")
    return make_note(source=source, locator="", **fields)


CHANGES: dict[str, Callable[[], object]] = {
    "its words": lambda: Note.objects.filter(slug="kept").update(evidence_says=WORD),
    "what the source says": lambda: Note.objects.filter(slug="kept").update(source_says=WORD),
    "its locator": lambda: Note.objects.filter(slug="kept").update(evidence_locator=WORD),
    "its evidence": lambda: Source.objects.filter(notes_resting_on_it__slug="kept").update(
        title=WORD, publisher=WORD
    ),
    "its rule": lambda: DirectiveException.objects.update(title=WORD),
    "another note": lambda: note_on_source(evidence_says=WORD),
}


@pytest.mark.parametrize("change", CHANGES)
def test_page_shows_notes_on_its_sources_as_they_are_today(client: Client, change: str) -> None:
    note_on_source(slug="kept", exception=DirectiveException.objects.published().first())
    assert WORD not in page(client)
    CHANGES[change]()
    assert WORD in page(client)
    Note.objects.filter(case=None).delete()
    assert WORD not in page(client)


def test_page_shows_no_note_on_a_rule_that_is_not_public_any_more(client: Client) -> None:
    note_on_source(directive=Directive.objects.published().first(), evidence_says=WORD)
    assert WORD in page(client)
    Directive.objects.update(status="draft")
    assert WORD not in page(client)


def test_old_version_leads_to_no_actor_that_lost_its_page(client: Client) -> None:
    address = f"{MOSCOW}v/1/"
    version = Version.objects.get(case__number="DTW-0001")
    slug = version.record["warnings"][0]["issuer"]["actor"]["slug"]
    link = f'href="/actors/{slug}/"'
    assert link in page(client, address)
    Actor.objects.filter(slug=slug).update(slug="renamed-by-hand")
    assert link not in page(client, address)


@pytest.mark.parametrize("view", ["", "view=table", "view=matrix"])
def test_case_leads_back_to_the_list_that_it_is_in(client: Client, view: str) -> None:
    for rest in ("", "sort=title", "sort=-date", "relation=adversary&sort=title"):
        asked = "&".join(filter(None, [rest, view]))
        listed = client.get(f"/cases/?{asked}", follow=True).content.decode()
        _, begin, cases = listed.partition('id="DTW-')
        assert begin
        led_to = re.findall(r'href="/cases/[^/"]+/([^"#]*)[^"]*"', cases)
        assert {tuple(sorted(parse_qsl(unescape(one[1:])))) for one in led_to} == {
            tuple(sorted(parse_qsl(asked)))
        }
