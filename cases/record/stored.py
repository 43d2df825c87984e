"""The record as JSON: written in one way, and read back from any format."""

from __future__ import annotations

import hashlib
import json

import msgspec

from .classes import FORMAT, CaseRecord
from .older_shapes import Json, upgraded


class UnreadableRecordError(ValueError):
    """JSON that is not the record of a case, of this format or of an older one."""


def as_json(record: CaseRecord) -> Json:
    """Return a record as the JSON that a version stores."""
    stored: Json = _DECODER.decode(_ENCODER.encode(record))
    return stored


def read_record(stored: Json) -> CaseRecord:
    """Return the record in JSON of any format; raises UnreadableRecordError for anything else.

    Fields that are unknown today are dropped, and a value that was removed from its vocabulary
    since is kept.
    """
    try:
        record = msgspec.convert(upgraded(stored), CaseRecord)
    except _UNREADABLE as error:
        raise UnreadableRecordError(str(error)) from error
    if record.format != FORMAT:
        raise UnreadableRecordError(f"Format {record.format} is newer than this casebook.")
    return record


def decoded(text: str) -> CaseRecord:
    """Return the record in the text of a version; raises UnreadableRecordError for anything else.

    Faster than `read_record()` for what is of today's format, as nearly all versions are.
    """
    try:
        record = _RECORD.decode(text) if '"format"' in text else None
    except msgspec.ValidationError:
        record = None
    if record is None or record.format != FORMAT:
        return read_record(_DECODER.decode(text))
    return record


def canonical(stored: Json) -> str:
    """Return JSON, such as a record of any format, as text; equal ones have equal texts."""
    return json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(stored: Json) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal."""
    return hashlib.sha256(canonical(stored).encode()).hexdigest()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder()
_RECORD = msgspec.json.Decoder(CaseRecord)

# What the step from an older format raises for JSON that is no record.
_UNREADABLE = (msgspec.ValidationError, AttributeError, TypeError, ValueError, RecursionError)
