"""Faults of cells, each stated once for all the rows in which it repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# Runs of rows that are named in one sentence; of the others only the number is given.
MAX_RUNS_NAMED = 10


class Faults:
    """What is wrong with cells of one table, by column and message."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._rows: dict[tuple[str, str], list[int]] = {}

    def __len__(self) -> int:
        """Return the number of different faults."""
        return len(self._rows)

    def add(self, row: int, column: str, message: str) -> None:
        """Add a fault of a row; `column` is "" if it is about no column."""
        self._rows.setdefault((column, message), []).append(row)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each fault, with the rows that have it."""
        for (column, message), rows in self._rows.items():
            # Row 0 is a record that is not in the file.
            place = [self.table, *([rows_in_words(rows)] if any(rows) else [])]
            place += [f"column {column}"] if column else []
            yield f"{', '.join(place)}: {message}"


def rows_in_words(numbers: Iterable[int]) -> str:
    """Return row numbers in words: “row 2”, or “rows 2–17, 19”."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    if len(runs) == 1 and runs[0][0] == runs[0][1]:
        return f"row {runs[0][0]}"
    named = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    more = sum(last - first + 1 for first, last in runs[MAX_RUNS_NAMED:])
    return f"rows {', '.join(named[:MAX_RUNS_NAMED])}" + (f" and {more:,} more" if more else "")
