"""Draws the chain of one case as the timeline of its page does: a row a link, to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.presentation.charts.case_set import SITE
from cases.presentation.charts.drawing.style import ABSENCE, INK, INK_SOFT, SMALL_TEXT, TEXT
from cases.presentation.charts.drawing.text_width import lines_of, shortened, width_of
from cases.presentation.charts.picture import NARROW, Frame, Spec
from cases.presentation.time_axis import Axis
from cases.presentation.timeline import AXIS_HEIGHT, ROW_HEIGHT, Timeline, TimelineRow, length

from .drawing import (
    COLOURS,
    INDENT,
    LINE_HEIGHT,
    SOFT,
    Layers,
    arrow,
    as_is,
    bar,
    inside,
    picture,
    pixels,
    shape,
)
from .events import INCIDENT, WARNING, WINDOW, Chain
from .key import key_of

# In pixels from the upper edge of a row: its words, and its mark or bar.
WORDS, MARKS = 12, 31

# Between a title and the date after it, and on either side of the text on a line, in pixels.
_GAP, _AROUND_TEXT = 10, 6

# Between the words of a row.
_JOIN = " · "

# From the edge of the picture to the middle of an arrow, in pixels.
_ARROW = 5

# The zigzag where the axis is broken, as Vega wants a shape: around 0, up to 1.
_ZIGZAG = "M-1,0L-0.7,0L-0.35,-0.5L0.1,0.5L0.45,0L1,0"


def one_chain(chain: Chain, timeline: Timeline, frame: Frame) -> Spec:
    """Return the specification of a timeline; places across are percentages, as on the page."""
    frame = inside(frame)
    key = key_of(chain.events, frame.width, without_kinds=True)
    top = key.height + 8 if key.entries else 0
    rows = list(_rows(timeline, top, frame))
    floor = rows[-1].bottom
    height = floor + timeline.height - timeline.floor
    across = {"domain": [0, 100], "range": [0, frame.width], "nice": False, "zero": False}
    layers, words = Layers(across, height), Layers(pixels(frame.width), height)
    _draw_moment(layers, timeline, top, floor)
    _draw_axis(layers, timeline, floor, frame)
    bars = [one for one in rows if not one.row.is_mark]
    layers.bars([_bar(one) for one in bars if one.row.kind != WINDOW])
    layers.windows([_bar(one) for one in bars if one.row.kind == WINDOW])
    _draw_leads(layers, rows, frame)
    layers.shapes([shape for one in rows for shape in _shapes(one, frame)])
    _draw_words(words, rows)
    key.draw(words)
    words.links([_link(chain, one) for one in rows])
    return picture(frame, height, layers, words)


@dataclass(frozen=True)
class _Row:
    """A row with its upper edge and its words: those beside the title, and lines below these."""

    row: TimelineRow
    top: float
    words_at: float
    words: str
    below: Sequence[str]

    @property
    def marks(self) -> float:
        """The height of its mark or bar."""
        return self.top + MARKS + LINE_HEIGHT * len(self.below)

    @property
    def bottom(self) -> float:
        return self.top + ROW_HEIGHT + LINE_HEIGHT * len(self.below)


def _rows(timeline: Timeline, top: float, frame: Frame) -> Iterator[_Row]:
    """Yield the rows from top to bottom; on a narrow screen, who did what has lines of its own."""
    is_narrow = frame.width <= NARROW.width
    x = INDENT + _GAP + max(width_of(row.title, TEXT, bold=True) for row in timeline.rows)
    for row in timeline.rows:
        lead = "" if row.lead and row.lead.is_wide else row.lead_text
        parts = [row.short_date, lead] if is_narrow else [row.date_text, row.detail, lead]
        words = shortened(_JOIN.join(filter(None, parts)), TEXT, frame.width - x - INDENT)
        below = lines_of(row.detail, TEXT, frame.width - 2 * INDENT, 2) if is_narrow else []
        one = _Row(row, top, round(x, 1), words, below)
        yield one
        top = one.bottom


def _bar(one: _Row) -> Spec:
    row = one.row
    ends = {"from": round(row.start, 2), "to": round(row.end, 2)}
    return _about(row) | ends | bar(row.kind, one.marks)


def _shapes(one: _Row, frame: Frame) -> Iterator[Spec]:
    """Yield the mark of a day, or the arrows at open ends."""
    row, y, edge = one.row, one.marks, round(_ARROW * 100 / frame.width, 2)
    if row.is_mark:
        yield _about(row) | {"from": round((row.start + row.end) / 2, 2), "y": y} | shape(row.kind)
    if row.opens_before:
        yield {"from": edge, "y": y} | arrow(row.kind, to_right=False)
    if row.opens_after:
        yield {"from": 100 - edge, "y": y} | arrow(row.kind, to_right=True)


def _about(row: TimelineRow) -> Spec:
    return {"event": row.title, "date": row.date_text}


def _draw_moment(layers: Layers, timeline: Timeline, top: float, floor: float) -> None:
    """Draw the days of the incident through all rows."""
    incident = timeline.measured_to
    if incident is None:
        return
    ends = {"top": top, "bottom": floor}
    whole = [ends | {"from": round(incident.start, 2), "to": round(incident.end, 2)}]
    soft = SOFT[INCIDENT]
    layers.add({"type": "rect", "fill": soft}, whole, **layers.between, **layers.down)
    if incident.is_mark:  # a day may be too narrow to be seen
        middle = [ends | {"from": round((incident.start + incident.end) / 2, 2)}]
        line = {"type": "rule", "stroke": soft, "strokeWidth": 2}
        layers.add(line, middle, x=layers.x(), **layers.down)


def _draw_axis(layers: Layers, timeline: Timeline, floor: float, frame: Frame) -> None:
    line = {"type": "rule", "stroke": ABSENCE, "strokeWidth": 1.5}
    layers.add(line, [{"from": 0, "y": floor}], **layers.across_all, y=layers.y())
    ticks = timeline.tick_places
    marks = [{"from": place, "top": floor, "bottom": floor + AXIS_HEIGHT} for place, _ in ticks]
    layers.add({"type": "rule", "stroke": ABSENCE}, marks, x=layers.x(), **layers.down)
    small = {"color": INK_SOFT, "fontSize": SMALL_TEXT}
    labelled = ticks[:: 2 if frame.width <= NARROW.width else 1]  # no room for each
    texts = [{"from": place, "text": text, "y": floor + 14} for place, text in labelled]
    layers.texts(texts, small | {"dx": 4}, layers.x())
    _draw_breaks(layers, timeline.axis, floor)


def _draw_breaks(layers: Layers, axis: Axis, floor: float) -> None:
    breaks = [(round(place, 2), days) for place, days in axis.breaks()]
    gaps = [{"from": place, "y": floor, "size": 400} for place, _ in breaks]
    zigzag = {"type": "point", "shape": _ZIGZAG, "size": 900, "stroke": ABSENCE, "opacity": 1}
    layers.add(zigzag, gaps, x=layers.x(), y=layers.y())
    texts = [{"from": place, "text": length(days), "y": floor + 16} for place, days in breaks]
    look = {"color": INK_SOFT, "fontSize": SMALL_TEXT, "align": "center"}
    layers.texts(texts, look, layers.x())


def _draw_leads(layers: Layers, rows: Sequence[_Row], frame: Frame) -> None:
    lines, texts = [], []
    for one in rows:
        row = one.row
        if row.lead is None:
            continue
        y, start, end = one.marks, row.lead.start, row.lead.end
        if not row.lead.is_wide:
            lines.append({"from": start, "to": end, "y": y})
            continue
        middle = (start + end) / 2
        half = (width_of(row.lead.text, TEXT, bold=True) / 2 + _AROUND_TEXT) * 100 / frame.width
        lines += [
            {"from": start, "to": middle - half, "y": y},
            {"from": middle + half, "to": end, "y": y},
        ]
        texts.append({"from": middle, "text": row.lead.text, "y": y})
    layers.lines([{name: round(value, 2) for name, value in line.items()} for line in lines])
    look = {"color": COLOURS[WARNING], "fontSize": TEXT, "fontWeight": "bold", "align": "center"}
    layers.texts(texts, look, layers.x())


def _draw_words(layers: Layers, rows: Sequence[_Row]) -> None:
    """Draw the words of each row: its title, its date and, if there is room, the rest."""
    titles: list[Spec] = []
    words: list[Spec] = []
    for one in rows:
        y = one.top + WORDS
        about = {"text": one.row.title, "colour": COLOURS[one.row.kind]}
        titles.append({"from": INDENT, "y": y} | about)
        words.append({"from": one.words_at, "text": one.words, "y": y})
        words += [
            {"from": INDENT, "text": line, "y": y + LINE_HEIGHT * place}
            for place, line in enumerate(one.below, 1)
        ]
    bold = {"fontSize": TEXT, "fontWeight": "bold"}
    layers.texts(titles, bold, layers.x(), color=as_is("colour"))
    layers.texts(words, {"fontSize": TEXT, "color": INK}, layers.x())


def _link(chain: Chain, one: _Row) -> Spec:
    return {
        "top": one.top,
        "bottom": one.bottom - 2,
        "address": f"{SITE}{chain.case.get_absolute_url()}#{one.row.anchor}",
        "says": one.row.words,
    }
