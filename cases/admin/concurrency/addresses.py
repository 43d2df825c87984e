"""The part of the address of an admin page that names its record."""

from __future__ import annotations

from django.contrib.admin.utils import unquote

from cases.admin.widgets import is_key


def unquoted(object_id: str) -> str:
    """Return what an address names a record by."""
    return str(unquote(object_id))  # not documented, and the only inverse of what Django writes


def key_in(object_id: str) -> int | None:
    """Return the key in an address; None if it has none."""
    key = unquoted(object_id)
    return int(key) if is_key(key) else None
