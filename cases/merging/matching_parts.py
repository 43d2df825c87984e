"""Matching the parts of two cases, and comparing their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cases.duplicates.finding import place_alike
from cases.duplicates.sounds import words_of
from cases.evidence.values import label_of, text_in_row
from cases.models import Incident, Warning
from cases.models.case_date import DATE_COLUMNS
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import NOT_STATED, AssessmentStatus, RecordsStatus
from cases.record.building import value_of
from cases.record.classes import DateRecord, absence_in

# Values that leave a question open. “Does not apply” is an answer and not among them.
OPEN = {NOT_STATED, RecordsStatus.NONE_REPORTED.value, AssessmentStatus.NOT_REPORTED.value}

# Coded fields that hold a set, to which a merge adds the set of the other case.
JOINED_FIELDS = {"directives"}

# The columns of coded fields that are not stored in one column of the same name.
COLUMN_OF_FIELD = {
    "date": DATE_COLUMNS,
    "window": ("window_start", "window_end"),
    "deaths": ("deaths", "deaths_qualifier"),
    "injured": ("injured", "injured_qualifier"),
    "country": ("country_id",),
}


def same_warning(one: Warning, other: Warning) -> bool:
    """Whether two warnings have the same issuer and recipients, and dates that may be the same."""
    return (
        one.issuer_id is not None
        and one.issuer_id == other.issuer_id
        and {actor.pk for actor in one.recipients.all()}
        == {actor.pk for actor in other.recipients.all()}
        and _at_one_time(one.date, other.date) is not False
    )


def same_incident(one: Incident, other: Incident) -> bool:
    """Whether two incidents have the same kind, and times and places that do not differ."""
    time, place = _at_one_time(one.date, other.date), _at_one_place(one.place, other.place)
    countries = {incident.country_id for incident in (one, other)} - {None}
    return (
        one.kind == other.kind
        and len(countries) <= 1
        # None means that it is not stated: one of the two must match, and neither may differ.
        and False not in (time, place)
        and True in (time, place)
    )


def _at_one_time(one: UncertainDate, other: UncertainDate) -> bool | None:
    """Whether two dates may be the same; None if one is not stated."""
    if not (one.is_stated and other.is_stated):
        return None
    return one.overlaps(other.earliest, other.latest)


def _at_one_place(one: str, other: str) -> bool | None:
    if NOT_STATED in (one, other):
        return None
    return place_alike(words_of(one), words_of(other))


def agrees(one: Any, other: Any, field: str) -> bool:
    """Whether a field has the same value in two records, or will have it once they are merged."""
    return field in JOINED_FIELDS or bool(_comparable(one, field) == _comparable(other, field))


def _comparable(record: Any, field: str) -> Any:
    """Return a value for comparison."""
    # Dates are equal if their EDTF is, whatever the words and the basis.
    value = value_of(record, field)
    if isinstance(value, DateRecord):
        return value.edtf or value.state
    # Other than that of intermediaries, the order of actors says nothing.
    is_unordered = isinstance(value, tuple) and field != "intermediaries"
    return {ref.slug for ref in value} if is_unordered else value


def open_columns(kept: Any, other: Any) -> dict[str, Any]:
    """Return the values of `other` for the fields that only `kept` leaves open, by column.

    Intermediaries are rows of their own, and have no column.
    """
    columns: dict[str, Any] = {}
    for field in kept.CODED_FIELDS:
        if field not in {*JOINED_FIELDS, "intermediaries"} and fills(kept, other, field):
            columns |= {name: getattr(other, name) for name in COLUMN_OF_FIELD.get(field, (field,))}
    return columns


def fills(kept: Any, other: Any, field: str) -> bool:
    """Whether only `kept` leaves a field open, so that it takes over the value of `other`."""
    return _is_open(kept, field) and not _is_open(other, field)


def _is_open(record: Any, field: str) -> bool:
    return absence_in(value_of(record, field)) in OPEN


def differences(kept: Any, other: Any) -> Iterator[str]:
    """Yield a phrase for each value that differs; the value of `kept` is kept."""
    for field in kept.CODED_FIELDS:
        if field not in JOINED_FIELDS and not agrees(kept, other, field):
            own, lost = text_in_row(kept, field), text_in_row(other, field)
            yield f"{label_of(kept, field)}: “{own}” is kept, “{lost}” is dropped"
