"""Dates as sources give them: vague, relative, open-ended, or missing.

A date is stored as the words printed, an EDTF expression (Library of Congress Extended Date/Time
Format, ISO 8601-2) and the basis it rests on. The earliest and latest possible day are derived from
the expression and stored beside it; a bound that is open or unknown is NULL, never a placeholder.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import MONTHS
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf.parser.parser_classes import (
    Date,
    Interval,
    UncertainOrApproximate,
    Unspecified,
    UnspecifiedIntervalSection,
)

from . import fields
from .vocabulary import NOT_STATED, DateBasis, DatePrecision

FORMS = (
    "2024-03-07 (a day), 2024-03 (a month), 2024 (a year), 2024-03-08~ (about that day: a day "
    "either way), 2024-03-07/2024-03-09 (an interval), /2022-02 (in or before February 2022) or "
    "2024-03-22/ (on or after that day)."
)
EXAMPLES = f"Write for example {FORMS}"
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
        raise refusal from error
    if result.earliest and result.latest and result.earliest > result.latest:
        raise ValidationError(
            "“%(expression)s” ends before it begins. " + EXAMPLES,
            code="edtf",
            params={"expression": expression},
        )
    return result


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


def day_text(day: dt.date) -> str:
    """Word an exact day: "7 March 2024"."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


@dataclass(frozen=True)
class UncertainDate:
    """A date as a source gives it.

    `words` are those printed, `edtf` the expression ("" when not stated), `basis` a DateBasis
    value; `earliest` and `latest` are the first and last possible day, None when unbounded.
    """

    words: str
    edtf: str
    basis: str
    earliest: Day
    latest: Day

    def __str__(self) -> str:
        """Word the date at its own precision, never more precisely than the source."""
        return parse(self.edtf).text if self.edtf else "not stated"

    @property
    def is_stated(self) -> bool:
        return bool(self.edtf)

    @property
    def sort_key(self) -> tuple[dt.date, dt.date]:
        """Order in time: by first possible day, then last; unknown dates last.

        Chains go by it. Lists of cases sort open ends otherwise: `_order_in_lists` in cases/index.
        """
        if not self.is_stated:
            return dt.date.max, dt.date.max
        return self.earliest or dt.date.min, self.latest or dt.date.max

    def overlaps(self, start: Day, end: Day) -> bool:
        """Whether the date possibly falls within [start, end] (None = unbounded)."""
        if not self.is_stated:
            return False
        starts_in_time = end is None or self.earliest is None or self.earliest <= end
        return starts_in_time and (start is None or self.latest is None or self.latest >= start)

    def lies_within(self, start: Day, end: Day) -> bool:
        """Whether the date certainly falls within [start, end] (None = unbounded)."""
        if not self.is_stated:
            return False
        after_start = start is None or (self.earliest is not None and self.earliest >= start)
        return after_start and (end is None or (self.latest is not None and self.latest <= end))


class UncertainDateDescriptor:
    """Gathers a model's five date columns into one UncertainDate; assigning one sets them all."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        column = self.prefix
        return UncertainDate(
            words=getattr(instance, f"{column}_words"),
            edtf=getattr(instance, f"{column}_edtf"),
            basis=getattr(instance, f"{column}_basis"),
            earliest=getattr(instance, f"{column}_earliest"),
            latest=getattr(instance, f"{column}_latest"),
        )


def validate_edtf(value: str) -> None:
    """Refuse an expression that does not parse, with examples of some that do."""
    parse(value)


def words_field(verbose_name: str) -> fields.CharField[str, str]:
    return fields.CharField(
        f"{verbose_name} as printed",
        max_length=200,
        blank=True,
        help_text="The source's own words for the date, for example “Friday”.",
    )


def edtf_field(verbose_name: str) -> fields.CharField[str, str]:
    return fields.CharField(
        f"{verbose_name} (EDTF)",
        max_length=MAX_LENGTH,
        blank=True,
        validators=[validate_edtf],
        help_text=EXAMPLES,
        definition=(
            "The date in the Extended Date/Time Format, no more exact than the sources make it: "
            f"{FORMS}"
        ),
    )


def basis_field(verbose_name: str) -> fields.CharField[str, str]:
    return fields.CharField(
        f"basis of {verbose_name}",
        max_length=20,
        choices=DateBasis.choices,
        default=DateBasis.NOT_STATED,
        help_text=DateBasis.help_text(),
        definition="How the date is known.",
    )


BOUNDS = {
    "earliest": (
        "The first day that the date allows; empty if it has no beginning, as “in or before "
        "February 2022”, or is not stated."
    ),
    "latest": "The last day that the date allows; empty if it has no end, or is not stated.",
}
"""The definitions of the two bounds of a date."""


class BoundField(fields.DateField[Any, Any]):
    """The first or last possible day of an EDTF column, derived on every save."""

    def __init__(self, *args: Any, edtf: str = "", bound: str = "", **kwargs: Any) -> None:
        self.edtf, self.bound = edtf, bound
        kwargs |= {"null": True, "blank": True, "editable": False}
        kwargs.setdefault("definition", BOUNDS.get(bound, ""))
        super().__init__(*args, **kwargs)

    def derive(self, instance: models.Model) -> Day:
        """Set this column on `instance` from its expression, and return it."""
        expression = getattr(instance, self.edtf)
        day: Day = getattr(parse(expression), self.bound) if expression else None
        setattr(instance, self.attname, day)
        return day

    def pre_save(self, model_instance: models.Model, add: bool) -> Day:
        return self.derive(model_instance)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            # `loaddata` saves raw, which skips Field.pre_save; the signal is sent all the same.
            models.signals.pre_save.connect(self._on_pre_save, sender=cls, weak=False)

    def _on_pre_save(self, instance: models.Model, **kwargs: Any) -> None:
        self.derive(instance)


def date_constraints(prefix: str, model: str) -> list[models.BaseConstraint]:
    """Return the constraints that five columns of an uncertain date obey."""
    edtf, basis = f"{prefix}_edtf", f"{prefix}_basis"
    earliest, latest = f"{prefix}_earliest", f"{prefix}_latest"
    return [
        DateBasis.constraint(basis, model),
        fields.CheckConstraint(
            condition=(Q(**{edtf: ""}) & Q(**{basis: NOT_STATED}))
            | (~Q(**{edtf: ""}) & ~Q(**{basis: NOT_STATED})),
            name=f"{model}_{prefix}_basis_iff_expression",
            violation_error_message=(
                "Give both a date expression and the basis it rests on, or neither: without an "
                "expression the basis is “Not stated”."
            ),
        ),
        fields.CheckConstraint(
            condition=Q(**{f"{earliest}__isnull": True})
            | Q(**{f"{latest}__isnull": True})
            | Q(**{f"{earliest}__lte": F(latest)}),
            name=f"{model}_{prefix}_earliest_lte_latest",
            violation_error_message="The date's earliest day is after its latest day.",
        ),
    ]


class Dated(models.Model):
    """Mixin: an uncertain `date` in five columns."""

    date_words = words_field("date")
    date_edtf = edtf_field("date")
    date_basis = basis_field("date")
    date_earliest = BoundField("earliest possible day", edtf="date_edtf", bound="earliest")
    date_latest = BoundField("latest possible day", edtf="date_edtf", bound="latest")

    date = UncertainDateDescriptor("date")

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        """Derive the bounds before constraints are validated, so that they see today's dates."""
        super().clean_fields(exclude=exclude)
        derive_bounds(self)


def derive_bounds(instance: models.Model) -> None:
    """Set every derived bound of `instance` from its expressions."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, BoundField):
            field.derive(instance)
