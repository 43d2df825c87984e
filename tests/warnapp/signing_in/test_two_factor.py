"""Two-factor sign-in: who set it up gives a code each time, and nobody else is asked."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.support.accounts import PASSWORD
from tests.support.admin_forms import user_of
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db
PAGE = "/admin/two-factor/"


def code_of(user: User) -> str:
    """Return the code that the user's app shows now; the next one if that was used."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    if totp.t() <= device.last_t:
        totp.time += device.step
    return f"{totp.token():06d}"


def send_sign_in(client: Client, code: str = "") -> Any:
    typed = {"username": "ed", "password": PASSWORD, "code": code}
    return client.post(reverse("admin:login"), typed)


def sign_in(client: Client, code: str = "") -> bool:
    send_sign_in(client, code)
    return "_auth_user_id" in client.session


def press(client: Client, step: str, code: str = "") -> str:
    response: Any = client.post(PAGE, {"step": step, "code": code}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def turn_on(client: Client, user: User) -> list[str]:
    """Set it up, and return the recovery codes."""
    client.force_login(user)
    press(client, "start")
    page = press(client, "confirm", code_of(user))
    assert "Two-factor sign-in is on." in page
    client.logout()
    codes = re.findall(r"<li><code>(\w+)</code></li>", page)
    assert len(set(codes)) == 10
    return codes


def unthrottle() -> None:
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_sign_in_without_a_second_factor_asks_for_no_code(client: Client, account: User) -> None:
    assert sign_in(client)


def test_sign_in_with_a_second_factor_takes_the_code_of_the_app(
    client: Client, account: User
) -> None:
    turn_on(client, account)
    assert not sign_in(client)
    assert not sign_in(client, "000000")
    unthrottle()
    assert sign_in(client, code_of(account))


def test_sign_in_with_a_used_code_is_refused(client: Client, account: User) -> None:
    turn_on(client, account)
    code = code_of(account)
    assert sign_in(client, code)
    client.logout()
    assert not sign_in(client, code)


def test_sign_in_with_a_recovery_code_uses_it_up(client: Client, account: User) -> None:
    code = turn_on(client, account)[0]
    assert sign_in(client, code.upper())
    assert StaticToken.objects.count() == 9
    client.logout()
    assert not sign_in(client, code)


def test_sign_in_after_a_wrong_code_has_to_wait(client: Client, account: User) -> None:
    turn_on(client, account)
    assert not sign_in(client, "000000")
    assert "Wait 1 second," in send_sign_in(client, code_of(account)).text


def test_sign_in_after_any_number_of_wrong_codes_waits_some_minutes_only(
    client: Client, account: User
) -> None:
    turn_on(client, account)
    TOTPDevice.objects.update(
        throttling_failure_count=1000,
        throttling_failure_timestamp=timezone.now() - dt.timedelta(minutes=5),
    )
    assert sign_in(client, code_of(account))


def test_sign_in_is_refused_after_too_many_wrong_codes_as_after_wrong_passwords(
    client: Client, account: User
) -> None:
    turn_on(client, account)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        unthrottle()
        response = send_sign_in(client, "000000")
    assert response.status_code == 429


def test_setting_up_signs_out_the_users_other_sessions_only(client: Client, account: User) -> None:
    elsewhere, other = Client(), Client()
    elsewhere.force_login(account)
    other.force_login(User.objects.create_user("other", is_staff=True))
    client.force_login(account)
    press(client, "start")
    assert elsewhere.get(PAGE).status_code == 200
    press(client, "confirm", code_of(account))
    statuses = [browser.get(PAGE).status_code for browser in (client, elsewhere, other)]
    assert statuses == [200, 302, 200]


def test_required_two_factor_is_set_up_before_anything_else(
    client: Client, account: User, settings: Any
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    assert sign_in(client)
    for page in ("/admin/", "/admin/password_change/", "/admin/cases/case/"):
        assert client.get(page)["Location"] == PAGE
    typed = client.post("/admin/cases/actor/add/", {"name": "An agency"})
    assert typed.status_code == 403
    assert "requires two-factor sign-in" in typed.text
    assert 'value="An agency"' in typed.text
    press(client, "start")
    press(client, "confirm", code_of(account))
    assert client.get("/admin/").status_code == 200
    code = code_of(account)
    assert "Turn it off" not in press(client, "stop", code)
    assert client.get("/admin/").status_code == 200


def test_required_two_factor_is_asked_of_a_form_that_is_sent_with_the_sign_in(
    client: Client, account: User, settings: Any
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    typed = {"name": "An agency", "sign-in-username": "ed", "sign-in-password": PASSWORD}
    response = client.post("/admin/cases/actor/add/", typed)
    assert "requires two-factor sign-in" in response.text


def test_required_two_factor_is_set_up_before_a_draft_is_read(
    editor: Client, settings: Any
) -> None:
    address = make_case().get_absolute_url()
    assert editor.get(address).status_code == 200
    settings.REQUIRE_TWO_FACTOR = True
    assert editor.get(address).status_code == 404
    user = user_of(editor)
    turn_on(editor, user)
    editor.force_login(user)
    assert editor.get(address).status_code == 200


def test_required_two_factor_still_lets_sign_out(
    client: Client, account: User, settings: Any
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client.force_login(account)
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_sign_in_page_does_not_take_another_users_code(client: Client, account: User) -> None:
    other = User.objects.create_user("other", password=PASSWORD, is_staff=True)
    turn_on(client, account)
    codes = turn_on(client, other)
    assert not sign_in(client, code_of(other))
    assert not sign_in(client, codes[0])


def test_setting_up_asks_for_a_right_code_first(client: Client, account: User) -> None:
    client.force_login(account)
    page = press(client, "start")
    assert "Scan this picture" in page
    assert "This code is not right" in press(client, "confirm", "000000")
    client.logout()
    assert sign_in(client)  # not on yet


def test_turning_off_takes_a_right_code(client: Client, account: User) -> None:
    turn_on(client, account)
    client.force_login(account)
    assert "This code is not right" in press(client, "stop", "000000")
    assert TOTPDevice.objects.filter(confirmed=True).exists()
    unthrottle()
    assert "Two-factor sign-in is off." in press(client, "stop", code_of(account))
    assert not StaticToken.objects.exists()
    client.logout()
    assert sign_in(client)


def test_new_recovery_codes_replace_the_earlier_ones(client: Client, account: User) -> None:
    before = turn_on(client, account)
    client.force_login(account)
    page = press(client, "renew", before[0])
    after = re.findall(r"<li><code>(\w+)</code></li>", page)
    assert len(after) == 10
    assert not set(before) & set(after)


def test_starting_again_does_not_take_a_second_factor_down(client: Client, account: User) -> None:
    turn_on(client, account)
    client.force_login(account)
    press(client, "start")
    assert TOTPDevice.objects.get(user=account).confirmed


def test_page_is_led_to_beside_signing_out(client: Client, account: User) -> None:
    client.force_login(account)
    for page in ("/admin/", PAGE):
        assert f'<a href="{PAGE}">Two-factor sign-in</a>' in client.get(page).text
    client.logout()
    assert PAGE not in client.get("/admin/login/").text


def test_picture_is_drawn_only_while_it_is_set_up(client: Client, account: User) -> None:
    client.force_login(account)
    assert client.get(f"{PAGE}qr.svg").status_code == 404
    press(client, "start")
    picture = client.get(f"{PAGE}qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg xmlns=")
    press(client, "confirm", code_of(account))
    assert client.get(f"{PAGE}qr.svg").status_code == 404


@pytest.mark.parametrize("step", ["", "nonsense", "confirm", "renew", "stop"])
def test_page_takes_any_step_at_any_time(client: Client, account: User, step: str) -> None:
    client.force_login(account)
    assert "Two-factor sign-in is <strong>off</strong>" in press(client, step, "\0é" * 9)


def test_page_is_for_those_who_may_sign_in_to_the_admin(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get(PAGE).status_code == 302
