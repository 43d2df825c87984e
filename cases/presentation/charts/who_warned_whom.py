"""Who warned whom: the pairs of issuer and recipient, each with how the warnings were received.

A line for each of the most frequent pairs: a grid of all issuers by all recipients is mostly empty,
and has no room for long names. Actors are shown by the state above them, or as warnings name them.
It does not show who passed a warning on, and not which of two warnings of a case came first.
"""

from __future__ import annotations

from typing import NamedTuple

from cases.index.case_index import Sets
from cases.models.vocabulary import NOT_STATED, ActorKind, Reception
from cases.text.plurals import counted

from .case_set import CaseSet, Counted, explained_star
from .chart_filter import STATES, WAYS
from .drawing.legend import Legend
from .drawing.style import (
    ABSENCE,
    ACCENT,
    AREA,
    INK,
    INK_SOFT,
    LINE,
    SURFACE,
    TEXT,
    TOKENS,
    room,
    styled,
)
from .drawing.text_width import lines_of, width_of
from .picture import (
    CASES,
    INFERRED,
    NARROW,
    Frame,
    Picture,
    Spec,
    Way,
    all_cell,
    coded,
)

ISSUER, RECIPIENT, RECEPTION = "issuer", "recipient", "reception"
PARTIES = (ISSUER, RECIPIENT)

# Lines of the picture.
MAX_PAIRS = 20

_ARROW = " → "

Pair = tuple[str, str]


class _Look(NamedTuple):
    """How the part of a bar is filled, and the colours of its outline and its text."""

    fill: str
    edge: str
    ink: str
    opacity: float = 1.0

    @property
    def mark(self) -> Spec:
        return {"fill": self.fill, "stroke": self.edge, "fillOpacity": self.opacity}


# Those that stand beside each other differ in lightness, so that they differ for everybody.
_REFUSED = TOKENS["dispute"]
_LOOKS = {
    Reception.ACCEPTED: _Look(TOKENS["accent-soft"], ACCENT, INK),
    Reception.DISBELIEVED: _Look(_REFUSED, _REFUSED, INK, 0.45),
    Reception.DISMISSED: _Look(_REFUSED, _REFUSED, SURFACE),
    Reception.NOT_STATED: _Look(SURFACE, ABSENCE, INK_SOFT),
    Reception.NOT_APPLICABLE: _Look(LINE, LINE, INK),
}

# Pixels: the height of a bar, of a line of a label, between lines of the picture; what a case is
# wide at most; between a label and its bar; and for the number behind a bar.
_BAR, _LABEL_LINE, _GAP = 22, 17, 12
_WIDEST = 112
_BESIDE, _NUMBER = 8, 64


class _Chart:
    name = "who-warned-whom"
    title = "Who warned whom, and how it was received"

    def __call__(self, cases: CaseSet) -> Picture:
        by_state = cases.data.get("group", STATES) == STATES
        pairs, number = cases.pairs(*PARTIES, _Shown(cases, by_state=by_state), MAX_PAIRS)
        ranked = sorted(
            pairs, key=lambda pair: (-pairs[pair], NOT_STATED in pair, _text(cases, pair))
        )
        shown, left_out = ranked[:MAX_PAIRS], None if number is None else max(number - MAX_PAIRS, 0)
        totals = {pair: cases.having(_values(pair)) for pair in shown}
        receptions = cases.values(RECEPTION)
        bars = {
            pair: {value: cases.having(_values(pair, value)) for value in receptions}
            for pair in shown
        }
        of_reception = coded(RECEPTION, "Reception")
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases, totals),
            caveat=_caveat(totals, bars, left_out, by_state=by_state),
            columns=[
                coded(ISSUER, "Issuer"),
                coded(RECIPIENT, "Recipient"),
                of_reception,
                CASES,
                INFERRED,
            ],
            rows=[
                (
                    *(cases.cell(*named) for named in zip(PARTIES, pair, strict=True)),
                    cases.cell(RECEPTION, value) if value else all_cell("All", of_reception),
                    *found.cells,
                )
                for pair, total in totals.items()
                for value, found in (("", total), *bars[pair].items())
                if found.count
            ],
            draw=lambda frame: _draw(cases, totals, bars, frame),
            drawn=cases.with_a_warning if left_out == 0 else None,
            ways=[
                Way(label, "group", value, is_chosen=(value == STATES) == by_state)
                for value, label in WAYS["group"].items()
            ],
            sample=_sample(left_out),
        )


WHO_WARNED_WHOM = _Chart()


