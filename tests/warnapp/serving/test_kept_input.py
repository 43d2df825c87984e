"""A form whose sender is signed out, or has signed in again, is kept and sent once more."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case
from tests.support.accounts import PASSWORD
from tests.support.admin_forms import form_on
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SIGN_IN = {"sign-in-username": "ed", "sign-in-password": PASSWORD}
TYPED = "What “happened” <on> that day:\nmuch & more"
ORIGIN: Any = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def editing_account(account: User) -> User:
    account.groups.set(Group.objects.filter(name="Editors"))
    return account


@pytest.fixture
def address() -> str:
    return reverse("admin:cases_case_change", args=[make_case().pk])


@pytest.fixture
def typed(client: Client, editing_account: User, address: str) -> dict[str, Any]:
    """Return the form of a case with a change typed into it, after its editor was signed out."""
    client.force_login(editing_account)
    data = form_on(client.get(address)) | {"summary": TYPED, "_continue": "1"}
    client.logout()
    return data


def kept_on(response: Any) -> dict[str, Any]:
    """Return what the page that keeps a form would send; it is a 403 as nothing is done yet."""
    assert response.status_code == 403
    response.status_code = 200
    return form_on(response, "login-form")


def summary() -> str:
    return Case.objects.get().summary.replace("\r\n", "\n")


def test_form_sent_after_the_session_ended_is_saved_with_the_sign_in(
    client: Client, address: str, typed: dict[str, Any]
) -> None:
    page = client.post(address, typed)
    assert "Nothing that you typed is lost" in page.text
    kept = kept_on(page)
    assert kept["summary"] == TYPED
    assert summary() != TYPED
    assert client.post(address, kept | SIGN_IN).status_code == 302
    assert summary() == TYPED
    assert client.get(address).status_code == 200


def test_form_is_still_kept_after_a_wrong_password_which_no_log_has(
    client: Client, address: str, typed: dict[str, Any]
) -> None:
    kept = kept_on(client.post(address, typed))
    page = client.post(address, kept | SIGN_IN | {"sign-in-password": "wrong-word-7"})
    assert "enter the correct username and password" in page.text
    assert "wrong-word-7" not in page.text
    again = kept_on(page)
    assert again["summary"] == TYPED
    assert "wrong-word-7" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    client.post(address, again | SIGN_IN)
    assert summary() == TYPED


def test_signing_in_with_a_kept_form_is_refused_after_too_many_failures(
    client: Client, address: str, typed: dict[str, Any]
) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post(address, typed | SIGN_IN | {"sign-in-password": "wrong"})
    assert client.post(address, typed | SIGN_IN).status_code == 429
    assert summary() != TYPED


def test_kept_form_is_not_saved_for_an_account_without_the_permission(
    client: Client, editing_account: User, address: str, typed: dict[str, Any]
) -> None:
    editing_account.groups.clear()
    assert client.post(address, typed | SIGN_IN).status_code == 403
    assert summary() != TYPED


def test_kept_form_with_a_file_says_that_it_has_to_be_chosen_again(client: Client) -> None:
    data = {"subject": "actors", "file": SimpleUploadedFile("actors.csv", b"slug,name\n")}
    page = client.post("/admin/cases/import/add/", data)
    assert "Only a file has to be chosen again." in page.text
    assert kept_on(page)["subject"] == "actors"


def test_page_asked_for_without_a_session_leads_to_the_sign_in(client: Client) -> None:
    response = client.get("/admin/cases/case/add/")
    assert response["Location"].startswith("/admin/login/")


@pytest.fixture
def strict(client: Client, editing_account: User) -> Client:
    """Return a browser of the editor's, the tokens of whose forms are checked."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editing_account)
    return strict


def test_form_from_before_the_last_sign_in_is_kept_with_a_new_token(
    strict: Client, address: str, typed: dict[str, Any]
) -> None:
    page = strict.post(address, typed | {"csrfmiddlewaretoken": "a" * 64}, **ORIGIN)
    assert "You have signed in again since" in page.text
    kept = kept_on(page)
    assert strict.post(address, kept, **ORIGIN).status_code == 302
    assert summary() == TYPED


@pytest.mark.parametrize("origin", ["https://example.org", "null", ""])
def test_form_from_another_site_is_refused_and_not_kept(
    strict: Client, address: str, typed: dict[str, Any], origin: str
) -> None:
    page = strict.post(address, typed, HTTP_ORIGIN=origin)
    assert page.status_code == 403
    assert "Your form was not saved" in page.text
    assert "much" not in page.text
    assert summary() != TYPED


@pytest.mark.parametrize(
    ("following", "page"),
    [("/admin/cases/case/add/?kind=policy_origin", None), ("https://example.org/", "/admin/")],
)
def test_sign_in_on_a_page_from_before_another_sign_in_goes_on_to_its_own_page(
    strict: Client, following: str, page: str | None
) -> None:
    form = {"username": "ed", "password": PASSWORD, "next": following}
    response = strict.post("/admin/login/", form, **ORIGIN)
    assert strict.get(response["Location"])["Location"] == (page or following)


def test_sign_in_with_a_page_of_another_site_leads_to_the_start(
    client: Client, account: User
) -> None:
    form = {"username": "ed", "password": PASSWORD, "next": "https://example.org/"}
    assert client.post("/admin/login/", form)["Location"] == "/admin/"
