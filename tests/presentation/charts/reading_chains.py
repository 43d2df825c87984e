"""What tests of the picture of chains read from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chains.chart import CHAINS
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.picture import Picture


def picture(query: str = "") -> Picture:
    return CHAINS(CaseSet(ChartFilter(QueryDict(query))))


def table(query: str = "") -> list[list[object]]:
    return [[cell.value for cell in row] for row in picture(query).rows]


def found(value: Any, key: str) -> Iterator[Any]:
    """Yield what a specification has under a key, at any depth."""
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == key)
        yield from (deeper for one in value.values() for deeper in found(one, key))
    elif isinstance(value, list):
        yield from (deeper for one in value for deeper in found(one, key))
