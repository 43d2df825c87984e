"""What cards and the page of a case say alike of a warning and an incident, marks included."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .marks import marked
from .models import Case, Incident, Warning
from .models.vocabulary import NONE_REPORTED, NOT_STATED, Era
from .readings import ABSENT_TEXT, figure_text, sentence
from .standing import StandingOf

NO_INCIDENT = format_html('<span class="absent">{}</span>', "No incident coded")

_KINDS = {NOT_STATED: "What happened is not stated", NONE_REPORTED: "No incident reported"}
"""Incidents that are absent, in words that stand alone."""


NO_ERA = marked("before or after ICD 191 not stated", NOT_STATED)


def dated(case: Case, standing_of: StandingOf) -> SafeString:
    """Say when a case was and on which side of ICD 191: "2013, before ICD 191".

    The marks behind both hold of both, because the one is worked out from the other.
    """
    words, standing = sentence(str(case.date)), standing_of(case, "date")
    if not case.date.is_stated:
        return marked(f"Date {ABSENT_TEXT[NOT_STATED].lower()}", NOT_STATED, standing)
    if case.era == Era.NOT_STATED:
        return format_html("{}, {}", marked(words, "", standing), NO_ERA)
    era = str(case.era.label)
    return marked(f"{words}, {era[:1].lower()}{era[1:]}", "", standing)


def parties(warning: Warning, recipients: Sequence[str], standing_of: StandingOf) -> SafeString:
    """Say who warned whom: "US officials to Iranian officials", as firm as the weaker of both."""
    names = ", ".join(recipients) or ABSENT_TEXT[NOT_STATED].lower()
    fields = ("issuer", "recipients") if recipients else ("issuer",)
    return marked(f"{warning.issuer.name} to {names}", "", standing_of(warning, *fields))


def incident_in_short(incident: Incident, standing_of: StandingOf) -> SafeString:
    """Say in a few words what happened: "Attack, over 130 deaths"."""
    words = _KINDS.get(incident.kind) or incident.get_kind_display()
    kind = marked(words, incident.kind, standing_of(incident, "kind"))
    if incident.deaths is None:
        return kind
    figure = figure_text(incident.deaths, incident.deaths_qualifier)
    unit = "death" if incident.deaths == 1 else "deaths"
    return format_html(
        "{}, {}", kind, marked(f"{figure} {unit}", "", standing_of(incident, "deaths"))
    )
