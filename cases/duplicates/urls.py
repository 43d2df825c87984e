"""Comparing web addresses: whether two of them lead to the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from cases.text.tracking import is_tracking
from cases.text.web_archives import BEFORE_ADDRESS

_HOST = re.compile(r"^(?:www[0-9]?|m|mobile|amp)\.(?=.*\.)")
MAX_URL_LENGTH = 500


def page_of(address: str) -> str:
    """Return a normalised address that identifies the page; "" for an invalid address.

    It has no scheme, `www`, port, tracking parameters, fragment, trailing slash or archive prefix.
    """
    address = BEFORE_ADDRESS.sub("", address.strip()[:MAX_URL_LENGTH])
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = _HOST.sub("", (parts.hostname or "").rstrip("."))
    except ValueError:  # an unclosed bracket
        return ""
    if "." not in host or "\0" in unquote(address):
        return ""
    path = re.sub(r"/(?:index\.(?:html?|php)|amp)?/*$", "", unquote(parts.path))
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not is_tracking(name)
    )
    query = "&".join(f"{name}={value}" for name, value in kept)
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def searchable_piece(page: str) -> str:
    """Return a piece of plain ASCII that every spelling of the page's address contains."""
    # Percent-encoding and upper case vary, so the database is searched for a piece without them.
    host, _, rest = page.partition("/")
    pieces = re.findall(r"[A-Za-z0-9_-]{4,}", rest)
    return max(pieces, key=len, default=host.partition("?")[0])
