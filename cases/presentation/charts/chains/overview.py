"""Draws the chains of several cases, a row a case, with their day 0 one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cases.presentation.charts.case_set import SITE
from cases.presentation.charts.drawing.style import ACCENT, INK, INK_SOFT, LINE, SMALL_TEXT, TEXT
from cases.presentation.charts.drawing.text_width import lines_of
from cases.presentation.charts.picture import NARROW, Frame, Spec

from .day_scale import DayScale, scale_of
from .drawing import (
    COLOURS,
    INDENT,
    LINE_HEIGHT,
    SOFT,
    Layers,
    arrow,
    bar,
    inside,
    picture,
    pixels,
    shape,
)
from .events import WARNING, Chain, DayZero
from .key import key_of
from .lanes import Placed, placed

# In pixels: a lane, the space above and below what a row shows, a heading, the labels of the days.
LANE, AROUND, HEADING, DAYS = 18, 9, 34, 36

# What labels on the left have beyond the room of labels in other pictures, as titles are long.
BESIDE = 20

# The days are labelled again below so many pixels of rows.
TALL = 700


@dataclass(frozen=True)
class Row:
    """The row of a case: its label and its events, and where it begins and ends in pixels."""

    chain: Chain
    label: Sequence[str]
    notes: Sequence[str]
    events: Sequence[Placed]
    top: float
    lanes_top: float
    bottom: float

    @property
    def lines_top(self) -> float:
        """Where the lines of days begin: below words that are above the lanes."""
        return self.top if self.lanes_top == self.top + AROUND else self.lanes_top

    def y(self, lane: int) -> float:
        """Return the middle of a lane."""
        return self.lanes_top + LANE * (lane + 0.5)


def overview(chains: Sequence[Chain], frame: Frame) -> Spec:
    """Return the specification of the chains; those that are counted alike stand together."""
    frame = inside(frame)
    left = 0 if frame.width <= NARROW.width else frame.labels + BESIDE
    scale = scale_of(chains, left + 1, frame.width - 1)
    key = key_of([event for chain in chains for event in chain.events], frame.width)
    groups = _groups(chains, scale, frame, key.height + DAYS)
    every = [row for _, rows in groups for row in rows]
    bottom = every[-1].bottom
    labels_at = [key.height + 10, *([bottom + 12] if bottom > TALL else [])]
    height = bottom + (DAYS if bottom > TALL else 2)
    layers, key_layers = Layers(scale.spec, height), Layers(pixels(frame.width), height)
    _draw_days(layers, scale, [row for row in every if row.events], labels_at)
    for counted_from, rows in groups:
        _draw_group(layers, counted_from, rows)
    _draw_rows(layers, scale, every)
    key.draw(key_layers)
    return picture(frame, height, layers, key_layers)


def _groups(
    chains: Sequence[Chain], scale: DayScale, frame: Frame, bottom: float
) -> list[tuple[DayZero, list[Row]]]:
    """Return the rows by what their days are counted from, one below the other from a height."""
    groups = []
    order = list(DayZero)
    in_groups = sorted(chains, key=lambda chain: order.index(chain.counted_from))
    for counted_from, members in groupby(in_groups, key=lambda chain: chain.counted_from):
        bottom += HEADING
        rows: list[Row] = []
        for chain in members:
            rows.append(_row(chain, scale, frame, bottom))
            bottom = rows[-1].bottom
        groups.append((counted_from, rows))
    return groups


def _row(chain: Chain, scale: DayScale, frame: Frame, top: float) -> Row:
    is_narrow = frame.width <= NARROW.width
    room = (frame.width if is_narrow else frame.labels + BESIDE) - 2 * INDENT
    events = placed(chain, scale)
    unplaced = [
        f"{one.event.title}: {one.event.lead} before"
        for one in events
        if one.lead and one.lead.text_at is None
    ]
    label = lines_of(chain.title, TEXT, room)
    notes = [
        line
        for text in (*chain.notes, *unplaced)
        for line in lines_of(text, SMALL_TEXT, room, at_most=2)
    ]
    words_height = LINE_HEIGHT * len([*label, *notes])
    lanes_height = LANE * (1 + max((one.lane for one in events), default=-1))
    lanes_top = top + AROUND + (words_height + 2 if is_narrow else 0)
    bottom = max(top + AROUND + words_height, lanes_top + lanes_height) + AROUND
    return Row(chain, label, notes, events, top, lanes_top, bottom)


def _draw_days(
    layers: Layers, scale: DayScale, rows: Sequence[Row], heights: Sequence[float]
) -> None:
    """Draw a line through the rows for some days, which are labelled at some heights."""
    ticks = list(scale.ticks()) if rows else []
    grid = [
        {"from": days, "top": top, "bottom": bottom}
        for top, bottom in _stretches(rows)
        for days, _ in ticks
    ]
    layers.add({"type": "rule", "stroke": LINE}, grid, x=layers.x(), **layers.down)
    texts = [{"from": days, "text": lines, "y": y} for y in heights for days, lines in ticks]
    look = {"align": "center", "color": INK_SOFT, "fontSize": SMALL_TEXT, "lineHeight": 14}
    layers.texts(texts, look, layers.x())


def _stretches(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return where lines of days run: through all rows that touch, but not through words."""
    stretches: list[tuple[float, float]] = []
    for row in rows:
        if stretches and stretches[-1][1] == row.lines_top:
            stretches[-1] = (stretches[-1][0], row.bottom)
        else:
            stretches.append((row.lines_top, row.bottom))
    return stretches


