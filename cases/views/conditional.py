"""Conditional requests: an address is answered with 304 until the dataset changes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django_htmx.middleware import HtmxDetails

from cases import changelog

View = Callable[..., HttpResponseBase]

# Part of every ETag, so that none outlives a restart: the code may be newer then, and in a restored
# database other records may have the same version.
_PROCESS = secrets.token_hex(8)


def unless_changed(view: View) -> View:
    """Give the responses of a public view an ETag, and answer 304 to a request that has it.

    The response must follow from the address and the records alone, and not from the time of day
    or the visitor. One query; a 304 needs no other.
    """

    @wraps(view)
    def conditional(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
        etag = _etag(request) if request.method in ("GET", "HEAD") else None
        if etag is None:
            return view(request, *args, **named)
        # `*` would match at an address without a page, too.
        if request.headers.get("If-None-Match", "*") != "*":
            answered = get_conditional_response(request, etag=etag)
            if answered is not None:
                answered.headers["ETag"] = etag
                patch_vary_headers(answered, ["HX-Request"])
                return answered
        response = view(request, *args, **named)
        if response.status_code == 200:
            response.headers["ETag"] = etag
        return response

    return conditional


def _etag(request: HttpRequest) -> str | None:
    """Return what identifies a response; None if no version of the dataset does.

    The version is read before the view reads the records, so that a change in between makes the
    next request load the page once too often, and never too seldom.
    """
    # The search index may follow the records later, and templates change under DEBUG. The pages
    # then have an ETag of their contents (see headers.py).
    if settings.DEBUG or request.GET.get("q"):
        return None
    address = (request.get_full_path(), bool(HtmxDetails(request)))
    known = repr((_PROCESS, changelog.latest(), *address))
    # Weak, since a JSON file also says when it was written.
    return f'W/"{sha256(known.encode()).hexdigest()[:32]}"'
