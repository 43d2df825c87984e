"""The parameters of addresses, as filters of `django-filter`: listed values and typed ones."""

from __future__ import annotations

from copy import copy
from typing import Any

import django_filters
from django.db.models import Model

from cases.models.vocabulary import NOT_STATED

from .address_form import Check, ChoicesField, TypedField
from .query_string import ALL, ANY, NOT


class Parameter(django_filters.Filter):  # type: ignore[misc]  # untyped package
    """A parameter of an address. `parameter` is its name there, with its form.

    `narrows` says whether a value narrows the list, so that the page names it and can remove it.
    `meaning` explains the parameter.
    """

    def __init__(self, *, narrows: bool = True, meaning: str = "", **kwargs: Any) -> None:
        self.parameter, self.narrows, self.meaning = "", narrows, meaning
        super().__init__(**kwargs)

    def __copy__(self) -> Any:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other


class Parameters(dict[str, Parameter]):
    """The parameters of an address by name. A FilterSet copies them for each request."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Parameter]:
        # Only attributes of the copies are set. Copying what they hold, too, takes 2 ms for the
        # hundred parameters of cases, twenty times as long.
        return {name: copy(filter_) for name, filter_ in self.items()}


class Typed(Parameter):
    """A parameter whose value readers type; the last one counts.

    `check` raises ValidationError for a value that is not valid; without it, all are.
    """

    def __init__(self, check: Check | None = None, *, label: str, **kwargs: Any) -> None:
        self.check = check
        super().__init__(label=label, **kwargs)

    @property
    def field(self) -> TypedField:
        return TypedField(self.parameter, self.check)

    def filter(self, qs: Any, value: Any) -> Any:
        """Return the records as they are; the list sorts, pages and searches them by name."""
        return qs


class Choice(Parameter, django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """A filter whose values come from a list of choices. Repeated, it means any of them.

    A facet has two more forms: `__all`, all of the values, and `__not`, none of them.

    - `noun` names a value in a sentence: "the reception is …".
    - `plural` is given if a record can have several of the values.
    - `clauses` has a clause for each value, for filters that a noun cannot describe.
    - `unnamed` are the clauses for "not stated" and for its opposite.
    - `coded` is the model and field whose codebook entry defines the values.
    - `meaning` defines the values if there is no such entry, or says what they find.
    - `is_facet` says whether the list offers the values. A facet `is_long` if they grow with the
      collection.
    """

    # Whether a notice proposes values.
    has_hints = True

    def __init__(
        self,
        *,
        choices: Any = (),
        noun: str = "",
        plural: str = "",
        clauses: dict[str, str] | None = None,
        unnamed: tuple[str, str] | None = None,
        coded: tuple[type[Model], str] | None = None,
        is_facet: bool = True,
        is_long: bool = False,
        **kwargs: Any,
    ) -> None:
        self.noun, self.plural = noun, plural
        self.clauses, self.unnamed = clauses, unnamed
        self.coded, self.is_facet, self.is_long = coded, is_facet, is_long
        self.form = ANY
        self._choices = choices if callable(choices) else dict(choices)
        super().__init__(choices=choices, distinct=False, **kwargs)
        self.null_value = None  # “null” may be a slug

    def in_form(self, form: str) -> Choice:
        """Return the filter for any, all or none of the values."""
        other = copy(self)
        other.parameter, other.form = f"{self.parameter}{form}", form
        other.conjoined, other.exclude = form == ALL, form == NOT
        return other

    @property
    def name(self) -> str:
        """The name of the filter, without a form."""
        return self.parameter.removesuffix(self.form)

    def labels(self) -> dict[str, str]:
        """Return the values with their labels; stored ones are read on each call."""
        return dict(self._choices()) if callable(self._choices) else self._choices

    @property
    def field(self) -> ChoicesField:
        hints = self.parent.hints if self.has_hints else None
        return ChoicesField(self.parameter, self.parent.choices[self.name], hints)


class ActorChoice(Choice):
    """A filter by actors in the index; `kind` restricts them.

    `absent` are its values that name no actor, with their labels.
    """

    def __init__(
        self, *, kind: str | None = None, absent: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.kind, self.absent = kind, absent or {NOT_STATED: "None named"}
        super().__init__(is_long=True, **kwargs)

    def labels(self) -> dict[str, str]:
        names: dict[str, str] = self.parent.index.actor_choices(self.kind)
        return names | self.absent


class RuleChoice(Choice):
    """A filter by published directives or exceptions; `absent` is the label of “not stated”."""

    def __init__(self, *, absent: str, **kwargs: Any) -> None:
        self.absent = absent
        super().__init__(**kwargs)

    def labels(self) -> dict[str, str]:
        names: dict[str, str] = self.parent.index.rule_choices(self.name)
        return names | {NOT_STATED: self.absent}


class SourceChoice(Choice):
    """A filter by sources in the index."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(is_long=True, **kwargs)

    def labels(self) -> dict[str, str]:
        names: dict[str, str] = self.parent.index.source_choices()
        return names
