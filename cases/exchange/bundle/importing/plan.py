"""The plan of an import: what happens to each row, shown beforehand and kept afterwards."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from cases.text.normalising import looks_alike

from ..files.faults import Faults

ADDED, CHANGED, UNCHANGED, KEPT, REFUSED = "added", "changed", "unchanged", "kept", "refused"
REMOVED = "removed"

# The words for each action in a count.
WORDS = {
    ADDED: "added",
    CHANGED: "changed",
    UNCHANGED: "as they are",
    KEPT: "left out",
    REFUSED: "refused",
}

# Characters of a cell that the log keeps.
MAX_CELL_LENGTH = 300


@dataclass(frozen=True)
class ImportedChange:
    """A cell that changes, from the stored value ("" in a new record) to that in the file."""

    column: str
    old: str
    new: str

    @property
    def remark(self) -> str:
        """Return what to say of a change that is hard to see, or ""."""
        # Of longer texts the log keeps only a part; the rest may differ in more.
        is_whole = max(len(self.old), len(self.new)) < MAX_CELL_LENGTH
        if is_whole and looks_alike(self.old, self.new):
            return "only another kind of space, hyphen or quotation mark"
        return ""

    def __str__(self) -> str:
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.column}: “{self.old}” → “{self.new}”{remark}"


@dataclass(frozen=True)
class Refusal:
    """A reason why a row is refused, with how to fix it; `column` is "" if it is about the row."""

    column: str
    message: str
    # The kind and the key of a record that it is about, such as “case/12”, or "".
    target: str = ""


@dataclass
class RowPlan:
    """What happens to one row of the file; row 0 is a stored record that the file does not have."""

    table: str
    row: int
    key: str
    action: str = UNCHANGED
    changes: list[ImportedChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remark: str = ""
    # The kind and the key of the record whose page shows the row, such as “case/12”, or "".
    target: str = ""

    def refuse(self, message: str, column: str = "", target: str = "") -> None:
        self.action = REFUSED
        self.refusals.append(Refusal(column, message, target))

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> Iterator[str]:
        """Yield the sentences that describe the row: one, or one for each refusal."""
        place = f"{self.table}, row {self.row}" if self.row else f"{self.table}, {self.key}"
        for refusal in self.refusals:
            column = f", column {refusal.column}" if refusal.column else ""
            yield f"{place}{column}: {refusal.message}"
        if self.action == CHANGED:
            yield f"{place}: {self.key} changes: {'; '.join(map(str, self.changes))}"
        elif self.action == ADDED:
            yield f"{place}: {self.key} is added."
        elif self.action == REMOVED:
            yield f"{place}: {self.key} is deleted{f', {self.remark}' if self.remark else '.'}"
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
    """What happens to every row of a file, and the versions that the import makes."""

    words: ClassVar[dict[str, str]] = WORDS
    # The actions that are counted even if there are none.
    always: ClassVar[tuple[str, ...]] = (ADDED, CHANGED)

    rows: list[RowPlan] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    # Sentences on what was not read or was read as something else than it says, or on what goes
    # with the rows that are deleted.
    notices: list[str] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(row.action for row in self.rows)

    @property
    def is_refused(self) -> bool:
        return any(row.action == REFUSED for row in self.rows)

    @property
    def changes_something(self) -> bool:
        return any(row.action in (ADDED, CHANGED, REMOVED) for row in self.rows)

    def reported_rows(self) -> list[RowPlan]:
        """Return the rows that are not unchanged."""
        return [row for row in self.rows if row.action != UNCHANGED]

    def digest(self) -> str:
        """Return a digest that is the same for two plans if they do the same."""
        rows = [asdict(row) for row in self.reported_rows()]
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def summary(self) -> str:
        """Return the plan in a sentence, the number of rows by action, and the notices."""
        counts = self.counts()
        words = [
            f"{counts[action]:,} {words}"
            for action, words in self.words.items()
            if counts[action] or action in self.always
        ]
        rows = len([row for row in self.rows if row.row])
        count = f"{rows:,} {'row' if rows == 1 else 'rows'}: {', '.join(words)}."
        return " ".join([count, *self.notices])


def refusals_in(rows: Iterable[RowPlan]) -> list[str]:
    """Return why rows are refused: a sentence for each reason, with all rows that it is about."""
    tables: dict[str, Faults] = {}
    for row in rows:
        for refusal in row.refusals:
            place = row.table if row.row else f"{row.table}, {row.key}"
            faults = tables.setdefault(place, Faults(place))
            faults.add(row.row, refusal.column, refusal.message)
    return [sentence for faults in tables.values() for sentence in faults.sentences()]
