"""Tables of two variables, drawn as a grid whose cells are the darker the more cases they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from cases.finding.case_filter import FACETS
from cases.index.case_index import WARNING_DIMENSIONS
from cases.models.vocabulary import ABSENT_VALUES
from cases.text.plurals import counted

from .case_set import CaseSet, Counted, explained_star
from .drawing.count_grid import GridCell, count_grid
from .picture import CASES, INFERRED, Cell, Frame, Picture, Spec, all_cell, coded

ALL = "All"

Pair = tuple[str, str]
Grid = Mapping[Pair, Counted]


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
        grid: Grid = {
            (row, column): cases.having({self.down: row, self.across: column})
            for row in rows
            for column in columns
        }
        totals = self._totals(cases, self.down, rows, self.across)
        heads = self._totals(cases, self.across, columns, self.down)
        counts = (found.values() for found in (grid, totals, heads))
        return Picture(
            name=self.name,
            title=self.title,
            finding=self._finding(cases, grid),
            caveat=self.caveat + explained_star(chain.from_iterable(counts)),
            columns=[
                coded(self.down, str(FACETS[self.down].label)),
                coded(self.across, str(FACETS[self.across].label)),
                CASES,
                INFERRED,
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
            if totals and heads
            else [],
            draw=lambda frame: self._draw(cases, grid, totals, heads, frame),
            drawn=cases.with_any(self.down, self.across),
        )

    def _row(self, cases: CaseSet, row: str, column: str, found: Counted) -> tuple[Cell, ...]:
        pair = ((self.down, row), (self.across, column))
        words = (
            cases.cell(name, value) if value else all_cell(ALL, coded(name, ""))
            for name, value in pair
        )
        return (*words, *found.cells)

    def _totals(
        self, cases: CaseSet, name: str, values: Sequence[str], other: str
    ) -> dict[str, Counted]:
        """Return the cases with each value of a variable that have any of the other one.

        Those that have none are in no cell. Whatever is of warnings, each warning has.
        """
        any_other: dict[str, Sequence[str]] = {}
        if not {name, other} <= {*WARNING_DIMENSIONS} and not cases.data.getlist(other):
            any_other[other] = [*cases.filter.choices[other]]
        found = {value: cases.having({name: value, **any_other}) for value in values}
        return {value: one for value, one in found.items() if one.count}

    def _finding(self, cases: CaseSet, grid: Grid) -> str:
        having = {
            pair: found
            for pair, found in grid.items()
            if found.count and not ABSENT_VALUES & {*pair}
        }
        down, across = FACETS[self.down].noun, FACETS[self.across].noun
        if not having:
            return f"In no case here do both the {down} and the {across} have a value."
        rows, columns = (list(dict.fromkeys(values)) for values in zip(*having, strict=True))
        both = cases.having({self.down: rows, self.across: columns}).count
        most = max(found.count for found in having.values())
        leading = [pair for pair, found in having.items() if found.count == most]
        have_values = f"both the {down} and the {across} have a value"
        begin = f"In {both:,} of {counted(len(cases), 'case')} {have_values}"
        if len(leading) > 1:
            if both == 1:
                several = f"has {len(leading):,} pairs of them"
                return f"The one case in which {have_values} {several}."
            return f"{begin}; no {down} goes with a {across} in more than {most:,} of these."
        one, other = (
            f"the {noun} “{cases.label(name, value)}”"
            for noun, name, value in zip(
                (down, across), (self.down, self.across), leading[0], strict=True
            )
        )
        go = f"{one} goes with {other}{having[leading[0]].inference_of('at least one of the two')}."
        if both == 1:
            return f"In the one case in which {have_values}, {go}"
        often = "in each of these" if most == both else f"most often, in {most:,} of these"
        return f"{begin}; {often}, {go}"

    def _draw(
        self,
        cases: CaseSet,
        grid: Grid,
        totals: Mapping[str, Counted],
        heads: Mapping[str, Counted],
        frame: Frame,
    ) -> Spec:
        rows, columns = [*totals, ""], [*heads, ""]
        most = max(found.count for found in grid.values())
        shown = {pair: found for pair, found in grid.items() if found.count}
        shown |= {(row, ""): found for row, found in totals.items()}
        shown |= {("", column): found for column, found in heads.items()}
        return count_grid(
            [self._label(cases, self.down, value) for value in rows],
            [self._label(cases, self.across, value) for value in columns],
            [
                GridCell(
                    row=rows.index(row),
                    column=columns.index(column),
                    found=found,
                    says=self._says(cases, row, column, found),
                    share=found.count / most if row and column else 0.0,
                )
                for (row, column), found in shown.items()
            ],
            frame,
            titles=(str(FACETS[self.down].label), str(FACETS[self.across].label)),
        )

    def _label(self, cases: CaseSet, name: str, value: str) -> str:
        return cases.label(name, value) if value else ALL

    def _says(self, cases: CaseSet, row: str, column: str, found: Counted) -> str:
        """Return what a cell counts, as it is read out."""
        texts = [
            f"{FACETS[name].label}: {cases.label(name, value)}"
            for name, value in ((self.down, row), (self.across, column))
            if value
        ]
        return f"{'; '.join(texts)}: {found.text}"


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
        "up to the totals. Cases without a warning, and cases in which no incident is coded, are "
        "not here."
    ),
)
