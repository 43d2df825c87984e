"""One query for cases, from its address to the keys of the cases in their order.

The list, the table, the comparison, the facets and the ways from case to case all ask here, so that
one address means the same set everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from pyroaring import BitMap

from . import case_index, search
from .case_index import CaseIndex
from .filters import CASE_CHECKS, DATE_LABELS, CaseFilter, case_choices
from .former_names import CASE, renamed
from .models import Case
from .models.case import NUMBER_FORM
from .query import MOST_VALUES, ActiveValue, Check, Choices, Query, read_query, split_form
from .selection import NEWEST_FIRST, RELEVANCE, SORTS, Asked, Ordered, Selection

LABELS = {name: str(filter_.label) for name, filter_ in CaseFilter.base_filters.items()}
TYPED = {"q": "Search"} | DATE_LABELS
"""The parameters that narrow the cases down and are typed freely, with their labels."""

MEANINGS = {
    "q": "Words that are all in the case: its titles, summaries, places, contents, gists, quotes, "
    "notes, the names of its actors, its exceptions. How to search is told beside the field.",
    "date_from": "A year, a month or a day: 2024, 2024-03, 2024-03-22. The date of a case is "
    "that of its earliest incident; without one, of its earliest warning.",
    "date_to": "A year, a month or a day; the whole of it counts.",
    "date_match": "possible, which is what counts if nothing is given: the date may lie in the "
    "range, as far as its words allow. certain: it lies in the range whatever they allow.",
    "sort": "The order: " + ", ".join(f"{value} ({label})" for value, label in SORTS.items()) + ".",
}
"""What the parameters that are no filters mean."""


def check_sort(value: str) -> None:
    if value not in SORTS:
        raise ValidationError(
            f"The cases cannot be sorted that way; “sort” is one of: {', '.join(SORTS)}."
        )


def check_text(value: str) -> None:
    """Take any text: what of it cannot be searched for is told when it is read as a search."""


def case_numbered(text: str) -> Case | None:
    """Return the published case of which a text is the number, or None."""
    number = text.strip().upper()
    if not re.match(NUMBER_FORM, number):
        return None
    found: Case | None = Case.objects.published().filter(number=number).first()
    return found


class CaseQuery:
    """What an address asks of cases, and the cases that meet it.

    `also` are further parameters with their checks; `picks` lets the address pick cases by name.
    """

    checks: ClassVar[dict[str, Check]] = {"q": check_text, "sort": check_sort} | CASE_CHECKS

    def __init__(
        self,
        given: QueryDict,
        also: dict[str, Check] | None = None,
        listed: Choices | None = None,
        *,
        picks: bool = False,
    ) -> None:
        self._given = given
        self._also = also or {}
        self._listed = listed or {}
        self._picks = picks

    @cached_property
    def index(self) -> CaseIndex:
        return case_index.current()

    @cached_property
    def choices(self) -> Choices:
        """For each filter its values with their labels."""
        with self.index.reading:
            return case_choices(self.index)

    @cached_property
    def query(self) -> Query:
        """What was understood of the address, with a sentence for each part that was not."""
        listed = self._listed | self._picked
        query = read_query(self._today, self.choices, self.checks | self._also, listed)
        query.remarks += [
            f"In addresses “{former}” is called “{slug}” now."
            for (_, former), slug in self._renamed.items()
        ]
        CaseFilter.mend(query)
        self._text = search.read(query.data.get("q", ""))
        if "q" in query.data:
            query.notices += self._text.problems
            if not self._text.terms:
                del query.data["q"]
            elif self._text.problems:
                query.data["q"] = self._text.spelled  # as it was understood
        self._sort_asked = query.data.get("sort")
        if query.data.get("sort") == RELEVANCE:
            del query.data["sort"]  # it is the order of every search, and of nothing else
            if "q" not in query.data:
                query.notices.append(
                    "Cases are sorted by relevance only where “q” searches for words."
                )
        return query

    @cached_property
    def _renamed(self) -> dict[tuple[str, str], str]:
        """For each parameter and former name of something public: its name of today."""
        known = self.choices | ({CASE: self._named} if self._picks else {})
        return {
            (name, former): slug
            for (name, former), slug in renamed(self._given, known).items()
            if name == CASE or slug in known[split_form(name)[0]]
        }

    @property
    def _today(self) -> QueryDict:
        """The address with the names of today."""
        if not self._renamed:
            return self._given
        today = self._given.copy()
        for name, values in self._given.lists():
            today.setlist(name, [self._renamed.get((name, value), value) for value in values])
        return today

    @cached_property
    def _picked(self) -> Choices:
        """Offer, of all cases, only those that the address names: there may be very many."""
        if not self._picks:
            return {}
        later = [slug for (name, _), slug in self._renamed.items() if name == CASE]
        return {CASE: self._named | (_titles(later) if later else {})}

    @cached_property
    def _named(self) -> dict[str, str]:
        """The published cases that the address picks by their names of today, with their titles."""
        return _titles(self._given.getlist(CASE))

    @property
    def text(self) -> search.SearchQuery | None:
        """The search for text that was understood, or None."""
        return self._text if "q" in self.query.data else None

    @cached_property
    def active(self) -> list[ActiveValue]:
        """The values that narrow the cases down, each with the address without it."""
        labels = LABELS | {CASE: "Case"} | TYPED
        return self.query.active(labels, self.choices | self._picked)

    @property
    def sort_asked(self) -> str | None:
        """The order that the address asks for and that was understood; None if it asks for none."""
        asked = self._sort_asked if self.text else self.query.data.get("sort")
        return None if asked is None else str(asked)

    @property
    def sort(self) -> str:
        default = RELEVANCE if self.text else NEWEST_FIRST
        return str(self.query.data.get("sort", default))

    @cached_property
    def asked(self) -> Asked:
        return CaseFilter(self.query.data).asked(self._found)

    @cached_property
    def _found(self) -> Sequence[BitMap] | None:
        """The cases that the search for text found, and those picked by name.

        A case number finds its case alone, not those that mention it.
        """
        tiers: Sequence[BitMap] | None = None
        if self.text is not None and (case := case_numbered(str(self.query.data["q"]))):
            tiers = [BitMap([case.pk])]
        elif self.text is not None:
            found = search.find(self.text)
            if found.stale:
                self.query.remarks.append(
                    f"{found.stale:,} cases changed lately and are searched as they were before."
                )
            tiers = found.tiers
        if self._picks and CASE in self.query.data:
            slugs = self.query.data.getlist(CASE)
            keys = Case.objects.published().filter(slug__in=slugs).values_list("pk", flat=True)
            picked = BitMap(keys)
            tiers = [tier & picked for tier in tiers or [picked]]
        return tiers

    @cached_property
    def selection(self) -> Selection:
        """The cases that meet the query; use it while holding `index.reading`."""
        return Selection(self.index, self.asked)

    @cached_property
    def keys(self) -> Ordered:
        """The keys of the cases that meet the query, in their order."""
        return self.ordered(self.sort)

    def ordered(self, sort: str) -> Ordered:
        """Return the keys of the cases that meet the query in another order than the one asked."""
        selection = self.selection  # searches for text, and so is made without the lock
        with self.index.reading:
            return selection.ordered(sort)

    @cached_property
    def total(self) -> int:
        """How many published cases there are."""
        return len(self.index.cases)

    def counts(self, name: str) -> dict[str, int]:
        """Return for each value of a filter how many cases there would be with it alone chosen."""
        selection = self.selection
        with self.index.reading:
            return selection.counts(name)


def _titles(slugs: Iterable[str]) -> dict[str, str]:
    """Return the published ones among the first `slugs` with their titles."""
    named = list(dict.fromkeys(slugs))[:MOST_VALUES]
    wanted = [slug for slug in named if "\0" not in slug]  # which PostgreSQL refuses
    return dict(Case.objects.published().filter(slug__in=wanted).values_list("slug", "title"))
