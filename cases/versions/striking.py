"""Striking texts from versions: the one sanctioned way to change what a version holds.

A version keeps its number, its date and its editor. Its record is struck, so its digest is made
again, and it says when and why it was redacted. Everything else that would change a version raises
`ImmutableError`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Version
from cases.models.vocabulary import Role, Vocabulary
from cases.record.classes import SPEAKERS
from cases.record.stored import digest
from cases.text.striking import Striker

Json = Any

NOT_PROSE = {
    *("number", "status", "state", "era", "edtf", "basis", "earliest", "latest", "start", "end"),
}
"""Names in a record whose values are no text: striking “2024” would break a date."""
NOT_PROSE_IN_LOGS = {"table", "action", "column", "columns", "digest", "model", "step"}
"""Names in the plan of an import or in the journal of a merge whose values programs read."""
DATE_COLUMN = re.compile(r"\w+_(?:edtf|basis|earliest|latest|start|end|on|at)")
RECORD_KEY = re.compile(r"[a-z]+/\d+")
"""How the plan of an import names a record: “case/12”. The target of an attack is never such."""
SLUGS = {
    *("slug", "key", "actor", "issuer", "intermediaries", "recipients", "country", "speaker"),
    *("source", "evidence"),
}
"""Names whose value, if it is a text, is a slug: the first records had slugs alone."""
PATHS = {"about", "field"}
"""Names whose value is the path of a coded value, which can hold the slug of an actor."""
ADDRESSES = {"url", "archived_url"}

_VALUES = {str(value) for vocabulary in Vocabulary.__subclasses__() for value in vocabulary.values}
_VALUES |= {*SPEAKERS}


def strike_record(
    record: Json, striker: Striker, slugs: dict[str, str], name: str = "", path: str = ""
) -> tuple[Json, list[tuple[str, str]]]:
    """Return a struck copy of JSON such as a record, and the path and text of each struck value.

    `slugs` maps slugs of records that got others, so that they are still found.
    """
    if isinstance(record, dict):
        parts = [(key, key, value) for key, value in record.items()]
    elif isinstance(record, list):
        parts = [(name, str(place), value) for place, value in enumerate(record, start=1)]
    elif isinstance(record, str):
        struck = _strike(record, striker, slugs, name)
        return struck, [] if struck == record else [(path or name, record)]
    else:
        return record, []
    copies, places = [], []
    for key, step, value in parts:
        copy, found = strike_record(value, striker, slugs, key, f"{path} {step}".strip())
        copies.append(copy)
        places += found
    if isinstance(record, dict):
        return dict(zip(record, copies, strict=True)), places
    return copies, places


def _strike(text: str, striker: Striker, slugs: dict[str, str], name: str) -> str:
    if name in NOT_PROSE | NOT_PROSE_IN_LOGS or DATE_COLUMN.fullmatch(name) or text in _VALUES:
        return text
    if name == "target" and RECORD_KEY.fullmatch(text):
        return text
    if text in slugs:
        return slugs[text]
    if name in SLUGS:
        return striker.strike_slug(text)
    if name in PATHS:
        return strike_path(text, striker, slugs)
    if name in ADDRESSES:
        return striker.strike_address(text)
    return striker.strike(text)


_NUMBERED = re.compile(r"(?:warning|incident)-\d+")
_BEFORE_SLUGS = (*(f"{role.replace('_', '-')}-" for role in Role), "exception-")


def strike_path(path: str, striker: Striker, slugs: dict[str, str]) -> str:
    """Return the path of a value with the present slug of its actor: `claimant-redacted`.

    The other words of a path are names of parts and of coded fields, which no text holds.
    """
    part, dot, field = path.partition(".")
    if part in Case.CODED_FIELDS or _NUMBERED.fullmatch(part):
        return path
    for old in sorted(slugs, key=len, reverse=True):
        if part.endswith(f"-{old}"):
            return f"{part.removesuffix(old)}{slugs[old]}{dot}{field}"
    role = next((before for before in _BEFORE_SLUGS if part.startswith(before)), "")
    return f"{role}{striker.strike_slug(part.removeprefix(role))}{dot}{field}"


def struck_columns(
    version: Version, striker: Striker, slugs: dict[str, str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the columns of a version that change, and the path and text of each struck value."""
    columns: dict[str, Any] = {}
    record, places = strike_record(version.record, striker, slugs)
    if record != version.record:
        columns |= {"record": record, "digest": digest(record)}
    for name in ("change_note", "withdrawn_reason", "redaction_reason"):
        text = getattr(version, name)
        struck = striker.strike(text)
        if struck != text:
            columns[name] = struck
            places.append((name, text))
    return columns, places


def redact_version(
    version: Version, columns: dict[str, Any], redacted_at: dt.datetime, reason: str
) -> None:
    """Write struck columns over a version, past the queryset that refuses every change."""
    before = columns.get("redaction_reason", version.redaction_reason)
    reasons = dict.fromkeys(filter(None, [before, reason]))
    rows: QuerySet[Version] = QuerySet(Version)
    rows.filter(pk=version.pk).update(
        **columns | {"redacted_at": redacted_at, "redaction_reason": " ".join(reasons)}
    )
