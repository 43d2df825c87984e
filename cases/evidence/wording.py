"""What cards and the page of a case say alike of a warning and an incident, marks included."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.models import Case, Incident, Warning
from cases.models.vocabulary import NONE_REPORTED, NOT_STATED, Era

from .badges import of_reading, with_badges
from .evidence_status import EvidenceStatusOf
from .values import ABSENT_TEXT, figure_text, read

NO_INCIDENT = format_html('<span class="absent">{}</span>', "No incident coded")

_KINDS = {NOT_STATED: "What happened is not stated", NONE_REPORTED: "No incident reported"}
"""Incidents that are absent, in words that stand alone."""


NO_ERA = with_badges("before or after ICD 191 not stated", NOT_STATED)


def dated(case: Case, evidence_status_of: EvidenceStatusOf) -> SafeString:
    """Say when a case was and on which side of ICD 191: "2013, before ICD 191".

    The marks behind both hold of both, because the one is worked out from the other.
    """
    words, evidence_status = capfirst(str(case.date)), evidence_status_of(case, "date")
    if not case.date.is_stated:
        return with_badges(f"Date {ABSENT_TEXT[NOT_STATED].lower()}", NOT_STATED, evidence_status)
    if case.era == Era.NOT_STATED:
        return format_html("{}, {}", with_badges(words, "", evidence_status), NO_ERA)
    era = str(case.era.label)
    return with_badges(f"{words}, {era[:1].lower()}{era[1:]}", "", evidence_status)


def parties(
    warning: Warning, recipients: Sequence[str], evidence_status_of: EvidenceStatusOf
) -> SafeString:
    """Say who warned whom: "US officials to Iranian officials", as firm as the weaker of both."""
    names = ", ".join(recipients) or ABSENT_TEXT[NOT_STATED].lower()
    stated = [
        *(["issuer"] if warning.issuer_id is not None else []),
        *(["recipients"] if recipients else []),
    ]
    text = f"{read(warning, 'issuer').text} to {names}"
    return with_badges(text, "", evidence_status_of(warning, *stated) if stated else None)


def incident_in_short(
    incident: Incident, evidence_status_of: EvidenceStatusOf, *, is_one_of_several: bool = False
) -> SafeString:
    """Say in a few words what happened: "Attack, over 130 deaths"; one of several, also where."""
    words = _KINDS.get(incident.kind) or incident.get_kind_display()
    said = [with_badges(words, incident.kind, evidence_status_of(incident, "kind"))]
    if is_one_of_several and incident.place != NOT_STATED:
        said.append(with_badges(incident.place, "", evidence_status_of(incident, "place")))
    if incident.deaths is not None:
        figure = figure_text(incident.deaths, incident.deaths_qualifier)
        unit = "death" if incident.deaths == 1 else "deaths"
        said.append(with_badges(f"{figure} {unit}", "", evidence_status_of(incident, "deaths")))
    return _joined(said)


def one_incident(incident: Incident, evidence_status_of: EvidenceStatusOf) -> SafeString:
    """Say of one of several incidents what it was, where and when: "Attack, Kenya, August 1998"."""

    def coded(name: str) -> SafeString:
        return of_reading(read(incident, name), evidence_status_of(incident, name))

    said = [incident_in_short(incident, evidence_status_of, is_one_of_several=True)]
    if incident.date.is_stated:
        said.append(coded("date"))
    elif incident.is_known_to_be:
        said.append(format_html("date: {}", coded("date")))
    if incident.occurred and incident.deaths is None:
        said.append(format_html("deaths: {}", coded("deaths")))
    return _joined(said)


def one_of_several(
    part: Warning | Incident, field: str, evidence_status_of: EvidenceStatusOf
) -> SafeString:
    """Name, beside its value of a field, a warning or an incident: "Incident 2, Tanzania"."""
    said = [format_html("{}", str(part))]
    if isinstance(part, Incident) and part.place != NOT_STATED and field != "place":
        said.append(with_badges(part.place, "", evidence_status_of(part, "place")))
    return _joined(said)


def _joined(said: Sequence[SafeString]) -> SafeString:
    return format_html_join(", ", "{}", ((one,) for one in said))


def deaths_together(incidents: Sequence[Incident]) -> str:
    """Say how many died in several incidents at least; an “about” gives no lower bound."""
    bounds = [one.deaths_lower_bound for one in incidents if one.deaths is not None]
    if len(bounds) < 2:
        return ""
    least = sum(bound for bound in bounds if bound is not None)
    return f"together at least {least:,} deaths" if least else ""
