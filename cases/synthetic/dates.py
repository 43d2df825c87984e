"""Uncertain dates of all forms from 1975 to 2026, more of them in recent years.

Parsing an EDTF expression takes milliseconds. All dates are therefore drawn from a calendar of
about three thousand, which fits into the cache of the parser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.utils.dates import MONTHS

from cases.models.edtf import day_text, parse
from cases.models.vocabulary import NOT_STATED, DateBasis

from .draws import random_for, weighted

FIRST_YEAR, LAST_YEAR = 1975, 2026
MAX_STEP = 60


@dataclass(frozen=True)
class GivenDate:
    """A date as a source might give it: words, EDTF expression and basis."""

    words: str
    edtf: str
    basis: str

    @property
    def columns(self) -> dict[str, str]:
        """Return the columns of a model's `date` that editors fill in."""
        return {"date_words": self.words, "date_edtf": self.edtf, "date_basis": self.basis}

    @property
    def some_day(self) -> dt.date:
        """Return the earliest possible day, or the latest one if the beginning is open."""
        bounds = parse(self.edtf)
        return bounds.earliest or bounds.latest or dt.date(FIRST_YEAR, 1, 1)


UNKNOWN = GivenDate(words="", edtf="", basis=NOT_STATED)

# Returns the words and the EDTF expression of a date on or near a given day.
Form = Callable[[dt.date], tuple[str, str]]


def _month(day: dt.date) -> str:
    return f"{MONTHS[day.month]} {day.year}"


def _days(day: dt.date) -> tuple[str, str]:
    end = day + dt.timedelta(days=2)
    return f"between {day_text(day)} and {day_text(end)}", f"{day}/{end}"


FORMS: dict[Form, float] = {
    lambda day: (day_text(day), f"{day}"): 62,
    lambda day: (_month(day), f"{day:%Y-%m}"): 14,
    lambda day: (str(day.year), f"{day:%Y}"): 8,
    lambda day: (f"about {day_text(day)}", f"{day}~"): 5,
    lambda day: (f"around {day.year}", f"{day:%Y}~"): 3,
    lambda day: (f"before {_month(day)}", f"/{day:%Y-%m}"): 3,
    lambda day: (f"since {day_text(day)}", f"{day}/"): 2,
    _days: 3,
}
_FORMS = weighted(FORMS)
_BASES = weighted({DateBasis.STATED: 80, DateBasis.RESOLVED: 14, DateBasis.COMPLETED: 6})


class Calendar:
    """The dates that synthetic records can have, in chronological order."""

    def __init__(self, seed: int) -> None:
        self._dates = list(_calendar(random_for(seed, "calendar")))

    def __len__(self) -> int:
        return len(self._dates)

    def draw(self, rng: Random) -> int:
        """Return the index of a random date."""
        return rng.randrange(len(self._dates))

    def at(self, place: int) -> GivenDate:
        return self._dates[max(0, min(place, len(self._dates) - 1))]

    def near(self, rng: Random, place: int, *, later: bool = False) -> GivenDate:
        """Return the date at `place` or one before (or after) it, mostly a close one."""
        step = min(MAX_STEP, int(rng.expovariate(0.3)))
        return self.at(place + step if later else place - step)


def _calendar(rng: Random) -> Iterator[GivenDate]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        # Day 363 at most, so that an interval of three days stays within its year.
        days = rng.sample(range(363), _days_drawn_in(year))
        for number in sorted(days):
            yield _given(rng, dt.date(year, 1, 1) + dt.timedelta(days=number))


def _days_drawn_in(year: int) -> int:
    return 12 if year < 2000 else 36 if year < 2013 else 140


def _given(rng: Random, day: dt.date) -> GivenDate:
    words, edtf = _FORMS.draw(rng)(day)
    basis = _BASES.draw(rng)
    # A resolved date is one that the source gives as “Friday”.
    if basis == DateBasis.RESOLVED and edtf == f"{day}":
        words = f"{day:%A}"
    return GivenDate(words, edtf, basis)
