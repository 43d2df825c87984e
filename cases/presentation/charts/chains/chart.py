"""The picture of chains: when warnings, statements and incidents of cases were, a row a case.

Cases are years apart and their lead times are days. So each has its own days, counted from the
incident, and the scale shows days and years. A date that is not exact is a bar over all its days.
It does not show how certain a date is, nor how a warning was received. Of one case alone it is the
timeline of its page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib.humanize.templatetags.humanize import apnumber

from cases.evidence.lead_time import DAYS_A_YEAR, KNOWN, LeadTime
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.picture import CASE, Cell, Column, Picture, Row, case_cell
from cases.presentation.timeline import Timeline, length, timeline_of
from cases.text.plurals import counted
from cases.versions.current import current_records

from .events import WARNING, Chain, DayZero, chain_of, words_of
from .one_chain import one_chain
from .overview import overview

# Cases that are drawn, the first of the list.
MAX_CASES = 20

# What those first cases are, by the order of the list.
_FIRST = {
    "relevance": "the {} most relevant of {:,} cases",
    "-date": "the {} newest of {:,} cases",
    "date": "the {} oldest of {:,} cases",
    "lead_time": "the {} of {:,} cases with the shortest lead times",
    "-lead_time": "the {} of {:,} cases with the longest lead times",
    "-deaths": "the {} of {:,} cases with the most deaths",
    "title": "the first {} of {:,} cases by title",
    "-updated": "the {} of {:,} cases that changed last",
}

CAVEAT = (
    "Each case has its own days, counted from its incident; if its date is vague, from its first "
    "possible day, or the last if it has no first. Days far away are drawn denser."
)

ALL_WARNINGS = " All warnings of these cases are shown and counted, not only those asked for."

COLUMNS = (
    CASE,
    Column("event", "What", codes=("kind", "anchor")),
    Column("date", "Date"),
    Column("earliest", "First possible day"),
    Column("latest", "Last possible day"),
    Column("days_before_least", "Days before the incident, at least", is_number=True),
    Column("days_before_most", "At most", is_number=True),
)


class Chains:
    """The chains of the first cases of a list."""

    name = "chains"
    title = "Chains of warnings and incidents"

    def __call__(self, cases: CaseSet) -> Picture:
        keys = cases.filter.keys[:MAX_CASES]
        chains = [chain_of(record) for record in current_records(keys).values()]
        if len(cases) == 1 and (timeline := timeline_of(chains[0].links)):
            return self._of_one(chains[0], timeline, all_warnings=cases.filters_warnings)
        of = _of(cases)
        return Picture(
            name=self.name,
            title=self.title,
            finding=finding(chains, of),
            caveat=_caveat(cases, f" Drawn are {of}." if len(cases) > len(chains) else ""),
            columns=COLUMNS,
            rows=[row for chain in chains for row in _rows(chain)],
            draw=lambda frame: overview(chains, frame),
            sample=of if len(cases) > len(chains) else "",
        )

    def _of_one(self, chain: Chain, timeline: Timeline, *, all_warnings: bool) -> Picture:
        case = chain.case
        return Picture(
            name=self.name,
            title=f"The chain of case {case.number}, in order of time",
            finding=f"{case.title}. {_finding_of_one(chain)}",
            caveat=_caveat_of_one(timeline) + (ALL_WARNINGS if all_warnings else ""),
            columns=COLUMNS,
            rows=list(_rows(chain)),
            draw=lambda frame: one_chain(chain, timeline, frame),
            sample="",
        )


CHAINS = Chains()


def _of(cases: CaseSet) -> str:
    """Return what is drawn: "7 cases", "the 20 newest of 1,951 cases"."""
    total = len(cases)
    if total <= MAX_CASES:
        return counted(total, "case")
    return _FIRST[cases.filter.query.sort].format(MAX_CASES, total)


def finding(chains: Sequence[Chain], of: str) -> str:
    """Return in how many cases a warning came before the incident, and how long before it.

    `of` says which cases these are.
    """
    if not chains:
        return "No case here."
    if len(chains) == 1:
        return _finding_of_one(chains[0])
    dated = [chain.lead_times for chain in chains if chain.lead_times]
    said = sum(chain.is_said_before for chain in chains)
    more = " more" if dated else ""
    also = f"; in {said}{more} a source says that it came before" if said else ""
    if not dated:
        return f"In none of {of} can a warning be dated before the incident{also}."
    how_long = _how_long([days for times in dated for days in times])
    count = "each" if len(dated) == len(chains) else len(dated)
    return f"In {count} of {of} a warning can be dated before the incident, by {how_long}{also}."


def _how_long(lead_times: Sequence[tuple[int, int]]) -> str:
    """Return the least and the most of some lead times as text: "3 to 38 days"."""
    least, most = min(days for days, _ in lead_times), max(days for _, days in lead_times)
    if least == 0:
        return f"up to {length(most)}"
    if least < DAYS_A_YEAR <= most:
        return f"{length(least)} to {length(most)}"
    return words_of(LeadTime(KNOWN, least, most))


def _finding_of_one(chain: Chain) -> str:
    times = chain.lead_times
    if times:
        count = "A warning" if len(times) == 1 else f"{apnumber(len(times))} warnings"
        return f"{count[:1].upper()}{count[1:]} came {_how_long(times)} before the incident."
    if chain.is_said_before:
        which = "the" if len(chain.case.warnings) == 1 else "a"
        return (
            f"A source says that {which} warning came before the incident; by how many days cannot "
            "be counted."
        )
    if not chain.case.warnings:
        return "No warning is on record in this case."
    if chain.counted_from == DayZero.NOTHING:
        return "No date is stated in this case."
    if chain.counted_from != DayZero.INCIDENT:
        return "No incident in this case has a date, so no lead time can be counted."
    if not any(incident.occurred for incident in chain.case.incidents):
        return "No incident was carried out, so there is no lead time."
    if not any(event.is_measured_to for event in chain.events):
        return "No source says what happened, so no lead time can be counted."
    if all(event.is_after for event in chain.events if event.kind == WARNING):
        return "No warning came before the incident."
    if any(event.is_contradicted for event in chain.events):
        return "The dates contradict the order of warning and incident that a source gives."
    return "The sources leave open whether a warning came before the incident."


def _caveat(cases: CaseSet, drawn: str) -> str:
    return f"{CAVEAT}{drawn}{ALL_WARNINGS if cases.filters_warnings else ''}"


def _caveat_of_one(timeline: Timeline) -> str:
    caveats = ["Drawn to scale."]
    if timeline.breaks:
        caveats.append("Where the axis is broken, time in which nothing stands is left out.")
    if timeline.undated:
        undated = ", ".join(timeline.undated)
        caveats.append(f"Without a date, and so not drawn: {undated}.")
    return " ".join(caveats)


def _rows(chain: Chain) -> Iterator[Row]:
    """Yield a row for each event of a chain; one without an event if there is none."""
    address, record = chain.case.get_absolute_url(), chain.case
    case = case_cell(record.slug, record.number, record.title, address)
    for event in chain.events:
        span = event.span
        days = span and (span.earliest, span.latest)
        texts = [Cell(day.isoformat() if day else None) for day in days or (None, None)]
        before = [Cell(number) for number in event.days]
        place = f"{address}#{event.anchor}"
        what = Cell(event.title, place, (event.kind, event.anchor))
        # Those without a date come last.
        first = event.span.start if event.span else dt.date.max.toordinal()
        yield case, what, Cell(event.date_text, sort=first), *texts, *before
    if not chain.events:
        yield case, Cell("No warning, incident or statement"), *[Cell(None)] * 5
