"""What is understood of an address of cases, and the form that checks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cases import search

from .address_form import AddressForm
from .case_numbers import CaseNumberLookup
from .date_parameters import bound
from .query_string import Query
from .selection import NEWEST_FIRST, RELEVANCE


@dataclass(frozen=True)
class CaseQuery(Query):
    """What was understood of an address of cases.

    `text` is its search, and `case_number` the lookup of that if it is a case number.
    `requested_sort` is the order that it names.
    """

    text: search.SearchQuery | None = None
    case_number: CaseNumberLookup | None = None
    requested_sort: str | None = None

    @property
    def usual_sort(self) -> str:
        """The order that applies without a requested one."""
        return RELEVANCE if self.text else NEWEST_FIRST

    @property
    def sort(self) -> str:
        return self.requested_sort or self.usual_sort


class CaseForm(AddressForm):
    """The parameters of an address of cases. Its errors are the notices of all its pages."""

    def clean(self) -> None:
        super().clean()
        self._drop_contradictory_dates()
        self._keep_searchable_text()
        if self.value("sort") == RELEVANCE and not self.value("q"):
            self.add_error(None, "Cases are sorted by relevance only where “q” searches for words.")
            del self.cleaned_data["sort"]

    def _drop_contradictory_dates(self) -> None:
        names = ("date_from", "date_to")
        valid = {name: self.value(name) for name in names}
        start, end = (bound(valid, name) for name in names)
        if start is not None and end is not None and start > end:
            self.add_error(
                None,
                f"“date_from” ({valid['date_from']}) is after “date_to” ({valid['date_to']}).",
            )
            for name in names:
                del self.cleaned_data[name]

    def _keep_searchable_text(self) -> None:
        for problem in self.text.problems if self.typed else ():
            self.add_error(None, problem)
        if not self.text.terms:
            self.cleaned_data.pop("q", None)
        elif self.text.problems:
            self.cleaned_data["q"] = [self.text.normalized]

    @property
    def typed(self) -> str:
        """The search as it was typed; empty without one."""
        return str(self.data.get("q", ""))

    @cached_property
    def text(self) -> search.SearchQuery:
        """The parsed search."""
        return search.read(self.typed)
