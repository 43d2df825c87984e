"""Uncertain dates and plain days for tests, from their short forms."""

from __future__ import annotations

import datetime as dt

from cases.models.uncertain_date import UncertainDate, parse


def date(expression: str, words: str = "") -> UncertainDate:
    """Return the date that a source states with this expression; "" for one it does not state."""
    if not expression:
        return UncertainDate(words, "", "not_stated", None, None)
    parsed = parse(expression)
    return UncertainDate(words, expression, "stated", parsed.earliest, parsed.latest)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
