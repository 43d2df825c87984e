"""What the record checks find: about which value, in words."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import Source


@dataclass(frozen=True)
class Problem:
    """Something that keeps a case from being published, or weakens it.

    `path` names the value within the case; `source` is the record to mend where it is not the case.
    """

    path: str
    message: str
    source: Source | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message
