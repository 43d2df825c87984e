"""Signing in: where an attempt comes from, and the page for whom failures keep out."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def client_address(request: HttpRequest) -> str | None:
    """Return the address that a visitor comes from, as the server or the proxy in front saw it.

    None for a request that came from nowhere, as tests make them. Of the addresses in
    X-Forwarded-For only the last was written by our own proxy.
    """
    forwarded = request.headers.get("x-forwarded-for", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rpartition(",")[2].strip()
    address: str | None = request.META.get("REMOTE_ADDR")
    return address


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer an attempt to sign in after too many that failed, with how long to wait."""
    context = {
        **admin.site.each_context(request),
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        "username": (credentials or {}).get("username", ""),
    }
    return render(request, "admin/casebook/signing_in/locked_out.html", context, status=429)
