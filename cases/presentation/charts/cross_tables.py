"""Tables of two variables, drawn as a grid whose cells are the darker the more cases they have."""

from __future__ import annotations

from dataclasses import dataclass

from cases.finding.case_filter import FACETS
from cases.models.vocabulary import ABSENT_VALUES
from cases.text.plurals import counted

from .case_set import CaseSet, Counted
from .drawing.column_heads import TITLE_HEIGHT, ColumnHeads, room_of
from .drawing.style import ACCENT, INK, INK_SOFT, LINE, TEXT, room, styled
from .picture import Cell, Column, Frame, Picture, Spec

ALL = "All"

# Pixels: the height of a row, and the width of a column at most.
_ROW, _WIDEST = 36, 110


@dataclass(frozen=True)
class CrossTable:
    """A picture of the cases by two filters, `down` in rows and `across` in columns."""

    name: str
    title: str
    down: str
    across: str
    caveat: str

    def __call__(self, cases: CaseSet) -> Picture:
        rows, columns = cases.values(self.down), cases.values(self.across)
        grid = {
            (row, column): cases.having({self.down: row, self.across: column})
            for row in rows
            for column in columns
        }
        totals = {row: cases.having({self.down: row}) for row in rows}
        heads = {column: cases.having({self.across: column}) for column in columns}
        return Picture(
            name=self.name,
            title=self.title,
            finding=self._finding(cases, grid),
            caveat=self.caveat,
            columns=[
                Column(self.down, str(FACETS[self.down].label)),
                Column(self.across, str(FACETS[self.across].label)),
                Column("cases", "Cases", is_number=True),
            ],
            rows=[
                *(
                    self._row(cases, row, column, found)
                    for (row, column), found in grid.items()
                    if found.count
                ),
                *(self._row(cases, row, "", found) for row, found in totals.items()),
                *(self._row(cases, "", column, found) for column, found in heads.items()),
            ]
            if rows and columns
            else [],
            draw=lambda frame: self._draw(cases, grid, totals, heads, frame),
            drawn=cases.with_any(self.down, self.across),
        )

    def _row(self, cases: CaseSet, row: str, column: str, found: Counted) -> tuple[Cell, ...]:
        return (
            Cell(cases.label(self.down, row) if row else ALL),
            Cell(cases.label(self.across, column) if column else ALL),
            Cell(found.count, found.address),
        )

    def _finding(self, cases: CaseSet, grid: dict[tuple[str, str], Counted]) -> str:
        stated = {
            pair: found.count
            for pair, found in grid.items()
            if found.count and not ABSENT_VALUES & {*pair}
        }
        down, across = FACETS[self.down], FACETS[self.across]
        if not stated:
            return f"No case here has both a stated {down.noun} and a stated {across.noun}."
        most = max(stated, key=lambda pair: stated[pair])
        return (
            f"Most often, in {stated[most]:,} of {counted(len(cases), 'case')}, the {down.noun} "
            f"“{cases.label(self.down, most[0])}” goes with the {across.noun} "
            f"“{cases.label(self.across, most[1])}”."
        )

    def _draw(
        self,
        cases: CaseSet,
        grid: dict[tuple[str, str], Counted],
        totals: dict[str, Counted],
        heads: dict[str, Counted],
        frame: Frame,
    ) -> Spec:
        down = [cases.label(self.down, value) for value in totals]
        across = [cases.label(self.across, value) for value in heads]
        values = [self._mark(cases, pair, found) for pair, found in grid.items() if found.count]
        values += [self._mark(cases, (row, ""), found) for row, found in totals.items()]
        values += [self._mark(cases, ("", column), found) for column, found in heads.items()]
        titles = str(FACETS[self.down].label), str(FACETS[self.across].label)
        labels = room_of([*down, ALL, f"{titles[0]} ↓"], frame.labels)
        step = min((frame.width - labels) // len([*across, ALL]), _WIDEST)
        heads_of = ColumnHeads([*across, ALL], step)
        size = step * len([*across, ALL]), _ROW * len([*down, ALL])
        above = heads_of.height + TITLE_HEIGHT
        most = max(found.count for found in grid.values())
        encoding = {
            "y": {
                "field": "down",
                "type": "nominal",
                "sort": [*down, ALL],
                "title": None,
                "axis": {"domain": False, "ticks": False, "labelPadding": 8},
            },
            "x": {
                "field": "across",
                "type": "nominal",
                "sort": [*across, ALL],
                "axis": None,
            },
            "href": {"field": "address"},
            "description": {"field": "says"},
        }
        return styled(
            {
                "width": {"step": step},
                "height": {"step": _ROW},
                "padding": 0,
                "data": {"values": values},
                "layer": [
                    room(-labels, -above, max(size[0], frame.width - labels), size[1]),
                    heads_of.layer("across"),
                    *heads_of.titles(*titles),
                    {
                        "mark": {"type": "rect", "fill": ACCENT, "stroke": LINE, "cornerRadius": 3},
                        "encoding": encoding
                        | {
                            "fillOpacity": {
                                "field": "weight",
                                "type": "quantitative",
                                "scale": {"domain": [0, most], "range": [0.0, 0.4]},
                                "legend": None,
                            }
                        },
                    },
                    {
                        "mark": {"type": "text", "fontSize": TEXT},
                        "encoding": encoding
                        | {
                            "text": {"field": "cases", "format": ","},
                            "color": {
                                "condition": {"test": "datum.weight > 0", "value": INK},
                                "value": INK_SOFT,
                            },
                        },
                    },
                ],
            },
            frame,
        )

    def _mark(self, cases: CaseSet, pair: tuple[str, str], found: Counted) -> Spec:
        down, across = pair
        is_total = not down or not across
        texts = [
            f"{FACETS[name].label}: {cases.label(name, value)}"
            for name, value in ((self.down, down), (self.across, across))
            if value
        ]
        return {
            "down": cases.label(self.down, down) if down else ALL,
            "across": cases.label(self.across, across) if across else ALL,
            "cases": found.count,
            "weight": 0 if is_total else found.count,
            "address": found.absolute,
            "says": f"{'; '.join(texts)}: {counted(found.count, 'case')}",
        }


RECEPTION_BY_FOLLOW_UP = CrossTable(
    name="reception-by-follow-up",
    title="How warnings were received, and what recipients did",
    down="reception",
    across="follow_up",
    caveat=(
        "Cases are counted in which one warning has both. A case with several warnings can be in "
        "several cells, so cells do not add up to the totals."
    ),
)

INCIDENT_BY_CHANNEL = CrossTable(
    name="incident-by-channel",
    title="What happened, by the channel of the warning",
    down="incident",
    across="channel",
    caveat=(
        "A case counts for each kind of incident and each channel that it has, so cells do not add "
        "up to the totals. Cases without a warning have no channel and are not here."
    ),
)
