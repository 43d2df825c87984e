"""What the addresses for programs do alike: they refuse in the words of the pages, and name others.

A page goes on without what it did not understand, and says so. A program would not read that, so
its address answers 400, with the same sentences and with the address that would be understood.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from cases.finding.query_string import Query

PLAIN = "text/plain; charset=utf-8"

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


def filled(given: QueryDict) -> QueryDict:
    """Return a query string without its empty values; pages send them away before they read it."""
    rest = QueryDict(mutable=True)
    for name, values in given.lists():
        if kept := [value for value in values if value]:
            rest.setlist(name, kept)
    return rest


def refused(request: HttpRequest, query: Query, *, as_json: bool = False) -> HttpResponse | None:
    """Return what says which parts of an address were not understood; None if all were.

    As a text: a sentence a line, then the mended address in a line of its own.
    """
    if not query.notices:
        return None
    cleaned = absolute(request.path, query.cleaned)
    if as_json:
        return JsonResponse({"errors": query.notices, "mended": cleaned}, status=400)
    lines = [*query.notices, cleaned]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type=PLAIN)


def absolute(address: str, query: str = "") -> str:
    """Return an address of this site with its scheme and host."""
    root = f"{settings.SITE_URL.rstrip('/')}{address}"
    return f"{root}?{query}" if query else root


def printable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _UNPRINTABLE.sub("�", text)
