"""Facets: for each dimension of a list its values, with the cases that each would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.models.vocabulary import NOT_STATED

from .query_string import Query

MAX_OFFERED = 12
"""How many values of a long facet are offered beside the chosen ones; a page of its own has all."""

MAX_UNCOUNTED = 40
"""How many values are offered where nothing is counted."""


@dataclass(frozen=True)
class Option:
    """One value of a facet. `count` is None where nothing is counted."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One dimension with the values that are offered.

    `more` is how many further values have a case; `codebook` is the fragment of the codebook that
    defines the values, if there is one.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    more: int = 0
    codebook: str = ""
    others: str = ""
    """What the page of the facet has beyond this, in words; empty if there is no such page."""

    hint: str = ""
    """What a value means, where the values do not tell."""

    @property
    def is_chosen(self) -> bool:
        return any(option.chosen for option in self.options)


def facet(
    name: str,
    filter_: Any,
    choices: Mapping[str, str],
    query: Query,
    counts: Mapping[str, int] | None = None,
    *,
    is_long: bool = False,
) -> Facet:
    """Return the facet of one filter; its values stay in their own order, all of them.

    Of a long one, which grows with the collection, the most frequent are offered, and last that
    none is stated.
    """
    values = list(choices)
    if counts is None:
        ranked, most = values, MAX_UNCOUNTED
    elif is_long:
        ranked, most = by_count(values, counts), MAX_OFFERED
    else:
        ranked, most = values, len(values)
    kept = {*ranked[:most], *query.data.getlist(name)} | {NOT_STATED} & set(ranked)
    offered = ranked[:most] + [value for value in values if value in kept - set(ranked[:most])]
    options = options_of(name, {value: choices[value] for value in offered}, query, counts)
    more = len(set(ranked) - set(offered))
    forms = "exclude or combine" if filter_.plural else "exclude"
    return Facet(
        name=name,
        label=str(filter_.label),
        options=tuple(options),
        more=more,
        codebook=codebook_of(name, filter_),
        others="" if filter_.clauses else f"{more} more, {forms}" if more else forms.capitalize(),
        hint=filter_.meaning if filter_.clauses else "",
    )


def codebook_of(name: str, filter_: Any) -> str:
    """Return the fragment of the codebook that defines the values of a filter; empty without."""
    if filter_.coded:
        model, field = filter_.coded
        return f"{model._meta.model_name}.{field}"
    return f"parameter.{name}" if filter_.meaning else ""


def options_of(
    name: str, choices: Mapping[str, str], query: Query, counts: Mapping[str, int] | None
) -> list[Option]:
    """Return every value as an option, in the order of the choices."""
    chosen = set(query.data.getlist(name))
    return [
        Option(value, text, counts.get(value, 0) if counts is not None else None, value in chosen)
        for value, text in choices.items()
    ]


def by_count(values: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Return the values that have a case, the most frequent first, otherwise in their order.

    That there is no such value comes last, however frequent, as in the facets of terms.
    """
    return sorted(
        (value for value in values if counts.get(value)),
        key=lambda value: (value == NOT_STATED, -counts[value]),
    )
