"""Accounts: who may sign in, who is kept out, and the logs that nobody edits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.support.accounts import PASSWORD
from tests.support.admin_forms import form_on
from tests.support.factories import make_actor
from warnapp.signing_in import client_address

pytestmark = pytest.mark.django_db
LIMIT = settings.AXES_FAILURE_LIMIT


def sign_in(client: Client, password: str, address: str = "192.0.2.1") -> Any:
    typed = {"username": "ed", "password": password}
    return client.post(reverse("admin:login"), typed, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_in_with_the_password_succeeds_and_is_logged(client: Client, account: User) -> None:
    sign_in(client, PASSWORD)
    assert is_signed_in(client)
    assert [(log.username, log.ip_address) for log in AccessLog.objects.all()] == [
        ("ed", "192.0.2.1")
    ]


def test_sign_in_after_too_many_failures_is_refused_with_how_long_to_wait(
    client: Client, account: User
) -> None:
    for _ in range(LIMIT - 1):
        assert sign_in(client, "wrong").status_code == 200
    sign_in(client, "wrong")
    response = sign_in(client, PASSWORD)
    assert response.status_code == 429
    assert "failed sign-ins as “ed” from here. Wait 15 minutes" in response.content.decode()
    assert not is_signed_in(client)
    assert AccessFailureLog.objects.count() >= LIMIT
    assert "wrong" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))


def test_sign_in_before_too_many_failures_forgets_them(client: Client, account: User) -> None:
    for _ in range(2):
        for _ in range(LIMIT - 1):
            sign_in(client, "wrong")
        sign_in(client, PASSWORD)
        assert is_signed_in(client)
        client.logout()


def test_sign_in_from_elsewhere_is_not_kept_out_by_a_strangers_failures(
    client: Client, account: User
) -> None:
    for _ in range(LIMIT + 1):
        sign_in(client, "wrong", address="198.51.100.7")
    sign_in(client, PASSWORD)
    assert is_signed_in(client)


def test_sign_in_after_the_wait_succeeds(client: Client, account: User) -> None:
    for _ in range(LIMIT + 1):
        sign_in(client, "wrong")
    waited = dt.timedelta(minutes=16)
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - waited
        )
    sign_in(client, PASSWORD)
    assert is_signed_in(client)


def test_client_address_behind_the_proxy_is_the_one_that_it_saw(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.5"})
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request) == "127.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "192.0.2.5"
    assert client_address(RequestFactory().get("/")) == "127.0.0.1"


@pytest.mark.parametrize("password", ["short-1", "123456789012", "password1234", "reviewer-two"])
def test_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="reviewer-two"))


def test_password_of_several_words_is_taken() -> None:
    validate_password(PASSWORD, User(username="reviewer-two"))


@pytest.mark.parametrize(("fresh", "is_taken"), [("short-1", False), ("harbour-and-mole-7", True)])
def test_password_is_changed_on_its_page_only_for_a_strong_one(
    client: Client, account: User, fresh: str, is_taken: bool
) -> None:
    sign_in(client, PASSWORD)
    typed = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    response = client.post(reverse("admin:password_change"), typed)
    account.refresh_from_db()
    assert account.check_password(fresh) is is_taken
    assert ("at least 12 characters" in response.text) is not is_taken


@pytest.mark.parametrize(
    ("passed", "is_in"), [(dt.timedelta(hours=11), True), (dt.timedelta(hours=13), False)]
)
def test_session_lasts_a_working_day_and_not_longer(
    client: Client, account: User, passed: dt.timedelta, is_in: bool
) -> None:
    sign_in(client, PASSWORD)
    for session in Session.objects.all():
        Session.objects.filter(pk=session.pk).update(expire_date=session.expire_date - passed)
    response = client.get(reverse("admin:index"))
    assert (response.status_code == 200) is is_in


def test_change_in_the_admin_is_logged_with_who_and_what(client: Client, account: User) -> None:
    account.groups.set(Group.objects.filter(name="Editors"))
    sign_in(client, PASSWORD)
    actor = make_actor(name="A bureau")
    page = client.get(reverse("admin:cases_actor_change", args=[actor.pk]))
    client.post(page.request["PATH_INFO"], form_on(page, "actor_form") | {"name": "The Bureau"})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (account, "The Bureau")
    assert "Name" in entry.get_change_message()


def test_session_ends_after_a_working_day(client: Client, account: User) -> None:
    sign_in(client, PASSWORD)
    assert client.session.get_expiry_age() <= 12 * 60 * 60


@pytest.mark.parametrize("log", ["admin_logentry", "axes_accesslog", "axes_accessfailurelog"])
def test_log_is_shown_and_cannot_be_edited_whatever_the_permissions(
    client: Client, account: User, log: str
) -> None:
    for _ in range(2):
        sign_in(client, "wrong")
    sign_in(client, PASSWORD)
    LogEntry.objects.log_actions(account.pk, [account], 2, change_message="Changed a name.")
    User.objects.filter(pk=account.pk).update(is_superuser=True)
    page = client.get(reverse(f"admin:{log}_changelist"))
    assert page.status_code == 200
    assert "ed" in page.content.decode()
    model = {"admin_logentry": LogEntry, "axes_accesslog": AccessLog}.get(log, AccessFailureLog)
    key = model.objects.first().pk
    assert client.get(reverse(f"admin:{log}_change", args=[key])).status_code == 200
    assert client.post(reverse(f"admin:{log}_change", args=[key]), {}).status_code == 403
    assert client.post(reverse(f"admin:{log}_delete", args=[key]), {}).status_code == 403
    assert client.get(reverse(f"admin:{log}_add")).status_code == 403


def test_log_is_not_shown_to_those_without_the_permission(client: Client, account: User) -> None:
    sign_in(client, PASSWORD)
    assert client.get(reverse("admin:admin_logentry_changelist")).status_code == 403
