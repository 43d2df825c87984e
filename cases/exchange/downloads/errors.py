"""Error responses of the addresses for programs, and absolute addresses.

A page ignores the parts of a query that it does not understand and shows a notice. A program would
not read the notice, so its address answers 400 with the same notices and the cleaned address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from cases.finding.query_string import Query

PLAIN = "text/plain; charset=utf-8"

# Seconds.
RETRY_AFTER = 10

# Characters that XML does not allow.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def refused(request: HttpRequest, query: Query, *, as_json: bool = False) -> HttpResponse | None:
    """Return a 400 response if parts of the query were not understood, otherwise None.

    Plain text has one notice a line, and in the last one the cleaned address. JSON has the same in
    two keys.
    """
    if not query.notices:
        return None
    cleaned = absolute(request.path, query.cleaned)
    if as_json:
        return JsonResponse({"errors": list(query.notices), "mended": cleaned}, status=400)
    rest = "Without it" if len(query.notices) == 1 else "Without them"
    lines = [*query.notices, f"{rest}: {cleaned}"]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type=PLAIN)


def too_many(*, as_json: bool = False) -> HttpResponse:
    """Return the 503 response to a download while too many others are under way."""
    sentence = f"Other files are being downloaded. Try again in {RETRY_AFTER} seconds."
    headers = {"Retry-After": str(RETRY_AFTER)}
    if as_json:
        return JsonResponse({"errors": [sentence]}, status=503, headers=headers)
    return HttpResponse(f"{sentence}\n", status=503, content_type=PLAIN, headers=headers)


# The site that addresses lead to instead of the present one; see `at_site()`.
_site: ContextVar[str] = ContextVar("site", default="")


@contextmanager
def at_site(site: str) -> Iterator[None]:
    """Let addresses lead to a former address of this site, unless it is empty."""
    token = _site.set(site)
    try:
        yield
    finally:
        _site.reset(token)


def absolute(address: str, query: str = "") -> str:
    """Return an address of this site with its scheme and host."""
    root = f"{(_site.get() or settings.SITE_URL).rstrip('/')}{address}"
    return f"{root}?{query}" if query else root


def printable(text: str) -> str:
    """Return a text with a replacement character for each one that XML does not allow."""
    return _UNPRINTABLE.sub("�", text)
