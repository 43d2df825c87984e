"""What cases share, in the admin: actors, sources, exceptions, notes; and the lists of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Actor, Case, Directive, Note, Source
from cases.review.steps import publish
from tests.support.admin_forms import form_on, messages_on, page_of
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_involvement,
    make_note,
    make_source,
)
from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def add(client: Client, model: str, **values: Any) -> Any:
    address = f"/admin/cases/{model}/add/"
    data = form_on(client.get(address), f"{model}_form")
    return client.post(address, data | values, follow=True)


def test_index_calls_the_packages_of_signing_in_by_what_they_hold(admin_client: Client) -> None:
    text = words_of(admin_client.get("/admin/"))
    assert "Attempts to sign in" in text
    assert "Recovery codes" in text
    assert "Axes" not in text


def test_index_for_reviewer_shows_the_models_in_groups(reviewer: Client) -> None:
    text = reviewer.get("/admin/").text
    places = [text.index(f'">{title}</a>') for title in ("Cases", "What cases share", "The rule")]
    assert places == sorted(places)
    assert "<h1>Duty-to-warn casebook</h1>" in text


def test_pages_hold_nothing_that_the_content_policy_forbids(reviewer: Client) -> None:
    case = make_case(published=True)
    for path in ("", "case/", f"case/{case.pk}/change/", f"case/withdraw/?cases={case.pk}"):
        page = reviewer.get(f"/admin/cases/{path}")
        assert "default-src 'self'" in page["Content-Security-Policy"]
        for forbidden in (" style=", "<style", " onclick=", "<script>"):
            assert forbidden not in page.text


def test_aliases_typed_one_a_line_are_stored_as_a_list(reviewer: Client) -> None:
    page = add(
        reviewer,
        "actor",
        name="Islamic State",
        slug="islamic-state",
        kind="armed_group",
        aliases="ISIS\r\n\r\n  Daesh \r\nISIS",
    )
    assert "was added successfully" in messages_on(page)
    actor = Actor.objects.get()
    assert actor.aliases == ["ISIS", "Daesh"]
    address = f"/admin/cases/actor/{actor.pk}/change/"
    data = form_on(reviewer.get(address), "actor_form")
    assert data["aliases"] == "ISIS\nDaesh"
    reviewer.post(address, data | {"aliases": ""})
    actor.refresh_from_db()
    assert actor.aliases == []


def test_alias_that_is_too_long_is_refused(reviewer: Client) -> None:
    page = add(reviewer, "actor", name="A", slug="a", kind="state", aliases="x" * 201)
    assert "at most 200 characters" in messages_on(page)
    assert not Actor.objects.exists()


def test_name_of_invisible_characters_only_is_refused_as_empty(reviewer: Client) -> None:
    page = add(reviewer, "actor", name="\u200b \u2060", slug="a", kind="state")
    assert "This field is required." in messages_on(page)
    assert not Actor.objects.exists()


def test_actor_with_the_name_of_another_is_saved_with_a_warning(reviewer: Client) -> None:
    make_actor(name="Daesh", aliases=["Islamic State"])
    page = add(reviewer, "actor", name="islamic state", slug="is", kind="armed_group", aliases="")
    assert "“islamic state” is also a name of Daesh" in messages_on(page)
    assert Actor.objects.count() == 2


def test_actor_made_its_own_ancestor_is_refused(reviewer: Client) -> None:
    child = make_actor(parent=make_actor())
    address = f"/admin/cases/actor/{child.parent_id}/change/"
    data = form_on(reviewer.get(address), "actor_form")
    page = reviewer.post(address, data | {"parent": child.pk})
    assert "an ancestor of itself" in messages_on(page)


@pytest.mark.parametrize(
    ("term", "found"),
    [("islamic", 1), ("daesh", 1), ("état", 1), ("ÉTAT", 1), ("nobody", 0), ("a\0b", 0)],
)
def test_actor_is_found_by_name_and_by_alias(reviewer: Client, term: str, found: int) -> None:
    make_actor(name="Islamic State", aliases=["Daesh", "État islamique"])
    make_actor(name="Other", aliases=["Another"])
    query = {"app_label": "cases", "model_name": "involvement", "field_name": "actor"}
    results = reviewer.get("/admin/autocomplete/", query | {"term": term}).json()["results"]
    assert len(results) == found
    assert reviewer.get("/admin/cases/actor/", {"q": term.replace("\0", "")}).status_code == 200


def test_date_of_a_source_without_its_basis_is_refused_beside_the_basis(editor: Client) -> None:
    values = {"title": "The Daily", "slug": "the-daily", "kind": "press", "published_edtf": "2024"}
    page = add(editor, "source", **values)
    beside = page.text.partition('<ul class="errorlist" id="id_published_basis_error">')[2]
    assert "the basis it rests on" in beside.partition("</ul>")[0]
    assert "nonfield" not in page.text


def test_source_in_use_deleted_is_answered_with_a_sentence(reviewer: Client) -> None:
    source, case = make_source(), make_case()
    make_claim(case, "kind", source=source)
    address = f"/admin/cases/source/{source.pk}/delete/"
    said = f"cannot be deleted, because this refers to it: {case.number}: Claim 1: kind"
    for page in (reviewer.get(address), reviewer.post(address, {"post": "yes"})):
        assert f"The source “{source}” {said}" in words_of(page)
        assert f'<a href="/admin/cases/case/{case.pk}/change/">{case.number}: Claim 1' in page.text
    chosen = {"action": "delete_selected", "_selected_action": [source.pk], "post": "yes"}
    assert said in words_of(reviewer.post("/admin/cases/source/", chosen))
    assert Source.objects.filter(pk=source.pk).exists()


def test_source_of_a_published_note_is_kept_for_that_note_with_a_way_back(reviewer: Client) -> None:
    case = make_case(complete=True)
    note = make_note(case)
    publish(case, None)
    page = reviewer.get(f"/admin/cases/source/{note.source_id}/delete/")
    assert f'<a href="{page_of(case)}">{case.number}: ' in page.text
    assert "permission" not in words_of(page)
    assert f'href="{page_of(note.source)}">Back to the source</a>' in page.text
    chosen = {"action": "delete_selected", "_selected_action": [note.source_id], "post": "yes"}
    page = reviewer.post("/admin/cases/source/", chosen)
    assert "cannot be deleted, because these refer to it" in words_of(page)
    assert 'href="/admin/cases/source/">Back to the list</a>' in page.text
    assert Source.objects.filter(pk=note.source_id).exists()


def test_delete_page_names_records_as_the_other_pages_do(reviewer: Client) -> None:
    case = make_case(complete=True)
    case.directives.add(make_directive())
    role, warning = make_involvement(case), case.warnings.get()
    recipient = warning.recipients.get()
    in_use = words_of(reviewer.get(f"/admin/cases/actor/{recipient.pk}/delete/"))
    assert f"because this refers to it: {case.number}: Warning 1" in in_use
    asked = words_of(reviewer.get(f"/admin/cases/case/{case.pk}/delete/"))
    assert f"Role: {role}" in asked
    for page in (in_use, asked):
        assert " object (" not in page
        assert "relationship" not in page


def test_source_with_a_date_that_cannot_be_read_is_refused(reviewer: Client) -> None:
    values = {"title": "A", "slug": "a", "kind": "press", "published_basis": "stated"}
    page = add(reviewer, "source", **values, published_edtf="March 7")
    assert "is not a date expression" in messages_on(page)
    assert "was added" in messages_on(add(reviewer, "source", **values, published_edtf="2024-03"))


def test_actor_entered_a_second_time_is_refused_and_names_the_first(reviewer: Client) -> None:
    values = {"name": "Daily True News", "slug": "daily-true-news", "kind": "media"}
    assert "was added" in messages_on(add(reviewer, "actor", **values))
    said = messages_on(add(reviewer, "actor", **values))
    assert "“Daily True News” has this slug already. If it is the same, use that one" in said
    values["slug"] = "daily-true-news-2"
    assert "was added" in messages_on(add(reviewer, "actor", **values))


def test_exception_with_a_code_that_is_taken_is_refused(reviewer: Client) -> None:
    taken = make_exception()
    values = {"directive": taken.directive_id, "code": taken.code, "order": "99", "slug": "new"}
    page = add(reviewer, "directiveexception", **values, title="New", statement="New.")
    assert "already exists" in messages_on(page)


def test_directive_added_by_reviewer_is_saved(reviewer: Client) -> None:
    values = {"code": "ICD 191", "slug": "icd-191", "title": "Duty to warn", "authority": "ODNI"}
    values |= {
        "issued_edtf": "2015-07-21",
        "issued_basis": "stated",
        "statement": "Warn.",
        "source": str(make_source().pk),
    }
    assert "was added" in messages_on(add(reviewer, "directive", **values))
    assert Directive.objects.get().code == "ICD 191"


def test_note_on_an_exception_is_saved_and_signed(reviewer: Client) -> None:
    values = {"slug": "a", "kind": "context", "source_says": "One.", "evidence_says": "Two."}
    values |= {"source": str(make_source().pk), "evidence": str(make_source().pk)}
    exception = make_exception()
    page = add(reviewer, "note", **values, exception=exception.pk)
    assert "was added" in messages_on(page)
    note = Note.objects.get()
    assert (note.exception, note.author is not None) == (exception, True)


def test_note_on_two_subjects_is_refused(reviewer: Client) -> None:
    values = {"slug": "a", "kind": "context", "source_says": "One.", "evidence_says": "Two."}
    values |= {"source": str(make_source().pk), "evidence": str(make_source().pk)}
    exception = make_exception()
    page = add(reviewer, "note", **values, exception=exception.pk, directive=make_directive().pk)
    assert "A note is about one case, directive or exception" in messages_on(page)


@pytest.mark.parametrize(
    ("model", "make", "queries"),
    [
        # Each: session, user, 2 for permissions, 2 for how far the list has seen, 2 counts, the
        # records; beside them …
        ("case", lambda: make_case(published=True), 15),  # … the counts of 5 filters, editors
        ("actor", lambda: make_actor(parent=make_actor(), country=make_state()), 14),
        ("source", lambda: make_claim(make_case(), "kind"), 10),  # … the counts of 1 filter
        ("note", lambda: make_note(make_case()), 14),  # … as for actors: see below
        ("directiveexception", make_exception, 10),  # … the directives to filter by
        ("version", lambda: make_case(published=True), 9),
    ],
)
@pytest.mark.slow
def test_list_of_many_records_takes_as_many_queries_as_of_few(
    reviewer: Client,
    django_assert_num_queries: Any,
    model: str,
    make: Callable[[], object],
    queries: int,
) -> None:
    # A filter by related records (countries, sources) reads them three times, once for its counts;
    # that makes five with the counts of the kinds.
    for rows in (2, 4):
        for __ in range(rows):
            make()
        Case.objects.update(updated_by=User.objects.get())
        with django_assert_num_queries(queries):
            reviewer.get(f"/admin/cases/{model}/")


def make_state() -> Actor:
    return make_actor(kind="state")


def test_list_of_versions_leaves_their_records_in_the_database(reviewer: Client) -> None:
    version = make_case(published=True).versions.get()
    with CaptureQueriesContext(connection) as queries:
        page = reviewer.get("/admin/cases/version/")
    assert version.change_note in page.text
    assert not [query for query in queries if '"cases_version"."record"' in query["sql"]]
    assert version.digest in reviewer.get(f"/admin/cases/version/{version.pk}/change/").text


@pytest.mark.parametrize("model", ["case", "actor", "source", "note", "directive", "version"])
@pytest.mark.parametrize(
    "query", ["q=%00", "kind__exact=%00", "kind__exact=x", "p=abc", "o=99.-99", "zz=1", "q=%22%27"]
)
def test_list_asked_for_with_nonsense_is_answered(reviewer: Client, model: str, query: str) -> None:
    page = reviewer.get(f"/admin/cases/{model}/?{query}", follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("key", ["abc", "9" * 40, "_00", "1_2F"])
def test_page_of_no_record_is_answered_with_a_sentence(reviewer: Client, key: str) -> None:
    page = reviewer.get(f"/admin/cases/case/{key}/change/", follow=True)
    assert "doesn’t exist" in messages_on(page)


@pytest.mark.parametrize("key", ["abc", "9" * 40, "\0"])
def test_action_on_no_record_is_answered_with_a_sentence(reviewer: Client, key: str) -> None:
    make_case()
    chosen = {"action": "submit_selected", "_selected_action": [key]}
    page = reviewer.post("/admin/cases/case/", chosen, follow=True)
    assert "Select records from the list" in messages_on(page)


@pytest.mark.parametrize("key", ["abc", "9" * 40, "\0"])
def test_form_opened_with_nonsense_in_the_address_is_shown(reviewer: Client, key: str) -> None:
    query = {"parent": key, "country": key, "kind": key, "name": key}
    assert reviewer.get("/admin/cases/actor/add/", query).status_code == 200


def test_view_on_site_is_offered_once_the_record_has_a_public_page(reviewer: Client) -> None:
    source = make_source()
    address = f"/admin/cases/source/{source.pk}/change/"
    assert "View on site" not in reviewer.get(address).text
    make_claim(make_case(published=True), source=source)
    assert f'href="{source.get_absolute_url()}"' in reviewer.get(address).text
