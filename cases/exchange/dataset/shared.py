"""The actors, sources, directives and exceptions that something public names, and no others."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from cases.models import Actor, Directive, DirectiveException, Note, Source
from cases.record.columns import MENTIONED, Ref, columns_of

TABLES: dict[str, type[Model]] = {
    "sources": Source,
    "actors": Actor,
    "directives": Directive,
    "exceptions": DirectiveException,
}
"""The tables of what cases share, by their names."""


class SharedRows:
    """What cases share, as its rows are today. Each row that is asked for counts as public.

    What leads from a public row to one that nothing public names is left empty: a row that only
    drafts name would give them away.
    """

    def __init__(self) -> None:
        self._rows = {model: _by_slug(model) for model in MENTIONED.values()}
        self._public: dict[type[Model], dict[str, Any]] = {model: {} for model in self._rows}
        self.notes = list(Note.objects.beside_cases().order_by("slug"))
        for directive in Directive.objects.published():
            self._add(directive)
        for exception in DirectiveException.objects.published():
            if exception.directive.slug in self._public[Directive]:
                self._add(exception)
        for note in self.notes:
            self._add(note.source)
            self._add(note.evidence)

    def named(self, ref: Ref) -> Any:
        """Return the row of what a record mentions; it is public from now on.

        If it is gone, which only the older version of a release can mention, the row is made of
        what the record says.
        """
        model = MENTIONED[type(ref)]
        row = self._rows[model].get(ref.slug)
        if row is None:
            leading = dict.fromkeys(_JOINED[model])
            row = self._rows[model][ref.slug] = model(**columns_of(ref, model), **leading)
        self._add(row)
        return row

    def _add(self, row: Any) -> None:
        """Count a row as public, with what it cannot be without."""
        row = self._rows[type(row)][row.slug]
        if row.slug in self._public[type(row)]:
            return
        self._public[type(row)][row.slug] = row
        for name in _NEEDED.get(type(row), ()):
            if (other := getattr(row, name)) is not None:
                self._add(other)

    def public(self, table: str) -> list[Any]:
        """Return the public rows of a table by their slugs; ask when every case was read."""
        rows = self._public[TABLES[table]]
        for row in rows.values():
            for name in _TO_OTHERS.get(type(row), ()):
                other = getattr(row, name)
                if other is not None and other.slug not in self._public[type(other)]:
                    setattr(row, name, None)
        return [rows[slug] for slug in sorted(rows)]


# The references that may lead to a row that is not public.
_TO_OTHERS: dict[type[Model], tuple[str, ...]] = {
    Actor: ("parent", "country"),
    Source: ("derived_from",),
}
_NEEDED: dict[type[Model], tuple[str, ...]] = {
    Directive: ("jurisdiction", "source"),
    DirectiveException: ("directive",),
}
_JOINED: dict[type[Model], tuple[str, ...]] = {
    **_TO_OTHERS,
    **_NEEDED,
}


def _by_slug(model: type[Model]) -> dict[str, Any]:
    rows: Any = model._default_manager.select_related(*_JOINED[model]).order_by()
    return {row.slug: row for row in rows}
