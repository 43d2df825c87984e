"""Phrases about warnings and incidents, with badges, for cards and the page of a case."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models.era import is_compared_with_icd_191
from cases.models.vocabulary import NONE_REPORTED, NOT_STATED, Era, label_in
from cases.record.classes import CasePart, IncidentRecord, WarningRecord, absence_in
from cases.text.bidi import isolated

from .badges import bdi, reading_with_badges, with_badges
from .case_evidence import CaseEvidence
from .coded_value import NotedFact
from .evidence_status import EvidenceStatusOf
from .values import ABSENT_TEXT, by_name, figure_text, in_order, read

NO_INCIDENT = format_html('<span class="absent">{}</span>', "No incident coded")

# Texts of absent kinds of incident that make sense without a label.
_KINDS = {NOT_STATED: "What happened is not stated", NONE_REPORTED: "No incident reported"}

_NOT_STATED_BY_SOURCES = ABSENT_TEXT[NOT_STATED].lower()

NO_ERA = with_badges("before or after ICD 191 not stated", NOT_STATED)


def date_and_era(evidence: CaseEvidence) -> SafeString:
    """Return the date of a case with its era: "2013, before ICD 191".

    If only other directives apply to the case, the date stands alone.
    """
    record = evidence.record
    # The era is derived from the date, so one set of badges after both holds for both.
    words, evidence_status = capfirst(str(record.date)), evidence.status(record, "date")
    if not record.date.is_stated:
        return with_badges(f"Date {ABSENT_TEXT[NOT_STATED].lower()}", NOT_STATED, evidence_status)
    if not is_compared_with_icd_191([directive.slug for directive in record.directives]):
        return with_badges(words, "", evidence_status)
    if record.era == Era.NOT_STATED:
        return format_html("{}, {}", with_badges(words, "", evidence_status), NO_ERA)
    label = label_in(Era, record.era)
    return with_badges(f"{words}, {label[:1].lower()}{label[1:]}", "", evidence_status)


def parties(warning: WarningRecord, evidence_status_of: EvidenceStatusOf) -> SafeString:
    """Return who warned whom: "US officials to Iranian officials", with one set of badges."""
    stated = [
        name
        for name in ("issuer", "intermediaries", "recipients")
        if not absence_in(getattr(warning, name))
    ]
    text = who_warned_whom(warning)
    return with_badges(text, "", evidence_status_of(warning, *stated) if stated else None)


def who_warned_whom(warning: WarningRecord) -> str:
    """Return who warned whom, and through whom: "CIA through PST to a witness"."""
    recipients = ", ".join(isolated(actor.name) for actor in by_name(warning.recipients))
    names = recipients or ABSENT_TEXT[NOT_STATED].lower()
    through = [actor.name for actor in warning.intermediaries]
    # Several are parted by commas, so another one ends the list.
    between = f" through {in_order(through)}{',' * (len(through) > 1)}" if through else ""
    return f"{isolated(read(warning, 'issuer').text)}{between} to {names}"


def incident_in_short(
    incident: IncidentRecord,
    evidence_status_of: EvidenceStatusOf,
    noted: NotedFact | None = None,
    *,
    is_one_of_several: bool = False,
    page: str = "",
) -> SafeString:
    """Return the kind and deaths of an incident, such as "Attack, over 130 deaths".

    With `is_one_of_several` the place follows the kind. Where the kind is not stated, `noted` is
    what a note gives in its place; `page` is the address of the page that has the note.
    """
    words = _KINDS.get(incident.kind) or read(incident, "kind").text
    evidence_status = evidence_status_of(incident, "kind")
    if noted:
        absent = with_badges(f"({_NOT_STATED_BY_SOURCES})", incident.kind, evidence_status)
        phrases = [format_html("{} {}", fact_from_note(noted, page), absent)]
    else:
        phrases = [with_badges(words, incident.kind, evidence_status)]
    if is_one_of_several and not absence_in(incident.place):
        phrases.append(with_badges(incident.place, "", evidence_status_of(incident, "place")))
    if incident.deaths.figure is not None:
        figure = figure_text(incident.deaths.figure, incident.deaths.qualifier)
        unit = "death" if incident.deaths.figure == 1 else "deaths"
        phrases.append(with_badges(f"{figure} {unit}", "", evidence_status_of(incident, "deaths")))
    return _joined(phrases)


def fact_from_note(noted: NotedFact, page: str = "") -> SafeString:
    """Return a fact that a note supplies, marked as such, with a link to the note on `page`.

    For example "Boston Marathon bombing — from a note".
    """
    return format_html(
        '<span class="from-note">{} — <a href="{}#{}">from a note</a></span>',
        bdi(noted.fact),
        page,
        noted.slug,
    )


def incident_among_several(
    incident: IncidentRecord, evidence_status_of: EvidenceStatusOf, noted: NotedFact | None = None
) -> SafeString:
    """Return what one of several incidents was, where and when: "Attack, Kenya, August 1998"."""

    def coded(name: str) -> SafeString:
        return reading_with_badges(read(incident, name), evidence_status_of(incident, name))

    phrases = [incident_in_short(incident, evidence_status_of, noted, is_one_of_several=True)]
    # An absent value gets a label, since "Not stated in the sources" alone would be ambiguous.
    if incident.date.is_stated:
        phrases.append(coded("date"))
    elif incident.is_known_to_be:
        phrases.append(format_html("date: {}", coded("date")))
    if incident.occurred and incident.deaths.figure is None:
        phrases.append(format_html("deaths: {}", coded("deaths")))
    return _joined(phrases)


def part_label(part: CasePart, field: str, evidence_status_of: EvidenceStatusOf) -> SafeString:
    """Return the label of a warning or incident beside its value of `field`.

    For example "Incident 2, Tanzania"; the place is left out if it is the value itself.
    """
    label = conditional_escape(str(part))
    if isinstance(part, IncidentRecord) and not absence_in(part.place) and field != "place":
        return _joined([label, with_badges(part.place, "", evidence_status_of(part, "place"))])
    return label


def _joined(phrases: Sequence[SafeString]) -> SafeString:
    return format_html_join(", ", "{}", ((phrase,) for phrase in phrases))


def total_deaths(incidents: Sequence[IncidentRecord]) -> str:
    """Return "together at least N deaths" for several incidents with figures; otherwise empty."""
    counted = [incident for incident in incidents if incident.deaths.figure is not None]
    bounds = [incident.deaths_lower_bound for incident in counted]
    if len(bounds) < 2:
        return ""
    # An “about” gives no lower bound, so it adds nothing to the sum.
    least = sum(bound for bound in bounds if bound is not None)
    return f"together at least {least:,} deaths" if least else ""
