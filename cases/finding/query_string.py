"""The query string of an address: the forms of its parameters, and what was understood of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import QueryDict

ANY, ALL, NOT = "", "__all", "__not"
# The suffixes of a parameter with choices, with the words before its values on screen.
FORMS = {ANY: "", ALL: "all of: ", NOT: "not: "}

# The values of each filter with their labels.
Choices = dict[str, dict[str, str]]


@dataclass(frozen=True)
class ActiveValue:
    """One value that filters the list, with the query string `without` it."""

    parameter: str
    label: str
    value: str
    text: str
    without: str


@dataclass(frozen=True)
class Query:
    """What was understood of a query string.

    `data` has the valid parameters, and `cleaned` is the query string of only those. `notices`
    has a sentence for each part that was not understood: pages show them and ignore the part,
    while the addresses for programs refuse the request. `remarks` are sentences about the results.
    """

    data: QueryDict
    notices: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @cached_property
    def cleaned(self) -> str:
        return self.data.urlencode()

    def without(self, *names: str) -> str:
        """Return the query string without the named parameters."""
        rest = self.data.copy()
        for name in names:
            rest.pop(name, None)
        return rest.urlencode()

    def without_value(self, name: str, value: str) -> str:
        """Return the query string without one value of a parameter."""
        rest = self.data.copy()
        rest.setlist(name, [kept for kept in rest.getlist(name) if kept != value])
        rest.pop("page", None)  # other cases will be on that page
        return rest.urlencode()

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return the parameters as pairs of name and value, except those named in `without`."""
        names = (name for name in self.data if name not in without)
        return [(name, value) for name in names for value in self.data.getlist(name)]

    def on_page(self, number: int, notice: str) -> Query:
        """Return the query for another page, with a notice why it is not the one requested."""
        data = self.data.copy()
        data["page"] = str(number)
        notices = [*self.notices, notice]
        return replace(self, data=QueryDict(data.urlencode()), notices=notices)


def split_form(name: str) -> tuple[str, str]:
    """Split a parameter such as `channel__not` into the name of its filter and its form."""
    for form in (ALL, NOT):
        if name.endswith(form):
            return name.removesuffix(form), form
    return name, ANY


def filled(given: QueryDict) -> QueryDict:
    """Return a copy of a query string without the empty values that forms send."""
    rest = QueryDict(mutable=True)
    for name, values in given.lists():
        if kept := [value for value in values if value]:
            rest.setlist(name, kept)
    return rest


def given_values(values: Iterable[str]) -> list[str]:
    """Return the distinct non-empty values in their order."""
    return [value for value in dict.fromkeys(values) if value]
