"""The filter that cases and notes share: one or several of the values of a list."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Model

from cases.models.vocabulary import NOT_STATED


class Choice(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """A filter whose values come from a list of choices.

    - `noun` names a value in a sentence: "the reception is …".
    - `plural` is given if a case can have several of the values.
    - `clauses` has a clause for each value, for filters that a noun cannot describe.
    - `unnamed` are the clauses for "not stated" and for its opposite.
    - `coded` is the model and field whose codebook entry defines the values.
    - `meaning` defines the values if there is no such entry, or says what they find.
    - `kind` restricts the actors that are offered.
    - `absent` are the values of an actor filter that name no actor, with their labels.
    """

    def __init__(
        self,
        *,
        noun: str = "",
        plural: str = "",
        clauses: dict[str, str] | None = None,
        unnamed: tuple[str, str] | None = None,
        coded: tuple[type[Model], str] | None = None,
        meaning: str = "",
        kind: str | None = None,
        absent: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.noun, self.plural = noun, plural
        self.clauses, self.unnamed = clauses, unnamed
        self.coded, self.meaning, self.kind = coded, meaning, kind
        self.absent = absent or {NOT_STATED: "None named"}
        super().__init__(**{"choices": ()} | kwargs)

    def labels(self) -> dict[str, str]:
        """Return the values with their labels; stored ones are read on each call."""
        choices: Any = self.extra["choices"]
        return dict(choices() if callable(choices) else choices)
