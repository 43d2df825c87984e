"""Parse a query string; collect a notice for each part that is not understood.

Nothing is dropped silently but what trackers add to addresses, and only valid values reach the
filters. Empty values, which forms send for empty fields, are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.text.excerpt import MAX_EXCERPT, excerpt
from cases.text.tracking import is_tracking

# Values of one parameter that are read. The link to remove a value repeats all others.
MAX_VALUES = 40

# Values of all parameters with choices that are read. Each has a link to remove it.
MAX_IN_ALL = 100

# Up to this many valid values are listed in a notice; of more, only the nearest is named.
MAX_LISTED = 10

# Wrong names and values for which the nearest valid one is looked up, which takes time.
MAX_COMPARED = 3

ANY, ALL, NOT = "", "__all", "__not"
# The suffixes of a parameter with choices, with the words before its values on screen.
FORMS = {ANY: "", ALL: "all of: ", NOT: "not: "}

Check = Callable[[str], None]

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


@dataclass
class Query:
    """A parsed query string.

    `data` has the valid parameters, and `cleaned` is the query string of only those. `notices`
    has a sentence for each part that was not understood: pages show them and ignore the part,
    while the addresses for programs refuse the request. `remarks` are sentences about the results.
    """

    data: QueryDict
    notices: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def cleaned(self) -> str:
        return self.data.urlencode()

    def without(self, *names: str) -> str:
        """Return the query string without the named parameters."""
        rest = self.data.copy()
        for name in names:
            rest.pop(name, None)
        return rest.urlencode()

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return the parameters as pairs of name and value, except those named in `without`."""
        names = (name for name in self.data if name not in without)
        return [(name, value) for name in names for value in self.data.getlist(name)]

    def active(self, labels: dict[str, str], known: Choices) -> list[ActiveValue]:
        """Return the active values: those of `known` in its order, then freely typed ones.

        `labels` has the label of every filtering parameter, including those without choices.
        """
        found = []
        for name, choices in known.items():
            for form, words in FORMS.items():
                for value in self.data.getlist(name + form):
                    text = f"{words}{choices[value]}"
                    without = self._without(name + form, value)
                    found.append(ActiveValue(name + form, labels[name], value, text, without))
        for name, label in labels.items():
            if name not in known and name in self.data:
                value = str(self.data[name])
                found.append(
                    ActiveValue(name, label, value, excerpt(value), self._without(name, value))
                )
        return found

    def _without(self, name: str, value: str) -> str:
        rest = self.data.copy()
        rest.setlist(name, [kept for kept in rest.getlist(name) if kept != value])
        rest.pop("page", None)  # other cases will be on that page
        return rest.urlencode()


def split_form(name: str) -> tuple[str, str]:
    """Split a parameter such as `channel__not` into the name of its filter and its form."""
    for form in (ALL, NOT):
        if name.endswith(form):
            return name.removesuffix(form), form
    return name, ANY


@dataclass
class _Hints:
    """Ends the notices about one query string with valid or similar values."""

    compared: int = 0
    listed: set[str] = field(default_factory=set)

    def values(self, name: str, value: str, choices: Collection[str]) -> str:
        """Return the valid values if they are few, once for each parameter; else the nearest."""
        if len(choices) > MAX_LISTED:
            return self.nearest(value, choices)
        if name in self.listed:
            return "."
        self.listed.add(name)
        return f", which has: {', '.join(choices)}."

    def nearest(self, typed: str, known: Collection[str]) -> str:
        """Return the name or value that is most similar to the typed one, if any is."""
        self.compared += 1
        if self.compared > MAX_COMPARED:
            return "."
        near = get_close_matches(typed[:MAX_EXCERPT].lower(), known, 1)
        return f"; perhaps “{near[0]}” is meant." if near else "."


def read_query(
    given: QueryDict,
    known: Choices,
    also: dict[str, Check],
    listed: Choices | None = None,
    unlisted: Collection[str] = (),
) -> Query:
    """Parse a query string; each part that is not valid becomes a notice.

    - `known`: the choices of the filters, which also have the forms `__all` and `__not`.
    - `also`: further parameters with a check that raises ValidationError; their last value counts.
    - `listed`: the choices of further parameters without those forms.
    - `unlisted`: parameters whose choices are incomplete, so that notices propose none.
    """
    reader = _Reader(known, also, listed or {}, unlisted)
    for name, values in given.lists():
        reader.read(name, [value for value in values if value])
    return reader.done()


class _Reader:
    """Parses one parameter after another; `done()` returns the result."""

    def __init__(
        self, known: Choices, also: dict[str, Check], listed: Choices, unlisted: Collection[str]
    ) -> None:
        self.known, self.also, self.listed, self.unlisted = known, also, listed, unlisted
        self.found = Query(QueryDict(mutable=True))
        self.hints = _Hints()
        self.value_count = 0

    def read(self, name: str, values: list[str]) -> None:
        choices = self.known.get(split_form(name)[0], self.listed.get(name))
        if choices is not None:
            self._read_choices(name, values, choices)
        elif name in self.also and values:
            self._read_last(name, values)
        elif values and not is_tracking(name):
            hint = self.hints.nearest(name, [*self.known, *self.listed, *self.also])
            self.found.notices.append(f"There is no parameter “{excerpt(name)}”{hint}")

    def _read_choices(self, name: str, values: list[str], choices: Collection[str]) -> None:
        for value in _first(name, values, self.found.notices):
            if value not in choices:
                hint = "." if name in self.unlisted else self.hints.values(name, value, choices)
                notice = f"“{excerpt(value)}” is not a value of “{name}”{hint}"
                self.found.notices.append(notice)
                continue
            self.value_count += 1
            if self.value_count <= MAX_IN_ALL:
                self.found.data.appendlist(name, value)

    def _read_last(self, name: str, values: list[str]) -> None:
        if len(set(values)) > 1:
            self.found.notices.append(
                f"“{name}” was given {len(values)} times; only the last one counts."
            )
        try:
            self.also[name](values[-1])
            self.found.data[name] = values[-1]
        except ValidationError as error:
            self.found.notices.append(error.messages[0])

    def done(self) -> Query:
        """Return the parsed query; call it once, at the end."""
        if self.value_count > MAX_IN_ALL:
            self.found.notices.append(
                f"Only the first {MAX_IN_ALL} values of all filters count, of {self.value_count}."
            )
        return self.found


def given_values(values: Iterable[str]) -> list[str]:
    """Return the distinct non-empty values in their order."""
    return [value for value in dict.fromkeys(values) if value]


def _first(name: str, values: list[str], notices: list[str]) -> list[str]:
    """Return the first `MAX_VALUES` distinct values; add a notice if there are more."""
    chosen = given_values(values)
    if len(chosen) > MAX_VALUES:
        notices.append(f"Only the first {MAX_VALUES} values of “{name}” count, of {len(chosen)}.")
    return chosen[:MAX_VALUES]
