"""The list as cards: what the card of a case says, worded here so that its template only prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.evidence import wording
from cases.evidence.badges import highlighted, reading_with_badges, with_badges
from cases.evidence.case_summaries import CaseSummary, summaries_of
from cases.evidence.values import read, read_lead_time
from cases.evidence.wording import NO_INCIDENT, incident_in_short, parties, total_deaths
from cases.models import Case, Warning
from cases.search import Snippet

FIELDS = ("kind", "issuer", "recipients", "date", "reception", "follow_up", "place", "deaths")
"""The coded fields of which a card says how they stand."""

MAX_INCIDENTS = 3
"""How many incidents of a case a card words; the others are counted."""

Line = tuple[str, SafeString | str]
"""A term with what is said of it."""


@dataclass(frozen=True)
class Card:
    """What a card says: plain texts, and where marks stand among the words, markup."""

    number: str
    title: str
    address: str
    kind: str
    kind_text: SafeString
    dated: SafeString
    """When it was, and on which side of ICD 191."""

    summary: str
    challenge_warning: str
    """That other evidence challenges the sources; empty if none does."""

    passage: str
    """Where the search matched, with `found`; empty without a search."""

    passage_address: str
    found: SafeString | str
    lines: tuple[Line, ...]


def cards(
    cases: Sequence[Case],
    within: str,
    snippets: dict[int, Snippet | None],
    resting: dict[int, tuple[Line, ...]],
) -> list[Card]:
    """Return a card for each case; `within` is the query string of the list that they are of.

    `resting` has for some the values of the firmness asked for.
    """
    return [
        _card(case, within, snippets.get(case.case.pk), resting.get(case.case.pk, ()))
        for case in summaries_of(cases, FIELDS)
    ]


def _card(
    shown: CaseSummary, within: str, snippet: Snippet | None, resting: tuple[Line, ...]
) -> Card:
    case = shown.case
    address = address_of(case, within)
    return Card(
        number=case.number,
        title=case.title,
        address=address,
        kind=case.kind,
        kind_text=with_badges(case.get_kind_display(), "", shown.evidence_status_of(case, "kind")),
        dated=wording.date_and_era(case, shown.evidence_status_of),
        summary=case.summary,
        challenge_warning=challenge_warning(shown.challenges),
        passage=snippet.label if snippet else "",
        passage_address=passage_address(address, snippet),
        found=highlighted(snippet.parts) if snippet else "",
        lines=(*_warnings(shown), ("Outcome", _outcome(shown)), *resting),
    )


def dated(shown: CaseSummary) -> SafeString:
    """Return the date of a case, which stands as that of the part that dates it."""
    case = shown.case
    return reading_with_badges(read(case, "date"), shown.evidence_status_of(case, "date"))


def address_of(case: Case, within: str) -> str:
    """Return the address of a case with the list that a reader comes from."""
    return f"{case.get_absolute_url()}?{within}" if within else case.get_absolute_url()


def passage_address(address: str, snippet: Snippet | None) -> str:
    """Return where in the page of a case the search matched."""
    return f"{address}#{snippet.fragment}" if snippet and snippet.fragment else address


def challenge_warning(challenges: int) -> str:
    """Say that notes challenge the sources of a case; nothing if none does."""
    if challenges > 1:
        return f"{challenges} editorial notes correct or contradict the sources."
    return "1 editorial note corrects or contradicts the sources." if challenges else ""


def _warnings(shown: CaseSummary) -> Iterator[Line]:
    if not shown.warnings:
        kind = shown.case.get_kind_display().lower()
        yield "Warning", format_html('<span class="absent">None coded</span>: {}', kind)
    for warning in shown.warnings:
        yield str(warning), _warning(shown, warning)


def _warning(shown: CaseSummary, warning: Warning) -> SafeString:
    recipients = [name for _, name in shown.recipients[warning.pk]]

    def coded(name: str) -> SafeString:
        return reading_with_badges(read(warning, name), shown.evidence_status_of(warning, name))

    lead_time = read_lead_time(warning, shown.occurrence)
    return format_html(
        '{} <span class="facts"><span><b>Lead time:</b> {}</span> '
        "<span><b>Reception:</b> {}</span> <span><b>Follow-up:</b> {}</span></span>",
        parties(warning, recipients, shown.evidence_status_of),
        reading_with_badges(lead_time, shown.evidence_status_of(warning, "lead_time")),
        coded("reception"),
        coded("follow_up"),
    )


def _outcome(shown: CaseSummary) -> SafeString | str:
    """Word every incident, and what orders them by deaths: the sum of their lower bounds."""
    incidents = shown.incidents
    if not incidents:
        return NO_INCIDENT
    several = len(incidents) > 1
    worded: list[tuple[str]] = [
        (incident_in_short(incident, shown.evidence_status_of, is_one_of_several=several),)
        for incident in incidents[:MAX_INCIDENTS]
    ]
    if len(incidents) > MAX_INCIDENTS:
        worded.append((f"{len(incidents) - MAX_INCIDENTS} more",))
    count = f"{len(incidents)} incidents: " if several else ""
    least = total_deaths(incidents)
    end = f". {capfirst(least)}" if least else ""
    return format_html("{}{}{}", count, format_html_join("; ", "{}", worded), end)