def _draw_group(layers: Layers, counted_from: DayZero, rows: Sequence[Row]) -> None:
    heading = {"text": counted_from.value, "y": rows[0].top - 12}
    layers.texts([heading], {"color": INK, "fontSize": TEXT, "fontWeight": "bold"})
    if counted_from != DayZero.NOTHING:
        mark = {"type": "rule", "stroke": SOFT[counted_from.name.lower()], "strokeWidth": 3}
        zero = [{"from": 0, "top": top, "bottom": bottom} for top, bottom in _stretches(rows)]
        layers.add(mark, zero, x=layers.x(), **layers.down)


def _draw_rows(layers: Layers, scale: DayScale, rows: Sequence[Row]) -> None:
    separators = [{"y": row.top} for row in rows]
    layers.add({"type": "rule", "stroke": LINE}, separators, **layers.across_all, y=layers.y())
    _draw_words(layers, rows)
    each = [(row, one) for row in rows for one in row.events]
    bars = [(row, one) for row, one in each if not one.event.is_mark]
    layers.bars([_bar(scale, *both) for both in bars if not both[1].event.is_window])
    layers.windows([_bar(scale, *both) for both in bars if both[1].event.is_window])
    _draw_leads(layers, scale, rows)
    layers.shapes([found for both in each for found in _shapes(scale, *both)])
    links = [
        {
            "top": row.top + 1,
            "bottom": row.bottom - 1,
            "address": SITE + row.chain.case.get_absolute_url(),
            "says": row.chain.words,
        }
        for row in rows
    ]
    layers.links(links)


def _draw_words(layers: Layers, rows: Sequence[Row]) -> None:
    labels, notes = [], []
    for row in rows:
        y = row.top + AROUND + LINE_HEIGHT / 2
        labels.append({"text": row.label, "y": y})
        if row.notes:
            notes.append({"text": row.notes, "y": y + LINE_HEIGHT * len(row.label)})
    layers.texts(labels, {"color": ACCENT, "fontSize": TEXT})
    layers.texts(notes, {"color": INK_SOFT, "fontSize": SMALL_TEXT})


def _draw_leads(layers: Layers, scale: DayScale, rows: Sequence[Row]) -> None:
    lines: list[Spec] = []
    above: list[Spec] = []
    beside: list[Spec] = []
    for row in rows:
        for one in row.events:
            if one.lead is None:
                continue
            y = row.y(one.lane)
            for start, end in one.lead.pieces:
                lines.append({"from": _days(scale, start), "to": _days(scale, end), "y": y})
            if one.lead.text_at is not None:
                text = {"text": one.lead.text, "from": _days(scale, one.lead.text_at), "y": y}
                (above if one.lead.is_on_line else beside).append(text)
    layers.lines(lines)
    look = {"color": COLOURS[WARNING], "fontSize": SMALL_TEXT, "fontWeight": "bold"}
    layers.texts(above, look | {"align": "center"}, layers.x())
    layers.texts(beside, look | {"align": "right"}, layers.x())


def _bar(scale: DayScale, row: Row, one: Placed) -> Spec:
    """Return a bar or a window with what it stands for."""
    ends = {"from": _days(scale, one.start), "to": _days(scale, one.end)}
    return _about(row, one) | ends | bar(one.event.kind, row.y(one.lane))


def _shapes(scale: DayScale, row: Row, one: Placed) -> Iterator[Spec]:
    """Yield the mark of a day, or the arrows at open ends."""
    event, y = one.event, row.y(one.lane)
    if event.is_mark:
        yield _about(row, one) | {"from": _days(scale, one.start), "y": y} | shape(event.kind)
    if event.opens_before:
        yield {"from": _days(scale, scale.left + 4), "y": y} | arrow(event.kind, to_right=False)
    if event.opens_after:
        yield {"from": _days(scale, scale.right - 4), "y": y} | arrow(event.kind, to_right=True)


def _about(row: Row, one: Placed) -> Spec:
    return {"case": row.chain.case.number, "event": one.event.title, "date": one.event.date_text}


def _days(scale: DayScale, pixel: float) -> float:
    return round(scale.days_at(pixel), 2)
