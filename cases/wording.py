"""What cards and the page of a case say alike of a warning and an incident, marks included."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .marks import marked
from .models import Incident, Warning
from .models.vocabulary import NONE_REPORTED, NOT_STATED
from .readings import ABSENT_TEXT, figure_text
from .standing import StandingOf

NO_INCIDENT = format_html('<span class="absent">{}</span>', "No incident coded")

_KINDS = {NOT_STATED: "What happened is not stated", NONE_REPORTED: "No incident reported"}
"""Incidents that are absent, in words that stand alone."""


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
