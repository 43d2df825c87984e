"""The chain of a case: warnings, statements and incidents in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from cases.models import Case, Claim
from cases.models.uncertain_date import UncertainDate

from .sheet import CodingSheet, SheetSection, first_occurrence


@dataclass(frozen=True)
class Link:
    """One link of the chain. `kind` is "warning", "statement" or "incident"."""

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
    """Return the links of `case`, earliest first; links without a date come last."""
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
            is_measured_to=section.record == incident,
        )
        for section in sheet.incidents
        if section.record.is_known_to_be
    ]
    links += _statements(case)
    return sorted(links, key=lambda link: link.date.sort_key)


def _statements(case: Case) -> list[Link]:
    """Gather the dated claims of a speaker into statements: one speaker, source and date."""
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
    """Drop claims whose words stand within another's of the same paragraph.

    Several claims rest on one statement, since each points at another value.
    """
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: len(claim.quote), reverse=True):
        if not any(_repeats(claim, other) for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.sequence))


def _repeats(claim: Claim, other: Claim) -> bool:
    """Whether `claim` prints no more than `other` does; without a quote, whether its gist is it."""
    if (claim.locator, claim.stance) != (other.locator, other.stance):
        return False
    return claim.quote in other.quote if claim.quote else claim.gist == other.gist
