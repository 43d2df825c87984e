"""The announcements of changes as files: `/changes.csv` and `/changes.json`, a row for each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import changelog
from cases.exchange.bundle.layout.describing import LICENCE, RIGHTS
from cases.exchange.tables.csv_file import guarded, lines
from cases.exchange.tables.table import EMPTY, INTEGER, STRING
from cases.finding.change_filter import ChangeFilter
from cases.versions.announcements import (
    ADDED,
    CHANGED,
    KINDS,
    MERGED,
    REINSTATED,
    WITHDRAWN,
    Announcement,
)

from .errors import absolute
from .files import json_with_list


@dataclass(frozen=True)
class ChangeColumn:
    """A column of the CSV file, and a key of the JSON file; None is a missing number or time.

    The codebook describes it like a `Column` of a tidy table.
    """

    name: str
    title: str
    meaning: str
    read: Callable[[Announcement], str | int | None]
    type: str = STRING
    is_required: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""
    refers_to: str = ""
    defined_at: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        return () if self.is_required else (EMPTY,)

    @property
    def values(self) -> list[tuple[str, str, str]]:
        return [(kind, KINDS[kind], meaning) for kind, meaning in self.meanings.items()]


DATETIME = "datetime"

CHANGE_COLUMNS = (
    ChangeColumn(
        "announced_at",
        "Time",
        "When the case was added, changed, withdrawn or reinstated, in UTC.",
        lambda told: _time(told.at),
        DATETIME,
        is_required=True,
    ),
    ChangeColumn(
        "kind",
        "Kind of change",
        "What became of the case.",
        lambda told: told.kind,
        is_required=True,
        meanings={
            ADDED: "It became public for the first time.",
            CHANGED: "It got a new version.",
            WITHDRAWN: "It is no longer part of the collection.",
            MERGED: "It was withdrawn because another case has all of it.",
            REINSTATED: "It is public again after it was withdrawn or merged.",
        },
    ),
    ChangeColumn(
        "number",
        "Number",
        "The permanent number of the case, which no other case ever has.",
        lambda told: told.number,
        is_required=True,
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
        INTEGER,
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
        INTEGER,
    ),
    ChangeColumn(
        "redacted_at",
        "Redacted",
        "When a text was last struck from the version. Missing if none ever was.",
        lambda told: _time(told.version.redacted_at) if told.version else None,
        DATETIME,
    ),
    ChangeColumn(
        "address",
        "Address",
        "The page of the version; of a withdrawn case the page that says why.",
        lambda told: absolute(told.address),
        is_required=True,
    ),
    ChangeColumn(
        "id",
        "Identifier",
        "What this change is called in the feeds. It never changes.",
        lambda told: absolute(told.identity),
        is_required=True,
    ),
    ChangeColumn(
        "case",
        "Case",
        "The case as it is called today, by its slug, as in the tables. Empty for a withdrawal.",
        lambda told: told.case.slug if told.version and told.case else "",
        refers_to="cases",
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
