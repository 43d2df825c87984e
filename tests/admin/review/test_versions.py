"""The versions of a case in the admin, and restoring one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from cases.models import Case, Version
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.admin_forms import messages_on, signed_in
from tests.support.factories import detail, make_case
from tests.support.reading import words_of
from tests.support.records import case_record

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("team_of_one"),
]


@pytest.fixture
def case() -> Case:
    """Return a case of two versions: the second has another title."""
    case = make_case(published=True, title="The first title")
    Case.objects.filter(pk=case.pk).update(title="The second title")
    make_version(case, None, "A clearer title.")
    return case


def versions_of(case: Case) -> str:
    return f"/admin/cases/case/{case.pk}/versions/"


def restoring(case: Case, number: int) -> str:
    return f"{versions_of(case)}{number}/restore/"


def restore(client: Client, case: Case, number: int, **data: Any) -> Any:
    given = {"reason": "It was better.", "newest": case.versions.count()} | data
    return client.post(restoring(case, number), given, follow=True)


def test_versions_are_listed_with_notes_and_a_way_to_restore_all_but_the_newest(
    editor: Client, case: Case
) -> None:
    form = editor.get(f"/admin/cases/case/{case.pk}/change/")
    assert f'href="{versions_of(case)}"' in form.text
    page = editor.get(versions_of(case))
    assert "A clearer title." in page.text
    assert f'href="/cases/{case.slug}/v/2/"' in page.text
    assert restoring(case, 1) in page.text
    assert restoring(case, 2) not in page.text


def test_version_restored_with_a_reason_is_the_next_and_the_public_reads_why(
    editor: Client, client: Client, case: Case
) -> None:
    page = editor.get(restoring(case, 1))
    assert "Title changed The second first title" in words_of(page)
    page = restore(editor, case, 1)
    assert "is restored, as version 3." in messages_on(page)
    made = case.versions.get(number=3)
    assert made.change_note == "Version 1 restored: It was better."
    assert made.record == case.versions.get(number=1).record
    assert made.editor is not None
    case.refresh_from_db()
    assert (case.title, case.updated_by) == ("The first title", made.editor)
    assert made.change_note in client.get(f"/cases/{case.slug}/history/").text
    entry = LogEntry.objects.get(object_id=str(case.pk))
    assert made.change_note in entry.get_change_message()


def test_page_of_restoring_changes_nothing(editor: Client, case: Case) -> None:
    before = case_record(detail(case))
    editor.get(restoring(case, 1))
    assert case_record(detail(case)) == before
    assert case.versions.count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "\0", "x" * 1901])
def test_restoring_without_a_good_reason_is_refused(
    editor: Client, case: Case, reason: str
) -> None:
    page = restore(editor, case, 1, reason=reason)
    assert "Please correct the error below." in messages_on(page)
    assert case.versions.count() == 2
    assert "Title changed" in words_of(page)


def test_restoring_after_another_version_was_made_is_shown_again_with_the_reason(
    editor: Client, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(title="The third title")
    make_version(case, None, "Clearer still.")
    page = restore(editor, case, 1, newest=2)
    assert "Version 3 was made in the meantime." in messages_on(page)
    assert "It was better." in page.text
    assert case.versions.count() == 3
    assert "is restored, as version 4." in messages_on(restore(editor, case, 1, newest=3))


@pytest.mark.parametrize("newest", ["", "x", "9" * 30])
def test_restoring_with_a_forged_form_is_refused(editor: Client, case: Case, newest: str) -> None:
    restore(editor, case, 1, newest=newest)
    assert case.versions.count() == 2


def test_restoring_what_the_case_holds_offers_no_form(editor: Client, case: Case) -> None:
    page = editor.get(restoring(case, 2))
    assert "there is nothing to restore" in words_of(page)
    assert 'name="reason"' not in page.text
    assert "nothing was changed" in messages_on(restore(editor, case, 2))
    assert case.versions.count() == 2


def test_restoring_what_cannot_stand_today_says_why_and_changes_nothing(
    editor: Client, case: Case
) -> None:
    bad = case.versions.get(number=1).record
    bad["claims"] = []
    Version.objects.create(case=case, number=3, record=bad, change_note="Of old.", digest="0" * 64)
    make_version(case, None, "Its claims again.")
    for page in (editor.get(restoring(case, 3)), restore(editor, case, 3)):
        said = messages_on(page)
        assert "Version 3 cannot be restored as it is." in said
        assert "has no claim that asserts it" in said
    assert case.versions.count() == 4


def test_restoring_a_version_that_names_a_deleted_actor_says_which(
    editor: Client, case: Case
) -> None:
    role = case.involvements.get()
    name = role.actor.name
    case.claims.filter(involvement=role).delete()
    role.delete()
    role.actor.delete()
    make_version(case, None, "Taken out.")
    page = editor.get(restoring(case, 1))
    assert f"Actor “{name}”" in messages_on(page)
    assert "is not in the casebook any more" in messages_on(page)


def test_versions_of_a_withdrawn_case_are_listed_and_not_restored(
    editor: Client, case: Case
) -> None:
    withdraw(case, None, "Wrong.")
    page = editor.get(versions_of(case))
    assert "kept but not public" in page.text
    assert "restore/" not in page.text
    assert f"/cases/{case.slug}/v/1/" not in page.text
    assert "Only a published case" in messages_on(editor.get(restoring(case, 1)))
    assert "Only a published case" in messages_on(restore(editor, case, 1))
    assert case.versions.count() == 2


def test_versions_of_a_draft_are_none_and_its_form_does_not_lead_there(editor: Client) -> None:
    case = make_case()
    assert "has no versions yet" in editor.get(versions_of(case)).text
    assert versions_of(case) not in editor.get(f"/admin/cases/case/{case.pk}/change/").text


def test_versions_need_permission_to_view_and_restoring_to_change(case: Case) -> None:
    nobody, viewer = signed_in(), signed_in()
    for client, permissions in ((nobody, []), (viewer, ["view_case"])):
        grant(client, *permissions)
    assert nobody.get(versions_of(case)).status_code == 403
    page = viewer.get(versions_of(case))
    assert page.status_code == 200
    assert "restore/" not in page.text
    for client in (nobody, viewer):
        assert client.get(restoring(case, 1)).status_code == 403
        assert client.post(restoring(case, 1), {"reason": "x", "newest": 2}).status_code == 403
    assert Client().get(restoring(case, 1)).status_code == 302
    assert case.versions.count() == 2


def grant(client: Client, *names: str) -> None:
    user = User.objects.get(pk=client.session["_auth_user_id"])
    user.user_permissions.set(Permission.objects.filter(codename__in=names))


@pytest.mark.parametrize("number", ["0", "3", "9" * 30])
def test_restoring_no_version_is_not_found(editor: Client, case: Case, number: str) -> None:
    assert editor.get(f"{versions_of(case)}{number}/restore/").status_code == 404


def test_versions_of_no_case_are_not_found(editor: Client, case: Case) -> None:
    for key in ("999999", "9" * 40):
        assert editor.get(f"/admin/cases/case/{key}/versions/").status_code == 404
        assert editor.get(f"/admin/cases/case/{key}/versions/1/restore/").status_code == 404


def test_versions_of_another_case_are_not_found(editor: Client, case: Case) -> None:
    other = make_case(published=True)
    assert editor.get(restoring(other, 2)).status_code == 404


def test_restoring_posted_without_token_is_refused(editor: Client, case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    assert strict.post(restoring(case, 1), {"reason": "x", "newest": 2}).status_code == 403
