"""What cases share, changed in the admin: published cases that show it get a version each."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Actor, Case, Directive, DirectiveException, FormerSlug, Source, Version
from cases.versions.making import CASES_PER_BATCH, RECORDED_FIELDS, is_recorded, make_versions
from cases.versions.mentions import mentioned_in_versions
from tests.support.admin_forms import form_on, messages_on, page_of, save, signed_in
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)
from tests.support.reading import words_of
from tests.support.records import case_record

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Shared = Actor | Source | Directive | DirectiveException

NOTE = "Its name was misspelt."


@pytest.fixture
def actor() -> Actor:
    return make_actor(name="Before", kind="armed_group")


def showing(shared: Shared, count: int = 1) -> list[Case]:
    """Return published cases that show an actor, a source, a directive or an exception."""
    cases: list[Case] = [make_case(published=True) for _ in range(count)]
    for case in cases:
        if isinstance(shared, Actor):
            make_warning(case, issuer=shared)
        elif isinstance(shared, Source):
            make_claim(case, "kind", source=shared)
        elif isinstance(shared, Directive):
            case.directives.add(shared)
        else:
            make_assessment(case, exception=shared)
        support(case)
    return cases


def numbers(cases: list[Case]) -> list[int]:
    """Return for each case how many versions it has."""
    return [case.versions.count() for case in cases]


def test_actor_renamed_with_a_note_makes_a_version_of_each_published_case(
    reviewer: Client, actor: Actor
) -> None:
    cases, draft = showing(actor, 2), make_case(complete=True)
    make_warning(draft, issuer=actor)
    before = cases[0].updated_at
    page = save(reviewer, actor, name="After", change_note=NOTE)
    assert "2 published cases show the change, each in a new version." in messages_on(page)
    assert numbers(cases) == [2, 2]
    assert not draft.versions.exists()
    version = cases[0].versions.get(number=2)
    assert version.change_note == NOTE
    assert version.editor is not None
    assert version.record == case_record(detail(cases[0]))
    assert "After" in str(version.record)
    cases[0].refresh_from_db()
    assert cases[0].updated_at > before


@pytest.mark.slow
def test_actor_renamed_without_a_note_is_refused_naming_the_cases(
    reviewer: Client, actor: Actor
) -> None:
    cases = showing(actor, 7)
    page = reviewer.get(page_of(actor))
    assert "7 published cases show this" in words_of(page)
    assert "and 2 more" in words_of(page)
    assert str(cases[0]) in page.text
    assert str(cases[6]) not in page.text
    assert "A change of its slug, name or kind makes a new version of each" in words_of(page)
    page = save(reviewer, actor, name="After", change_note=" ")
    assert "7 published cases show this. Say what changes and why" in messages_on(page)
    assert 'value="After"' in page.text
    actor.refresh_from_db()
    assert actor.name == "Before"
    assert numbers(cases) == [1] * 7


def test_actor_changed_in_what_no_case_shows_needs_no_note(reviewer: Client, actor: Actor) -> None:
    cases = showing(actor)
    page = save(reviewer, actor, description="A group.", aliases="Another name")
    assert "was changed successfully" in messages_on(page)
    assert "version" not in messages_on(page)
    assert numbers(cases) == [1]


def test_actor_that_no_published_case_shows_is_asked_no_note(
    reviewer: Client, actor: Actor
) -> None:
    make_warning(make_case(), issuer=actor)
    assert "change_note" not in reviewer.get(page_of(actor)).text
    assert "was changed successfully" in messages_on(save(reviewer, actor, name="After"))
    actor.refresh_from_db()
    assert actor.name == "After"


def test_actor_of_a_case_published_meanwhile_is_asked_for_the_note(
    reviewer: Client, actor: Actor
) -> None:
    data = form_on(reviewer.get(page_of(actor)), "actor_form") | {"name": "After"}
    cases = showing(actor)
    page = reviewer.post(page_of(actor), data, follow=True)
    assert "1 published case shows this. Say what changes and why" in messages_on(page)
    assert "change_note" in page.text
    assert numbers(cases) == [1]


def test_actor_of_another_kind_that_a_case_cannot_have_is_refused(reviewer: Client) -> None:
    source = make_source(kind="official")
    exception = make_exception()
    case = make_case(published=True)
    assessment = make_assessment(case, exception=exception, status="officially_invoked")
    make_claim(case, f"{assessment.path}.status", source=source)
    page = save(reviewer, source, kind="press", change_note=NOTE)
    assert f"{case.number} could not stay public" in messages_on(page)
    assert "“Officially invoked” needs a claim" in messages_on(page)
    assert NOTE in page.text
    source.refresh_from_db()
    assert source.kind == "official"
    assert case.versions.count() == 1
    page = save(reviewer, source, kind="court", change_note=NOTE)
    assert "1 published case shows the change, in a new version." in messages_on(page)


@pytest.mark.slow
def test_source_and_exception_changed_with_a_note_make_versions(reviewer: Client) -> None:
    source, exception = make_source(), make_exception()
    for shared, values in (
        (source, {"archived_url": "https://example.org/kept"}),
        (exception, {"title": "Another title"}),
    ):
        cases = showing(shared)
        assert "Say what changes" in messages_on(save(reviewer, shared, **values))
        page = save(reviewer, shared, **values, change_note=NOTE)
        assert "in a new version" in messages_on(page)
        assert numbers(cases) == [2]


def test_actor_of_a_new_slug_makes_versions_and_the_old_ones_still_lead_to_it(
    reviewer: Client, client: Client, actor: Actor
) -> None:
    old = actor.slug
    (case,) = showing(actor)
    save(reviewer, actor, slug="renamed", change_note=NOTE)
    assert case.versions.count() == 2
    assert f'href="/actors/{old}/">Before</a>' in client.get(f"/cases/{case.slug}/v/1/").text
    assert client.get(f"/actors/{old}/")["Location"] == "/actors/renamed/"


def test_viewer_is_asked_no_note(actor: Actor) -> None:
    showing(actor)
    viewer = signed_in()
    user = User.objects.get(pk=viewer.session["_auth_user_id"])
    user.user_permissions.set(Permission.objects.filter(codename="view_actor"))
    page = viewer.get(page_of(actor))
    assert page.status_code == 200
    assert "change_note" not in page.text


def test_note_on_a_public_case_is_changed_and_deleted_on_its_page_only(reviewer: Client) -> None:
    case = make_case(published=True)
    note = make_note(case)
    assert reviewer.post(page_of(note), {"slug": "x"}).status_code == 403
    assert reviewer.post(f"/admin/cases/note/{note.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [note.pk], "post": "yes"}
    assert reviewer.post("/admin/cases/note/", action).status_code == 403
    note.refresh_from_db()
    assert case.versions.count() == 1


def deleted(client: Client, *shared: Shared) -> Any:
    """Press “Delete” on the page of one record, or in the list for several."""
    name = shared[0]._meta.model_name
    if len(shared) == 1:
        address = f"/admin/cases/{name}/{shared[0].pk}/delete/"
        return client.get(address)
    action = {"action": "delete_selected", "_selected_action": [one.pk for one in shared]}
    return client.post(f"/admin/cases/{name}/", action | {"post": "yes"}, follow=True)


def test_what_a_version_names_is_not_deleted_when_no_case_shows_it_any_more(
    reviewer: Client,
) -> None:
    case = make_case(published=True)
    role = make_involvement(case)
    claim = make_claim(case, role.path, source=make_source(), speaker=make_actor())
    shared: list[Shared] = [role.actor, claim.source]
    claim.delete()
    role.delete()
    make_versions(Case.objects.filter(pk=case.pk), None, "Not any more.")
    for one in shared:
        page = deleted(reviewer, one)
        assert f"Version 1 of {case.number}, which names “{one}”" in words_of(page)
        free = make_actor() if isinstance(one, Actor) else make_source()
        deleted(reviewer, one, free)
        model: Any = type(one)
        assert model.objects.filter(pk__in=[one.pk, free.pk]).count() == 2


def test_what_was_never_public_is_deleted(reviewer: Client) -> None:
    actor, source = make_actor(), make_source()
    for one in (actor, source):
        assert "which names" not in words_of(deleted(reviewer, one))
    deleted(reviewer, actor, make_actor())
    assert not Actor.objects.exists()


def test_version_naming_a_record_is_found_by_a_slug_it_had(actor: Actor) -> None:
    (case,) = showing(actor)
    actor.slug = "renamed"
    actor.save()
    assert list(mentioned_in_versions([actor])) == [(actor, case.versions.get())]
    FormerSlug.objects.all().delete()
    assert list(mentioned_in_versions([actor])) == []


def test_versions_that_name_any_of_many_records_are_looked_for_in_few_passes(
    actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (case,) = showing(actor)
    free = [make_actor() for _ in range(150)]
    ContentType.objects.get_for_model(Actor)  # known from now on
    version = case.versions.get()
    with django_assert_num_queries(4):  # former slugs and versions, twice
        assert list(mentioned_in_versions([*free, actor])) == [(actor, version)]
    with django_assert_num_queries(0):
        assert list(mentioned_in_versions([])) == []


@pytest.mark.parametrize("model", list(RECORDED_FIELDS))
@pytest.mark.slow
def test_what_the_record_tells_is_what_a_note_is_asked_for(model: type[Any]) -> None:
    """Each column is changed; the record of a case that shows it changes with it or does not."""
    make: dict[type[Any], Any] = {
        Actor: make_actor,
        Source: make_source,
        Directive: make_directive,
        DirectiveException: make_exception,
    }
    others = {
        "kind": {Actor: "media", Source: "court"}.get(model, ""),
        "published_edtf": "2024",
        "published_basis": "stated",
        "issued_edtf": "2024",
        "issued_basis": "stated",
        "status": "draft",
        "text_status": "verified",
        "order": 7,
        "paragraphs": 9,
        "archiving": "cannot_be_archived",
        "aliases": ["Other"],
        "accessed_on": "2024-01-01",
        "wikidata_id": "Q7747",
        "article_wording": "",
        "article_locator": "",
    }
    shared = make[model]()
    (case,) = showing(shared)
    for field in model._meta.concrete_fields:
        if field.is_relation or field.primary_key or not field.editable:
            continue
        values = {field.name: others.get(field.name, "other")}
        if field.name.startswith("issued_"):
            values |= {name: others[name] for name in ("issued_edtf", "issued_basis")}
        if field.name.startswith("published_"):
            values |= {name: others[name] for name in ("published_edtf", "published_basis")}
        before = case_record(detail(case))
        model.objects.filter(pk=shared.pk).update(**values)
        changed = case_record(detail(case)) != before
        assert changed is is_recorded(model, field.name) or field.name.startswith(
            ("published_", "issued_")
        )
    assert is_recorded(model, "slug")
    assert not is_recorded(model, "description")


@pytest.mark.slow
def test_versions_of_many_cases_take_as_many_queries_as_of_few(
    actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = showing(actor, 12)
    found = Case.objects.filter(pk__in=[case.pk for case in cases])
    assert len(cases) < CASES_PER_BATCH
    for name, some in (("First", found.filter(pk__lte=cases[1].pk)), ("Second", found)):
        Actor.objects.filter(pk=actor.pk).update(name=name)
        # Savepoint and its release; the lock, where the beginning of a transaction is none; keys;
        # the cases with their latest versions, their directives and eight kinds of parts; latest
        # versions of an older format; the new versions.
        with django_assert_num_queries(16 if connection.vendor == "postgresql" else 15):
            make_versions(some, None, "Renamed.")
    assert Version.objects.filter(change_note="Renamed.").count() == 14
