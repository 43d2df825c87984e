"""What an import does, row by row: shown before it is done, and kept after it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

ADDED, CHANGED, UNCHANGED, KEPT, REFUSED = "added", "changed", "unchanged", "kept", "refused"


@dataclass(frozen=True)
class ImportedChange:
    """One cell: what the casebook has (empty for a new record) and what the file has."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Refusal:
    """Why a row is refused, in a sentence that tells how to mend it; the column if it is one."""

    column: str
    message: str


@dataclass
class RowPlan:
    """What becomes of one row of the file. Row 0 stands for a record that is not in the file."""

    table: str
    row: int
    key: str
    action: str = UNCHANGED
    changes: list[ImportedChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remark: str = ""

    def refuse(self, message: str, column: str = "") -> None:
        self.action = REFUSED
        self.refusals.append(Refusal(column, message))

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> Iterator[str]:
        """Tell the row: one sentence, or one for each refusal."""
        place = f"{self.table}, row {self.row}" if self.row else f"{self.table}, {self.key}"
        for refusal in self.refusals:
            column = f", column {refusal.column}" if refusal.column else ""
            yield f"{place}{column}: {refusal.message}"
        if self.action == CHANGED:
            cells = "; ".join(f"{c.column}: “{c.old}” → “{c.new}”" for c in self.changes)
            yield f"{place}: {self.key} changes: {cells}"
        elif self.action == ADDED:
            yield f"{place}: {self.key} is added."
        elif self.action == KEPT:
            yield f"{place}: {self.key} stays as it is: {self.remark}"

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> RowPlan:
        stored = dict(stored)
        changes = [ImportedChange(**change) for change in stored.pop("changes")]
        refusals = [Refusal(**refusal) for refusal in stored.pop("refusals")]
        return cls(**stored, changes=changes, refusals=refusals)


@dataclass
class Plan:
    """What becomes of every row of a file, and the versions that it makes."""

    rows: list[RowPlan] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(row.action for row in self.rows)

    @property
    def is_refused(self) -> bool:
        return any(row.action == REFUSED for row in self.rows)

    @property
    def changes_something(self) -> bool:
        return any(row.action in (ADDED, CHANGED) for row in self.rows)

    def telling(self) -> list[RowPlan]:
        """Return the rows that are not simply as they were."""
        return [row for row in self.rows if row.action != UNCHANGED]

    def digest(self) -> str:
        """Return what two plans share exactly if they do the same."""
        return _digest(asdict(row) for row in self.telling())

    def summary(self) -> str:
        """Tell the plan in a sentence."""
        counts = self.counts()
        words = [
            f"{counts[action]:,} {words}"
            for action, words in WORDS.items()
            if counts[action] or action in (ADDED, CHANGED)
        ]
        rows = len([row for row in self.rows if row.row])
        return f"{rows:,} {'row' if rows == 1 else 'rows'}: {', '.join(words)}."


WORDS = {
    ADDED: "added",
    CHANGED: "changed",
    UNCHANGED: "as they are",
    KEPT: "left out",
    REFUSED: "refused",
}
"""What became of rows, in the words of a count."""


def _digest(rows: Iterable[dict[str, Any]]) -> str:
    text = json.dumps(list(rows), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
