"""Pictures in tests, by name and query string, and the cases that they are of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import QueryDict

from cases.models import Case
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.picture import Picture
from cases.presentation.charts.registry import CHARTS
from tests.support.factories import make_case


def make_public(**fields: Any) -> Case:
    """Return a published case with nothing but what is given."""
    return make_case(
        status="published", published_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC), **fields
    )


def picture_of(name: str, query: str = "") -> Picture:
    """Return the picture of the cases that a query string asks for."""
    return CHARTS[name](CaseSet(ChartFilter(QueryDict(query))))


def values(picture: Picture, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of the table of a picture."""
    names = [column.name for column in picture.columns]
    places = [names.index(column) for column in columns]
    return [tuple(row[place].value for place in places) for row in picture.rows]
