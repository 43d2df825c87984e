"""Reading a query string: what of it means something, and a sentence for every part that does not.

Nothing that an address asks for is dropped in silence; only what was understood reaches a
FilterSet. An empty value, as a form sends for a field left empty, asks for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.text.excerpt import MAX_EXCERPT, excerpt

MAX_VALUES = 40
"""How many values of one parameter are read; each is repeated in the address of every other."""

MAX_IN_ALL = 100
"""How many values of all parameters with choices are read; each has a link without it."""

MAX_LISTED = 10
"""Up to how many values are listed where another was given; of more the nearest is named."""

MAX_COMPARED = 3
"""For how many wrong names and values of an address the nearest is looked for: it takes time."""

ANY, ALL, NOT = "", "__all", "__not"
FORMS = {ANY: "", ALL: "all of: ", NOT: "not: "}
"""The forms of a parameter that has choices, with the words in front of its values."""

Check = Callable[[str], None]

Choices = dict[str, dict[str, str]]
"""For each filter its values with their labels."""


@dataclass(frozen=True)
class ActiveValue:
    """One value the list is narrowed to, with the query string that goes on without it."""

    parameter: str
    label: str
    value: str
    text: str
    without: str


@dataclass
class Query:
    """A query string that was read.

    `data` holds what was understood, `notices` a sentence for each part that was not, `mended` the
    query string without those parts. `remarks` are sentences about what is found.

    A notice says what is wrong and no more: a page goes on without it, an address for programs
    does not.
    """

    data: QueryDict
    notices: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def cleaned(self) -> str:
        return self.data.urlencode()

    def without(self, *names: str) -> str:
        """Return the query string without some parameters."""
        rest = self.data.copy()
        for name in names:
            rest.pop(name, None)
        return rest.urlencode()

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return the parameters as names with values, some left out."""
        names = (name for name in self.data if name not in without)
        return [(name, value) for name in names for value in self.data.getlist(name)]

    def active(self, labels: dict[str, str], known: Choices) -> list[ActiveValue]:
        """Return the values in force, in the order of `known`, then those typed freely.

        `labels` names every parameter that narrows the list, those without choices included.
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
        rest.pop("page", None)
        return rest.urlencode()


def split_form(name: str) -> tuple[str, str]:
    """Split a parameter into the name of its filter and its form: `channel__not`."""
    for form in (ALL, NOT):
        if name.endswith(form):
            return name.removesuffix(form), form
    return name, ANY


@dataclass
class _Hints:
    """What could be meant by what was not understood, to end the sentence about it."""

    compared: int = 0
    listed: set[str] = field(default_factory=set)

    def values(self, name: str, value: str, choices: Collection[str]) -> str:
        """Return, once, the few values that there are, or the nearest of many."""
        if len(choices) > MAX_LISTED:
            return self.nearest(value, choices)
        if name in self.listed:
            return "."
        self.listed.add(name)
        return f", which has: {', '.join(choices)}."

    def nearest(self, typed: str, known: Collection[str]) -> str:
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
    """Split a query string into what the choices `known` and `also` understand, and the rest.

    `listed` holds choices of parameters that come in one form only. `also` maps further parameters
    to a check that raises ValidationError for a bad value; of those the last value counts, as in
    any form. `unlisted` names parameters whose choices are not all given, so that none is proposed.
    """
    reader = _Reader(known, also, listed or {}, unlisted)
    for name, values in given.lists():
        reader.read(name, [value for value in values if value])
    return reader.done()


class _Reader:
    """Reads one parameter after another; `done()` returns what it took and what it did not."""

    def __init__(
        self, known: Choices, also: dict[str, Check], listed: Choices, unlisted: Collection[str]
    ) -> None:
        self.known, self.also, self.listed, self.unlisted = known, also, listed, unlisted
        self.found = Query(QueryDict(mutable=True))
        self.hints = _Hints()
        self.taken = 0

    def read(self, name: str, values: list[str]) -> None:
        choices = self.known.get(split_form(name)[0], self.listed.get(name))
        if choices is not None:
            self._read_choices(name, values, choices)
        elif name in self.also and values:
            self._read_last(name, values)
        elif values:
            hint = self.hints.nearest(name, [*self.known, *self.listed, *self.also])
            self.found.notices.append(f"There is no parameter “{excerpt(name)}”{hint}")

    def _read_choices(self, name: str, values: list[str], choices: Collection[str]) -> None:
        for value in _first(name, values, self.found.notices):
            if value not in choices:
                hint = "." if name in self.unlisted else self.hints.values(name, value, choices)
                notice = f"“{excerpt(value)}” is not a value of “{name}”{hint}"
                self.found.notices.append(notice)
                continue
            self.taken += 1
            if self.taken <= MAX_IN_ALL:
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
        """Return what was read; to be called once, at the end."""
        if self.taken > MAX_IN_ALL:
            self.found.notices.append(
                f"Only the first {MAX_IN_ALL} values of all filters count, of {self.taken}."
            )
        return self.found


def given_values(values: Iterable[str]) -> list[str]:
    """Return the values that were given, each once; an empty one asks for nothing."""
    return [value for value in dict.fromkeys(values) if value]


def _first(name: str, values: list[str], notices: list[str]) -> list[str]:
    """Return so many values as are read, once each, and note that there are more."""
    chosen = given_values(values)
    if len(chosen) > MAX_VALUES:
        notices.append(f"Only the first {MAX_VALUES} values of “{name}” count, of {len(chosen)}.")
    return chosen[:MAX_VALUES]
