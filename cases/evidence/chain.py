"""The chain of a case: its warnings, statements and incidents in chronological order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from cases.models import Case, Claim
from cases.models.edtf import parse
from cases.models.uncertain_date import UncertainDate

from .sheet import CodingSheet, SheetSection, first_occurrence


@dataclass(frozen=True)
class Link:
    """One event in the chain of a case.

    `kind` is "warning", "statement" or "incident". `section` is the section of the coding sheet,
    None for statements. `is_measured_to` marks the incident that lead times are measured to.
    """

    kind: str
    date: UncertainDate
    record: Any
    section: SheetSection | None = None
    claims: tuple[Claim, ...] = ()
    is_measured_to: bool = False

    @property
    def date_text(self) -> str:
        return capfirst(str(self.date)) if self.date.is_stated else "Date not stated"


def chain(case: Case, sheet: CodingSheet) -> list[Link]:
    """Return the links of `case`, earliest first; links without a date come last.

    A date that is open at its start has the place of its end: “in or before 2022” that of “2022”.
    By then it had happened, and of earlier years nothing is known. Before all others it would look
    like the first event.
    """
    # `lead_time` is measured to the first incident that was carried out, so only that is marked.
    incident = first_occurrence(case)
    links = [
        Link("warning", section.record.date, section.record, section) for section in sheet.warnings
    ]
    links += [
        Link(
            "incident",
            section.record.date,
            section.record,
            section,
            is_measured_to=section.record == incident and section.record.is_told,
        )
        for section in sheet.incidents
        if section.record.is_known_to_be
    ]
    links += _statements(case)
    return sorted(links, key=_place)


def _place(link: Link) -> tuple[dt.date, dt.date, bool]:
    date = link.date
    if not date.is_stated:
        return dt.date.max, dt.date.max, True
    # Of two dates with the same place the open one comes first, since it can be earlier.
    start = date.earliest or parse(date.edtf.rpartition("/")[2]).earliest or dt.date.max
    return start, date.latest or dt.date.max, date.earliest is not None


def _statements(case: Case) -> list[Link]:
    """Group dated claims with a speaker into statements: one for each speaker, source and date."""
    statements: dict[tuple[Any, ...], list[Claim]] = {}
    for claim in case.claims.all():
        if claim.speaker_id is not None and claim.date.is_stated:
            key = (claim.speaker_id, claim.source_id, claim.date_edtf)
            statements.setdefault(key, []).append(claim)
    return [
        Link("statement", claims[0].date, claims[0], claims=_distinct(claims))
        for claims in statements.values()
    ]


def _distinct(claims: list[Claim]) -> tuple[Claim, ...]:
    """Drop claims whose quote is part of another claim's quote from the same paragraph."""
    # A statement that supports several values is coded as several claims, often with one quote.
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: len(claim.quote), reverse=True):
        if not any(_repeats(claim, other) for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.sequence))


def _repeats(claim: Claim, other: Claim) -> bool:
    """Return whether `other` prints all of `claim`: its quote or, without one, the same gist."""
    if (claim.locator, claim.stance) != (other.locator, other.stance):
        return False
    return claim.quote in other.quote if claim.quote else claim.gist == other.gist
