"""The list of cases as cards: builds the texts of each card, so that its template only prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.evidence import wording
from cases.evidence.badges import CONTESTED, highlighted, reading_with_badges
from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.values import read, read_lead_time
from cases.evidence.wording import NO_INCIDENT, incident_in_short, parties, total_deaths
from cases.record.classes import CasePart, CaseRecord, WarningRecord
from cases.search import Snippet

from .keeping import kept

# Incidents that a card describes; the others are counted.
MAX_INCIDENTS = 3

# A term and its description in the definition list of a card.
Line = tuple[str, SafeString | str]


@dataclass(frozen=True)
class Card:
    """A case with what its card shows of it: plain texts, and HTML where they have badges."""

    case: CaseRecord
    address: str
    texts: CardTexts
    challenge_warning: str
    """The warning that other evidence challenges the sources; empty if none does."""

    passage: str
    """The label of the passage in which the search matched; empty without a search."""

    passage_address: str
    found: SafeString | str
    """The snippet of that passage, with marked hits."""

    matching: tuple[Line, ...]
    """The values that match a filter by modality or by contested values."""

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.texts.lines + self.matching


def cards(
    records: Mapping[int, CaseRecord],
    within: str,
    snippets: dict[int, Snippet | None],
    matching: dict[int, tuple[Line, ...]],
) -> list[Card]:
    """Return a card for each case.

    `within` is the query string of the list. The rest is by the key of the case; `matching` has the
    values that match a filter by modality or by contested values.
    """
    return [
        _card(summary, within, snippets.get(summary.key), matching.get(summary.key, ()))
        for summary in summaries_of(records)
    ]


def _card(
    summary: CaseSummary, within: str, snippet: Snippet | None, matching: tuple[Line, ...]
) -> Card:
    case = summary.record
    address = address_of(case, within)
    # Only what a note says links to the case.
    texts = _texts(case, address if case.notes else "")
    return Card(
        case=case,
        address=address,
        texts=texts,
        challenge_warning=challenge_warning(summary.challenges),
        passage=snippet.label if snippet else "",
        passage_address=passage_address(address, snippet),
        found=highlighted(snippet.parts) if snippet else "",
        matching=matching,
    )


@dataclass(frozen=True)
class CardTexts:
    """The texts of a card that are the same in every list."""

    kind: SafeString
    dated: SafeString
    """The date of the case with its era."""

    lines: tuple[Line, ...]


@kept(at_most=500)
def _texts(record: CaseRecord, address: str) -> CardTexts:
    """Return the texts of a card; `address` is that of the case, to which facts from notes lead."""
    evidence = CaseEvidence(record)
    outcome = (_term("Outcome", record.incidents, evidence), outcome_of(evidence, address))
    return CardTexts(
        kind=reading_with_badges(read(record, "kind"), evidence.status(record, "kind")),
        dated=wording.date_and_era(evidence),
        lines=(*_warnings(evidence), outcome),
    )


def address_of(case: CaseRecord, within: str) -> str:
    """Return the address of a case with `within`, the query string of the reader's list."""
    return f"{case.get_absolute_url()}?{within}" if within else case.get_absolute_url()


def passage_address(address: str, snippet: Snippet | None) -> str:
    """Return the address of the passage in the page of a case in which the search matched."""
    return f"{address}#{snippet.fragment}" if snippet and snippet.fragment else address


def challenge_warning(challenges: int) -> str:
    """Return the warning that this many notes challenge the sources of a case; empty for 0."""
    if challenges > 1:
        return f"{challenges} editorial notes correct or contradict the sources."
    return "1 editorial note corrects or contradicts the sources." if challenges else ""


def _warnings(evidence: CaseEvidence) -> Iterator[Line]:
    if not evidence.record.warnings:
        kind = read(evidence.record, "kind").text.lower()
        yield "Warning", format_html('<span class="absent">None coded</span>: {}', kind)
    for warning in evidence.record.warnings:
        yield _term(str(warning), [warning], evidence), _warning(evidence, warning)


def _term(label: str, parts: Iterable[CasePart], evidence: CaseEvidence) -> str:
    """Return the label of a line, with a badge if a part that it is about is contested."""
    is_contested = any(part.path in evidence.contested for part in parts)
    return format_html("{} {}", label, CONTESTED) if is_contested else label


def _warning(evidence: CaseEvidence, warning: WarningRecord) -> SafeString:
    status = evidence.status

    def coded(name: str) -> SafeString:
        return reading_with_badges(read(warning, name), status(warning, name))

    lead_time = read_lead_time(warning, evidence.occurrence)
    return format_html(
        '{} <span class="facts"><span><b>Lead time:</b> {}</span> '
        "<span><b>Reception:</b> {}</span> <span><b>Follow-up:</b> {}</span></span>",
        parties(warning, status),
        reading_with_badges(lead_time, status(warning, "lead_time")),
        coded("reception"),
        coded("follow_up"),
    )


def outcome_of(evidence: CaseEvidence, address: str) -> SafeString | str:
    """Return the incidents, and for several with figures the sum of their deaths.

    `address` is that of the case.
    """
    # The sum has to be on the card, because lists sort by it.
    incidents = evidence.record.incidents
    if not incidents:
        return NO_INCIDENT
    several = len(incidents) > 1
    texts: list[tuple[str]] = [
        (
            incident_in_short(
                incident,
                evidence.status,
                evidence.noted_kind(incident),
                is_one_of_several=several,
                page=address,
            ),
        )
        for incident in incidents[:MAX_INCIDENTS]
    ]
    if len(incidents) > MAX_INCIDENTS:
        texts.append((f"{len(incidents) - MAX_INCIDENTS} more",))
    count = f"{len(incidents)} incidents: " if several else ""
    least = total_deaths(incidents)
    end = f". {capfirst(least)}" if least else ""
    return format_html("{}{}{}", count, format_html_join("; ", "{}", texts), end)
