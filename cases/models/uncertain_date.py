"""Dates as sources give them: vague, relative, open-ended, or missing.

A date is stored as the words printed, an EDTF expression (Library of Congress Extended Date/Time
Format, ISO 8601-2) and the basis it rests on. The earliest and latest possible day are derived from
the expression and stored beside it; a bound that is open or unknown is NULL, never a placeholder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q

from . import fields
from .edtf import EXAMPLES, FORMS, MAX_LENGTH, Day, parse
from .vocabulary import NOT_STATED, DateBasis
from .written_dates import to_edtf


class PossibleDays:
    """Mixin: what follows from the first and the last possible day of a date, None if unbounded."""

    __slots__ = ()

    edtf: str
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

        The date of a case goes by it. Chains and lists of cases sort open ends otherwise: `_place`
        in cases/evidence/chain.py, `_order_in_lists` in cases/index.
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


@dataclass(frozen=True)
class UncertainDate(PossibleDays):
    """A date as a source gives it.

    `words` are those printed, `edtf` the expression ("" when not stated), `basis` a DateBasis
    value; `earliest` and `latest` are the first and last possible day, None when unbounded.
    """

    words: str
    edtf: str
    basis: str
    earliest: Day
    latest: Day


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
        help_text="The source’s own words for the date, for example “Friday”.",
    )


class EdtfField(fields.CharField[str, str]):
    """An EDTF expression. Validation converts a date as people write it: “7 May 2019”."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(to_edtf(str(value)), model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        # What people write may be longer than the expression that is stored.
        return super().formfield(**{"max_length": 2 * MAX_LENGTH, **kwargs})


def edtf_field(verbose_name: str) -> EdtfField:
    return EdtfField(
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


class BoundField(fields.Derived, fields.DateField[Any, Any]):
    """The first or last possible day of an EDTF column, derived on every save."""

    def __init__(self, *args: Any, edtf: str = "", bound: str = "", **kwargs: Any) -> None:
        self.edtf, self.bound = edtf, bound
        kwargs |= {"null": True, "blank": True, "editable": False}
        kwargs.setdefault("definition", BOUNDS.get(bound, ""))
        super().__init__(*args, **kwargs)

    def derived(self, instance: models.Model) -> Day:
        expression = getattr(instance, self.edtf)
        day: Day = getattr(parse(expression), self.bound) if expression else None
        return day


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
            violation_error_message="The date’s earliest day is after its latest day.",
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
