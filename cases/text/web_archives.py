"""Addresses of copies in web archives."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TODAY = r"archive\.(?:today|ph|is|fo|li|md|vn)"
_HOSTS = re.compile(
    rf"(?:.+\.)?(?:{_TODAY}|archive\.org|perma\.cc|webcitation\.org|ghostarchive\.org)"
)

BEFORE_ADDRESS = re.compile(
    rf"(?i)^https?://(?:web\.archive\.org/web/[0-9]{{4,14}}[a-z_]*/|{_TODAY}/[0-9]{{4,14}}/)"
)
"""What stands before the address of the page in that of a copy."""


def is_archived(address: str) -> bool:
    """Whether an address is that of a copy in a web archive."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # an unclosed bracket
        return False
    return _HOSTS.fullmatch(host) is not None
