"""The kinds of column that hold a date or a time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models.edtf import impossible_day
from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED
from cases.models.written_dates import to_edtf
from cases.record.building import reason_for_absence

from .columns import MISSING, BundleColumn, CellError, absence_in
from .lookup import Lookup

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Expression(BundleColumn):
    """An uncertain date in EDTF; “not_stated”, or “not_applicable” if nothing happened."""

    is_coded = True

    def rule(self) -> str:
        return (
            "2024-03-07, 2024-03, 2024, 2024-03-08~, 2024-03-07/2024-03-09, /2022-02, or 7 March "
            "2024; not_stated"
        )

    def description(self, model: Any) -> str:
        without = "Without one: “not_stated”, or “not_applicable” for what did not happen."
        return f"{super().description(model)} {without}"

    def write(self, record: Any) -> str:
        return getattr(record, self.field) or reason_for_absence(record)

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        given = text.strip()
        if not given:
            raise CellError("It is empty; write not_stated if the sources give no date.")
        if absence_in(given):
            given = ""
        else:
            try:
                given = to_edtf(given)
            except ValidationError as error:
                raise CellError(error.messages[0]) from error
        setattr(record, self.field, given)


class Day(BundleColumn):
    """An exact day in ISO format."""

    type = "date"

    def rule(self) -> str:
        return f"{'Required. ' if self.required else 'May be empty. '}A day: 2024-03-07"

    def write(self, record: Any) -> str:
        value = getattr(record, self.field)
        return "" if value is None else value.isoformat()

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if (not text.strip() or absence_in(text)) and not self.required:
            setattr(record, self.field, None)
        else:
            setattr(record, self.field, day(text))


def day(text: str) -> dt.date:
    """Return the day in a cell; raises CellError."""
    given = text.strip()
    if _DAY.fullmatch(given):
        if impossible := impossible_day(given):
            raise CellError(impossible)
        return dt.date.fromisoformat(given)
    hint = " It is a number: give the cell the form of a date." if given.isdigit() else ""
    raise CellError(f"“{given[:60]}” is not a day; write it like 2024-03-07.{hint}")


class DayOfEntry(Day):
    """A day that keeps its default, today, if the cell is empty."""

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if text.strip() and not absence_in(text):
            super().put(record, text, lookup)


class WindowDay(Day):
    """One end of the warned window; “not_applicable” if the warning gave no time."""

    missing = MISSING
    is_coded = True

    def rule(self) -> str:
        return "A day: 2024-03-07; not_stated, or not_applicable if the warning left the time out"

    def write(self, record: Any) -> str:
        value = getattr(record, self.field)
        if value is not None:
            return str(value.isoformat())
        both = record.window_start is None and record.window_end is None
        return NOT_APPLICABLE if both and record.time_specificity == "absent" else NOT_STATED

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip():
            raise CellError("It is empty; write not_stated if the sources do not say.")
        setattr(record, self.field, None if absence_in(text) else day(text))


class Moment(BundleColumn):
    """A time in UTC that the casebook sets itself."""

    type = "datetime"
    on_adding_only = True

    def rule(self) -> str:
        return "May be empty; kept by the casebook"

    def is_given(self, text: str) -> bool:
        # The casebook sets an empty one to the present time: another in the import than in its
        # check, which are to agree.
        return bool(text.strip())

    def write(self, record: Any) -> str:
        value = getattr(record, self.field)
        return "" if value is None else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip():
            return
        try:
            value = dt.datetime.fromisoformat(text.strip())
            value = timezone.make_aware(value, dt.UTC) if timezone.is_naive(value) else value
            value = value.astimezone(dt.UTC)
        except (ValueError, OverflowError) as error:
            raise CellError(
                f"“{text[:60]}” is not a time; write it like 2024-03-07T14:30:00Z, or leave it "
                "empty."
            ) from error
        setattr(record, self.field, value)
