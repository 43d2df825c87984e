"""The parameters of lists, with what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.finding.address_filter import AddressFilter
from cases.finding.case_filter import ComparisonFilter
from cases.finding.change_filter import ChangeFilter
from cases.finding.facets import codebook_of
from cases.finding.filters import Choice
from cases.finding.former_slugs import CASE_PARAMETER

# The label of a parameter that differs from that of its values.
LABELS = {CASE_PARAMETER: "Cases picked"}


@dataclass(frozen=True)
class Parameter:
    """A query parameter of a list.

    `values` lists its terms if they come from a vocabulary; `defined` is then the fragment of the
    codebook that defines them.
    """

    name: str
    label: str
    meaning: str
    values: tuple[str, ...] = ()
    defined: str = ""


def parameters() -> list[Parameter]:
    """Return all parameters that filter, sort or lay out the list of cases."""
    return _parameters(ComparisonFilter)


def change_parameters() -> list[Parameter]:
    """Return all parameters of the list of changes, its files and its feeds."""
    return _parameters(ChangeFilter)


def _parameters(filterset: type[AddressFilter]) -> list[Parameter]:
    return [
        Parameter(name, LABELS.get(name, str(filter_.label)), filter_.meaning, *_terms(filter_))
        for name, filter_ in filterset.declared_filters.items()
    ]


def _terms(filter_: Any) -> tuple[tuple[str, ...], str]:
    """Return the terms of a coded filter, and the fragment of the codebook that defines them."""
    if not isinstance(filter_, Choice) or not filter_.coded:
        return (), ""
    return tuple(value for value, _ in filter_.extra["choices"]), codebook_of(filter_)
