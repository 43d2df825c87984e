"""A problem that the record checks report."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import Directive, DirectiveException, Source

from .values import label_of_path


@dataclass(frozen=True)
class Problem:
    """A reason why a case cannot be published, or a weak point of it.

    `path` names the value within the case. `record` is what to fix if that is not the case,
    and `field` the value of that record. `section` is the place in the form of the case where it is
    fixed, if no path leads there. `name` is that of the value, if its path does not tell it.
    """

    path: str
    message: str
    record: Source | Directive | DirectiveException | None = None
    field: str = ""
    section: str = ""
    name: str = ""

    def __str__(self) -> str:
        if not self.path:
            return self.message
        return f"{self.name or label_of_path(self.path)}: {self.message}"
