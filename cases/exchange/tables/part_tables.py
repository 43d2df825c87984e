"""The tables of warnings and of incidents."""

from __future__ import annotations

from cases.evidence.lead_time import KNOWN, ORDER_UNKNOWN, window_covered
from cases.models import Incident
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    WindowCovered,
)
from cases.record.classes import IncidentRecord, WarningRecord

from .case_row import CaseRow
from .coded import ABSENCES, certainty, coded
from .head import address, sequence, table
from .table import INTEGER, Column, Value, count, words_of, yes_or_no

_RESTS_ON = "How certain the least certain value is that it rests on; “not_stated” without a value."


def _window_covered(case: CaseRow, warning: WarningRecord) -> Value:
    return window_covered(warning, case.evidence.occurrence).value


def _bound(bound: str) -> Column:
    """Return the column of one end of a lead time."""

    def read(case: CaseRow, warning: WarningRecord) -> Value:
        days: int | None = getattr(case.lead_times[warning.sequence], bound)
        return days

    return Column(
        f"lead_time_{bound}",
        f"Lead time, {bound}",
        f"The {'least' if bound == 'minimum' else 'greatest'} number of days from the warning to "
        "the earliest incident that was carried out, as far as their dates allow and the order "
        "that a source gives. Negative days mean that the incident came first.",
        read,
        INTEGER,
        unit="days",
    )


def _modality_of_lead_time(case: CaseRow, warning: WarningRecord) -> Value:
    if case.lead_times[warning.sequence].minimum is None:
        return NOT_STATED
    return case.evidence.derived_modality(warning, "lead_time") or NOT_STATED


def _modality_of_window_covered(case: CaseRow, warning: WarningRecord) -> Value:
    if _window_covered(case, warning) in ABSENT_VALUES:
        return NOT_STATED
    return case.evidence.derived_modality(warning, "window_covered") or NOT_STATED


_LEAD_TIME = (
    Column(
        "lead_time_status",
        "Lead time",
        "Whether there is a lead time, or else why there is none.",
        lambda case, warning: case.lead_times[warning.sequence].status,
        words=((KNOWN, "Known"), (ORDER_UNKNOWN, "Order unknown"), *ABSENCES),
        meanings={
            KNOWN: "It has a minimum and a maximum, and it is known which came first.",
            ORDER_UNKNOWN: "It has a minimum and a maximum; either may have come first.",
            NOT_STATED: "It cannot be computed: a date is missing or open, no source says what "
            "happened, or the dates contradict the source.",
            NOT_APPLICABLE: "Nothing was carried out.",
        },
        is_required=True,
    ),
    _bound("minimum"),
    _bound("maximum"),
    certainty("lead_time", "Lead time", _modality_of_lead_time, _RESTS_ON),
)

_CONTESTED = yes_or_no(
    "contested",
    "Contested",
    "Whether a claim disputes one of its values that another claim asserts, or all of it.",
    lambda case, part: case.is_contested(part),
    yes="One of its values is contested, or all of it.",
    no="Nothing of it is contested.",
)

_NOTE_COUNT = count(
    "note_count",
    "Notes, number",
    "How many editorial notes are about it as a whole or about one of its values; “notes” has them "
    "all. A note never changes a value.",
    lambda case, part: case.notes_on(part),
)

WARNING_TABLE = table(
    "warnings",
    "warning",
    "A row for each warning: a communication of a threat, from an issuer to its recipients.",
    ("warning",),
    (
        sequence("warning", "Warning"),
        *coded(WarningRecord),
        *_LEAD_TIME,
        Column(
            "window_covered",
            "Window covered the incident",
            "Whether the warned window contained the earliest incident that was carried out.",
            _window_covered,
            words=words_of(WindowCovered),
            defined_at="warning.window_covered",
            is_required=True,
        ),
        certainty(
            "window_covered",
            "Window covered the incident",
            _modality_of_window_covered,
            _RESTS_ON,
        ),
        _NOTE_COUNT,
        _CONTESTED,
        address(lambda warning: f"#{warning.path}"),
    ),
    lambda case: case.record.warnings,
)

INCIDENT_TABLE = table(
    "incidents",
    "incident",
    "A row for each incident: what happened, or is reported not to have happened.",
    ("incident",),
    (
        sequence("incident", "Incident"),
        *coded(IncidentRecord),
        Column(
            "description",
            "Description",
            Incident._meta.get_field("description").definition,
            lambda case, incident: incident.description,
        ),
        _NOTE_COUNT,
        _CONTESTED,
        address(lambda incident: f"#{incident.path}"),
    ),
    lambda case: case.record.incidents,
)
