"""The actors and sources that a record names."""

from __future__ import annotations

from collections.abc import Iterator

from .classes import ActorRef, CaseRecord, SourceRef


def named_in(record: CaseRecord) -> list[ActorRef | SourceRef]:
    """Return each actor and source that a case and its parts name, once."""
    return list(dict.fromkeys(ref for ref in _named_in(record) if ref is not None))


def _named_in(record: CaseRecord) -> Iterator[ActorRef | SourceRef | None]:
    for warning in record.warnings:
        yield warning.issuer.actor
        yield from warning.recipients
        yield from warning.intermediaries
    for incident in record.incidents:
        yield incident.country.actor
    for part in record.involvements:
        yield part.actor
    for claim in record.claims:
        yield claim.speaker.actor
        yield claim.source
    for note in record.notes:
        yield note.source
        yield note.evidence
