"""The announcements of changes as files: `/changes.csv` and `/changes.json`, a row for each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import changelog
from cases.exchange.bundle.layout.describing import LICENCE, RIGHTS
from cases.exchange.tables.csv_file import guarded, lines
from cases.finding.change_filter import ChangeFilter
from cases.versions.announcements import KINDS, Announcement

from .errors import absolute
from .files import json_with_list


@dataclass(frozen=True)
class ChangeColumn:
    """A column of the CSV file, and a key of the JSON file; None is a missing number or time."""

    name: str
    title: str
    meaning: str
    read: Callable[[Announcement], str | int | None]


CHANGE_COLUMNS = (
    ChangeColumn(
        "announced_at",
        "Time",
        "When the case was added, changed, withdrawn or reinstated, in UTC.",
        lambda told: _time(told.at),
    ),
    ChangeColumn("kind", "Kind of change", f"One of: {', '.join(KINDS)}.", lambda told: told.kind),
    ChangeColumn(
        "number",
        "Number",
        "The permanent number of the case, which no other case ever has.",
        lambda told: told.number,
    ),
    ChangeColumn(
        "title",
        "Title",
        "What the case is called today. Empty for a withdrawal.",
        lambda told: told.case.title if told.version and told.case else "",
    ),
    ChangeColumn(
        "version",
        "Version",
        "The number of the version that the case then had. Missing for a withdrawal.",
        lambda told: told.version.number if told.version else None,
    ),
    ChangeColumn(
        "reason",
        "Reason",
        "What changed and why, or why the case was withdrawn, as the editors told the public.",
        lambda told: told.reason,
    ),
    ChangeColumn(
        "merged_into",
        "Merged into",
        "If the case was merged into another: the number of that case.",
        lambda told: told.merged_into,
    ),
    ChangeColumn(
        "reinstated_as",
        "Reinstated as",
        "If a withdrawal has ended: the number of the version with which it ended.",
        lambda told: told.ended_by.number if told.ended_by else None,
    ),
    ChangeColumn(
        "redacted_at",
        "Redacted",
        "When a text was last struck from the version. Missing if none ever was.",
        lambda told: _time(told.version.redacted_at) if told.version else None,
    ),
    ChangeColumn(
        "address",
        "Address",
        "The page of the version; of a withdrawn case the page that says why.",
        lambda told: absolute(told.address),
    ),
    ChangeColumn(
        "id",
        "Identifier",
        "What this change is called in the feeds. It never changes.",
        lambda told: absolute(told.identity),
    ),
)


def _time(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if at else None


def changes_csv(changes: ChangeFilter) -> Iterator[str]:
    """Yield the announcements as a CSV file (RFC 4180), one batch at a time."""
    yield lines([[column.name for column in CHANGE_COLUMNS]])
    for batch in _batches(changes):
        yield lines([[guarded(column.read(told)) for column in CHANGE_COLUMNS] for told in batch])


def changes_json(changes: ChangeFilter) -> Iterator[str]:
    """Yield the announcements as a JSON file, one batch at a time.

    The last key, `given`, is their number. A truncated file has no closing brace and does not parse
    as JSON.
    """
    query = changes.query.without("page")
    heading: dict[str, Any] = {
        "title": "Changes of the duty-to-warn casebook",
        "description": "What was added, changed, withdrawn and reinstated, the newest first.",
        "dataset_version": changelog.latest(),
        "generated_at": _time(timezone.now().replace(microsecond=0)),
        "address": absolute(reverse("changes_json"), query),
        "page": absolute(reverse("change_list"), query),
        "definitions": absolute(reverse("codebook")) + "#changes.csv",
        "licence": LICENCE,
        "rights": RIGHTS,
    }
    return json_with_list(heading, "changes", map(_as_json, _batches(changes)))


def _as_json(batch: list[Announcement]) -> list[str]:
    records = ({column.name: column.read(told) for column in CHANGE_COLUMNS} for told in batch)
    return [json.dumps(record, ensure_ascii=False) for record in records]


def _batches(changes: ChangeFilter) -> Iterator[list[Announcement]]:
    for batch in changes.batches():
        # A slow client must not keep a database connection. Most tests run in a transaction.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        yield batch
