"""Optional two-factor sign-in to the admin, with codes from an authenticator app.

A user who sets it up is asked for a code at each later sign-in. Recovery codes, each valid for one
sign-in, replace a lost phone. The codes follow RFC 6238 (TOTP) and are verified by django-otp,
which also makes the user wait longer after each wrong code.
"""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
DIGITS = 6
WRONG = _(
    "This code is not right. Codes change every 30 seconds; after a wrong one, wait a moment."
)


def is_on(user: User) -> bool:
    """Whether the user has set up two-factor sign-in."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def is_right(user: User, code: str) -> bool:
    """Whether a code of the app, or an unused recovery code, is right; uses the code up."""
    code = "".join(code.split()).lower()
    kind = TOTPDevice if code.isdigit() and len(code) == DIGITS else StaticDevice
    # Locked, so that of two simultaneous sign-ins with the same code the second is refused.
    devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
    return any(device.verify_token(code) for device in devices)


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
        if not is_right(user, code):
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
    if device is None or not device.verify_token("".join(request.POST.get("code", "").split())):
        messages.error(request, WRONG)
        return None
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    messages.success(request, _("Two-factor sign-in is on."))
    return _new_codes(user)


def _renew(request: HttpRequest, user: User) -> list[str] | None:
    return _new_codes(user) if _has_valid_code(request, user) else None


def _stop(request: HttpRequest, user: User) -> None:
    if _has_valid_code(request, user):
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        messages.success(request, _("Two-factor sign-in is off."))


def _has_valid_code(request: HttpRequest, user: User) -> bool:
    """Whether a right code was typed; an open session alone is not enough to change anything."""
    right = is_right(user, request.POST.get("code", ""))
    if not right:
        messages.error(request, WRONG)
    return right


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
