"""Pages that match a search for cases by name: records, and what the codebook defines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cases import search
from cases.evidence.values import VOCABULARIES, label_of
from cases.index.public_names import only_public
from cases.models import Actor, Directive, Source
from cases.models.folded import BY_FOLDED, has_beginning
from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED

from .case_filter import CaseFilter

# Pages of each kind that are offered if a search finds no case, and beside its hits.
MAX_NAMED, MAX_BESIDE = 4, 2

# Records of each kind that are compared with the search.
MAX_READ = 100


@dataclass(frozen=True)
class OtherPage:
    """A page of the casebook: the kind of record that it shows, its name and its address."""

    kind: str
    name: str
    address: str


def other_pages(cases: CaseFilter, most: int = MAX_NAMED) -> list[OtherPage]:
    """Return the pages whose name or slug matches the search text; at most four queries.

    `most` is the number of pages of each kind.
    """
    text = None if cases.query.case_number else cases.query.text
    if text is None:
        return []
    kinds = (
        _directives(text),
        _exceptions(cases, text),
        _sources(text),
        _actors(cases, text),
        _codebook(text),
    )
    return [page for pages in kinds for page in islice(pages, most)]


def _directives(text: search.SearchQuery) -> Iterator[OtherPage]:
    for one in Directive.objects.published():
        if search.matches(text, f"{one.code} {one.title} {one.slug}"):
            yield OtherPage("Directive", f"{one.code}: {one.title}", one.get_absolute_url())


def _exceptions(cases: CaseFilter, text: search.SearchQuery) -> Iterator[OtherPage]:
    # Filters offer only public records, so no further check is needed.
    for slug, label in cases.choices["exception"].items():
        if slug != NOT_STATED and search.matches(text, f"{label} {slug}"):
            yield OtherPage("Exception", label, reverse("exception_detail", args=[slug]))


def _candidates(records: QuerySet[Any], text: search.SearchQuery) -> QuerySet[Any]:
    """Return the first records with words that begin as those of the search do."""
    for term in text.wanted:
        records = records.filter(has_beginning("folded", term.beginnings))
    return records.order_by(BY_FOLDED, "pk")[:MAX_READ]


def _sources(text: search.SearchQuery) -> Iterator[OtherPage]:
    for one in only_public(_candidates(Source.objects.all(), text)):
        if search.matches(text, f"{one.title} {one.publisher} {one.slug}"):
            yield OtherPage("Source", str(one), one.get_absolute_url())


def _actors(cases: CaseFilter, text: search.SearchQuery) -> Iterator[OtherPage]:
    for one in _candidates(Actor.objects.all(), text):
        if one.slug in cases.choices["actor"] and search.matches(
            text, " ".join([one.name, one.slug, *map(str, one.aliases)])
        ):
            yield OtherPage("Actor", one.name, one.get_absolute_url())


def _codebook(text: search.SearchQuery) -> Iterator[OtherPage]:
    """Yield the fields whose name matches, and the values of others that match."""
    codebook = reverse("codebook")
    for model, vocabularies in VOCABULARIES.items():
        for name, vocabulary in vocabularies.items():
            label = label_of(model, name)
            address = f"{codebook}#{model._meta.model_name}.{name}"
            if search.matches(text, label):
                yield OtherPage("Codebook", label, address)
                continue
            for value in vocabulary:
                if value not in ABSENT_VALUES and search.matches(text, str(value.label)):
                    yield OtherPage("Codebook", f"{label}: {value.label}", address)
