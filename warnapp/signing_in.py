"""Sign-in attempts: the address of the client, and the page for locked-out clients.

How many attempts there are is set in settings.py (AXES_…).
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address of the client; None for a request without one, as in tests."""
    forwarded = request.headers.get("x-forwarded-for", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        # Only the last address was added by our own proxy; the client can forge the others.
        return forwarded.rpartition(",")[2].strip()
    address: str | None = request.META.get("REMOTE_ADDR")
    return address


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer a sign-in attempt after too many failures with 429 and the time to wait."""
    context = {
        **admin.site.each_context(request),
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        "username": (credentials or {}).get("username", ""),
    }
    return render(request, "admin/casebook/signing_in/locked_out.html", context, status=429)
