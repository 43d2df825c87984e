"""Uncertain dates and plain days for tests, from their short forms."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from cases.models.edtf import parse
from cases.models.uncertain_date import UncertainDate


def date(expression: str, words: str = "") -> UncertainDate:
    """Return the date that a source states with this expression; "" for one it does not state."""
    if not expression:
        return UncertainDate(words, "", "not_stated", None, None)
    parsed = parse(expression)
    return UncertainDate(words, expression, "stated", parsed.earliest, parsed.latest)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


days = st.dates(min_value=dt.date(2, 2, 2), max_value=dt.date(9998, 10, 30))
"""Days whose neighbours can be stored too."""


def write(when: dt.date, form: str) -> str:
    """Write a date as EDTF; `strftime` alone does not pad the year on every system."""
    return when.isoformat()[: {"%Y-%m-%d": 10, "%Y-%m": 7, "%Y": 4}[form]]
