"""The parameters of an address that order cases and lay out a page, and what they accept."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cases.text.excerpt import excerpt

from .selection import SORTS

PER_PAGE, MAX_PER_PAGE = 25, 100

# The name of the comparison in addresses: its own page, and a value of the parameter `view`.
MATRIX = "matrix"

# How the list shows cases, with labels.
VIEWS = {"cards": "Cards", "table": "Table"}

# How the comparison sets cases beside each other: the parameter, its values, the first the default.
LAYOUT, ROWS, COLUMNS = "layout", "rows", "columns"

# The layouts of the comparison with their labels.
LAYOUTS = {ROWS: "Cases as rows", COLUMNS: "Cases as columns"}

# Cases on a page of the comparison that has them as columns.
MAX_COLUMNS = 6


def check_sort(value: str) -> None:
    if value not in SORTS:
        raise ValidationError(
            f"The cases cannot be sorted by “{excerpt(value)}”; “sort” is one of: "
            f"{', '.join(SORTS)}."
        )


def check_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 9 and int(value) >= 1):
        raise ValidationError("“page” is a whole number from 1 up. Without it you get page 1.")


def check_per_page(value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= 3) or not (
        1 <= int(value) <= MAX_PER_PAGE
    ):
        raise ValidationError(
            f"“per_page” is a whole number from 1 to {MAX_PER_PAGE}. Without it you get {PER_PAGE} "
            "on a page."
        )


def check_view(value: str) -> None:
    known = (*VIEWS, MATRIX)
    if value not in known:
        raise ValidationError(f"“view” is one of: {', '.join(known)}.")


def check_layout(value: str) -> None:
    if value not in LAYOUTS:
        raise ValidationError(f"“{LAYOUT}” is one of: {', '.join(LAYOUTS)}.")
