"""The pages, other than of cases, whose names have the words of a search that finds no case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse

from cases import search
from cases.models import Directive, Source
from cases.models.vocabulary import NOT_STATED

from .case_query import CaseQuery

MAX_NAMED = 4
"""How many pages of each kind are named."""

MAX_READ = 5_000
"""Among how many sources words are looked for: each is read, since databases fold letters apart."""


@dataclass(frozen=True)
class OtherPage:
    """A page of the casebook: of which kind of thing, its name, its address."""

    kind: str
    name: str
    address: str


def other_pages(query: CaseQuery) -> list[OtherPage]:
    """Return the pages whose name or slug has all the words searched for; at most three queries."""
    text = None if query.case_number else query.text
    if text is None:
        return []
    kinds = (
        _directives(text),
        _chosen(query, "exception", text),
        _sources(text),
        _chosen(query, "actor", text),
    )
    return [page for pages in kinds for page in islice(pages, MAX_NAMED)]


def _directives(text: search.SearchQuery) -> Iterator[OtherPage]:
    for one in Directive.objects.all():
        if search.matches(text, f"{one.code} {one.title} {one.slug}"):
            yield OtherPage("Directive", f"{one.code}: {one.title}", one.get_absolute_url())


def _chosen(query: CaseQuery, name: str, text: search.SearchQuery) -> Iterator[OtherPage]:
    """Yield the pages of what can be chosen in a filter; what is offered there is public."""
    for slug, label in query.choices[name].items():
        if slug != NOT_STATED and search.matches(text, f"{label} {slug}"):
            yield OtherPage(name.title(), label, reverse(f"{name}_detail", args=[slug]))


def _sources(text: search.SearchQuery) -> Iterator[OtherPage]:
    rows = Source.objects.values_list("pk", "title", "publisher", "slug")[:MAX_READ]
    found = [pk for pk, *names in rows if search.matches(text, " ".join(names))]
    for one in Source.objects.public().filter(pk__in=found)[:MAX_NAMED] if found else ():
        yield OtherPage("Source", str(one), one.get_absolute_url())
