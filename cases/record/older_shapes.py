"""The one step from records of older layouts to the present one, as plain JSON.

Versions are kept forever, in the shape in which they were made. In format 1, which has no `format`,

- a value that was absent was a word, and an object or a list otherwise: dates, figures, windows,
  issuers and countries, recipients, intermediaries, directives;
- a speaker was an actor, or the word “source”;
- actors, sources and exceptions were objects; in the oldest versions, their slugs alone;
- any field that was added later may be missing.

What is not of these shapes is left alone, for the decoder to refuse.
"""

from __future__ import annotations

from typing import Any

from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED, Modality, Qualifier

from .classes import ACTOR, EDITORS, FORMAT, SOURCE, STATED, UNNAMED

Json = dict[str, Any]


def upgraded(record: Json) -> Json:
    """Return a record of any format in the present one; raises TypeError and the like for others.

    The JSON given is left as it is.
    """
    # Format 2 is today's and needs no step: a field that was added to it since has a default.
    if record.get("format", 1) != 1:
        return record
    return record | {
        "format": FORMAT,
        "date": _date(record.get("date")),
        "directives": [_directive(one) for one in _list(record.get("directives"))],
        "involvements": [
            part | {"actor": _named(part.get("actor"), "name")}
            for part in record.get("involvements", [])
        ],
        "warnings": [_warning(part) for part in _with_sequence(record.get("warnings", []))],
        "incidents": [_incident(part) for part in _with_sequence(record.get("incidents", []))],
        "assessments": [
            {"status": NOT_STATED}
            | part
            | {"exception": _named(part.get("exception"), "code", "title")}
            for part in record.get("assessments", [])
        ],
        "claims": [_claim(part) for part in _with_sequence(record.get("claims", []))],
        "notes": [
            part
            | {"source": _source(part.get("source")), "evidence": _source(part.get("evidence"))}
            for part in record.get("notes", [])
        ],
    }


def _warning(part: Json) -> Json:
    return part | {
        "issuer": _party(part.get("issuer")),
        "intermediaries": [_named(actor, "name") for actor in _list(part.get("intermediaries"))],
        "recipients": [_named(actor, "name") for actor in _list(part.get("recipients"))],
        "date": _date(part.get("date")),
        "window": _stated(part.get("window"), "start", "end"),
    }


def _incident(part: Json) -> Json:
    return part | {
        "date": _date(part.get("date")),
        "country": _party(part.get("country", NOT_STATED)),
        "deaths": _figure(part.get("deaths")),
        "injured": _figure(part.get("injured")),
    }


def _claim(part: Json) -> Json:
    speaker = part.get("speaker", SOURCE)
    if speaker == SOURCE:
        is_inferred = part.get("modality") == Modality.INFERRED
        voice: Json = {"kind": EDITORS if is_inferred else SOURCE}
    elif isinstance(speaker, dict) and "actor" in speaker:  # a record that lost its format
        voice = speaker
    else:
        voice = {"kind": ACTOR, "actor": _named(speaker, "name")}
    return part | {
        "speaker": voice,
        "date": _date(part.get("date")),
        "source": _source(part.get("source")),
    }


def _source(source: Any) -> Json:
    known = _named(source, "title")
    return known | {"published": _date(known.get("published"))}


def _directive(directive: Any) -> Json:
    known = _named(directive, "code", "title")
    return known | {"issued": _date(known.get("issued"))}


def _named(value: Any, *names: str) -> Json:
    """Return an object for a mentioned record, which may be its slug alone, or missing."""
    if isinstance(value, dict):
        return value
    return {"slug": value or "", **dict.fromkeys(names, value or UNNAMED)}


def _party(value: Any) -> Json:
    if isinstance(value, str) and value in ABSENT_VALUES:
        return {"state": value}
    if isinstance(value, dict) and "actor" in value:  # a record that lost its format
        return value
    return {"state": STATED, "actor": _named(value, "name")}


def _date(value: Any) -> Json:
    return _stated(value, "earliest", "latest")


def _stated(value: Any, *days: str) -> Json:
    """Return an object with a state; the days in it are null if they are open."""
    if not isinstance(value, dict):
        return {"state": value or NOT_STATED}
    return {"state": STATED, **value, **{day: value.get(day) or None for day in days}}


def _figure(value: Any) -> Json:
    if isinstance(value, dict):
        return {"qualifier": Qualifier.EXACT.value, **value}
    is_absent = isinstance(value, str) and value in ABSENT_VALUES
    return {"figure": None, "qualifier": value if is_absent else NOT_STATED}


def _list(value: Any) -> list[Any]:
    """Return a list, which was a word if it was absent."""
    return [] if value is None or isinstance(value, str) else value


def _with_sequence(parts: list[Json]) -> list[Json]:
    """Return parts with a number; it defaults to the place of the part, from 1."""
    return [{"sequence": place} | part for place, part in enumerate(parts, start=1)]
