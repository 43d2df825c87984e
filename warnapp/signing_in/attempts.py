"""Sign-in attempts: the address of the client, who is refused, and the page that says so.

Three limits count failed sign-ins; settings.py has their numbers. They use the log of attempts of
django-axes, which also asks here before a password is checked.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Literal

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib import admin
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

# Bits of an IPv6 address that an access provider assigns to one customer.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address of the client, and of IPv6 only the network; None if there is none.

    A customer has 2^64 addresses in one IPv6 network, so counting single ones would limit nobody.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.SECURE_PROXY_SSL_HEADER:
        return peer
    # Only the last address was added by our own proxy; the client can forge the others.
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2]
    return _address(forwarded) or peer


def _address(text: str) -> str | None:
    """Return the address in a text such as `192.0.2.1:5678` or `[2001:db8::1]:443`, if any."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or IPv6Network((int(address), IPV6_PREFIX), strict=False)[0]
    return str(address)


@dataclass(frozen=True)
class Refusal:
    """Which limit refuses a sign-in, and until when."""

    limit: Literal["name_from_address", "address", "name"]
    until: dt.datetime


def refusal(request: HttpRequest, credentials: dict[str, Any] | None) -> Refusal | None:
    """Return why a sign-in with this name from this address is refused now; None if it is not."""
    name = get_client_username(request, credentials)
    address = request.axes_ip_address  # type: ignore[attr-defined]  # set by django-axes
    if refused := _refused(request, "name_from_address", username=name, ip_address=address):
        return refused
    # Otherwise a stranger could lock an editor out by failing often enough with the editor's name,
    # or from the address of the editor's office.
    if AccessLog.objects.filter(username=name, ip_address=address).exists():
        return None
    return _refused(request, "address", ip_address=address) or _refused(
        request, "name", username=name
    )


def _refused(request: HttpRequest, limit: Any, **whose: str | None) -> Refusal | None:
    recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
    counted = recent.filter(**whose).aggregate(
        failures=Sum("failures_since_start", default=0), latest=Max("attempt_time")
    )
    if counted["failures"] < settings.SIGN_IN_FAILURE_LIMITS[limit]:
        return None
    return Refusal(limit, counted["latest"] + settings.AXES_COOLOFF_TIME)


class SignInHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Refuses a sign-in if any of our limits is reached, instead of the only one of axes."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failure limit of axes if the sign-in is refused, else 0."""
        return settings.AXES_FAILURE_LIMIT if refusal(request, credentials) else 0


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer a refused sign-in with 429, the reason and the time to wait."""
    refused = refusal(request, credentials)
    # Nothing is found here if somebody has lifted the limit in between.
    wait = refused.until - timezone.now() if refused else dt.timedelta(seconds=1)
    seconds = max(1, math.ceil(wait.total_seconds()))
    context = {
        **admin.site.each_context(request),
        "limit": refused.limit if refused else "",
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": math.ceil(seconds / 60),
        "username": (credentials or {}).get("username", ""),
    }
    page = render(request, "admin/casebook/signing_in/locked_out.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page
