"""The columns with which every table begins: which case a row is of, in which version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.exchange.downloads.errors import absolute

from .case_row import CaseRow
from .table import INTEGER, Column, Table, Value

CASE = "case"
CASES = "cases"


def of_case(prefix: str) -> tuple[Column, ...]:
    """Return the columns that name the case of a row; all but the first begin with `prefix`."""
    return (
        Column(
            CASE,
            "Case",
            "The case, by its slug, which is its name in addresses.",
            lambda case, unit: case.record.slug,
            refers_to=CASES,
            is_required=True,
        ),
        Column(
            f"{prefix}number",
            "Number of the case",
            "The permanent number, which no other case ever has.",
            lambda case, unit: case.record.number,
            is_required=True,
        ),
        Column(
            f"{prefix}title",
            "Title of the case",
            "What the case is called.",
            lambda case, unit: case.record.title,
            is_required=True,
        ),
        Column(
            f"{prefix}version",
            "Version of the case",
            "The number of the version that the row is from.",
            lambda case, unit: case.version,
            INTEGER,
            is_required=True,
        ),
    )


def sequence(name: str, label: str) -> Column:
    """Return the column of the number of a warning, an incident or a claim within the case."""
    return Column(
        name,
        label,
        "Its number within the case, from 1.",
        lambda case, unit: unit.sequence,
        INTEGER,
        is_required=True,
    )


def address(fragment: Callable[[Any], str]) -> Column:
    """Return the column of where the page of the case shows what a row is about."""

    def read(case: CaseRow, unit: Any) -> Value:
        return f"{absolute(case.record.get_permanent_url())}{fragment(unit)}"

    return Column(
        "address",
        "Address",
        "The permanent address, which leads to what the row is about on the page of the case.",
        read,
        is_required=True,
    )


def table(
    name: str,
    unit: str,
    about: str,
    key: tuple[str, ...],
    columns: tuple[Column, ...],
    units: Callable[[CaseRow], Any],
) -> Table:
    """Return a table whose columns follow those of the case."""
    return Table(name, unit, about, (CASE, *key), (*of_case("case_"), *columns), units)
