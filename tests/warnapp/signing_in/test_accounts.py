"""Accounts: who may sign in, who is kept out, and the logs that nobody edits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.support.accounts import PASSWORD
from tests.support.admin_forms import form_on
from tests.support.factories import make_actor
from warnapp.signing_in.attempts import client_address

pytestmark = pytest.mark.django_db
LIMITS = settings.SIGN_IN_FAILURE_LIMITS
LIMIT = LIMITS["name_from_address"]


def sign_in(
    client: Client, password: str, address: str = "192.0.2.1", name: str = "ed", **more: str
) -> Any:
    typed = {"username": name, "password": password, **more}
    return client.post(reverse("admin:login"), typed, REMOTE_ADDR=address)


def fail(failures: int, *, name: str, address: str) -> None:
    """Log failed sign-ins without making them."""
    AccessAttempt.objects.create(
        username=name, ip_address=address, failures_since_start=failures, user_agent="a program"
    )


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
    assert 14 * 60 < int(response["Retry-After"]) <= 15 * 60
    assert "failed sign-ins as “ed” from here." in response.text
    assert "Try again in 15 minutes." in response.text
    assert "You don’t have permission" not in response.text
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


def test_sign_in_with_any_name_is_refused_after_many_failures_from_the_address(
    client: Client, account: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in range(LIMITS["address"] - 1):
        fail(1, name=f"name-{name}", address="2001:db8:1:2::")
    sign_in(client, "wrong", address="2001:db8:1:2::3", name="another")
    monkeypatch.setattr(ModelBackend, "authenticate", lambda *_, **__: pytest.fail("was checked"))
    logged = AccessFailureLog.objects.count()
    response = sign_in(client, PASSWORD, address="2001:db8:1:2:ffff::4")
    assert response.status_code == 429
    assert "too many failed sign-ins from your network" in response.text
    assert AccessFailureLog.objects.count() == logged


def test_sign_in_from_another_network_is_not_refused_with_the_address(
    client: Client, account: User
) -> None:
    fail(LIMITS["address"], name="name", address="2001:db8:1:2::")
    sign_in(client, PASSWORD, address="2001:db8:1:3::3")
    assert is_signed_in(client)


def test_sign_in_is_refused_after_many_failures_with_the_name_from_anywhere(
    client: Client, account: User
) -> None:
    for place in range(LIMITS["name"] // 2):
        fail(2, name="ed", address=f"198.51.100.{place}")
    response = sign_in(client, PASSWORD)
    assert response.status_code == 429
    assert "failed sign-ins as “ed” from other places" in response.text


@pytest.mark.parametrize(("name", "address"), [("somebody", "192.0.2.1"), ("ed", "198.51.100.7")])
def test_sign_in_from_where_the_editor_signed_in_before_is_not_kept_out_by_strangers(
    client: Client, account: User, name: str, address: str
) -> None:
    sign_in(client, PASSWORD)
    client.logout()
    fail(1000, name=name, address=address)
    sign_in(client, PASSWORD)
    assert is_signed_in(client)


@pytest.mark.parametrize("field", ["code", "old_password", "new_password1", "password2"])
def test_failed_sign_in_leaves_no_secret_in_the_log(
    client: Client, account: User, field: str
) -> None:
    sign_in(client, "wrong", **{field: "ardq4nmh"})
    (kept,) = AccessAttempt.objects.values_list("post_data", flat=True)
    assert field in kept
    assert "ardq4nmh" not in kept


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


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9, 192.0.2.5", "192.0.2.5"),
        ("192.0.2.5:5678", "192.0.2.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2::6]:443", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.5", "192.0.2.5"),
        ("[::1", "::"),
        ("unknown", "127.0.0.1"),
        ("a" * 300, "127.0.0.1"),
        ("192.0.2.5, ", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_client_address_is_the_one_that_the_proxy_saw(
    settings: Any, forwarded: str, address: str
) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == address
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request) == "127.0.0.1"


def test_client_without_an_address_signs_in(client: Client, account: User) -> None:
    sign_in(client, "wrong", address="")
    sign_in(client, PASSWORD, address="")
    assert is_signed_in(client)


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


def test_prune_sign_ins_deletes_only_what_is_old(client: Client, account: User) -> None:
    logs: tuple[Any, ...] = (AccessLog, AccessFailureLog, AccessAttempt, Session)
    for _ in range(2):
        sign_in(client, "wrong", name="nobody")
        sign_in(client, PASSWORD)
    long_ago = timezone.now() - dt.timedelta(days=91)
    for log in logs:
        time = "expire_date" if log is Session else "attempt_time"
        log.objects.filter(pk=log.objects.order_by("pk")[0].pk).update(**{time: long_ago})
    before = [log.objects.count() for log in logs]
    call_command("prune_sign_ins", verbosity=0)
    assert [log.objects.count() for log in logs] == [count - 1 for count in before]
    with pytest.raises(CommandError, match="at least one day"):
        call_command("prune_sign_ins", days=0)


def test_log_is_not_shown_to_those_without_the_permission(client: Client, account: User) -> None:
    sign_in(client, PASSWORD)
    assert client.get(reverse("admin:admin_logentry_changelist")).status_code == 403
