"""Read EDTF, the Library of Congress Extended Date/Time Format (ISO 8601-2): days and words."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf.parser.parser_classes import (
    Date,
    Interval,
    UncertainOrApproximate,
    Unspecified,
    UnspecifiedIntervalSection,
)

from .vocabulary import DatePrecision

FORMS = (
    "2024-03-07 (a day), 2024-03 (a month), 2024 (a year), 2024-03-08~ (about that day: a day "
    "either way), 2024-03-07/2024-03-09 (an interval), /2022-02 (in or before February 2022) or "
    "2024-03-22/ (on or after that day)."
)
EXAMPLES = (
    f"Write for example 7 March 2024, March 2024, 2024, 7 to 9 March 2024, or in EDTF: {FORMS}"
)
MAX_LENGTH = 40

_DATE = (
    "(?:[0-9]{4}(?:-[0-9]{2}){0,2}[~?%]?"  # a year, a month or a day, perhaps uncertain
    "|[0-9]{4}(?:-[0-9]{2}|-XX)?-XX"  # a day or month left open
    "|[0-9]{3}X|[0-9]{2}XX)"  # a decade or a century
)
FORM = re.compile(rf"{_DATE}|(?:{_DATE}|\.\.)?/(?:{_DATE}|\.\.)?")
"""The part of EDTF that can be stored; the parser also reads, or chokes on, a good deal more."""

Day = dt.date | None


@dataclass(frozen=True)
class Expression:
    """A parsed EDTF expression: first and last possible day (None = unbounded), and its words."""

    earliest: Day
    latest: Day
    text: str


_PARTS = re.compile(r"(?<!\d)(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)", re.ASCII)
_SEASONS = range(21, 42)
"""What EDTF has in place of a month for a season, a quarter and the like, which we do not read."""
PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@lru_cache(maxsize=16_384)
def parse(expression: str) -> Expression:
    """Read an EDTF expression of day, month or year precision, or an interval of such.

    Approximate (`~`) and uncertain (`?`) dates, and those that are both (`%`), are widened by one
    unit of their own precision either way. Raises ValidationError, with examples, for anything
    else: sets, seasons, years beyond four digits, impossible days, dates whose widening leaves the
    calendar, and intervals that end before they begin.
    """
    refusal = ValidationError(
        "“%(expression)s” is not a date expression this casebook can read. " + EXAMPLES,
        code="edtf",
        params={"expression": expression[:MAX_LENGTH]},
    )
    if not FORM.fullmatch(expression):
        raise refusal
    try:
        if plain := PLAIN.fullmatch(expression):
            return _plain(*(None if part is None else int(part) for part in plain.groups()))
        parsed = parse_edtf(expression)
        result = _interval(parsed) if isinstance(parsed, Interval) else _single(parsed)
    except (EDTFParseException, ValueError, OverflowError) as error:
        if impossible := impossible_day(expression):
            raise ValidationError(impossible, code="edtf") from error
        raise refusal from error
    if result.earliest and result.latest and result.earliest > result.latest:
        raise ValidationError(
            "“%(expression)s” ends before it begins. " + EXAMPLES,
            code="edtf",
            params={"expression": expression},
        )
    return result


def impossible_day(expression: str) -> str:
    """Return which part of a date is in no calendar, in a sentence; "" if there is none."""
    for found in _PARTS.finditer(expression):
        year, month, day = (None if part is None else int(part) for part in found.groups())
        if not year:
            return "There is no year 0."
        if month is not None and month not in _SEASONS:
            if not 1 <= month <= 12:
                return f"There is no month {month}."
            if day is not None and not 1 <= day <= monthrange(year, month)[1]:
                leap = f" in {year}" if (day, month) == (29, 2) else ""
                return f"There is no {day} {MONTHS[month]}{leap}."
    return ""


def _plain(year: int | None, month: int | None, day: int | None) -> Expression:
    """Read a plain year, month or day, as most dates are.

    edtf reads it too, but takes milliseconds, and a list of cases words dozens of dates.
    """
    year = year or 0  # there is none, and the calendar says so
    first_month, last_month = (1, 12) if month is None else (month, month)
    earliest = dt.date(year, first_month, 1 if day is None else day)
    last_day = monthrange(year, last_month)[1] if day is None else day
    latest = dt.date(year, last_month, last_day)
    return Expression(earliest, latest, _describe(str(year), month, day))


def _single(parsed: Any) -> Expression:
    """Read one date; the widening rule is ours because edtf 5.0 widens a day by a whole year."""
    approximate = uncertain = False
    if isinstance(parsed, UncertainOrApproximate):
        if parsed.ua is not None:  # the ends of an interval are wrapped even when they are plain
            sign = str(parsed.ua)
            approximate, uncertain = sign in "~%", sign in "?%"
        parsed = parsed.date
    if type(parsed) not in (Date, Unspecified):  # a Season is a Date to the parser, not to us
        raise ValueError("not a plain date")
    year = str(parsed.year)
    if year.isdigit() and not 1 <= int(year) <= 9999:
        raise ValueError("year outside 1 to 9999")
    earliest = dt.date(*parsed.lower_strict()[:3])
    latest = dt.date(*parsed.upper_strict()[:3])
    text = _describe(year, _part(parsed.month), _part(parsed.day))
    if approximate or uncertain:
        precision = "day" if _part(parsed.day) else "month" if _part(parsed.month) else "year"
        earliest, latest = _widen(earliest, latest, precision)
    if approximate:
        text = f"about {text}"
    if uncertain:
        text = f"{text} (uncertain)"
    return Expression(earliest, latest, text)


def _part(part: str | None) -> int | None:
    """Return a month or day as a number, None where it is missing or unspecified (`XX`)."""
    return int(part) if part and part.isdigit() else None


def _interval(parsed: Any) -> Expression:
    """Read an interval; an empty or `..` end leaves that side unbounded."""
    lower = None if _is_open(parsed.lower) else _single(parsed.lower)
    upper = None if _is_open(parsed.upper) else _single(parsed.upper)
    if lower is None and upper is not None:
        return Expression(None, upper.latest, f"{_preposition(upper)} or before {upper.text}")
    if lower is not None and upper is None:
        return Expression(lower.earliest, None, f"{_preposition(lower)} or after {lower.text}")
    if lower is None or upper is None:
        raise ValueError("an interval without any end says nothing")
    return Expression(lower.earliest, upper.latest, _join(lower.text, upper.text))


def _preposition(end: Expression) -> str:
    """Return "on" for a day and "in" for a longer span: an open interval includes its end."""
    return "on" if end.earliest == end.latest else "in"


def _is_open(end: Any) -> bool:
    return isinstance(end, UnspecifiedIntervalSection)


def _widen(earliest: dt.date, latest: dt.date, precision: str) -> tuple[dt.date, dt.date]:
    """Move both bounds outwards by one day, month or year."""
    if precision == "day":
        return earliest - dt.timedelta(days=1), latest + dt.timedelta(days=1)
    if precision == "year":
        return earliest.replace(year=earliest.year - 1), latest.replace(year=latest.year + 1)
    earliest = (earliest - dt.timedelta(days=1)).replace(day=1)
    following = latest + dt.timedelta(days=1)
    return earliest, following.replace(day=monthrange(following.year, following.month)[1])


def _describe(year: str, month: int | None, day: int | None) -> str:
    """Word a date at its own precision: "7 March 2024", "March 2024", "2024", "1990s"."""
    if year.endswith("XX"):
        return f"{year[:-2]}00 to {year[:-2]}99"
    if year.endswith("X"):
        return f"{year[:-1]}0s"
    if month is None:
        return str(int(year))
    name = MONTHS[month]
    return f"{name} {int(year)}" if day is None else f"{day} {name} {int(year)}"


def _join(first: str, last: str) -> str:
    """Word an interval without repeating a shared month and year: "7 to 9 March 2024"."""
    if first == last:
        return first
    head, _, tail = first.partition(" ")
    if head.isdigit() and tail and last.endswith(f" {tail}"):
        return f"{head} to {last}"
    head, _, year = first.rpartition(" ")
    if head and last.endswith(f" {year}"):
        return f"{head} to {last}"
    return f"{first} to {last}"


_PRECISIONS = (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)
"""The precision of a plain date, by how many parts it has besides the year."""


def precision_of(expression: str) -> DatePrecision:
    """Return how exactly an EDTF expression gives a date; not stated for an empty one.

    An unspecified part leaves the precision of the parts before it: 2024-03-XX is a month. Anything
    approximate, uncertain, open-ended or longer than a year is a span.
    """
    if not expression:
        return DatePrecision.NOT_STATED
    first, _, last = expression.partition("/")
    plain = PLAIN.fullmatch(first.replace("-XX", ""))
    if plain is None or last not in ("", first) or expression == f"{first}/":
        return DatePrecision.SPAN
    return _PRECISIONS[sum(part is not None for part in plain.groups()[1:])]


def meaning(expression: str) -> str:
    """Return a date with the days it covers: "November 2022 = 1–30 November 2022".

    A date that is worded by its days already stands alone. Raises ValidationError as `parse` does.
    """
    parsed = parse(expression)
    if parsed.earliest and parsed.latest:
        days = _join(day_text(parsed.earliest), day_text(parsed.latest))
    elif parsed.latest:
        days = f"on or before {day_text(parsed.latest)}"
    else:
        days = f"on or after {day_text(parsed.earliest or dt.date.min)}"
    text = capfirst(parsed.text)
    if days == parsed.text:
        return text
    dash = "–" if re.match(r"\d+ to \d+ \D+ \d+$", days) else " – "
    return f"{text} = {days.replace(' to ', dash)}"


def day_text(day: dt.date) -> str:
    """Word an exact day: "7 March 2024"."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"
