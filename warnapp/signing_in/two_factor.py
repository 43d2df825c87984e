"""Optional two-factor sign-in to the admin, with codes from an authenticator app.

A user who sets it up is asked for a code at each later sign-in. Recovery codes, each valid for one
sign-in, replace a lost phone. The codes follow RFC 6238 (TOTP) and are verified by django-otp,
which also makes the user wait longer after each wrong code, up to `MAX_WRONG_CODES`.
"""

from __future__ import annotations

import math
from base64 import b32encode
from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import SESSION_KEY, user_login_failed
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cases.text.plurals import counted

RECOVERY_CODES = 10
DIGITS = 6
# Wrong codes that make the wait longer: it doubles from one second to about four minutes. Without
# an end, somebody who has the password could keep its owner out for ever.
MAX_WRONG_CODES = 9
WRONG = _(
    "This code is not right. Codes change every 30 seconds; after a wrong one, wait a moment."
)


def is_on(user: User) -> bool:
    """Whether the user has set up two-factor sign-in."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


class TooSoonError(Exception):
    """No code is checked so soon after wrong ones; `seconds` is the time to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        wait = counted(seconds, "second")
        super().__init__(f"Wrong codes were entered for this account. Wait {wait}, then try again.")


@transaction.atomic
def is_right(user: User, code: str) -> bool:
    """Whether a code of the app, or an unused recovery code, is right; uses the code up.

    Raises TooSoonError if it has to wait.
    """
    code = "".join(code.split()).lower()
    kind = TOTPDevice if code.isdigit() and len(code) == DIGITS else StaticDevice
    # Locked, so that of two simultaneous sign-ins with the same code the second is refused.
    devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
    return any(_verify(device, code) for device in devices)


def _verify(device: Any, code: str) -> bool:
    """Check a code; raises TooSoonError if it has to wait."""
    device.throttling_failure_count = min(device.throttling_failure_count, MAX_WRONG_CODES)
    is_allowed, why_not = device.verify_is_allowed()
    if not is_allowed:
        wait = why_not["locked_until"] - timezone.now()
        raise TooSoonError(max(1, math.ceil(wait.total_seconds())))
    return bool(device.verify_token(code))


class SignInForm(AdminAuthenticationForm):
    """The sign-in form of the admin, with a field for the code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
        help_text=_("Only if you set up two-factor sign-in: from your app, or a recovery code."),
    )

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not is_on(user):
            return
        code = self.cleaned_data.get("code", "")
        if not code:
            raise ValidationError(_("Type the password again, and the code from your app."))
        try:
            if is_right(user, code):
                return
        except TooSoonError as problem:
            raise ValidationError(str(problem)) from None
        # Django sends it for wrong passwords only. Wrong codes count as failed sign-ins, too.
        credentials = {"username": user.get_username()}
        user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
        raise ValidationError(WRONG)


@never_cache
@require_http_methods(["GET", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """Let an editor turn two-factor sign-in on or off, or make new recovery codes."""
    user: Any = request.user
    step = STEPS.get(request.POST.get("step", "")) if request.method == "POST" else None
    codes = step(request, user) if step else None
    if step and codes is None:
        return redirect("admin:two_factor")
    device = TOTPDevice.objects.filter(user=user).order_by("-confirmed").first()
    context = {
        **admin.site.each_context(request),
        "title": _("Two-factor sign-in"),
        "device": device,
        "secret": _secret(device) if device and not device.confirmed else "",
        "codes": codes,
        "left": StaticToken.objects.filter(device__user=user).count(),
        "is_required": settings.REQUIRE_TWO_FACTOR,
    }
    return render(request, "admin/casebook/signing_in/two_factor.html", context)


@never_cache
def qr_code(request: HttpRequest) -> HttpResponse:
    """Return the QR code that sets up the app, as SVG; raises Http404 once it is set up."""
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    if device is None:
        raise Http404
    picture = segno.make(device.config_url).svg_inline(scale=5, light="#fff", border=4)
    return HttpResponse(
        picture.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        content_type="image/svg+xml",
    )


def _secret(device: TOTPDevice) -> str:
    """Return the secret key in base32, in groups of four letters, to type into an app."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _start(request: HttpRequest, user: User) -> None:
    if not is_on(user):
        TOTPDevice.objects.filter(user=user).delete()
        TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False)


def _confirm(request: HttpRequest, user: User) -> list[str] | None:
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    code = "".join(request.POST.get("code", "").split())
    if device is None or not _is_accepted(request, lambda: _verify(device, code)):
        return None
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    _sign_out_elsewhere(request, user)
    messages.success(request, _("Two-factor sign-in is on. You are signed out everywhere else."))
    return _new_codes(user)


def _sign_out_elsewhere(request: HttpRequest, user: User) -> None:
    """End the user's other sessions, which began without a code."""
    # A session does not name its user in a column. Only people who sign in have any.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        is_users = session.get_decoded().get(SESSION_KEY) == str(user.pk)
        if is_users and session.session_key != request.session.session_key:
            session.delete()


def _renew(request: HttpRequest, user: User) -> list[str] | None:
    return _new_codes(user) if _has_valid_code(request, user) else None


def _stop(request: HttpRequest, user: User) -> None:
    if not settings.REQUIRE_TWO_FACTOR and _has_valid_code(request, user):
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        messages.success(request, _("Two-factor sign-in is off."))


def _has_valid_code(request: HttpRequest, user: User) -> bool:
    """Whether a right code was typed; an open session alone is not enough to change anything."""
    return _is_accepted(request, lambda: is_right(user, request.POST.get("code", "")))


def _is_accepted(request: HttpRequest, check: Callable[[], bool]) -> bool:
    """Return the result of a check of a code; if it fails, tell the user why."""
    try:
        if check():
            return True
    except TooSoonError as problem:
        messages.error(request, str(problem))
    else:
        messages.error(request, WRONG)
    return False


@transaction.atomic
def _new_codes(user: User) -> list[str]:
    """Make and return new recovery codes, which replace any earlier ones and are shown once."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        code = StaticToken.random_token()
        # A code of digits only could be mistaken for one of the app.
        if not code.isdigit():
            codes.add(code)
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return sorted(codes)


STEPS = {"start": _start, "confirm": _confirm, "renew": _renew, "stop": _stop}
