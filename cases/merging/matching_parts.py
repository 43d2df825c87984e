"""When two parts of two cases are the same, and which of their values agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cases.duplicates.finding import place_alike
from cases.duplicates.sounds import words_of
from cases.evidence.values import label_of, read
from cases.models import Incident, Warning
from cases.models.derived_dates import DATE_COLUMNS
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import NOT_STATED, AssessmentStatus, RecordsStatus

OPEN = {NOT_STATED, RecordsStatus.NONE_REPORTED.value, AssessmentStatus.NOT_REPORTED.value}
"""The values that leave a question open; “does not apply” answers it."""

COLUMN_OF_FIELD = {
    "date": DATE_COLUMNS,
    "window": ("window_start", "window_end"),
    "deaths": ("deaths", "deaths_qualifier"),
    "injured": ("injured", "injured_qualifier"),
    "country": ("country_id",),
}
"""The columns of the coded fields that do not stand in one of their own name."""


def same_warning(one: Warning, other: Warning) -> bool:
    """Tell whether two warnings are one: from and to the same, and not at different times."""
    return (
        one.issuer_id is not None
        and one.issuer_id == other.issuer_id
        and {actor.pk for actor in one.recipients.all()}
        == {actor.pk for actor in other.recipients.all()}
        and _at_one_time(one.date, other.date) is not False
    )


def same_incident(one: Incident, other: Incident) -> bool:
    """Tell whether two incidents are one: of one kind, and at one time or place, not at two."""
    time, place = _at_one_time(one.date, other.date), _at_one_place(one.place, other.place)
    countries = {incident.country_id for incident in (one, other)} - {None}
    return (
        one.kind == other.kind
        and len(countries) <= 1
        and False not in (time, place)
        and True in (time, place)
    )


def _at_one_time(one: UncertainDate, other: UncertainDate) -> bool | None:
    """Tell whether two dates may be the same; None if one is not stated."""
    if not (one.is_stated and other.is_stated):
        return None
    return one.overlaps(other.earliest, other.latest)


def _at_one_place(one: str, other: str) -> bool | None:
    if NOT_STATED in (one, other):
        return None
    return place_alike(words_of(one), words_of(other))


def agrees(one: Any, other: Any, field: str) -> bool:
    """Tell whether a field is coded alike in two records."""
    return bool(_comparable(one, field) == _comparable(other, field))


def _comparable(record: Any, field: str) -> Any:
    """Return a value without what does not change it: the words and the basis of a date."""
    value = read(record, field).value
    if field == "date" and isinstance(value, dict):
        return value["edtf"]
    return sorted(value) if isinstance(value, list) else value


def open_columns(kept: Any, other: Any) -> dict[str, Any]:
    """Return the columns of the fields that `kept` leaves open, as `other` has them."""
    found: dict[str, Any] = {}
    for field in kept.CODED_FIELDS:
        if _is_open(kept, field) and not _is_open(other, field):
            found |= {name: getattr(other, name) for name in COLUMN_OF_FIELD.get(field, (field,))}
    return found


def _is_open(record: Any, field: str) -> bool:
    value = read(record, field).value
    return isinstance(value, str) and value in OPEN


def differences(kept: Any, other: Any) -> Iterator[str]:
    """Word the values that the two records code differently, and of which the kept one stands."""
    for field in kept.CODED_FIELDS:
        if not agrees(kept, other, field):
            stands, goes = read(kept, field).text, read(other, field).text
            yield f"{label_of(kept, field)}: “{stands}” stands, “{goes}” is given up"
