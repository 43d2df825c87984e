"""The base of all filter sets: what an address asks of a list of records."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict

from cases.text.excerpt import excerpt
from cases.text.tracking import is_tracking

from .address_form import AddressForm, Hints, ParameterField, UnknownField
from .facets import Facet, facet
from .filters import Choice, Parameters
from .former_slugs import former_slug_remarks, present_slugs, with_present_slugs
from .query_string import ALL, FORMS, NOT, ActiveValue, Choices, Query, filled


class AddressFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """A FilterSet for the query string of an address, which declares all its parameters.

    Its form checks the address, `query` is what was understood of it, and `qs` the records that
    it asks for.
    """

    class Meta:
        form: type[AddressForm] = AddressForm
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, queryset: QuerySet[Any] | None = None) -> None:
        super().__init__(filled(data), queryset)
        self.hints = Hints()

    @classmethod
    def get_filters(cls) -> Parameters:
        """Return the declared filters, with the further forms of each facet."""
        filters = Parameters()
        for name, filter_ in super().get_filters().items():
            filter_.parameter = name
            is_facet = isinstance(filter_, Choice) and filter_.is_facet
            for form in FORMS if is_facet else ():
                filters[name + form] = filter_.in_form(form)
            filters.setdefault(name, filter_)
        return filters

    @classmethod
    @cache
    def facet_filters(cls) -> dict[str, Choice]:
        """Return the filters whose values the list offers, without their further forms."""
        return {
            name: filter_
            for name, filter_ in cls.base_filters.items()
            if isinstance(filter_, Choice) and filter_.is_facet and name == filter_.name
        }

    @cached_property
    def form(self) -> Any:
        """The `Meta.form` with the parameters of the address; its errors are the notices."""
        data = with_present_slugs(self.data, self.former)
        read = (name for name in data if name in self.filters or not is_tracking(name))
        return self._meta.form(data, {name: self._field(name) for name in read})

    def _field(self, name: str) -> ParameterField:
        if name in self.filters:
            field: ParameterField = self.filters[name].field
            return field
        return UnknownField(name, self.declared_filters, self.hints)

    @cached_property
    def query(self) -> Query:
        """What was understood of the address."""
        return self.read()

    def read(self) -> Query:
        """Read the address."""
        return Query(self.form.understood, self.form.notices, former_slug_remarks(self.former))

    @property
    def answer(self) -> Query:
        """The query with what is to be said of the records that it found."""
        return self.query

    @cached_property
    def former(self) -> Mapping[tuple[str, str], str]:
        """The present slug for each parameter and former slug in the address."""
        # Most addresses ask for nothing; the choices then need not be looked up.
        return present_slugs(self.data, self.known) if self.data else {}

    @property
    def choices(self) -> Choices:
        """The valid values of each parameter that has choices, with their labels."""
        return self.known

    @cached_property
    def known(self) -> Choices:
        """The choices before former slugs are looked up."""
        return {
            name: self.filters[name].labels()
            for name, filter_ in self.declared_filters.items()
            if isinstance(filter_, Choice)
        }

    @cached_property
    def active(self) -> list[ActiveValue]:
        """The values that narrow the list: listed ones in the order of the filters, then typed."""
        listed, typed = [], []
        for name, filter_ in self.filters.items():
            for value in self.query.data.getlist(name) if filter_.narrows else ():
                without = self.query.without_value(name, value)
                if isinstance(filter_, Choice):
                    text = f"{FORMS[filter_.form]}{self.choices[filter_.name][value]}"
                    listed.append(ActiveValue(name, filter_.label, value, text, without))
                else:
                    text = excerpt(value)
                    typed.append(ActiveValue(name, filter_.label, value, text, without))
        return listed + typed

    @property
    def narrowing(self) -> list[str]:
        """The parameters that narrow the list, in each of their forms."""
        return [name for name, filter_ in self.filters.items() if filter_.narrows]

    def matches(self, values: Mapping[str, str]) -> bool:
        """Return whether a record is asked for that has one value for each of some filters."""
        return all(
            (not any_of or values[name] in any_of)
            # A record has one value of each, so several values of `__all` match none.
            and all(value == values[name] for value in all_of)
            and values[name] not in none_of
            for name, any_of, all_of, none_of in self._asked
            if name in values
        )

    @cached_property
    def _asked(self) -> list[tuple[str, list[str], list[str], list[str]]]:
        """The values by which each filter narrows: any of them, all of them, none of them."""
        data = self.query.data
        asked = (
            (name, data.getlist(name), data.getlist(name + ALL), data.getlist(name + NOT))
            for name in self.declared_filters
        )
        return [one for one in asked if any(one[1:])]

    def facets(self) -> list[Facet]:
        """Return the facets: each filter with the values that it offers."""
        chosen = self.query.data.getlist
        return [
            facet(filter_, self.choices[name], chosen(name), *self.facet_counts(name))
            for name, filter_ in self.facet_filters().items()
        ]

    def facet_counts(self, name: str) -> tuple[Mapping[str, int] | None, int | None]:
        """Return the counts of a facet, and for a long one the number of values with cases."""
        counts = self.counts(name)
        if counts is None or not self.facet_filters()[name].is_long:
            return counts, None
        there = {value: counts[value] for value in self.choices[name] if counts.get(value)}
        return there, len(there)

    def counts(self, name: str) -> Mapping[str, int] | None:
        """Return the number of records for each value of a facet; None if they are not counted."""
        return None
