"""The cases in time: how many lie wholly within each year, how many may, how many are undated.

A date is often vague, so that a year has two numbers: the cases that date from within it whatever
their words allow, and those that may. Both are what the list finds at these dates. A case can be
among those that may in several years, so the numbers do not add up. Years without cases are drawn,
and have no row in the table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cases.finding.date_parameters import CERTAIN, POSSIBLE
from cases.models.vocabulary import NOT_STATED
from cases.presentation.charts.case_set import CaseSet, Counted
from cases.presentation.charts.chart_filter import DECADES, YEARS
from cases.presentation.charts.drawing.legend import Legend
from cases.presentation.charts.drawing.style import (
    ABSENCE,
    ACCENT,
    AREA,
    SMALL_TEXT,
    SURFACE,
    TEXT,
    TOKENS,
    room,
    styled,
)
from cases.presentation.charts.drawing.text_width import width_of
from cases.presentation.charts.picture import (
    CASES,
    INFERRED,
    Cell,
    Frame,
    Picture,
    Row,
    Spec,
    Way,
    coded,
)
from cases.text.plurals import counted

from .directives import DirectiveDate, directive_dates
from .periods import MAY_BE, PERIOD_NAMES, WHOLLY, Period, column_length, periods_of, undated_period

NAME, TITLE = "by-year", "When the cases date from"

# Pixels: the height of the columns and the width of one, at most; a line of text; the axis of
# numbers.
_HEIGHT, _WIDEST, _LINE, _AXIS = 220, 48, 18, 48

# Pixels: a case is this high at most, so that few of them do not look like many.
_HIGHEST = 110

# Pixels: the place of what is no period, and from the columns up to the first label of a line.
_APART, _ABOVE = 56, 36

# Pixels: beyond the last column; above the labels of the axis of time.
_EDGE, _BELOW = 12, 4

# Columns are narrow, and have less about them, up to this many pixels.
_NARROW = 22

# The part of a period that is left between columns.
_BETWEEN = 0.14

# The colour of the dates of directives.
MARKED = TOKENS["note"]


class _Chart:
    name, title = NAME, TITLE

    def __call__(self, cases: CaseSet) -> Picture:
        days = cases.days
        length, is_asked = column_length(cases, days)
        periods = periods_of(cases, days, length) if days else []
        undated = (
            cases.having({"precision": NOT_STATED})
            if NOT_STATED in cases.values("precision")
            else None
        )
        in_order = [one for one in periods if one.start is not None]
        directives = (
            directive_dates(in_order[0].start or 0, (in_order[-1].start or 0) + length)
            if days
            else []
        )
        return Picture(
            name=NAME,
            title=TITLE,
            finding=_finding(cases, periods, undated, length),
            caveat=_caveat(cases, length, is_asked),
            columns=[
                coded("period", "Period"),
                coded("date", "Date"),
                CASES,
                INFERRED,
            ],
            rows=[
                *(row for period in periods for row in _rows(period)),
                *(
                    [_row(undated_period(undated), NOT_STATED, "Not stated", undated)]
                    if undated
                    else []
                ),
            ],
            draw=lambda frame: _draw(periods, undated, directives, length, frame),
            ways=[
                Way("Years", "period", YEARS, is_chosen=length == 1),
                Way("Decades", "period", DECADES, is_chosen=length == 10),
            ]
            if days
            else [],
        )


BY_YEAR = _Chart()


def _row(period: Period, code: str, date: str, found: Counted) -> Row:
    name = Cell(period.label, codes=(period.code,), sort=period.order)
    return name, Cell(date, codes=(code,)), *found.cells


def _rows(period: Period) -> list[Row]:
    both = ((CERTAIN, WHOLLY, period.certain), (POSSIBLE, MAY_BE, period.possible))
    return [_row(period, code, date, found) for code, date, found in both if found and found.count]


def _finding(
    cases: CaseSet, periods: Sequence[Period], undated: Counted | None, length: int
) -> str:
    total = counted(len(cases), "case")
    named = [one for one in periods if one.start is not None]
    without = undated.count if undated else 0
    if not named:
        if len(cases) == 1:
            return "The one case here has no date."
        return f"None of {total} has a date." if without else "No case here has a date."
    name = PERIOD_NAMES[length]
    most = max(one.least for one in named)
    best = [one for one in named if one.least == most]
    when = f"the {best[0].label}" if best[0].label.endswith("s") else best[0].label
    date = "a date that lies" if most == 1 else "dates that lie"
    have = "has" if most == 1 else "have"
    inference = best[0].certain.inference if best[0].certain and len(best) == 1 else ""
    if len(cases) == 1:
        within = f"wholly within {when}" if most else f"within no single {name} for certain"
        return f"The date of the one case here lies {within}{inference}."
    if not most:
        first = f"The date of no case lies wholly within a single {name}"
    elif len(best) > 1:
        first = f"At most {most:,} of {total} {have} {date} wholly within the same {name}"
    else:
        first = f"{most:,} of {total} {have} {date} wholly within {when}"
        if 2 * most <= len(cases) and len(named) > 1:
            first += f", the most of any {name}"
    undated_too = f"; {without:,} {'is' if without == 1 else 'are'} undated" if without else ""
    return f"{first}{inference}{undated_too}."


def _caveat(cases: CaseSet, length: int, is_asked: bool) -> str:
    instead = (
        ""
        if is_asked
        else f"The time is too long for shorter columns, so each is a {PERIOD_NAMES[length]}. "
    )
    only = (
        "Only dates that lie wholly within the range asked for count. "
        if cases.data.get("date_match") == CERTAIN
        else "A case with a vague date can be in several columns, so they do not add up. "
    )
    return f"{instead}{only}The date of a case is that of its earliest incident, or else warning."


@dataclass(frozen=True)
class _ColumnOf:
    """A column in the drawing: where it begins and how wide its place is, in periods."""

    period: Period
    place: float
    size: float = 1.0
    is_undated: bool = False

    @property
    def centre(self) -> float:
        return self.place + self.size / 2

    @property
    def edges(self) -> tuple[float, float]:
        half = (1 - _BETWEEN) / 2
        return self.centre - half, self.centre + half

    @property
    def label(self) -> list[str]:
        return self.period.label.split(" ")


def _columns(
    periods: Sequence[Period], undated: Counted | None, width: float
) -> tuple[list[_ColumnOf], float]:
    """Return the columns from the left, and the width of a period in pixels.

    What is no period stands apart, in a place that has room for its label.
    """
    named = sum(one.start is not None for one in periods)
    others = len(periods) - named + (undated is not None)
    step = min((width - others * _APART) / max(named, 1), _WIDEST)
    columns: list[_ColumnOf] = []
    place = 0.0
    for one in periods:
        size = 1.0 if one.start is not None else _APART / step
        columns.append(_ColumnOf(one, place, size))
        place += size
    if undated:
        columns.append(_ColumnOf(undated_period(undated), place, _APART / step, is_undated=True))
    return columns, step


def _draw(
    periods: Sequence[Period],
    undated: Counted | None,
    directives: Sequence[DirectiveDate],
    length: int,
    frame: Frame,
) -> Spec:
    columns, step = _columns(periods, undated, frame.width - _EDGE)
    has_numbers = all(width_of(one.period.text, TEXT) < step * one.size + 4 for one in columns)
    left = 0 if has_numbers else _AXIS
    if not has_numbers:
        columns, step = _columns(periods, undated, frame.width - left - _EDGE)
    width = step * (columns[-1].place + columns[-1].size)
    most = max(one.period.most for one in columns)
    height = min(_HIGHEST * max(most, 1), _HEIGHT)
    x = {
        "field": "start",
        "type": "quantitative",
        "scale": {"domain": [0, width / step], "nice": False, "zero": False},
        "title": None,
        "axis": _axis(columns, step, length),
    }
    y = {
        "field": "certain",
        "type": "quantitative",
        "scale": {"domain": [0, max(most, 1)], "nice": not has_numbers},
        "title": None,
        "axis": None
        if has_numbers
        else {"format": ",d", "tickMinStep": 1, "tickCount": 5, "domain": False, "ticks": False},
    }
    bar = {"x": x, "x2": {"field": "end"}, "y": y, "y2": {"datum": 0}}
    layers: list[Spec] = [
        {
            "transform": [{"filter": "datum.possible > datum.certain"}],
            "mark": _MAYBE | ({} if step > _NARROW else {"strokeDash": [], "strokeWidth": 0.7}),
            "encoding": bar | {"y": y | {"field": "possible"}},
        },
        {
            "transform": [{"filter": "!datum.undated"}],
            "mark": {"type": "bar", "fill": ACCENT},
            "encoding": bar,
        },
        {
            "transform": [{"filter": "datum.undated"}],
            "mark": {"type": "bar", "fill": SURFACE, "stroke": ABSENCE, "strokeWidth": 1},
            "encoding": bar,
        },
        *_lines(directives, columns, length, (width, height), step),
        *(
            {
                "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": TEXT} | edge,
                "encoding": {
                    "x": {"field": "centre", "type": "quantitative"},
                    "y": y | {"field": "possible"},
                    "text": {"field": "text"},
                },
            }
            # A line does not run through a number.
            for edge in ({"stroke": SURFACE, "strokeWidth": 4}, {})
        ),
        {
            "data": {"values": _links(columns)},
            "mark": AREA | {"type": "bar"},
            "encoding": {
                "x": x,
                "x2": {"field": "end"},
                "y": y | {"field": "low"},
                "y2": {"field": "high"},
                "href": {"field": "address"},
                "description": {"field": "says"},
            },
        },
    ]
    entries: list[tuple[Spec, str]] = []
    if any(one.period.most > one.period.least for one in columns):
        entries = [({"fill": ACCENT}, WHOLLY), (_MAYBE, "Possibly: the date is vague")]
    legend = Legend(entries, frame.width)
    above = _ABOVE + _LINE * len(directives) - (0 if directives else _LINE)
    top = -above - legend.height
    below = _BELOW + _LINE * max(len(one.label) for one in columns)
    whole = {
        "width": round(width),
        "height": height,
        "padding": 0,
        "data": {"values": [_datum(one, has_text=has_numbers) for one in columns]},
        "layer": [
            room(-left, top, frame.width - left, height + below),
            *legend.layers(-left, top),
            *layers,
        ],
    }
    return styled(whole, frame)


_MAYBE: Spec = {
    "type": "bar",
    "fill": ACCENT,
    "fillOpacity": 0.15,
    "stroke": ACCENT,
    "strokeWidth": 1,
    "strokeDash": [3, 2],
}


def _datum(column: _ColumnOf, *, has_text: bool) -> Spec:
    start, end = column.edges
    return {
        "period": column.period.label,
        "start": round(start, 3),
        "end": round(end, 3),
        "centre": round(column.centre, 3),
        "certain": column.period.least,
        "possible": column.period.most,
        "undated": column.is_undated,
        "text": column.period.text if has_text else "",
    }


def _links(columns: Sequence[_ColumnOf]) -> list[Spec]:
    """Return what can be followed: the cases that lie wholly within a period, and all that may.

    The second lies above the first; it is left out if there are no more.
    """
    links = []
    for column in columns:
        period = column.period
        if period.certain and period.least:
            how = "" if column.is_undated else ", wholly within it"
            links.append(_link(column, 0, period.least, period.certain, how))
        if period.possible and period.most > period.least:
            links.append(
                _link(
                    column,
                    period.least,
                    period.most,
                    period.possible,
                    ", wholly or possibly within it",
                )
            )
    return links


def _link(column: _ColumnOf, low: int, high: int, found: Counted, how: str) -> Spec:
    start, end = column.edges
    return {
        "start": round(start, 3),
        "end": round(end, 3),
        "low": low,
        "high": high,
        "address": found.absolute,
        "says": f"{column.period.label}{how}: {found.text}",
    }


def _axis(columns: Sequence[_ColumnOf], step: float, length: int) -> Spec:
    """Return the axis of periods, with as many labels as there is room for."""
    named = [one for one in columns if one.period.start is not None]
    widths = {one.period.label: max(_width(line) for line in one.label) for one in columns}
    longest = max((widths[one.period.label] for one in named), default=0) + 8
    # Years in threes would be odd; decades are few.
    steps = (1, 2, 5, 10, 20, 50, 100) if length == 1 else (1, 2, 3, 5, 10)
    every = next((n for n in steps if n * step >= longest), steps[-1])
    labelled = [one for one in columns if one.period.start is None]
    for one in named:
        is_due = (one.period.start or 0) // length % every == 0 or len(named) < every
        if is_due and all(
            abs(one.centre - other.centre) * step
            >= (widths[one.period.label] + widths[other.period.label]) / 2 + 4
            for other in labelled
        ):
            labelled.append(one)
    centres = [round(one.centre, 3) for one in labelled]
    texts = [one.label for one in labelled]
    return {
        "values": centres,
        "labelExpr": f"{json.dumps(texts)}[indexof({centres}, datum.value)]",
        "labelOverlap": False,
        "grid": False,
        "ticks": False,
        "labelPadding": 6,
        "labelFontSize": SMALL_TEXT,
    }


def _width(line: str) -> float:
    return width_of(line, SMALL_TEXT)


def _lines(
    directives: Sequence[DirectiveDate],
    columns: Sequence[_ColumnOf],
    length: int,
    size: tuple[float, float],
    step: float,
) -> list[Spec]:
    """Return a line for the date of each directive, or a band if it is vague, with its label."""
    first = next((one for one in columns if one.period.start is not None), None)
    if first is None or first.period.start is None:
        return []
    layers: list[Spec] = []
    edge = 5 if step > _NARROW else 4
    width, height = size
    one_mark: Spec = {"data": {"values": [{}]}}
    for row, one in enumerate(reversed(directives)):
        since, until = (
            first.place + (year - first.period.start) / length for year in (one.start, one.end)
        )
        top = -(_ABOVE + _LINE * row)
        scale = {"x": {"datum": round(since, 3), "type": "quantitative"}, "y": {"value": top}}
        line = scale | {"y2": {"value": height}}
        if until > since:
            layers.append(
                one_mark
                | {
                    "mark": {"type": "rect", "fill": MARKED, "fillOpacity": 0.2},
                    "encoding": line | {"x2": {"datum": round(until, 3)}},
                }
            )
        is_right = since * step > width / 2
        layers += [
            # The edge sets it off from the columns that it crosses.
            one_mark
            | {"mark": {"type": "rule", "color": SURFACE, "strokeWidth": edge}, "encoding": line},
            one_mark
            | {"mark": {"type": "rule", "color": MARKED, "strokeWidth": 1.5}, "encoding": line},
            one_mark
            | {
                "mark": {
                    "type": "text",
                    "align": "right" if is_right else "left",
                    "dx": -6 if is_right else 6,
                    "baseline": "top",
                    "fontSize": SMALL_TEXT,
                    "color": MARKED,
                    "href": one.address,
                    "description": one.text,
                },
                "encoding": scale | {"text": {"value": one.text}},
            },
        ]
    return layers
