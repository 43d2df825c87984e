"""Keep what the index holds in the database, from which a process starts in a second.

To read 100,000 cases takes some twenty seconds. A snapshot is valid for the code that made it, and
the index that is made of it reads the cases that changed since.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path

import msgspec
from django.db import DatabaseError, transaction

from cases.models import IndexSnapshot
from cases.versions.sent_rows import as_sent

from .contents import Contents

logger = logging.getLogger(__name__)

# With fewer cases an index is made as quickly as a snapshot is read.
MIN_CASES = 2_000

# A snapshot is written again when it lacks more changes than this.
MAX_BEHIND = 2_000

# How many bytes one row has at most. PostgreSQL and its driver need several times as much for it.
PART = 4_000_000

# The packages whose code says what an index holds.
_PACKAGES = ("evidence", "index", "models", "record", "text", "versions")


@cache
def build() -> str:
    """Return the digest of the code that makes an index: another release makes its own."""
    here = Path(__file__).parent.parent
    code = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((here / package).rglob("*.py")):
            code.update(path.read_bytes())
    return code.hexdigest()


def read() -> tuple[int, Contents] | None:
    """Return the number of the last change in the snapshot, and its contents; None without one."""
    version, contents = None, bytearray()
    parts = IndexSnapshot.objects.filter(build=build()).order_by("pk")
    for version, part in as_sent(parts.values_list("version", "contents")):  # noqa: B007 - the same in all
        contents += part
    if version is None:
        return None
    try:
        return version, Contents.unpacked(contents)
    except (msgspec.MsgspecError, ValueError) as error:
        logger.warning("The snapshot of the index is damaged, so a new one is made: %s", error)
        return None


def write(version: int, contents: bytes) -> None:
    """Store a snapshot in place of the one before."""
    parts = [contents[start : start + PART] for start in range(0, len(contents), PART)]
    try:
        with transaction.atomic():
            for number, part in enumerate(parts, start=1):
                IndexSnapshot.objects.update_or_create(
                    pk=number, defaults={"version": version, "build": build(), "contents": part}
                )
            IndexSnapshot.objects.filter(pk__gt=len(parts)).delete()
    except DatabaseError as error:  # locked, full or read-only: the next start does without
        logger.warning("The index could not be kept for the next start: %s", error)


def changes_missing(version: int) -> float:
    """Return how many changes up to `version` the snapshot lacks; infinity without one."""
    kept = IndexSnapshot.objects.filter(build=build()).values_list("version", flat=True).first()
    return float("inf") if kept is None else version - kept
