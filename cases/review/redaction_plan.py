"""What a redaction asks for, and what it would write."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cases.models import FormerSlug, Import, Version
from cases.text.striking import Striker
from cases.versions.differences import CHANGED, REMOVED, Difference, Piece

THIS_CASE, VERSIONS, USED = "This case", "Its versions", "Actors and sources that it names"
OTHERS, PRIVATE = "Other cases and records", "Private logs and uploads"
# What `after` says if nothing is left of a place.
GONE = ("removed", "forgotten")
GROUPS = (THIS_CASE, VERSIONS, USED, OTHERS, PRIVATE)


@dataclass(frozen=True)
class RedactionOrder:
    """What a reviewer asks to be struck, what is printed instead, and the public reason."""

    texts: tuple[str, ...]
    replacement: str
    reason: str
    is_loose: bool = False
    is_everywhere: bool = False

    @property
    def striker(self) -> Striker:
        return Striker(self.texts, self.replacement, is_loose=self.is_loose)


@dataclass(frozen=True)
class StruckPlace:
    """One place that holds a text: where, what it says around the text, and what it would say.

    `key` names it without any of its text, for the log.
    """

    group: str
    where: str
    before: str
    after: str
    key: str

    @property
    def pieces(self) -> list[Piece]:
        """The words before and after, in reading order, with those that change marked."""
        if self.after in GONE:
            return [Piece(REMOVED, self.before), Piece("", f" {self.after}")]
        return Difference(CHANGED, "", "", self.before, self.after).pieces


@dataclass
class RedactionPlan:
    """Everything that a redaction would write, and the places elsewhere that it would leave."""

    places: list[StruckPlace] = field(default_factory=list)
    left: list[StruckPlace] = field(default_factory=list)
    """Places outside the case, which are struck only if the reviewer asks for that."""
    cautions: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    rows: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    """Each row that changes, with its new columns."""
    former_slugs: list[FormerSlug] = field(default_factory=list)
    uploads: list[Import] = field(default_factory=list)

    @property
    def versions(self) -> list[Version]:
        return [row for row, _ in self.rows if isinstance(row, Version)]

    def by_group(self) -> list[tuple[str, list[StruckPlace]]]:
        """Return the places of each kind that has any, in the order of GROUPS."""
        found = [(name, [each for each in self.places if each.group == name]) for name in GROUPS]
        return [(name, places) for name, places in found if places]

    def digest(self) -> str:
        """Return a digest of everything that the plan writes, to compare with what was shown."""
        written = [[each.key, each.before, each.after] for each in [*self.places, *self.left]]
        columns = [[row._meta.label, row.pk, columns] for row, columns in self.rows]
        text = json.dumps([written, columns], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
