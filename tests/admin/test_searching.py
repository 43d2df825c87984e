"""Searching and sorting in the admin: lists and pickers fold words as the site does."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.test import Client

from cases.models import Actor, Case, Source
from cases.models.folded import fold_again
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_directive,
    make_source,
    make_warning,
)
from tests.support.reading import words_of

pytestmark = pytest.mark.django_db


def listed(client: Client, model: str, query: str = "") -> list[str]:
    """Return the names of the records of a list in the admin, in its order."""
    page = client.get(f"/admin/cases/{model}/", {"q": query} if query else {})
    return [str(record) for record in page.context["cl"].result_list]


def offered(client: Client, term: str, field: str = "warning.issuer") -> list[str]:
    """Return what a picker offers for a text."""
    model, _, name = field.partition(".")
    query = {"app_label": "cases", "model_name": model, "field_name": name, "term": term}
    results = client.get("/admin/autocomplete/", query).json()["results"]
    return [result["text"] for result in results]


ACTORS = {
    "Zebra": [],
    "al-Qaeda": ["AQ"],
    "Éire Military Intelligence": [],
    "Царнаев Джохар": [],
    "Islamic State’s affiliate": ["IS-K"],
    "CIA": ["C.I.A."],
    "Officials": [],
    "Hugo Chávez": [],
}


def test_actors_are_found_by_folded_words_and_sorted_by_them(editor: Client) -> None:
    for name, aliases in ACTORS.items():
        make_actor(name=name, aliases=aliases)
    assert listed(editor, "actor") == [
        "al-Qaeda",
        "CIA",
        "Éire Military Intelligence",
        "Hugo Chávez",
        "Islamic State’s affiliate",
        "Officials",
        "Zebra",
        "Царнаев Джохар",
    ]
    finds = {
        "Islamic State's affiliate": "Islamic State’s affiliate",
        "affil isl": "Islamic State’s affiliate",
        "isk": "Islamic State’s affiliate",
        "éire": "Éire Military Intelligence",
        "царнаев": "Царнаев Джохар",
        "ЦАРНАЕВ": "Царнаев Джохар",
        "HUGO CHÁVEZ": "Hugo Chávez",
        "al‑Qaeda": "al-Qaeda",
        "qaeda": "al-Qaeda",
        "CIA": "CIA",
        "c.i.a.": "CIA",
    }
    for typed, name in finds.items():
        assert offered(editor, typed) == [name], typed
        assert listed(editor, "actor", typed) == [name], typed
    for typed in ("???", "xyzzy", "irtue"):
        assert offered(editor, typed) == [] == listed(editor, "actor", typed)
    assert offered(editor, "") == listed(editor, "actor")
    page = editor.get("/admin/cases/actor/?o=-1")
    assert [str(actor) for actor in page.context["cl"].result_list] == listed(editor, "actor")[::-1]


@pytest.mark.slow
def test_cases_are_found_by_their_actors_and_sources_by_address_and_year(editor: Client) -> None:
    case, other = make_case(title="One"), make_case(title="Other’s ‘case’")
    make_warning(case, issuer=make_actor(name="Police of Oslo"))
    make_warning(other, recipients=[make_actor(name="Interpol", aliases=["ICPO"])])
    assert listed(editor, "case", "police") == [str(case)] == listed(editor, "case", "one oslo")
    assert listed(editor, "case", "icpo other's") == [str(other)]
    assert listed(editor, "case", "police interpol") == []
    source = make_source(
        title="‘Late’ alarm",
        url="https://www.example.com/world/late-alarm?x=1",
        published_edtf="2024-03-22",
        published_basis="stated",
    )
    early = make_source(title="Early alarm", published_edtf="2023", published_basis="stated")
    for typed in ("example.com", "2024", "alarm 2024", source.url, "late 2024-03"):
        assert offered(editor, typed, "claim.source") == [str(source)], typed
    assert offered(editor, "alarm", "claim.source") == [str(early), str(source)]
    directive = make_directive(code="ICD 191")
    assert offered(editor, "icd-191", "case.directives") == [str(directive)]


def test_cases_are_found_by_short_numbers_and_codes_of_directives(editor: Client) -> None:
    three = make_case(number="DTW-0003", title="One")
    thirty = make_case(number="DTW-0030", title="Other")
    directive = make_directive(code="ICD 191", title="Duty to warn")
    thirty.directives.add(directive, make_directive(code="DoDI 5115", slug="dodi"))
    for typed in ("3", "0003", "dtw3", "DTW-3", "dtw 3", "dtw–3", str(three)[:8]):
        assert listed(editor, "case", typed) == [str(three)], typed
    for typed in ("icd", "ICD 191", "icd-191", "191", "dodi 5115", "icd 30"):
        assert listed(editor, "case", typed) == [str(thirty)], typed
    for typed in ("duty", "91", "cd", "icd 3", "dtw4", "(", "o'neil("):
        assert listed(editor, "case", typed) == [], typed


def test_versions_are_found_by_the_short_number_of_their_case(editor: Client) -> None:
    case = make_case(number="DTW-0003", published=True)
    make_case(number="DTW-0030", published=True)
    for typed in ("dtw3", "DTW-3"):
        page = editor.get("/admin/cases/version/", {"q": typed})
        assert [version.case for version in page.context["cl"].result_list] == [case], typed


def test_list_that_finds_nothing_says_what_for_and_offers_to_clear_it(editor: Client) -> None:
    make_actor(name="Interpol")
    page = editor.get("/admin/cases/actor/?kind__exact=state&q=<xyz>")
    assert "No actors match both “<xyz>” and the filters." in unescape(words_of(page))
    assert "0 actors" not in words_of(page)
    assert '<a href="?kind__exact=state">Clear the search</a>' in page.text
    assert '<a href="?q=%3Cxyz%3E">Clear the filters</a>' in page.text
    page = editor.get("/admin/cases/actor/?q=xyz")
    assert "No actors match “xyz”. Clear the search" in words_of(page)
    assert "There are no sources yet." in words_of(editor.get("/admin/cases/source/"))


def test_folded_words_follow_every_way_to_write_a_record(editor: Client, tmp_path: Any) -> None:
    actor = make_actor(name="Former")
    actor.name = "Loaded"
    path = tmp_path / "actors.json"
    path.write_text(serializers.serialize("json", [actor]).replace("wformer", "wwrong"))
    call_command("loaddata", str(path), verbosity=0)
    assert offered(editor, "loaded") == ["Loaded"]
    Actor.objects.bulk_create([Actor(name="Bulk", slug="bulk", kind="state")])
    assert offered(editor, "bulk") == ["Bulk"]
    Actor.objects.filter(slug="bulk").update(name="By SQL")
    assert offered(editor, "sql") == []
    assert fold_again(Actor) == 1
    assert offered(editor, "sql") == ["By SQL"]
    assert fold_again(Actor) == 0


def test_pickers_name_the_field_that_what_was_typed_fills_in(editor: Client) -> None:
    case = make_case()
    make_claim(case, source=Source.objects.first() or make_source())
    page = editor.get(f"/admin/cases/case/{Case.objects.get().pk}/change/").text
    for field, fills in (("issuer", "name"), ("source", "title")):
        select = next(part for part in page.split("<select")[1:] if f"-{field}" in part[:60])
        assert f'data-fills="{fills}"' in select.partition(">")[0]
