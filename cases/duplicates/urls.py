"""When two web addresses lead to the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

TRACKING = re.compile(
    r"(?:utm_\w*|\w*clid|mc_[ce]id|mkt_tok|igshid|_ga|_gl|ref|ref_src|referrer|cmp|cmpid|ocid|smid|"
    r"sref|share|partner|feature|at_\w+|wt\.\w+|spm|xtor|ito|guccounter|guce_\w+|amp|outputtype)"
)
"""Parameters that tell where a reader came from, not what is read."""

ARCHIVED = re.compile(
    r"(?i)^https?://(?:web\.archive\.org/web/[0-9]{4,14}[a-z_]*/|archive\.(?:today|ph|is)/[0-9]{4,14}/)"
)
_HOST = re.compile(r"^(?:www[0-9]?|m|mobile|amp)\.(?=.*\.)")
LONGEST = 500


def page_of(address: str) -> str:
    """Return what tells the page apart; "" for what is no address.

    Left out are scheme, `www`, port, tracking parameters, fragment, trailing slash, and an archive
    around it.
    """
    address = ARCHIVED.sub("", address.strip()[:LONGEST])
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
        if not TRACKING.fullmatch(name.lower())
    )
    query = "&".join(f"{name}={value}" for name, value in kept)
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def sought(page: str) -> str:
    """Return a piece of plain letters that every spelling of the page's address has."""
    host, _, rest = page.partition("/")
    pieces = re.findall(r"[A-Za-z0-9_-]{4,}", rest)
    return max(pieces, key=len, default=host.partition("?")[0])
