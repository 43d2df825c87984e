"""The nested record: one case as plain JSON, in an order independent of database collation.

Versions store it, differences compare it and downloads contain it. Absent values use the words of
the vocabulary; `null` appears only as the open end of a date.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import Model

from cases.evidence.sheet import CodingSheet
from cases.evidence.values import date_value, read, window_value
from cases.models import Actor, Case, Claim, Directive, DirectiveException, Note, Source
from cases.models.vocabulary import NOT_STATED

Json = dict[str, Any]

# The fields of records shared between cases that the nested record of a case includes.
RECORDED_FIELDS: dict[type[Model], tuple[str, ...]] = {
    Actor: ("slug", "name", "kind"),
    Source: ("slug", "title", "kind", "publisher", "published", "url", "archived_url"),
    Directive: ("slug", "code", "title", "issued"),
    DirectiveException: ("slug", "code", "title"),
}


def case_record(case: Case) -> Json:
    """Return the nested record of a case that was fetched with `for_detail()`."""
    # Parts without a sequence are sorted here by slugs, since databases sort texts differently.
    sheet = CodingSheet(case)
    return {
        "number": case.number,
        "slug": case.slug,
        "title": case.title,
        "kind": case.kind,
        "summary": case.summary,
        "directives": _value(case, "directives"),
        "records_status": case.records_status,
        "status": case.status,
        "date": _date(case),
        "era": case.era.value,
        "involvements": [
            {"actor": _actor(part.actor), "role": part.role, "note": part.note}
            for part in sorted(
                case.involvements.all(), key=lambda part: (part.role, part.actor.slug)
            )
        ],
        "warnings": [
            {"sequence": warning.sequence} | _values(warning) for warning in case.warnings.all()
        ],
        "incidents": [
            {"sequence": incident.sequence, "description": incident.description} | _values(incident)
            for incident in case.incidents.all()
        ],
        "assessments": [
            {"exception": _exception(part.exception), "status": part.status, "note": part.note}
            for part in sorted(case.assessments.all(), key=lambda part: part.exception.slug)
        ],
        "claims": [_claim(claim, path) for path, claim in sheet.claims_with_paths()],
        "notes": [_note(note) for note in sorted(case.notes.all(), key=lambda note: note.slug)],
    }


def canonical(record: Json) -> str:
    """Return the record as JSON text; equal records have equal texts."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(record: Json) -> str:
    """Return the SHA-256 of the canonical record in hexadecimal."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def _values(record: Any) -> Json:
    return {name: _value(record, name) for name in record.CODED_FIELDS}


def _value(record: Any, name: str) -> Any:
    """Return one coded value as plain JSON."""
    # `read()` would also build the text of dates and windows, which takes longer than all else.
    if name == "date" and record.date.is_stated:
        return date_value(record.date)
    if name == "window" and (window := window_value(record)):
        return window
    reading = read(record, name)
    if reading.directives:
        return [_directive(one) for one in sorted(reading.directives, key=lambda one: one.slug)]
    if not reading.actors:
        return reading.value
    # Actors are nested, not only their slugs, so that a version keeps the names of its time.
    named = reading.actors
    if name != "intermediaries":  # whose order is part of the value
        named = tuple(sorted(named, key=lambda actor: actor.slug))
    actors = [_actor(actor) for actor in named]
    return actors if isinstance(reading.value, list) else actors[0]


def _date(record: Any) -> Any:
    return date_value(record.date) if record.date.is_stated else NOT_STATED


def _actor(actor: Actor) -> Json:
    return {"slug": actor.slug, "name": actor.name, "kind": actor.kind}


def _directive(directive: Directive) -> Json:
    return {
        "slug": directive.slug,
        "code": directive.code,
        "title": directive.title,
        "issued": date_value(directive.issued) if directive.issued.is_stated else NOT_STATED,
    }


def _exception(exception: DirectiveException) -> Json:
    return {"slug": exception.slug, "code": exception.code, "title": exception.title}


def _source(source: Source) -> Json:
    published = source.published
    return {
        "slug": source.slug,
        "title": source.title,
        "kind": source.kind,
        "publisher": source.publisher,
        "published": date_value(published) if published.is_stated else NOT_STATED,
        "url": source.url,
        "archived_url": source.archived_url,
    }


def _claim(claim: Claim, path: str) -> Json:
    return {
        "sequence": claim.sequence,
        "about": path,
        "speaker": _actor(claim.speaker) if claim.speaker else "source",
        "date": _date(claim),
        "stance": claim.stance,
        "modality": claim.modality,
        "source": _source(claim.source),
        "locator": claim.locator,
        "quote": claim.quote,
        "gist": claim.gist,
    }


def _note(note: Note) -> Json:
    return {
        "slug": note.slug,
        "about": note.field,
        "kind": note.kind,
        "source": _source(note.source),
        "locator": note.locator,
        "source_says": note.source_says,
        "evidence_says": note.evidence_says,
        "evidence": _source(note.evidence),
        "evidence_locator": note.evidence_locator,
    }
