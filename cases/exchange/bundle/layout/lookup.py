"""Cached lookup of the records that cells refer to by slug."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.db.models import Model

from cases.models import Actor, Case, ExceptionAssessment, Incident, Involvement, Warning
from cases.text.batches import in_batches
from cases.text.folding import tokens

# Suggestions are slow: none are made among more slugs than this, or after this many guesses.
MAX_COMPARED, MAX_GUESSES = 5_000, 50


class Lookup:
    """Records by slug and parts of cases by path, both those stored and those just imported."""

    def __init__(self) -> None:
        self._found: dict[tuple[type[Model], str], Any] = {}
        self._refused: set[tuple[type[Model], str]] = set()
        self._slugs: dict[type[Model], list[str]] = {}
        self._parts: dict[int, dict[str, tuple[str, Any]]] = {}
        self._guesses = 0
        self._named: dict[str, dict[int, Any]] | None = None

    def prefetch(self, model: Any, slugs: Iterable[str]) -> None:
        """Fetch the records with these slugs, and remember which slugs have none."""
        wanted = sorted({slug for slug in slugs if slug and (model, slug) not in self._found})
        for batch in in_batches(wanted):
            stored = {record.slug: record for record in model.objects.filter(slug__in=batch)}
            for slug in batch:
                self._found[model, slug] = stored.get(slug) or self._renamed(model, slug)

    def _renamed(self, model: Any, slug: str) -> Any:
        """Return the record that had the slug before, or None."""
        current = model.current_slug(slug)
        return model.objects.get(slug=current) if current else None

    def find(self, model: Any, slug: str) -> Any:
        """Return the record that has or had the slug, or None."""
        if (model, slug) not in self._found:
            self.prefetch(model, [slug])
        return self._found[model, slug]

    def remember(self, record: Any) -> None:
        """Make a record that was just stored available to later rows."""
        self._found[type(record), record.slug] = record
        if isinstance(record, Actor) and self._named is not None:
            self._remember_names(record)

    def named(self, name: str) -> list[Actor]:
        """Return the actors of a name or another name; case, accents and signs do not matter."""
        if self._named is None:
            self._named = {}
            for actor in Actor.objects.order_by():
                self._remember_names(actor)
        return list(self._named.get(_folded(name), {}).values())

    def _remember_names(self, actor: Actor) -> None:
        assert self._named is not None  # noqa: S101 - both callers have seen to it
        for name in (actor.name, *actor.aliases):
            if folded := _folded(name):
                self._named.setdefault(folded, {})[actor.pk] = actor

    def refuse(self, model: type[Model], slug: str) -> None:
        """Remember that the row of a record was refused, for the messages of later rows."""
        self._refused.add((model, slug))

    def was_refused(self, model: type[Model], slug: str) -> bool:
        return (model, slug) in self._refused

    def near(self, model: Any, slug: str) -> str:
        """Return an existing slug that is spelled like this one, or ""."""
        if model not in self._slugs:
            self._slugs[model] = list(model.objects.order_by().values_list("slug", flat=True))
        self._guesses += 1
        if len(self._slugs[model]) > MAX_COMPARED or self._guesses > MAX_GUESSES:
            return ""
        return next(iter(get_close_matches(slug[:100], self._slugs[model], 1, 0.8)), "")

    def parts(self, case: Case) -> dict[str, tuple[str, Any]]:
        """Return the parts of a case by path, each with the name of the claim's field for it."""
        if case.pk not in self._parts:
            self.prefetch_parts([case.pk])
        return self._parts[case.pk]

    def prefetch_parts(self, keys: Iterable[int]) -> None:
        """Fetch the parts of several cases; they must all be stored by now."""
        wanted = sorted(set(keys) - self._parts.keys())
        for key in wanted:
            self._parts[key] = {}
        for batch in in_batches(wanted):
            for name, records in _PARTS.items():
                for part in records().filter(case__in=batch):
                    self._parts[part.case_id][part.path] = (name, part)


def _folded(name: str) -> str:
    return " ".join(tokens(name))


_PARTS: dict[str, Any] = {
    "warning": lambda: Warning.objects.order_by(),
    "incident": lambda: Incident.objects.order_by(),
    "involvement": lambda: Involvement.objects.order_by().select_related("actor"),
    "assessment": lambda: ExceptionAssessment.objects.order_by().select_related("exception"),
}
