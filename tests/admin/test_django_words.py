"""Words of Django's own pages that the admin replaces by its own."""

from __future__ import annotations

import pytest
from axes.models import AccessLog
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from cases.models import Source
from tests.support.admin_forms import form_on, page_of, user_of
from tests.support.factories import make_actor, make_source
from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_admin_says_sign_in_and_sign_out_everywhere(editor: Client) -> None:
    for address in ("", "password_change/", "password_change/done/"):
        words = words_of(editor.get(f"/admin/{address}"))
        assert "Sign out" in words
        assert "Editor guide" in words
        assert "Log out" not in words
    gone = editor.post("/admin/logout/")
    assert "You are signed out Sign in again" in words_of(gone)
    assert "<title>You are signed out –" in gone.text
    page = editor.get("/admin/login/")
    assert "<title>Sign in –" in page.text
    assert "Log" not in words_of(page)


def test_log_of_sign_ins_says_who_signed_out(admin_client: Client) -> None:
    AccessLog.objects.create(username="ann", logout_time=timezone.now())
    words = words_of(admin_client.get("/admin/axes/accesslog/"))
    assert "Signed out" in words
    assert "Logout" not in words


def test_first_page_says_where_own_changes_will_be_listed(editor: Client) -> None:
    assert "will be listed here" in words_of(editor.get("/admin/"))
    LogEntry.objects.log_actions(user_of(editor).pk, [make_actor()], ADDITION, single_object=True)
    words = words_of(editor.get("/admin/"))
    assert "My actions" in words
    assert "will be listed here" not in words


@pytest.mark.parametrize(
    ("path", "name"), [("cases/case", "Cases"), ("admin/logentry", "Log entries")]
)
def test_list_is_headed_by_what_it_lists(admin_client: Client, path: str, name: str) -> None:
    page = admin_client.get(f"/admin/{path}/")
    assert f"<h1>{name}</h1>" in page.text
    assert f"{name} – Duty-to-warn casebook" in words_of(page)
    assert "Select" not in page.text.partition("<form")[0]


def test_filter_names_the_records_that_have_no_value(admin_client: Client) -> None:
    make_actor(name="Oslo", country=make_actor(name="Norway", kind="state"))
    assert "None (1)" in words_of(admin_client.get("/admin/cases/actor/"))
    User.objects.create_user("ann").groups.add(*Group.objects.all())
    assert "By groups All Editors Reviewers None" in words_of(admin_client.get("/admin/auth/user/"))


def test_only_a_saved_source_has_a_current_address(editor: Client) -> None:
    data = form_on(editor.get("/admin/cases/source/add/"), "source_form")
    pasted = "@misc{x, title={Late alarm}, url={https://www.example.com/late}}"
    page = editor.post("/admin/cases/source/add/", data | {"_citation": pasted, "_fill_in": "1"})
    assert 'value="https://www.example.com/late"' in page.text
    assert "Currently" not in page.text
    assert not Source.objects.exists()
    saved = editor.get(page_of(make_source(url="https://www.example.com/saved")))
    assert "Currently" in saved.text
