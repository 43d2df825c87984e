"""The parameters of the query string that ask for the dates of cases, and what they accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from cases.models.edtf import PLAIN, parse
from cases.text.excerpt import excerpt

from .address_form import Check

DATES = ("date_from", "date_to", "date_match")

POSSIBLE, CERTAIN = "possible", "certain"


def bound(data: Any, name: str) -> dt.date | None:
    """Return the first day of `date_from` or the last day of `date_to`; None if not given."""
    if not data.get(name):
        return None
    expression = parse(data[name])
    return expression.earliest if name == "date_from" else expression.latest


def check_date(name: str) -> Check:
    """Return a check that accepts a year, a month or a day for the date parameter `name`."""

    def check(value: str) -> None:
        # Intervals such as 2023/2024 are refused, because only one of their ends would count.
        if not PLAIN.fullmatch(value):
            raise ValidationError(
                f"“{name}” is a year, a month or a day, such as 2024, 2024-03 or 2024-03-22; "
                f"“{excerpt(value)}” is none of these."
            )
        try:
            parse(value)
        except ValidationError as error:
            raise ValidationError(f"“{name}” is “{value}”. {error.messages[0]}") from error

    return check


def check_date_match(value: str) -> None:
    if value not in (POSSIBLE, CERTAIN):
        raise ValidationError(
            f"“date_match” is “{POSSIBLE}” or “{CERTAIN}”. Without it, “{POSSIBLE}” counts."
        )