class _Shown:
    """Which actors a picture shows, as the sets of cases that have them in a layer of the index.

    Those that warnings name, or the states above them; of a party that the address filters, what
    it asks for.
    """

    def __init__(self, cases: CaseSet, *, by_state: bool) -> None:
        self._index, self._data, self._by_state = cases.filter.index, cases.data, by_state

    def __call__(self, name: str, layer: int) -> Sets:
        having = self._index.having(name, layer)
        chosen, named = self._data.getlist(name), self._index.naming(name, layer)
        if not chosen and not self._by_state:
            return {**named, NOT_STATED: having[NOT_STATED]}
        tops = (self._index.actors.top(slug, ActorKind.STATE) for slug in named)
        return {v: having[v] for v in {*(chosen or (*tops, NOT_STATED))} if v in having}


def _values(pair: Pair, reception: str = "") -> dict[str, str]:
    values = dict(zip(PARTIES, pair, strict=True))
    return values | {RECEPTION: reception} if reception else values


def _text(cases: CaseSet, pair: Pair) -> str:
    issuer, recipient = (cases.label(*named) for named in zip(PARTIES, pair, strict=True))
    return f"{issuer}{_ARROW}{recipient}"


def _finding(cases: CaseSet, totals: dict[Pair, Counted]) -> str:
    named = {pair: found for pair, found in totals.items() if NOT_STATED not in pair}
    if not named:
        return "No case here has a warning whose issuer and recipient are both named."
    most = max(found.count for found in named.values())
    leading = [pair for pair, found in named.items() if found.count == most]
    if len(leading) > 1:
        if len(cases) == 1:
            return f"In the one case here, warnings went between {len(leading):,} pairs of actors."
        of_all = counted(len(cases), "case")
        return f"No warning went from one actor to another in more than {most:,} of {of_all}."
    issuer, recipient = (cases.label(*one) for one in zip(PARTIES, leading[0], strict=True))
    begin = "the one case here" if len(cases) == 1 else f"{most:,} of {len(cases):,} cases"
    often = ", the most frequent pair with both sides named" if len(named) > 1 else ""
    inference = named[leading[0]].inference
    return f"In {begin} a warning by “{issuer}” went to “{recipient}”{often}{inference}."


def _sample(left_out: int | None) -> str:
    if left_out == 0:
        return ""
    pairs = f" of {left_out + MAX_PAIRS:,} pairs" if left_out else " pairs"
    return f"the {MAX_PAIRS} most frequent{pairs}"


def _caveat(
    totals: dict[Pair, Counted],
    bars: dict[Pair, dict[str, Counted]],
    left_out: int | None,
    *,
    by_state: bool,
) -> str:
    sentences = ["Cases are counted in which one warning has both, and the reception too."]
    if by_state:
        sentences.append("Actors stand under the state that they belong to, others as named.")
    else:
        sentences.append(
            "Actors stand as warnings name them, each with all that belong to it, so that lines do "
            "not add up."
        )
    if any(
        sum(found.count for found in bars[pair].values()) > total.count
        for pair, total in totals.items()
    ):
        sentences.append("A case whose warnings differ in reception is in several parts of a bar.")
    if left_out is None:
        sentences.append(f"Only the {MAX_PAIRS} most frequent pairs are shown.")
    elif left_out:
        sentences.append(
            f"The {MAX_PAIRS} most frequent pairs are shown; {left_out:,} more are not."
        )
    parts = (found for pair in bars for found in (totals[pair], *bars[pair].values()))
    return " ".join(sentences) + explained_star(parts)


