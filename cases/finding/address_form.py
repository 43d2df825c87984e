"""The form that checks an address: an error for each part that is not understood.

Each parameter of the address has a field, in the order of the address, so nothing is dropped
silently. Only what is understood is in `cleaned_data`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.text.excerpt import MAX_EXCERPT, excerpt

from .query_string import given_values

# Values of one parameter that are read. The link to remove a value repeats all others.
MAX_VALUES = 40

# Values of all parameters with choices that are read. Each has a link to remove it.
MAX_IN_ALL = 100

# Up to this many valid values are listed in a notice; of more, only the nearest is named.
MAX_LISTED = 10

# Wrong names and values for which the nearest valid one is looked up, which takes time.
MAX_COMPARED = 3

# Parameters that files of one table have, and no list.
OF_TABLES = ("columns", "excel")

# Raises ValidationError for a value that is not valid.
Check = Callable[[str], None]


class PartlyValidError(ValidationError):
    """What was not understood of a parameter whose other values, `valid`, were."""

    def __init__(self, notices: Sequence[str], valid: Sequence[str]) -> None:
        super().__init__(list(notices))
        self.valid = list(valid)


@dataclass
class Hints:
    """Ends the notices about one address with valid or similar values."""

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


class ParameterField(forms.Field):
    """All values of the parameter `name` in an address; a clean value is a list of strings."""

    widget = forms.MultipleHiddenInput

    def __init__(self, name: str) -> None:
        super().__init__(required=False)
        self.name = name


class TypedField(ParameterField):
    """A value that readers type. If the parameter is repeated, the last one counts."""

    def __init__(self, name: str, check: Check | None) -> None:
        super().__init__(name)
        self.check = check

    def clean(self, value: list[str]) -> list[str]:
        notices, last = [], value[-1:]
        if len(set(value)) > 1:
            notices.append(f"“{self.name}” was given {len(value)} times; only the last one counts.")
        try:
            if self.check:
                self.check(last[0])
        except ValidationError as error:
            raise ValidationError([*notices, error.messages[0]]) from error
        if notices:
            raise PartlyValidError(notices, last)
        return last


class ChoicesField(ParameterField):
    """Values of a list of choices. Without `hints`, notices propose no other value."""

    def __init__(self, name: str, choices: Mapping[str, str], hints: Hints | None) -> None:
        super().__init__(name)
        self.choices, self.hints = choices, hints

    def clean(self, value: list[str]) -> list[str]:
        notices, given = [], given_values(value)
        if len(given) > MAX_VALUES:
            notices.append(
                f"Only the first {MAX_VALUES} values of “{self.name}” count, of {len(given)}."
            )
        read = given[:MAX_VALUES]
        for one in read:
            if one not in self.choices:
                hint = self.hints.values(self.name, one, self.choices) if self.hints else "."
                notices.append(f"“{excerpt(one)}” is not a value of “{self.name}”{hint}")
        valid = [one for one in read if one in self.choices]
        if notices:
            raise PartlyValidError(notices, valid)
        return valid


class UnknownField(ParameterField):
    """A parameter that does not exist, unlike the `known` ones."""

    def __init__(self, name: str, known: Collection[str], hints: Hints) -> None:
        super().__init__(name)
        self.known, self.hints = known, hints

    def clean(self, value: list[str]) -> list[str]:
        if self.name in OF_TABLES:
            raise ValidationError(f"Only the CSV tables of cases have the parameter “{self.name}”.")
        hint = self.hints.nearest(self.name, self.known)
        raise ValidationError(f"There is no parameter “{excerpt(self.name)}”{hint}")


class AddressForm(forms.Form):
    """The parameters of one address, each with a field, and what was understood of them."""

    def __init__(self, data: QueryDict, fields: Mapping[str, ParameterField]) -> None:
        super().__init__(data)
        self.fields.update(fields)

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep the valid part of a parameter, which Django would drop with the rest."""
        super().add_error(field, error)
        if field is not None and isinstance(error, PartlyValidError) and error.valid:
            self.cleaned_data[field] = error.valid

    def clean(self) -> None:
        """Keep as many values of parameters with choices as are read of one address."""
        left = MAX_IN_ALL
        for name, values in [*self.cleaned_data.items()]:
            if isinstance(self.fields[name], ChoicesField):
                self.cleaned_data[name] = values[: max(left, 0)]
                left -= len(values)
        if left < 0:
            count = MAX_IN_ALL - left
            self.add_error(
                None, f"Only the first {MAX_IN_ALL} values of all filters count, of {count}."
            )

    def value(self, name: str) -> str:
        """Return the last valid value of a parameter; empty without one."""
        return str(next(iter(self.cleaned_data.get(name, [])[-1:]), ""))

    @property
    def notices(self) -> list[str]:
        """A sentence for each part of the address that was not understood, in its order."""
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]

    @property
    def understood(self) -> QueryDict:
        """The valid parameters, in the order of the address."""
        self.is_valid()  # fills `cleaned_data`
        valid = QueryDict(mutable=True)
        for name, values in self.cleaned_data.items():
            if values:
                valid.setlist(name, values)
        return QueryDict(valid.urlencode())
