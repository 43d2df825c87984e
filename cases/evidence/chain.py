"""The chain of a case: its warnings, statements and incidents in chronological order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.text import capfirst

from cases.models.edtf import parse
from cases.models.vocabulary import Modality
from cases.record.classes import (
    CaseRecord,
    ClaimRecord,
    DateRecord,
    IncidentRecord,
    WarningRecord,
)

from .sheet import CodingSheet, SheetSection


@dataclass(frozen=True)
class Link:
    """One event in the chain of a case.

    `kind` is "warning", "statement" or "incident". `section` is the section of the coding sheet,
    None for statements. `is_measured_to` marks the incident that lead times are measured to.
    """

    kind: str
    part: WarningRecord | IncidentRecord | ClaimRecord
    section: SheetSection | None = None
    claims: tuple[ClaimRecord, ...] = ()
    is_measured_to: bool = False

    @property
    def date(self) -> DateRecord:
        return self.part.date

    @property
    def date_text(self) -> str:
        return capfirst(str(self.date)) if self.date.is_stated else "Date not stated"


def chain(sheet: CodingSheet) -> list[Link]:
    """Return the links of a case, earliest first; links without a date come last.

    A date that is open at its start has the place of its end: “in or before 2022” that of “2022”.
    By then it had happened, and of earlier years nothing is known. Before all others it would look
    like the first event.
    """
    # `lead_time` is measured to the first incident that was carried out, so only that is marked.
    measured_to = sheet.evidence.occurrence
    record = sheet.record
    links = [Link("warning", *each) for each in zip(record.warnings, sheet.warnings, strict=True)]
    links += [
        Link(
            "incident",
            incident,
            section,
            is_measured_to=incident is measured_to and incident.is_told,
        )
        for incident, section in zip(record.incidents, sheet.incidents, strict=True)
        if incident.is_known_to_be
    ]
    links += _statements(record)
    return sorted(links, key=_place)


def _place(link: Link) -> tuple[dt.date, dt.date, bool]:
    date = link.date
    if not date.is_stated:
        return dt.date.max, dt.date.max, True
    # Of two dates with the same place the open one comes first, since it can be earlier.
    start = date.earliest or parse(date.edtf.rpartition("/")[2]).earliest or dt.date.max
    return start, date.latest or dt.date.max, date.earliest is not None


def _statements(record: CaseRecord) -> list[Link]:
    """Group dated claims with a speaker into statements: one for each speaker, source and date.

    What editors infer from the words of a speaker is no statement of theirs.
    """
    statements: dict[tuple[str, str, str], list[ClaimRecord]] = {}
    for claim in record.claims:
        if claim.speaker.actor is None or claim.modality == Modality.INFERRED:
            continue
        if claim.date.is_stated:
            key = (claim.speaker.actor.slug, claim.source.slug, claim.date.edtf)
            statements.setdefault(key, []).append(claim)
    return [
        Link("statement", claims[0], claims=_distinct(claims)) for claims in statements.values()
    ]


def _distinct(claims: list[ClaimRecord]) -> tuple[ClaimRecord, ...]:
    """Drop claims whose quote is part of another claim's quote from the same paragraph."""
    # A statement that supports several values is coded as several claims, often with one quote.
    kept: list[ClaimRecord] = []
    for claim in sorted(claims, key=lambda claim: len(claim.quote), reverse=True):
        if not any(_repeats(claim, other) for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.sequence))


def _repeats(claim: ClaimRecord, other: ClaimRecord) -> bool:
    """Return whether `other` prints all of `claim`: its quote or, without one, the same gist."""
    if (claim.locator, claim.stance) != (other.locator, other.stance):
        return False
    return claim.quote in other.quote if claim.quote else claim.gist == other.gist
