"""New accounts, and what their owners find in the admin."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.support.accounts import PASSWORD
from tests.support.admin_forms import form_on, messages_on, user_of
from tests.support.factories import make_case
from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize(
    ("role", "groups"), [("Editors", ["Editors"]), ("Reviewers", ["Reviewers"])]
)
def test_new_account_for_an_editor_or_reviewer_can_work_at_once(
    admin_client: Client, role: str, groups: list[str]
) -> None:
    address = reverse("admin:auth_user_add")
    data = form_on(admin_client.get(address), "user_form")
    data |= {"role": role, "username": "new", "password1": PASSWORD, "password2": PASSWORD}
    assert "was added successfully" in messages_on(admin_client.post(address, data, follow=True))
    account = User.objects.get(username="new")
    assert [group.name for group in account.groups.all()] == groups
    assert account.is_staff
    client = Client()
    client.post(reverse("admin:login"), {"username": "new", "password": PASSWORD})
    assert "My drafts" in client.get("/admin/").text


def test_new_account_without_a_role_has_no_access(admin_client: Client) -> None:
    data = {"role": "", "username": "new", "password1": PASSWORD, "password2": PASSWORD}
    admin_client.post(reverse("admin:auth_user_add"), data)
    account = User.objects.get(username="new")
    assert not account.is_staff
    assert not account.groups.exists()


def test_my_drafts_lists_the_drafts_that_somebody_made_or_edited(
    editor: Client, user: User
) -> None:
    me = user_of(editor)
    made = make_case(title="Made by me", created_by=me)
    make_case(title="In review", updated_by=me, status="in_review")
    make_case(title="Of another", created_by=user)
    link = "/admin/cases/case/?editor=me&amp;status__exact=draft"
    assert f'href="{link}"' in editor.get("/admin/").text
    shown = editor.get(link.replace("&amp;", "&")).context["cl"].result_list
    assert list(shown) == [made]
    others = editor.get("/admin/cases/case/", {"editor": user.pk}).context["cl"].result_list
    assert [case.title for case in others] == ["Of another"]


def test_heading_of_a_case_says_its_status(editor: Client) -> None:
    case = make_case(status="in_review")
    page = editor.get(reverse("admin:cases_case_change", args=[case.pk]))
    assert f"<h2>{case} · In review</h2>" in page.text


def test_account_that_is_in_the_log_is_kept_with_a_way_back(admin_client: Client) -> None:
    account = User.objects.create_user("ann")
    LogEntry.objects.log_actions(account.pk, [account], CHANGE, single_object=True)
    page = admin_client.get(f"/admin/auth/user/{account.pk}/delete/")
    assert "account may not delete them: log entry" in words_of(page)
    assert f'href="/admin/auth/user/{account.pk}/change/">Back to the user</a>' in page.text
