"""The filters of the lists of actors, sources and versions."""

from __future__ import annotations

from cases.models import Actor, Case, Source, Version
from cases.models.vocabulary import ActorKind, SourceKind

from .address_filter import AddressFilter
from .filters import Choice, Typed
from .name_search import check_words
from .page_layout import check_page


class NoFilter(AddressFilter):
    """What an address asks that takes no parameters."""

    class Meta(AddressFilter.Meta):
        model = Case


class HistoryFilter(AddressFilter):
    """What an address asks of the versions of a case."""

    page = Typed(check_page, narrows=False, label="Page")

    class Meta(AddressFilter.Meta):
        model = Version


class ActorFilter(AddressFilter):
    """What an address asks of the list of actors."""

    kind = Choice(choices=ActorKind.choices, is_facet=False, label="Kind")
    q = Typed(check_words, label="Search")
    page = Typed(check_page, narrows=False, label="Page")

    class Meta(AddressFilter.Meta):
        model = Actor


class SourceFilter(AddressFilter):
    """What an address asks of the list of sources."""

    kind = Choice(choices=SourceKind.choices, is_facet=False, label="Kind")
    q = Typed(check_words, label="Search")
    page = Typed(check_page, narrows=False, label="Page")

    class Meta(AddressFilter.Meta):
        model = Source
