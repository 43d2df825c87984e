"""What one request to the form of a record knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from cases.admin.case.coded_values import CodedValues
    from cases.admin.citation import Filled
    from cases.admin.concurrency.merge_forms import Conflict
    from cases.admin.concurrency.state import State
    from cases.admin.shared import AffectedCases
    from cases.models import Case


@dataclass
class ChangeFormState:
    """What one request to the form of a record knows, for the hooks that Django calls.

    Most hooks get the request only, so that the state is an attribute of it, the only one of ours.
    """

    stored: State | None = None
    """What was stored when the form was filled; the page carries it in a hidden field."""

    conflict: Conflict | None = None
    """What another editor saved since the page was opened, if anything."""

    problems: Sequence[str] = ()
    """Why nothing is saved, although the form may be valid in itself."""

    saved: tuple[Any, Sequence[Any]] | None = None
    """The form and the formsets that were saved."""

    affected: dict[int, AffectedCases] = field(default_factory=dict)
    """The published cases that show a shared record, by its key."""

    begins_like: Case | None = None
    """The case that a new one begins like."""

    coded_values: CodedValues | None = None
    """The values of a case, as choices of what a claim is about."""

    filled: Filled | None = None
    """What a citation says of a new source."""

    @classmethod
    def of(cls, request: HttpRequest) -> ChangeFormState:
        """Return the state of a request, which begins empty."""
        state: ChangeFormState = request.__dict__.setdefault("change_form_state", cls())
        return state

    def begin_attempt(self) -> None:
        """Forget what is read for one set of formsets: the next attempt to save reads it again."""
        self.coded_values = None
