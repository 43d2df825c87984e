"""Facets: the values of each filter of a list, with the number of cases each would leave.

`Selection.counts()`, and for long facets `Selection.leading()`, in selection.py count them; here
they get their labels and their order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from msgspec import Struct

from cases.models.vocabulary import NOT_STATED
from cases.record.addresses import page_address

from .filters import Choice

# Values of a long facet that are offered beside the chosen ones; a separate page has all.
MAX_OFFERED = 12

# Values of a facet without counts that are offered.
MAX_UNCOUNTED = 40


# A Struct, because a list makes hundreds: it takes a tenth of the time of a frozen dataclass.
class Option(Struct, frozen=True):
    """One value of a facet. `count` is None in a facet without counts."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter with the values that it offers.

    `more` is the number of further values with cases. `codebook` is the anchor in the codebook
    that defines the values, empty without one.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    more: int = 0
    codebook: str = ""
    others: str = ""
    """What the facet's own page offers in addition; empty if there is no such page."""

    hint: str = ""
    """What the values mean, if their labels do not say so."""

    @property
    def address(self) -> str:
        """The page on which all its values can be chosen."""
        return page_address("facet_values", self.name)

    @property
    def is_chosen(self) -> bool:
        return any(option.chosen for option in self.options)


def facet(
    filter_: Choice,
    choices: Mapping[str, str],
    chosen: Collection[str],
    counts: Mapping[str, int] | None = None,
    with_cases: int | None = None,
) -> Facet:
    """Return the facet of one filter, with all its values in their own order.

    A long facet offers the most frequent values, the chosen ones, and "not stated" last. For it,
    `counts` needs only the values that may be offered, and `with_cases` is the number of all values
    with cases.
    """
    countable: Mapping[str, object] = choices
    number = len(choices)
    if counts is None:
        first = list(choices)[:MAX_UNCOUNTED]
    elif with_cases is None:
        first = list(choices)
    else:
        countable, number = counts, with_cases
        counted = (value for value in choices if counts.get(value))
        first = nsmallest(MAX_OFFERED, counted, key=_rank(counts))
    # A chosen value must stay, or the reader could not remove it here.
    others = {*chosen, *({NOT_STATED} & countable.keys())}.difference(first)
    offered = [*first, *(value for value in choices if value in others)]
    more = number - sum(value in countable for value in offered)
    options = options_of({value: choices[value] for value in offered}, chosen, counts)
    forms = "exclude or combine" if filter_.plural else "exclude"
    return Facet(
        name=filter_.name,
        label=str(filter_.label),
        options=tuple(options),
        more=more,
        codebook=codebook_of(filter_),
        others="" if filter_.clauses else f"{more:,} more, {forms}" if more else forms.capitalize(),
        hint=filter_.meaning if filter_.clauses or filter_.coded else "",
    )


def codebook_of(filter_: Choice) -> str:
    """Return the codebook anchor that defines the values of a filter; empty without one."""
    if filter_.coded:
        model, field = filter_.coded
        return f"{model._meta.model_name}.{field}"
    return f"parameter.{filter_.name}" if filter_.meaning else ""


def options_of(
    choices: Mapping[str, str], chosen: Collection[str], counts: Mapping[str, int] | None
) -> list[Option]:
    """Return every value as an option, in the order of the choices."""
    if counts is None:
        return [Option(value, text, None, value in chosen) for value, text in choices.items()]
    count = counts.get
    return [
        Option(value, text, count(value, 0), value in chosen) for value, text in choices.items()
    ]


def by_count(values: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Return the values with at least one case, the most frequent first and "not stated" last."""
    return sorted((value for value in values if counts.get(value)), key=_rank(counts))


def _rank(counts: Mapping[str, int]) -> Callable[[str], tuple[bool, int]]:
    return lambda value: (value == NOT_STATED, -counts[value])
