"""Read dates as people write them, such as “7 May 2019” or “in or before May 2019”, into EDTF."""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import ValidationError

from .edtf import FORM, day_text, parse

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>\d{4})"

_SINGLE = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        _YEAR,
        rf"{_MONTH},? {_YEAR}",
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?",
        r"(?P<year>\d{4})([./])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
    )
]
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? ")
_DECADE = re.compile(r"(\d{3})0s", re.ASCII)
_ABOUT = re.compile(r"(?:about|around|approximately|circa|ca?\.?) ")
_UNCERTAIN = re.compile(r" ?(?:\?|\(uncertain\))$")
_BEYOND = re.compile(r"(before|after) ")
_UP_TO = re.compile(r"(?:(?:on|in) or before|by|until|up to|not? later than) ")
_FROM = re.compile(r"(?:(?:on|in) or after|since|not? earlier than) ")
_BETWEEN = re.compile(r"between (.+) and (.+)")
_RANGE = re.compile(
    r"(?:from )?(.+?)(?: to | until | ?[–—] ?| - |(?<=^\d{4})-(?=\d{4}$))(.+)", re.ASCII
)
_DAYS_OF_A_MONTH = re.compile(
    r"([a-z]{3,9}\.? )(\d{1,2})(?: to | ?[–-] ?)(\d{1,2}),? (\d{4})", re.ASCII
)
_VAGUE = re.compile(
    r"\b(early|mid|middle|late|beginning|start|end|spring|summer|autumn|fall|winter)\b"
)


def to_edtf(text: str) -> str:
    """Return the EDTF expression for a date as people write it; EDTF itself comes back unchanged.

    Raises ValidationError for a date that can be read in two ways, such as 03/07/2024, for one
    without an agreed first and last day, such as “early 2019”, and for whatever `parse` refuses.
    """
    given = " ".join(text.split())
    if not given:
        return ""
    is_edtf = FORM.fullmatch(given) is not None
    expression = given if is_edtf else _read(given.casefold())
    if expression is None and (vague := _VAGUE.search(given.casefold())):
        raise ValidationError(
            "“%(vague)s” has no agreed first and last day. Write the months or days that the "
            "source allows, for example “January to March 2019”, or only the year.",
            code="edtf",
            params={"vague": vague[0].capitalize()},
        )
    try:
        parse(expression or given)
    except ValidationError as error:  # names an expression that nobody typed
        raise ValidationError(error.message, "edtf", {"expression": given}) from error
    return expression or given


def _read(text: str) -> str | None:
    """Return the EDTF expression for a folded text, None for one that is not understood."""
    for pattern, form in ((_UP_TO, "/{}"), (_FROM, "{}/")):
        if begin := pattern.match(text):
            return _formed(form, _date(text[begin.end() :]))
    if begin := _BEYOND.match(text):
        return _beyond(begin[1], _date(text[begin.end() :]))
    if (single := _date(text)) is not None:
        return single
    if days := _DAYS_OF_A_MONTH.fullmatch(text):
        month, first, last, year = days.groups()
        return _interval(f"{month}{first} {year}", f"{month}{last} {year}")
    if ends := _BETWEEN.fullmatch(text) or _RANGE.fullmatch(text):
        return _interval(*ends.groups())
    return None


def _formed(form: str, date: str | None) -> str | None:
    return None if date is None else form.format(date)


def _beyond(side: str, date: str | None) -> str | None:
    """Return all days before or after a date, which are not part of it."""
    if date is None or date[-1] in "~?%":
        return None
    try:
        bounds = parse(date)
    except ValidationError:  # there is no such day
        return None
    if side == "before" and bounds.earliest and bounds.earliest > dt.date.min:
        return f"/{(bounds.earliest - dt.timedelta(days=1)).isoformat()}"
    if side == "after" and bounds.latest and bounds.latest < dt.date.max:
        return f"{(bounds.latest + dt.timedelta(days=1)).isoformat()}/"
    return None


def _interval(first: str, last: str) -> str | None:
    """Return the interval between two dates; the first may lack its month and year."""
    end = _date(last)
    if end is None:
        return None
    words = last.split()
    # “7 to 9 March 2024” begins in the month and year in which it ends.
    for missing in ([], *(words[place:] for place in range(1, len(words)))):
        if begin := _date(" ".join([first, *missing])):
            return f"{begin}/{end}"
    return None


def _date(text: str) -> str | None:
    """Return a day, month, year or decade, perhaps approximate or uncertain."""
    about = _ABOUT.match(text)
    uncertain = _UNCERTAIN.search(text)
    core = text[about.end() if about else 0 : uncertain.start() if uncertain else None]
    sign = "%" if about and uncertain else "~" if about else "?" if uncertain else ""
    plain = _plain(core.removeprefix("on ").removeprefix("in "))
    if plain is None and FORM.fullmatch(core) and "/" not in core:
        plain = core
    return _formed(f"{{}}{sign}", plain)


def _plain(text: str) -> str | None:
    if decade := _DECADE.fullmatch(text):
        return f"{decade[1]}X"
    if numbers := _NUMBERS.fullmatch(text):
        return _from_numbers(text, int(numbers[1]), int(numbers[3]), int(numbers[4]))
    weekday = _WEEKDAY.match(text)
    text = text[weekday.end() :] if weekday else text
    for pattern in _SINGLE:
        if found := pattern.fullmatch(text):
            parts = {"month": None, "day": None} | found.groupdict()
            expression = _expression(parts["year"] or "", parts["month"], parts["day"])
            if expression and weekday:
                _require_weekday(weekday[0].rstrip(" ,"), expression)
            return expression
    return None


def _expression(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year
    number = int(month) if month.isdigit() else _month_number(month)
    if number is None:
        return None
    return f"{year}-{number:02}" + (f"-{int(day):02}" if day else "")


def _month_number(word: str) -> int | None:
    return next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)


def _from_numbers(text: str, one: int, other: int, year: int) -> str:
    """Return the day that two numbers and a year name.

    Raises ValidationError if they can be read as two different days.
    """
    if year and 0 < one <= 12 and 0 < other <= 12 and one != other:
        readings = [day_text(dt.date(year, *pair)) for pair in ((other, one), (one, other))]
        raise ValidationError(
            "“%(text)s” can be %(readings)s. Write the month as a word, or as in %(iso)s.",
            code="edtf",
            params={
                "text": text,
                "readings": " or ".join(readings),
                "iso": f"{year:04}-{other:02}-{one:02}",
            },
        )
    month, day = (other, one) if one > 12 else (one, other)
    return f"{year:04}-{month:02}-{day:02}"


def _require_weekday(weekday: str, expression: str) -> None:
    """Raise ValidationError if a day was another day of the week."""
    try:
        day = parse(expression).earliest
    except ValidationError:  # there is no such day
        return
    if day is None or len(expression) < 10:
        return
    named = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if named[day.weekday()] != weekday:
        raise ValidationError(
            "%(day)s was a %(named)s, not a %(weekday)s. Check the date.",
            code="edtf",
            params={
                "day": day_text(day),
                "named": named[day.weekday()].capitalize(),
                "weekday": weekday.capitalize(),
            },
        )