def _draw(
    cases: CaseSet,
    totals: dict[Pair, Counted],
    bars: dict[Pair, dict[str, Counted]],
    frame: Frame,
) -> Spec:
    # On a narrow screen the label stands above its bar.
    above = frame is NARROW
    beside = 0 if above else frame.labels + _BESIDE
    labels = {pair: _lines(cases, pair, frame.width if above else frame.labels) for pair in totals}
    label = _LABEL_LINE * max(len(lines) for lines in labels.values())
    step = (label + _BAR if above else max(label, _BAR)) + _GAP
    most = max(sum(found.count for found in parts.values()) for parts in bars.values())
    width = min(frame.width - _NUMBER - beside, most * _WIDEST)
    parts: list[Spec] = []
    lines: list[Spec] = []
    for place, (pair, total) in enumerate(totals.items()):
        end = 0
        for value, found in bars[pair].items():
            if found.count:
                part = _part(cases, pair, value, found, width * found.count / most)
                begin, end = end, end + found.count
                span = {"line": place, "from": begin, "middle": (begin + end) / 2, "to": end}
                parts.append(span | part)
        lines.append(
            {
                "line": place,
                "pair": "\n".join(labels[pair]),
                "lines": len(labels[pair]),
                "cases": total.count,
                "number": total.number,
                "to": end,
                "address": total.absolute,
                "says": f"{_text(cases, pair)}: {total.text}",
            }
        )
    shift = label / 2 if above else 0
    x: Spec = {
        "field": "from",
        "type": "quantitative",
        "scale": {"domain": [0, most], "nice": False},
        "axis": None,
    }
    link = {"href": {"field": "address"}, "description": {"field": "says"}}
    there = {part["reception"] for part in parts}
    shown = [value for value in Reception if value in there]
    legend = Legend(
        [(_LOOKS[value].mark, cases.label(RECEPTION, value)) for value in shown], frame.width
    )

    as_is: Spec = {"scale": None, "legend": None}
    bar = {"type": "bar", "height": _BAR, "yOffset": shift}
    layers: list[Spec] = [
        {
            "data": {"values": parts},
            "mark": bar | {"strokeWidth": 1},
            "encoding": {
                "x": x,
                "x2": {"field": "to"},
                "fill": {"field": "fill", "type": "nominal"} | as_is,
                "stroke": {"field": "edge", "type": "nominal"} | as_is,
                "fillOpacity": {"field": "opacity", "type": "quantitative"} | as_is,
            },
        },
        {
            "data": {"values": parts},
            "mark": {"type": "text", "dy": shift + 1},
            "encoding": {
                "x": x | {"field": "middle"},
                "text": {"field": "inside"},
                "color": {"field": "ink", "type": "nominal"} | as_is,
            },
        },
        {
            "data": {"values": parts},
            "mark": bar | AREA,
            "encoding": {"x": x, "x2": {"field": "to"}} | link,
        },
        {
            "data": {"values": lines},
            "mark": {"type": "text", "align": "left", "dx": 8, "dy": shift + 1},
            "encoding": {"x": x | {"field": "to"}, "text": {"field": "number"}} | link,
        },
    ]
    layers.append(
        {
            "data": {"values": lines},
            "mark": _label(step, above=above),
            "encoding": {"text": {"field": "pair"}},
        }
    )
    for layer in layers:
        layer["encoding"]["y"] = {"field": "line", "type": "ordinal", "axis": None}
    return styled(
        {
            "width": width,
            "height": {"step": step},
            "padding": 0,
            "layer": [
                room(-beside, -legend.height - _GAP, frame.width - beside, step * len(lines)),
                *legend.layers(-beside, -legend.height - _GAP),
                *layers,
            ],
        },
        frame,
    )


def _lines(cases: CaseSet, pair: Pair, width: int) -> list[str]:
    """Return the label of a line; where it is too long for one, the recipient begins another."""
    text = _text(cases, pair)
    if width_of(text, TEXT) <= width:
        return [text]
    issuer, recipient = text.split(_ARROW)
    return [*lines_of(issuer, TEXT, width, 2), *lines_of(f"→ {recipient}", TEXT, width, 2)]


def _label(step: int, *, above: bool) -> Spec:
    """Return the mark of the labels: above their bars, or left of them."""
    text = {"type": "text", "lineBreak": "\n", "lineHeight": _LABEL_LINE}
    if above:
        return text | {"align": "left", "baseline": "top", "x": 0, "dy": (_GAP - step) / 2}
    half = {"expr": f"(1 - datum.lines) * {_LABEL_LINE / 2} + 1"}
    return text | {"align": "right", "x": -_BESIDE, "dy": half}


def _part(cases: CaseSet, pair: Pair, value: str, found: Counted, width: float) -> Spec:
    """Return the part of a bar for a reception; its text is as long as it has room."""
    label = cases.label(RECEPTION, value)
    texts = ((f"{label} {found.number}", 12), (found.number, 5))
    fitting = (text for text, around in texts if width_of(text, TEXT) + around <= width)
    issuer, recipient = (cases.label(*named) for named in zip(PARTIES, pair, strict=True))
    return {
        "issuer": issuer,
        "recipient": recipient,
        "reception": value,
        "label": label,
        "cases": found.count,
        "inside": next(fitting, ""),
        **_LOOKS[Reception(value)]._asdict(),
        "address": found.absolute,
        "says": f"{issuer} → {recipient}, {label.lower()}: {found.text}",
    }
