"""Suggest pages of directives, exceptions, sources and actors if a search finds no case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse

from cases import search
from cases.models import Directive, Source
from cases.models.vocabulary import NOT_STATED

from .case_query import CaseQuery

# Pages of each kind that are suggested.
MAX_NAMED = 4

# Sources that are searched. Python reads each, since the two databases fold letters differently.
MAX_READ = 5_000


@dataclass(frozen=True)
class OtherPage:
    """A page of the casebook: the kind of record that it shows, its name and its address."""

    kind: str
    name: str
    address: str


def other_pages(query: CaseQuery) -> list[OtherPage]:
    """Return the pages whose name or slug matches the search text; at most three queries."""
    text = None if query.case_number else query.text
    if text is None:
        return []
    kinds = (
        _directives(text),
        _choices(query, "exception", text),
        _sources(text),
        _choices(query, "actor", text),
    )
    return [page for pages in kinds for page in islice(pages, MAX_NAMED)]


def _directives(text: search.SearchQuery) -> Iterator[OtherPage]:
    for one in Directive.objects.published():
        if search.matches(text, f"{one.code} {one.title} {one.slug}"):
            yield OtherPage("Directive", f"{one.code}: {one.title}", one.get_absolute_url())


def _choices(query: CaseQuery, name: str, text: search.SearchQuery) -> Iterator[OtherPage]:
    """Yield the pages of the matching choices of a filter."""
    # Filters offer only public records, so no further check is needed.
    for slug, label in query.choices[name].items():
        if slug != NOT_STATED and search.matches(text, f"{label} {slug}"):
            yield OtherPage(name.title(), label, reverse(f"{name}_detail", args=[slug]))


def _sources(text: search.SearchQuery) -> Iterator[OtherPage]:
    rows = Source.objects.values_list("pk", "title", "publisher", "slug")[:MAX_READ]
    found = [pk for pk, *names in rows if search.matches(text, " ".join(names))]
    for one in Source.objects.public().filter(pk__in=found)[:MAX_NAMED] if found else ():
        yield OtherPage("Source", str(one), one.get_absolute_url())
