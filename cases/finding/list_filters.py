"""The filters of the lists of actors, sources, changes and versions."""

from __future__ import annotations

from cases.models import Actor, Source, Version
from cases.models.vocabulary import ActorKind, SourceKind
from cases.versions.announcements import check_since

from .address_filter import AddressFilter
from .filters import Choice, Typed
from .name_search import check_words
from .page_layout import check_page


class HistoryFilter(AddressFilter):
    """What an address asks of the versions of a case."""

    page = Typed(check_page, narrows=False, label="Page")

    class Meta(AddressFilter.Meta):
        model = Version


class ChangesFeedFilter(AddressFilter):
    """What an address asks of the feed of changes."""

    since = Typed(check_since, narrows=False, label="Since")

    class Meta(AddressFilter.Meta):
        model = Version


class ChangeFilter(ChangesFeedFilter):
    """What an address asks of the list of changes."""

    q = Typed(check_words, label="Search")
    page = Typed(check_page, narrows=False, label="Page")


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
